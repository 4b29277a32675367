//! Numbers with what is not certain of them.

use std::fmt;

use serde::{Deserialize, Serialize};

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
#[serde(rename_all = "camelCase")]
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
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = EffectBelief))]
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
    pub belief: Computed<Belief>,
}
