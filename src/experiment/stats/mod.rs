//! The statistics of experiments. Every formula and its source is in docs/STATISTICS.md.

mod input;

pub use input::{Input, Metric, Row, Sums, Variant};

use super::model::analysis::{Analysis, MetricKind};
use crate::kernel::error::FieldError;

/// Computes all that is said of an experiment.
///
/// # Errors
/// What is wrong with the input, by fields such as `variants[1].weight`, `metrics[0].margin`, `rows[4].sum_squares` and `alpha`.
/// What is right but not enough for a number is no error: there it says why.
pub fn analyse(input: &Input) -> Result<Analysis, Vec<FieldError>> {
    let _ = input;
    Err(Vec::new())
}

/// What is wrong with one row of sums, by the fields of `Sums`: `n`, `sum`, `sum_squares` and so on.
pub fn check_sums(kind: MetricKind, sums: &Sums) -> Vec<FieldError> {
    let _ = (kind, sums);
    Vec::new()
}
