//! What is said of an experiment, of its metrics and of its variants.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::settings::{MetricDirection, MetricKind, MetricRole, Settings};
use super::value::{Computed, Effect, Interval, P};

/// One variant of one metric as it was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The variant's id.
    pub variant: String,
    pub name: String,
    /// Units.
    pub n: i64,
    /// The share, mean or ratio, before any adjustment.
    pub mean: Computed<f64>,
    /// Standard deviation of one unit.
    pub sd: Computed<f64>,
}

/// What knowing the units from before has brought.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Cuped {
    /// The slope of the outcome on what was known before.
    pub theta: f64,
    /// 0 to 1: the share of the variance of the difference that was taken away.
    pub reduction: f64,
}

/// An effect as it was seen after a day, with its sequential interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Look {
    pub day: NaiveDate,
    /// Units in both variants until then.
    pub units: i64,
    pub absolute: Computed<Band>,
    pub relative: Computed<Band>,
}

/// An estimate and the sequential interval around it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Band {
    pub estimate: f64,
    pub interval: Interval,
}

/// How a variant stands against the control in one metric, by the sequential test and its corrected p.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = VariantStanding))]
pub enum Standing {
    Better,
    Worse,
    /// A guardrail that is shown not to be worse than its margin allows.
    Safe,
    #[default]
    Undecided,
}

crate::words!(Standing {
    Better: "BETTER", "Better";
    Worse: "WORSE", "Worse";
    Safe: "SAFE", "Safe";
    Undecided: "UNDECIDED", "Undecided";
});

/// One variant against the control in one metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub measured: Measured,
    pub absolute: Computed<Effect>,
    pub relative: Computed<Effect>,
    /// None where it was not asked for or there is nothing known from before.
    pub cuped: Option<Computed<Cuped>>,
    pub standing: Standing,
    /// The standing in a sentence with its numbers.
    pub sentence: String,
    pub looks: Vec<Look>,
}

/// All of one metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricResult {
    pub metric: String,
    pub name: String,
    pub kind: MetricKind,
    pub direction: MetricDirection,
    pub role: MetricRole,
    /// The relative worsening that a guardrail is allowed, as of 0.02 for two per cent.
    pub margin: Option<f64>,
    pub control: Measured,
    /// The other variants in their order.
    pub comparisons: Vec<Comparison>,
}

/// Whether the units were shared out among the variants as they should have been.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Srm {
    pub chi2: f64,
    pub df: i64,
    pub p: P,
    /// p is below 0.001: what the experiment says is not to be trusted.
    pub alarm: bool,
    /// The variants of a weight above zero, in their order.
    pub variants: Vec<SrmVariant>,
}

/// The units that had come to a variant by the end of each day, by the first primary metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exposure {
    /// Its name.
    pub variant: String,
    pub days: Vec<(NaiveDate, i64)>,
}

/// Units of a variant as they came and as they should have come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SrmVariant {
    pub name: String,
    pub observed: i64,
    pub expected: f64,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = ExperimentAdvice))]
pub enum Decision {
    Ship,
    KeepRunning,
    Stop,
    /// The ratio of the samples is not what it should be.
    DoNotTrust,
    /// There are no results yet, or none that anything can be computed from.
    NoAnswer,
}

crate::words!(Decision {
    Ship: "SHIP", "Ship it";
    KeepRunning: "KEEP_RUNNING", "Keep running";
    Stop: "STOP", "Stop";
    DoNotTrust: "DO_NOT_TRUST", "Do not trust this";
    NoAnswer: "NO_ANSWER", "No answer yet";
});

/// The answer in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    pub decision: Decision,
    /// Why, with the numbers.
    pub sentence: String,
    /// The id of the variant to ship.
    pub variant: Option<String>,
    /// What else is to be known, a sentence each.
    pub notes: Vec<String>,
}

/// All that is said of an experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    pub verdict: Verdict,
    pub srm: Computed<Srm>,
    /// Units in all variants, by the first primary metric.
    pub units: i64,
    /// Of each variant, with the same days; empty where days are not asked for.
    #[serde(default)]
    pub exposure: Vec<Exposure>,
    pub metrics: Vec<MetricResult>,
    pub settings: Settings,
}

impl Analysis {
    fn comparisons(&mut self) -> impl Iterator<Item = &mut Comparison> {
        self.metrics.iter_mut().flat_map(|metric| &mut metric.comparisons)
    }

    /// The same without what each day looked like.
    pub fn without_looks(mut self) -> Analysis {
        self.comparisons().for_each(|one| one.looks.clear());
        self.exposure.clear();
        self
    }

    /// The same with at most so many looks of each comparison and so many days of exposure: every so many days, and the last.
    pub fn thinned(mut self, most: usize) -> Analysis {
        self.comparisons().for_each(|one| thin(&mut one.looks, most));
        self.exposure.iter_mut().for_each(|one| thin(&mut one.days, most));
        self
    }

    /// The same with the looks of another analysis of the same data.
    pub fn with_looks_of(mut self, other: &Analysis) -> Analysis {
        self.exposure = other.exposure.clone();
        for metric in &mut self.metrics {
            let Some(known) = other.metrics.iter().find(|known| known.metric == metric.metric) else { continue };
            for one in &mut metric.comparisons {
                let same = known.comparisons.iter().find(|same| same.measured.variant == one.measured.variant);
                one.looks = same.map(|same| same.looks.clone()).unwrap_or_default();
            }
        }
        self
    }
}

/// Leaves at most so many: every so manieth, and the last.
fn thin<T>(list: &mut Vec<T>, most: usize) {
    let (count, step) = (list.len(), list.len().div_ceil(most.max(1)).max(1));
    let mut at = 0..count;
    list.retain(|_| at.next().is_some_and(|at| (count - 1 - at).is_multiple_of(step)));
}
