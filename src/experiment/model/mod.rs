//! What an experiment is.

pub mod analysis;
mod decide;
mod form;
mod list;
mod metric;
pub mod number;
mod power;
mod result;
mod status;
mod variant;

pub use decide::{Choice, DecisionFields, DecisionForm, Outcome};
pub use form::{ExperimentFields, ExperimentForm, HYPOTHESIS_TEMPLATE, Judged};
pub use list::{Answer, ExperimentList, ExperimentQuery, Listed};
pub use metric::{METRICS_MAX, Metric, MetricFields, MetricForm};
pub use power::{PowerForm, PowerPage, Solve, told};
pub use result::{COLUMNS, MeasuredRow, Recorded, ResultFields, ResultForm, ResultQuery, RowError, Sums, refused};
pub use status::ExperimentStatus;
pub use variant::{SLOTS, VARIANTS_MAX, Variant, VariantFields, VariantSlot, VariantsFields, VariantsForm};

use serde::{Deserialize, Serialize};

use crate::kernel::named::Named;
use crate::kernel::page::Page;
use crate::kernel::reference::Linked;
use crate::kernel::role::Role;
use crate::kernel::time::Timestamp;
use crate::product::model::ProductName;
use analysis::{Analysis, Correction, MetricRole, Prior, Settings, Sides};

/// The most units that are counted.
pub const UNITS_MAX: i64 = 1_000_000_000_000;

/// Something that is tried on some of the users.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Experiment {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub hypothesis: String,
    pub product_id: String,
    /// Its number among the items of its product, of which `KEY-123` is made.
    pub number: Option<i32>,
    pub owner_id: String,
    pub status: ExperimentStatus,
    /// The day on which it began; the time of day means nothing, as in the next.
    pub start_date: Option<Timestamp>,
    pub end_date: Option<Timestamp>,
    /// The names of its metrics, kept by the database.
    pub metrics: Vec<String>,
    /// What was decided, once it is completed: `decision`, `variantId`, `variant`, `note`, `decidedAt`, `decidedById` and `decidedBy`.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<Object>))]
    pub results: Option<serde_json::Value>,
    /// The chance of a false alarm that is accepted.
    pub alpha: f64,
    pub correction: Correction,
    pub sides: Sides,
    /// N* of the sequential intervals, in units.
    pub tuned_for: i64,
    pub prior_mean: Option<f64>,
    pub prior_variance: Option<f64>,
    pub cuped: bool,
    /// Units in all variants together.
    pub planned_size: Option<i64>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// The owner's name.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    pub owner: Option<String>,
}

impl Experiment {
    /// How it is to be judged.
    pub fn settings(&self) -> Settings {
        Settings {
            alpha: self.alpha,
            sides: self.sides,
            tuned_for: self.tuned_for as f64,
            prior: self.prior_mean.zip(self.prior_variance).map(|(mean, variance)| Prior { mean, variance }),
            correction: self.correction,
            cuped: self.cuped,
            planned: self.planned_size,
        }
    }

    /// What was decided, if anything was.
    pub fn outcome(&self) -> Option<Outcome> {
        self.results.as_ref().and_then(Outcome::of)
    }

    /// The same without what a list does not show.
    pub fn brief(self) -> Experiment {
        Experiment { results: None, description: None, ..self }
    }
}

/// What an experiment lacks before it can start, a sentence each.
pub fn missing(variants: &[Variant], metrics: &[Metric]) -> Vec<String> {
    let weights: f64 = variants.iter().map(|variant| variant.weight).sum();
    let lacks = [
        (variants.iter().filter(|variant| variant.weight > 0.0).count() < 2, "It needs at least two variants with a share above 0 %."),
        ((weights - 1.0).abs() > 1e-6, "The shares of its variants have to sum to 100 %."),
        (variants.iter().filter(|variant| variant.control).count() != 1, "It needs one variant that is the control."),
        (variants.iter().any(|variant| variant.control && variant.weight == 0.0), "Its control needs a share above 0 %."),
        (!metrics.iter().any(|metric| metric.role == MetricRole::Primary), "It needs at least one primary metric."),
    ];
    lacks.into_iter().filter(|(lacks, _)| *lacks).map(|(_, sentence)| sentence.to_owned()).collect()
}

/// An experiment's own page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExperimentPage {
    pub role: Role,
    pub product: ProductName,
    pub experiment: Experiment,
    pub variants: Vec<Variant>,
    pub metrics: Vec<Metric>,
    /// Of a completed one as it was when that was decided.
    pub analysis: Option<Analysis>,
    /// Why there is none, where there should be one.
    pub cannot: Option<String>,
    pub outcome: Option<Outcome>,
    /// How many results there are.
    pub results: i64,
    /// What the references in its text lead to.
    pub named: Vec<Linked>,
}

/// What the forms of an experiment are filled from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExperimentEdit {
    pub role: Role,
    pub product: ProductName,
    /// None for a new one.
    pub experiment: Option<Experiment>,
    pub variants: Vec<Variant>,
    pub metrics: Vec<Metric>,
    /// The members, to choose an owner from.
    pub people: Vec<Named>,
    /// Who is looking.
    pub me: String,
}

/// One metric, to be changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricEdit {
    pub role: Role,
    pub product: ProductName,
    pub experiment: Experiment,
    pub metric: Metric,
}

/// The results of an experiment, the newest day first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResultsPage {
    pub role: Role,
    pub product: ProductName,
    pub experiment: Experiment,
    pub variants: Vec<Variant>,
    pub metrics: Vec<Metric>,
    pub page: Page<MeasuredRow>,
}

/// One result, to be changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResultEdit {
    pub role: Role,
    pub product: ProductName,
    pub experiment: Experiment,
    pub variant: Variant,
    pub metric: Metric,
    pub result: MeasuredRow,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variant(weight: f64, control: bool) -> Variant {
        Variant { weight, control, ..Default::default() }
    }

    #[test]
    fn an_experiment_needs_two_variants_and_a_primary_metric() {
        let metric = |role| Metric { role, ..Default::default() };
        let both = [variant(0.5, true), variant(0.5, false)];
        assert_eq!(missing(&both, &[metric(MetricRole::Primary)]), Vec::<String>::new());
        assert_eq!(missing(&both, &[metric(MetricRole::Guardrail)]).len(), 1);
        assert_eq!(missing(&[], &[]).len(), 4);
        assert_eq!(missing(&[variant(1.0, true), variant(0.0, false)], &[metric(MetricRole::Primary)]).len(), 1);
        assert_eq!(missing(&[variant(0.5, true), variant(0.5, true)], &[metric(MetricRole::Primary)]).len(), 1);
        assert_eq!(missing(&[variant(0.5, true), variant(0.4, false)], &[metric(MetricRole::Primary)]).len(), 1);
    }
}
