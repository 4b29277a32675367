//! Whatever comes in, each number that comes out is one, or it is said why there is none.

use std::fmt::Debug;

use proptest::num::f64::ANY;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::power::power;
use super::*;
use crate::experiment::model::analysis::{Comparison, Computed, Correction, Effect, Find, PowerQuestion, Prior, Settings, Sides, Test};
use crate::experiment::model::number::{self, Scale};

/// What a unit did: something usual, or something at the edge of what is computed with.
fn value() -> impl Strategy<Value = f64> {
    prop_oneof![4 => -50.0_f64..50.0, 4 => select(vec![0.0, 1.0]), 3 => select(vec![-1.0, 0.1, 1e-9, 1e9, 1e-40, 1e40, -1e40])]
}

/// A day of a variant in a metric: what each of its units did, its denominator and what it did before; how many there are of each; and
/// whether it is said what they did before.
type Cell = (Vec<[f64; 3]>, i64, bool);

fn cell() -> impl Strategy<Value = Cell> {
    (prop::collection::vec(prop::array::uniform3(value()), 0..5), select(vec![1, 1, 1000, 100_000_000]), any::<bool>())
}

/// The sums of such units, which therefore can be.
fn sums((units, times, known): &Cell, kind: MetricKind) -> Sums {
    let proportion = kind == MetricKind::Proportion;
    let did = |unit: &[f64; 3]| if proportion { f64::from(u8::from(unit[0] > 0.0)) } else { unit[0] };
    let sum = |of: &dyn Fn(&[f64; 3]) -> f64| units.iter().map(of).sum::<f64>() * *times as f64;
    let (ratio, known) = (kind == MetricKind::Ratio, *known);
    Sums {
        n: units.len() as i64 * times,
        sum: sum(&did),
        sum_squares: sum(&|unit| did(unit) * did(unit)),
        denominator_sum: ratio.then(|| sum(&|unit| unit[1])),
        denominator_squares: ratio.then(|| sum(&|unit| unit[1] * unit[1])),
        denominator_cross: ratio.then(|| sum(&|unit| unit[1] * did(unit))),
        covariate_sum: known.then(|| sum(&|unit| unit[2])),
        covariate_squares: known.then(|| sum(&|unit| unit[2] * unit[2])),
        covariate_cross: known.then(|| sum(&|unit| unit[2] * did(unit))),
    }
}

fn weights(count: usize) -> impl Strategy<Value = Vec<f64>> {
    let shared = move |all: Vec<f64>| {
        let sum: f64 = all.iter().sum();
        all.into_iter().map(|weight| weight / sum).collect()
    };
    let first = (0..count).map(|at| if at == 0 { 1.0 } else { 0.0 }).collect::<Vec<f64>>();
    prop_oneof![1 => Just(first), 3 => prop::collection::vec(0.001_f64..1.0, count).prop_map(shared)]
}

fn measured() -> impl Strategy<Value = Metric> {
    let margin = select(vec![None, None, Some(0.0), Some(0.05), Some(1e6)]);
    (select(MetricKind::ALL.to_vec()), select(MetricRole::ALL.to_vec()), select(MetricDirection::ALL.to_vec()), margin)
        .prop_map(|(kind, role, direction, margin)| Metric { direction, role, margin, ..primary("", kind) })
}

fn settings() -> impl Strategy<Value = Settings> {
    let prior = |(mean, variance)| Prior { mean, variance };
    let prior = (select(vec![0.0, 0.05, -1e6, 1e6]), select(vec![1e-12, 0.01, 1e12])).prop_map(prior);
    let planned = select(vec![None, Some(1), Some(1_000_000_000_000)]);
    let (alpha, tuned_for) = (select(vec![1e-9, 0.05, 0.5]), select(vec![1.0, 5000.0, 1e12]));
    let how = (select(Sides::ALL.to_vec()), select(Correction::ALL.to_vec()), any::<bool>());
    (alpha, tuned_for, prop::option::of(prior), planned, how).prop_map(|(alpha, tuned_for, prior, planned, (sides, correction, cuped))| {
        Settings { alpha, sides, tuned_for, prior, correction, cuped, planned }
    })
}

/// An experiment as there could be one.
fn experiment() -> impl Strategy<Value = Input> {
    (2_usize..=4, 1_usize..=3, 1_usize..=3).prop_flat_map(|(variants, metrics, days)| {
        let cells = prop::collection::vec(cell(), variants * metrics * days);
        (weights(variants), prop::collection::vec(measured(), metrics), cells, settings()).prop_map(assembled)
    })
}

fn assembled((weights, mut metrics, cells, settings): (Vec<f64>, Vec<Metric>, Vec<Cell>, Settings)) -> Input {
    for (at, metric) in metrics.iter_mut().enumerate() {
        (metric.id, metric.name) = (format!("M{at}"), format!("M{at}"));
    }
    let variant = |(at, weight): (usize, &f64)| Variant { id: format!("V{at}"), name: format!("V{at}"), weight: *weight };
    let row = |(at, cell): (usize, &Cell)| {
        let (place, metric) = (at / metrics.len(), &metrics[at % metrics.len()]);
        let (date, variant) = (day((place / weights.len()) as u32), format!("V{}", place % weights.len()));
        Row { day: date, variant, metric: metric.id.clone(), sums: sums(cell, metric.kind) }
    };
    // Where nobody came, there is no row.
    let rows = cells.iter().enumerate().filter(|(_, (units, ..))| !units.is_empty()).map(row).collect();
    Input { variants: weights.iter().enumerate().map(variant).collect(), rows, metrics, settings }
}

/// Whether every number in it is one.
fn finite(of: &impl Debug) -> bool {
    is_told(&format!("{of:?}"))
}

fn is_told(text: &str) -> bool {
    !text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "NaN" || word == "inf")
}

/// What stands on the screen of an effect.
fn shown(effect: &Computed<Effect>, scale: Scale) -> Vec<String> {
    let effect = match effect {
        Ok(effect) => effect,
        Err(why) => return vec![why.to_string()],
    };
    let test = |test: &Test| {
        let (estimate, interval) = scale.told(effect.estimate, &test.interval);
        vec![estimate, interval, test.p.to_string(), test.adjusted.to_string()]
    };
    let belief = match &effect.belief {
        Ok(belief) => {
            vec![number::percent(belief.chance_to_win), scale.alone(belief.loss_of_shipping), scale.alone(belief.loss_of_staying)]
        }
        Err(why) => vec![why.to_string()],
    };
    [test(&effect.fixed), test(&effect.sequential), belief].concat()
}

/// What is wrong with an analysis, if anything is.
fn wrong(analysis: &Analysis) -> Option<String> {
    if !finite(analysis) {
        return Some(format!("{analysis:?}"));
    }
    let of =
        |kind: MetricKind, one: &Comparison| [shown(&one.relative, Scale::Relative), shown(&one.absolute, Scale::absolute(kind))].concat();
    let told = analysis.metrics.iter().flat_map(|metric| metric.comparisons.iter().flat_map(|one| of(metric.kind, one)));
    let means = analysis.metrics.iter().filter_map(|metric| Some(number::mean(metric.kind, *metric.control.mean.as_ref().ok()?)));
    told.chain(means).find(|text| text.is_empty() || !is_told(text))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..Default::default() })]

    /// What units can have done is never refused.
    #[test]
    fn an_experiment_that_can_be_is_computed_or_says_why_not(input in experiment()) {
        let analysis = analyse(&input);
        prop_assert!(analysis.is_ok(), "{:?}", analysis.err());
        let analysis = analysis.unwrap();
        prop_assert_eq!(wrong(&analysis), None);
        prop_assert!(!analysis.verdict.sentence.is_empty() && analysis.metrics.iter().all(|metric| metric.comparisons.len() + 1 == input.variants.len()));
    }

    /// What cannot be is refused by its fields, and what is not refused is computed.
    #[test]
    fn one_number_that_is_anything_is_refused_or_computed(mut input in experiment(), place in 0_usize..16, row: prop::sample::Index, other in ANY) {
        if !input.rows.is_empty() {
            let row = row.index(input.rows.len());
            let sums = &mut input.rows[row].sums;
            match place {
                0 => sums.n = other as i64,
                1 => sums.sum = other,
                2 => sums.sum_squares = other,
                3 => sums.denominator_sum = Some(other),
                4 => sums.denominator_squares = Some(other),
                5 => sums.denominator_cross = Some(other),
                6 => sums.covariate_sum = Some(other),
                7 => sums.covariate_squares = Some(other),
                8 => sums.covariate_cross = Some(other),
                9 => input.rows.push(input.rows[row].clone()),
                _ => {}
            }
        }
        match place {
            10 => input.variants[1].weight = other,
            11 => input.settings.alpha = other,
            12 => input.settings.tuned_for = other,
            13 => input.settings.prior = Some(Prior { mean: other, variance: 1.0 }),
            14 => input.settings.prior = Some(Prior { mean: 0.0, variance: other }),
            15 => input.metrics[0].margin = Some(other),
            _ => {}
        }
        match analyse(&input) {
            Ok(analysis) => prop_assert_eq!(wrong(&analysis), None),
            Err(errors) => prop_assert!(!errors.is_empty() && errors.iter().all(|error| !error.field.is_empty() && !error.message.is_empty())),
        }
    }

    #[test]
    fn a_question_of_power_is_answered_or_refused(
        mean in prop_oneof![ANY, 0.0_f64..1.0, select(vec![0.0, 1.0, 1e50])], sd in prop::option::of(prop_oneof![ANY, 0.1_f64..10.0, select(vec![1e-50, 1e50])]),
        kind in select(MetricKind::ALL.to_vec()), sides in select(Sides::ALL.to_vec()), direction in select(MetricDirection::ALL.to_vec()),
        alpha in select(vec![1e-9, 0.05, 0.5, f64::NAN]), control_share in select(vec![0.01, 0.5, 0.99, 1.0]), relative: bool,
        which in 0..3, effect in prop_oneof![ANY, -1.0_f64..1.0, select(vec![1e-50, 1e50])],
        units in select(vec![0, 4, 10_000, 1_000_000_000_000]), wanted in select(vec![0.0, 0.06, 0.8, 0.999_999, 1.0, f64::INFINITY]),
    ) {
        let find = match which {
            0 => Find::Units { effect, power: wanted },
            1 => Find::Effect { units, power: wanted },
            _ => Find::Power { units, effect },
        };
        let question = PowerQuestion { kind, mean, sd, alpha, sides, direction, relative, control_share, find, ..Default::default() };
        match power(&question) {
            Ok(Ok(answer)) => prop_assert!(finite(&answer) && answer.control_units >= 2 && answer.variant_units >= 2, "{answer:?}"),
            Ok(Err(why)) => prop_assert!(is_told(&why.to_string())),
            Err(errors) => prop_assert!(!errors.is_empty()),
        }
    }
}
