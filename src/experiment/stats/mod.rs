//! The statistics of experiments. Every formula and its source is in docs/STATISTICS.md.

mod bayes;
mod check;
mod compare;
mod correct;
mod cuped;
mod difference;
mod fixed;
mod input;
mod power;
mod sample;
mod sequential;
mod srm;
mod standing;
mod tails;
#[cfg(test)]
mod tests;
mod verdict;

pub use check::{check_settings, check_sums, check_weights};
pub use input::{Input, Metric, Row, Sums, Variant};
pub use power::power;

use super::model::analysis::{Analysis, Effect, MetricDirection, MetricResult, MetricRole, P, Prior, Settings, Sides, Test};
use crate::kernel::error::FieldError;

/// How one metric is tested.
#[derive(Debug, Clone, Copy)]
struct Rule {
    alpha: f64,
    sides: Sides,
    direction: MetricDirection,
    tuned_for: f64,
    prior: Option<Prior>,
}

impl Rule {
    /// A guardrail is to be seen to break whatever is asked of the others, so both its sides are tested.
    fn of(metric: &Metric, settings: &Settings) -> Rule {
        let sides = if metric.role == MetricRole::Guardrail { Sides::Two } else { settings.sides };
        let Settings { alpha, tuned_for, prior, .. } = *settings;
        Rule { alpha, sides, direction: metric.direction, tuned_for, prior }
    }
}

/// Computes all that is said of an experiment.
///
/// # Errors
/// What is wrong with the input, by fields such as `variants[1].weight`, `metrics[0].margin`, `rows[4].sum_squares` and `alpha`.
/// What is right but not enough for a number is no error: there it says why.
pub fn analyse(input: &Input) -> Result<Analysis, Vec<FieldError>> {
    let errors = check::check(input);
    if !errors.is_empty() {
        return Err(errors);
    }
    let sums = compare::by_metric(input);
    let mut metrics: Vec<MetricResult> =
        input.metrics.iter().zip(&sums).map(|(metric, days)| compare::metric(metric, &input.variants, days, &input.settings)).collect();
    correct_all(&mut metrics, &input.settings);
    for metric in &mut metrics {
        standing::settle(metric, &input.settings);
    }
    let leading = input.metrics.iter().position(|metric| metric.role == MetricRole::Primary).unwrap_or(0);
    let units: Vec<i64> = match sums.get(leading) {
        Some(days) => days.iter().map(|days| compare::total(days).n).collect(),
        None => vec![0; input.variants.len()],
    };
    let exposure = sums.get(leading).map(|days| compare::exposure(&input.variants, days)).unwrap_or_default();
    let srm = srm::srm(&input.variants, &units);
    let units = units.iter().fold(0_i64, |all, units| all.saturating_add(*units));
    let verdict = verdict::verdict(&input.variants, &metrics, &srm, units, &input.settings);
    Ok(Analysis { verdict, srm, units, exposure, metrics, settings: input.settings.clone() })
}

/// Corrects the p-values of the primary metrics for all of their comparisons, each kind of test and each scale for itself.
/// Guardrails keep theirs: correction would hide harm, and a guardrail gives nobody another chance to win.
fn correct_all(metrics: &mut [MetricResult], settings: &Settings) {
    let tests: [fn(&mut Effect) -> &mut Test; 2] = [|effect| &mut effect.fixed, |effect| &mut effect.sequential];
    for relative in [false, true] {
        for test in tests {
            let primary = metrics.iter_mut().filter(|metric| metric.role == MetricRole::Primary);
            let comparisons = primary.flat_map(|metric| &mut metric.comparisons);
            let effects = comparisons.map(|one| if relative { &mut one.relative } else { &mut one.absolute });
            let mut family: Vec<&mut Test> = effects.filter_map(|effect| effect.as_mut().ok()).map(test).collect();
            let values: Vec<P> = family.iter().map(|test| test.p).collect();
            for (test, adjusted) in family.iter_mut().zip(correct::correct(settings.correction, &values)) {
                test.adjusted = adjusted;
            }
        }
    }
}
