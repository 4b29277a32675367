//! What the statistics say of an experiment: finished numbers and sentences, as they go to the browser.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a metric counts for every unit, by which its variance is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum MetricKind {
    /// Each unit did it or did not: the share of those that did.
    #[default]
    Proportion,
    /// Each unit has a number: the mean of them.
    Mean,
    /// Each unit has a numerator and a denominator: the sum of the one over the sum of the other.
    Ratio,
}

crate::words!(MetricKind {
    Proportion: "PROPORTION", "Proportion";
    Mean: "MEAN", "Mean";
    Ratio: "RATIO", "Ratio";
});

/// Which way a metric is wished to move.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum MetricDirection {
    #[default]
    Increase,
    Decrease,
}

crate::words!(MetricDirection {
    Increase: "INCREASE", "Higher is better";
    Decrease: "DECREASE", "Lower is better";
});

/// What a metric is there for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum MetricRole {
    /// It is to get better.
    #[default]
    Primary,
    /// It must not get worse.
    Guardrail,
}

crate::words!(MetricRole {
    Primary: "PRIMARY", "Primary";
    Guardrail: "GUARDRAIL", "Guardrail";
});

/// How p-values are corrected for there being several of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum Correction {
    /// Holds the chance of even one false alarm at alpha.
    #[default]
    Holm,
    /// Holds the share of false alarms among all alarms at alpha.
    BenjaminiHochberg,
    None,
}

crate::words!(Correction {
    Holm: "HOLM", "Holm";
    BenjaminiHochberg: "BENJAMINI_HOCHBERG", "Benjamini–Hochberg";
    None: "NONE", "No correction";
});

/// Which differences a test looks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum Sides {
    /// In both directions.
    #[default]
    Two,
    /// In the wished direction alone: for being better, not for being worse.
    One,
}

crate::words!(Sides {
    Two: "TWO", "Two-sided";
    One: "ONE", "One-sided";
});

/// A mean and variance that the relative effect is believed to have before the data, as of 0.05 for five per cent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Prior {
    pub mean: f64,
    /// Above zero.
    pub variance: f64,
}

/// How an experiment is to be judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The chance of a false alarm that is accepted, above 0 and at most 0.5.
    pub alpha: f64,
    pub sides: Sides,
    /// N*: the number of units in both variants at which the sequential intervals are tightest.
    pub tuned_for: f64,
    /// None for a flat one.
    pub prior: Option<Prior>,
    pub correction: Correction,
    /// Whether what was known of the units before is used, where it is there.
    pub cuped: bool,
    /// Units in all variants together after which no more are waited for; None for no end.
    pub planned: Option<i64>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            alpha: 0.05,
            sides: Sides::Two,
            tuned_for: 5000.0,
            prior: None,
            correction: Correction::Holm,
            cuped: true,
            planned: None,
        }
    }
}

/// Why there is no number, as a plain sentence that begins with "Cannot be computed because".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("Cannot be computed because {0}.")]
pub struct CannotCompute(pub String);

/// A number that may not be there, and then says why.
pub type Computed<T> = Result<T, CannotCompute>;

/// A p-value, kept as its natural logarithm, since one of 1e-400 is no `f64` but zero.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct P {
    /// At most zero and always finite.
    pub ln: f64,
}

/// What is estimated to lie in between; None where it has no end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    pub low: Option<f64>,
    pub high: Option<f64>,
}

impl Interval {
    /// Whether a value lies outside of it or on its edge.
    pub fn excludes(&self, value: f64) -> bool {
        self.low.is_some_and(|low| low >= value) || self.high.is_some_and(|high| high <= value)
    }
}

/// A test of there being no effect, and the interval of the effects that it does not refuse.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Test {
    pub interval: Interval,
    /// Half of a two-sided interval, or the reach of a one-sided one from the estimate.
    pub half_width: f64,
    pub p: P,
    /// Corrected for the number of metrics and variants.
    pub adjusted: P,
}

/// What a Bayesian believes of the effect after the data.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Belief {
    /// Of the posterior normal distribution of the effect.
    pub mean: f64,
    /// Its standard deviation.
    pub sd: f64,
    /// 0 to 1: the chance that the variant is better than the control in the wished direction.
    pub chance_to_win: f64,
    /// What is lost on average by shipping, in the effect's unit, where shipping was wrong it counts and else it is nothing.
    pub loss_of_shipping: f64,
    /// The same for staying with the control.
    pub loss_of_staying: f64,
}

/// The difference of a variant from the control, on one scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// In the metric's unit when absolute, as of 0.05 for five per cent when relative.
    pub estimate: f64,
    /// Its standard error, above zero.
    pub se: f64,
    /// Welch's degrees of freedom.
    pub df: f64,
    /// Valid only if it is looked at once, at the end.
    pub fixed: Test,
    /// Valid at every look.
    pub sequential: Test,
    pub belief: Belief,
}

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

/// The absolute effect as it was seen after each day, with its sequential interval.
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
    pub metrics: Vec<MetricResult>,
    pub settings: Settings,
}

impl P {
    /// As a number; zero where it is too small for one.
    pub fn value(self) -> f64 {
        self.ln.exp()
    }

    /// Whether it is below a level such as 0.05.
    pub fn below(self, level: f64) -> bool {
        self.ln < level.ln()
    }
}

impl fmt::Display for P {
    /// `p = 0.0202`, `p = 2.01e-5`, `p < 1e-300`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let p = self.value();
        if self.ln < -300.0 * std::f64::consts::LN_10 {
            write!(f, "p < 1e-300")
        } else if p < 0.0001 {
            write!(f, "p = {p:.2e}")
        } else {
            write!(f, "p = {p:.4}")
        }
    }
}
