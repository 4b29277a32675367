//! How each variant stands in each metric, by the sequential test and so at any time.

use super::super::model::number::{self, Scale};
use crate::experiment::model::analysis::{
    CannotCompute, Comparison, Effect, MetricKind, MetricResult, MetricRole, Settings, Standing, Test,
};

/// With fewer units in a variant the mean is not yet normal enough for anything to be settled.
pub const UNITS_MIN: i64 = 100;

/// An effect on the scale in which it is told, the relative one where there is one.
pub struct Told<'a> {
    pub effect: &'a Effect,
    scale: Scale,
}

impl<'a> Told<'a> {
    /// # Errors
    /// Why there is none on either scale.
    pub fn of(comparison: &'a Comparison, kind: MetricKind) -> Result<Told<'a>, &'a CannotCompute> {
        match (&comparison.relative, &comparison.absolute) {
            (Ok(effect), _) => Ok(Told { effect, scale: Scale::Relative }),
            (Err(_), Ok(effect)) => Ok(Told { effect, scale: Scale::absolute(kind) }),
            (Err(_), Err(reason)) => Err(reason),
        }
    }

    /// The estimate and its interval by one of the tests.
    fn numbers(&self, test: &Test) -> (String, String) {
        self.scale.told(self.effect.estimate, &test.interval)
    }

    /// `+12.3 % (95 % interval +3.1 % to +21.5 %, corrected p = 0.0021)`.
    pub fn text(&self, settings: &Settings) -> String {
        let test = &self.effect.sequential;
        let corrected = if test.adjusted == test.p { "" } else { "corrected " };
        let (estimate, interval) = self.numbers(test);
        format!("{estimate} ({} interval {interval}, {corrected}{})", level(settings), test.adjusted)
    }

    /// The same of the test that is valid at the end only.
    pub fn fixed_text(&self, settings: &Settings) -> String {
        let test = &self.effect.fixed;
        let (estimate, interval) = self.numbers(test);
        format!("{estimate} ({} interval {interval}, {})", level(settings), test.adjusted)
    }
}

/// `95 %`.
fn level(settings: &Settings) -> String {
    format!("{} %", ((1.0 - settings.alpha) * 1e8).round() / 1e6)
}

/// Settles all comparisons of a metric.
pub fn settle(metric: &mut MetricResult, settings: &Settings) {
    let (control, n) = (metric.control.name.clone(), metric.control.n);
    let mut comparisons = std::mem::take(&mut metric.comparisons);
    for comparison in &mut comparisons {
        (comparison.standing, comparison.sentence) = settled(metric, comparison, &control, n, settings);
    }
    metric.comparisons = comparisons;
}

fn settled(metric: &MetricResult, one: &Comparison, control: &str, n: i64, settings: &Settings) -> (Standing, String) {
    let told = match Told::of(one, metric.kind) {
        Ok(told) => told,
        Err(reason) => return (Standing::Undecided, reason.to_string()),
    };
    let (name, text) = (&one.measured.name, told.text(settings));
    if n.min(one.measured.n) < UNITS_MIN {
        return (
            Standing::Undecided,
            format!("Fewer than {UNITS_MIN} units in a variant are too few to settle anything; so far it is {text}."),
        );
    }
    let sign = metric.direction.sign();
    let test = &told.effect.sequential;
    let standing = match (test.adjusted.below(settings.alpha), sign * told.effect.estimate > 0.0) {
        (true, true) => Standing::Better,
        (true, false) => Standing::Worse,
        (false, _) => Standing::Undecided,
    };
    let margin = metric.margin.filter(|_| metric.role == MetricRole::Guardrail);
    let Some(margin) = margin else {
        let sentence = match standing {
            Standing::Better => format!("“{name}” is better than “{control}”: {text}."),
            Standing::Worse => format!("“{name}” is worse than “{control}”: {text}."),
            _ => format!("No difference between “{name}” and “{control}” is shown: {text}."),
        };
        return (standing, sentence);
    };
    let allowed = number::percent(margin);
    if told.scale != Scale::Relative {
        return (Standing::Undecided, format!("The margin of {allowed} is a share of the control's mean, and that is zero: {text}."));
    }
    // The ends of what the gain may be: the lower one is the worse.
    let gains = test.interval.low.zip(test.interval.high).map(|(low, high)| (sign * low).min(sign * high)..=(sign * low).max(sign * high));
    match gains {
        Some(gains) if *gains.end() < -margin => {
            (Standing::Worse, format!("“{name}” is worse than “{control}” by more than {allowed}: {text}."))
        }
        Some(gains) if *gains.start() > -margin && standing == Standing::Better => {
            (standing, format!("“{name}” is better than “{control}”: {text}."))
        }
        Some(gains) if *gains.start() > -margin => {
            (Standing::Safe, format!("“{name}” is not worse than “{control}” by more than {allowed}: {text}."))
        }
        _ => (Standing::Undecided, format!("Whether “{name}” is worse than “{control}” by more than {allowed} is not shown: {text}.")),
    }
}
