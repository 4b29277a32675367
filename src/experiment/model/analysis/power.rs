//! How many units an experiment needs, for what effect, to find it with what power.

use serde::{Deserialize, Serialize};

use super::settings::{MetricDirection, MetricKind, Sides};
use super::value::Computed;

/// What is known before an experiment and what is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PowerQuestion {
    pub kind: MetricKind,
    /// What the control has: a share from 0 to 1, a mean or a ratio.
    pub mean: f64,
    /// Standard deviation of one unit; a proportion needs none, its share tells it.
    pub sd: Option<f64>,
    /// The chance of a false alarm.
    pub alpha: f64,
    pub sides: Sides,
    /// Which way the smallest effect is sought where it is what is asked for.
    pub direction: MetricDirection,
    /// Whether effects are shares of the control's mean, as of 0.05 for five per cent, and not in the metric's unit.
    pub relative: bool,
    /// The share of the units in the two variants that goes to the control, above 0 and below 1.
    pub control_share: f64,
    /// N* of the sequential test.
    pub tuned_for: f64,
    pub find: Find,
}

/// Two of the three are given, the third is asked for. Units are those of both variants together; effects are signed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Find {
    Units { effect: f64, power: f64 },
    Effect { units: i64, power: f64 },
    Power { units: i64, effect: f64 },
}

impl Default for PowerQuestion {
    /// Of a share of 10 %, how many units show a change by a tenth of it with the usual power of 80 %.
    fn default() -> Self {
        PowerQuestion {
            kind: MetricKind::Proportion,
            mean: 0.1,
            sd: None,
            alpha: 0.05,
            sides: Sides::Two,
            direction: MetricDirection::Increase,
            relative: true,
            control_share: 0.5,
            tuned_for: 5000.0,
            find: Find::Units { effect: 0.1, power: 0.8 },
        }
    }
}

/// All three together, for the test at a fixed end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PowerAnswer {
    pub control_units: i64,
    pub variant_units: i64,
    /// In the metric's unit.
    pub effect: f64,
    /// As a share of the control's mean; not where that is zero.
    pub relative_effect: Computed<f64>,
    /// 0 to 1.
    pub power: f64,
    /// Units in both variants with which the sequential test has at least the same power for the same effect.
    pub sequential_units: Computed<i64>,
}

impl PowerAnswer {
    /// In both variants together.
    pub fn units(&self) -> i64 {
        self.control_units + self.variant_units
    }
}
