//! What an experiment measures and how it is to be judged.

use serde::{Deserialize, Serialize};

/// What a metric counts for every unit, by which its variance is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
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
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum MetricDirection {
    #[default]
    Increase,
    Decrease,
}

crate::words!(MetricDirection {
    Increase: "INCREASE", "Higher is better";
    Decrease: "DECREASE", "Lower is better";
});

impl MetricDirection {
    /// By what an effect is multiplied to be a gain.
    pub fn sign(self) -> f64 {
        match self {
            MetricDirection::Increase => 1.0,
            MetricDirection::Decrease => -1.0,
        }
    }
}

/// What a metric is there for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
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
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
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
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
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
#[serde(default, rename_all = "camelCase")]
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
