//! The variants of one metric against its control, at the end and after each day.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use super::difference::{Difference, Differences, differences};
use super::input::{Input, Metric, Sums, Variant};
use super::sample::Sample;
use super::{Rule, bayes, cuped, fixed, sequential};
use crate::experiment::model::analysis::{
    Band, CannotCompute, Comparison, Computed, Cuped, Effect, Exposure, Look, Measured, MetricKind, MetricResult, Settings, Standing,
};

/// The sums of one variant by day, in order.
pub type Days = Vec<(NaiveDate, Sums)>;

/// The sums of each metric by variant, both in the order of the input.
pub fn by_metric(input: &Input) -> Vec<Vec<Days>> {
    let mut sums: HashMap<(&str, &str), Days> = HashMap::new();
    for row in &input.rows {
        sums.entry((row.metric.as_str(), row.variant.as_str())).or_default().push((row.day, row.sums));
    }
    for days in sums.values_mut() {
        days.sort_by_key(|(day, _)| *day);
    }
    let of = |metric: &Metric, variant: &Variant| sums.get(&(metric.id.as_str(), variant.id.as_str())).cloned().unwrap_or_default();
    input.metrics.iter().map(|metric| input.variants.iter().map(|variant| of(metric, variant)).collect()).collect()
}

/// All days together.
pub fn total(days: &Days) -> Sums {
    days.iter().fold(Sums::default(), |sums, (_, day)| sums.plus(day))
}

/// The units that each variant had come to by the end of each day on which any of them had some, in the order of the variants.
pub fn exposure(variants: &[Variant], days: &[Days]) -> Vec<Exposure> {
    let all: BTreeSet<NaiveDate> = days.iter().flatten().map(|(day, _)| *day).collect();
    let of = |(variant, own): (&Variant, &Days)| {
        let (mut left, mut units) = (own.iter().peekable(), 0_i64);
        let so_far = |day: &NaiveDate| {
            while let Some((_, sums)) = left.next_if(|(at, _)| at <= day) {
                units = units.saturating_add(sums.n);
            }
            (*day, units)
        };
        Exposure { variant: variant.name.clone(), days: all.iter().map(so_far).collect() }
    };
    variants.iter().zip(days).map(of).collect()
}

/// One metric, with p-values that are not corrected yet and nothing settled.
pub fn metric(metric: &Metric, variants: &[Variant], days: &[Days], settings: &Settings) -> MetricResult {
    let totals: Vec<Sums> = days.iter().map(total).collect();
    let measured = |at: usize| {
        let sample = totals[at].sample(metric.kind);
        Measured {
            variant: variants[at].id.clone(),
            name: variants[at].name.clone(),
            n: totals[at].n,
            mean: totals[at].mean(metric.kind),
            sd: sample.map(|sample| sample.variance.sqrt()),
        }
    };
    let rule = Rule::of(metric, settings);
    let comparisons = (1..variants.len()).map(|at| {
        let known = days[0].iter().chain(&days[at]).any(|(_, sums)| sums.has_covariate());
        let pair = Pair { kind: metric.kind, names: [&variants[0].name, &variants[at].name], cuped: settings.cuped && known };
        let (found, cuped) = pair.differences(&totals[0], &totals[at]);
        // An absolute effect of the control's mean is a relative one of one.
        let unit = totals[0].mean(metric.kind).map_or(0.0, f64::abs);
        Comparison {
            measured: measured(at),
            absolute: found.absolute.map(|difference| effect(&difference, unit, &rule)),
            relative: found.relative.map(|difference| effect(&difference, 1.0, &rule)),
            cuped,
            standing: Standing::Undecided,
            sentence: String::new(),
            looks: pair.looks(&days[0], &days[at], &rule),
        }
    });
    MetricResult {
        metric: metric.id.clone(),
        name: metric.name.clone(),
        kind: metric.kind,
        direction: metric.direction,
        role: metric.role,
        margin: metric.margin,
        comparisons: comparisons.collect(),
        control: measured(0),
    }
}

/// All tests of one difference.
fn effect(difference: &Difference, unit: f64, rule: &Rule) -> Effect {
    let Difference { estimate, se, df, .. } = *difference;
    let (fixed, sequential) = (fixed::test(difference, rule), sequential::test(difference, rule));
    Effect { estimate, se, df, fixed, sequential, belief: bayes::belief(difference, unit, rule) }
}

/// A control and a variant that are compared in one metric.
struct Pair<'a> {
    kind: MetricKind,
    /// The control's first.
    names: [&'a str; 2],
    /// Whether it is wanted, and anything was known before on any day.
    cuped: bool,
}

impl Pair<'_> {
    fn sample(&self, at: usize, sums: &Sums) -> Computed<Sample> {
        sums.sample(self.kind).map_err(|CannotCompute(reason)| CannotCompute(format!("{reason} in “{}”", self.names[at])))
    }

    /// The differences, with CUPED where that can be.
    fn differences(&self, control: &Sums, variant: &Sums) -> (Differences, Option<Computed<Cuped>>) {
        let (a, b) = match (self.sample(0, control), self.sample(1, variant)) {
            (Ok(a), Ok(b)) => (a, b),
            (Err(reason), _) | (_, Err(reason)) => return (Differences { absolute: Err(reason.clone()), relative: Err(reason) }, None),
        };
        if !self.cuped {
            return (differences(&a, &b), None);
        }
        match cuped::adjust(self.kind, control, variant) {
            Ok((a, b, cuped)) => (differences(&a, &b), Some(Ok(cuped))),
            Err(reason) => (differences(&a, &b), Some(Err(reason))),
        }
    }

    /// What was to be seen after each day on which one of the two had units.
    fn looks(&self, control: &Days, variant: &Days, rule: &Rule) -> Vec<Look> {
        let days: BTreeSet<NaiveDate> = control.iter().chain(variant).map(|(day, _)| *day).collect();
        let (mut left, mut right) = (control.iter().peekable(), variant.iter().peekable());
        let (mut a, mut b) = (Sums::default(), Sums::default());
        let band = |difference: Difference| Band { estimate: difference.estimate, interval: sequential::interval(&difference, rule) };
        let mut looks = Vec::with_capacity(days.len());
        for day in days {
            while let Some((_, sums)) = left.next_if(|(at, _)| *at <= day) {
                a = a.plus(sums);
            }
            while let Some((_, sums)) = right.next_if(|(at, _)| *at <= day) {
                b = b.plus(sums);
            }
            let found = self.differences(&a, &b).0;
            looks.push(Look {
                day,
                units: a.n.saturating_add(b.n),
                absolute: found.absolute.map(band),
                relative: found.relative.map(band),
            });
        }
        looks
    }
}
