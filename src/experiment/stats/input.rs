//! What the statistics are computed from: sums, as they are entered by day.

use chrono::NaiveDate;

pub use crate::experiment::model::Sums;
use crate::experiment::model::analysis::{MetricDirection, MetricKind, MetricRole, Settings};

/// A group of units that were shown the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    pub id: String,
    pub name: String,
    /// The share of units that should come to it; the weights of all variants sum to one.
    pub weight: f64,
}

/// Something that is measured of every unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    pub id: String,
    pub name: String,
    pub kind: MetricKind,
    pub direction: MetricDirection,
    pub role: MetricRole,
    /// The relative worsening that a guardrail is allowed, as of 0.02 for two per cent. With one, a guardrail has to
    /// be shown to be safe before anything is shipped; without, it only has not to be shown to be worse.
    pub margin: Option<f64>,
}

/// The sums of one variant in one metric on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub day: NaiveDate,
    /// The variant's id.
    pub variant: String,
    /// The metric's id.
    pub metric: String,
    pub sums: Sums,
}

/// An experiment as the statistics see it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    /// The control first.
    pub variants: Vec<Variant>,
    pub metrics: Vec<Metric>,
    /// In any order.
    pub rows: Vec<Row>,
    pub settings: Settings,
}
