//! What is stored, as the statistics take it.

use crate::experiment::model::analysis::{Analysis, MetricKind};
use crate::experiment::model::{Experiment, MeasuredRow, Metric, Sums, Variant};
use crate::experiment::stats;
use crate::kernel::error::FieldError;

/// The sums as the statistics take them.
pub fn sums(sums: &Sums) -> stats::Sums {
    stats::Sums {
        n: sums.n,
        sum: sums.sum,
        sum_squares: sums.sum_squares,
        denominator_sum: sums.denominator_sum,
        denominator_squares: sums.denominator_squares,
        denominator_cross: sums.denominator_cross,
        covariate_sum: sums.covariate_sum,
        covariate_squares: sums.covariate_squares,
        covariate_cross: sums.covariate_cross,
    }
}

/// What the data say of an experiment. The control comes first among the variants.
///
/// # Errors
/// A sentence that says why nothing can be computed.
pub fn analyse(experiment: &Experiment, variants: &[Variant], metrics: &[Metric], rows: &[MeasuredRow]) -> Result<Analysis, String> {
    let variant = |one: &Variant| stats::Variant { id: one.id.clone(), name: one.name.clone(), weight: one.weight };
    let metric = |one: &Metric| stats::Metric {
        id: one.id.clone(),
        name: one.name.clone(),
        kind: one.kind,
        direction: one.direction,
        role: one.role,
        margin: one.margin,
    };
    let row = |one: &MeasuredRow| stats::Row {
        day: one.day,
        variant: one.variant_id.clone(),
        metric: one.metric_id.clone(),
        sums: sums(&one.sums),
    };
    let input = stats::Input {
        variants: variants.iter().map(variant).collect(),
        metrics: metrics.iter().map(metric).collect(),
        rows: rows.iter().map(row).collect(),
        settings: experiment.settings(),
    };
    let mut analysis = stats::analyse(&input).map_err(|errors| {
        let told: Vec<&str> = errors.iter().take(3).map(|error| error.message.as_str()).collect();
        format!("Nothing can be computed. {}", told.join(" "))
    })?;
    // What each day looked like is shown nowhere, and of a year it is long.
    for comparison in analysis.metrics.iter_mut().flat_map(|metric| &mut metric.comparisons) {
        comparison.looks.clear();
    }
    Ok(analysis)
}

/// What is wrong with the sums of a result when they are taken together.
pub fn impossible(kind: MetricKind, of: &Sums) -> Vec<FieldError> {
    stats::check_sums(kind, &sums(of))
}
