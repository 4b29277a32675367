//! What is stored, as the statistics take it.

use crate::experiment::model::analysis::{Analysis, MetricKind};
use crate::experiment::model::{Experiment, MeasuredRow, Metric, Sums, Variant};
use crate::experiment::stats;
use crate::kernel::error::FieldError;

/// Looks of a comparison that are shown at most: a dot for each day of two months.
const LOOKS_MAX: usize = 60;

/// As `analyse_by_day`, without what each day looked like: lists do not show it, and what is kept with a decision can do without.
pub fn analyse(experiment: &Experiment, variants: &[Variant], metrics: &[Metric], rows: &[MeasuredRow]) -> Result<Analysis, String> {
    analyse_by_day(experiment, variants, metrics, rows).map(Analysis::without_looks)
}

/// What the data say of an experiment. The control comes first among the variants.
///
/// # Errors
/// A sentence that says why nothing can be computed.
pub fn analyse_by_day(experiment: &Experiment, variants: &[Variant], metrics: &[Metric], rows: &[MeasuredRow]) -> Result<Analysis, String> {
    let variant = |one: &Variant| stats::Variant { id: one.id.clone(), name: one.name.clone(), weight: one.weight };
    let metric = |one: &Metric| stats::Metric {
        id: one.id.clone(),
        name: one.name.clone(),
        kind: one.kind,
        direction: one.direction,
        role: one.role,
        margin: one.margin,
    };
    let row =
        |one: &MeasuredRow| stats::Row { day: one.day, variant: one.variant_id.clone(), metric: one.metric_id.clone(), sums: one.sums };
    let input = stats::Input {
        variants: variants.iter().map(variant).collect(),
        metrics: metrics.iter().map(metric).collect(),
        rows: rows.iter().map(row).collect(),
        settings: experiment.settings(),
    };
    let analysis = stats::analyse(&input).map_err(|errors| {
        let told: Vec<&str> = errors.iter().take(3).map(|error| error.message.as_str()).collect();
        format!("Nothing can be computed. {}", told.join(" "))
    })?;
    Ok(analysis.thinned(LOOKS_MAX))
}

/// What is wrong with the sums of a result when they are taken together.
pub fn impossible(kind: MetricKind, of: &Sums) -> Vec<FieldError> {
    stats::check_sums(kind, of)
}
