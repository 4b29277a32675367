//! What sums say of a variant: mean and variance.

use super::input::Sums;
use crate::experiment::model::analysis::{CannotCompute, Computed, MetricKind};

/// What is below this share of the sums it is the difference of is rounding and counts as nothing.
const ROUNDING: f64 = 1e-12;

/// One variant of one metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Units.
    pub n: f64,
    /// Of the effect: what is left of the mean after CUPED.
    pub mean: f64,
    /// Before CUPED; what relative effects are relative to.
    pub unadjusted: f64,
    /// Of one unit, at least zero.
    pub variance: f64,
}

/// A number that is not there.
pub fn because<T>(reason: impl Into<String>) -> Computed<T> {
    Err(CannotCompute(reason.into()))
}

/// A difference of sums of this scale, less what is only rounding.
fn spread(value: f64, scale: f64) -> f64 {
    if value <= ROUNDING * scale { 0.0 } else { value }
}

/// Σ(x − mean)² from the sums.
pub fn squares_about_mean(n: f64, sum: f64, squares: f64) -> f64 {
    spread(squares - sum * (sum / n), squares)
}

impl Sums {
    /// The sums of both, as of two days.
    pub fn plus(&self, other: &Sums) -> Sums {
        let both = |a: Option<f64>, b: Option<f64>| a.zip(b).map(|(a, b)| a + b);
        if self.n == 0 {
            return *other;
        }
        if other.n == 0 {
            return *self;
        }
        Sums {
            n: self.n.saturating_add(other.n),
            sum: self.sum + other.sum,
            sum_squares: self.sum_squares + other.sum_squares,
            denominator_sum: both(self.denominator_sum, other.denominator_sum),
            denominator_squares: both(self.denominator_squares, other.denominator_squares),
            denominator_cross: both(self.denominator_cross, other.denominator_cross),
            covariate_sum: both(self.covariate_sum, other.covariate_sum),
            covariate_squares: both(self.covariate_squares, other.covariate_squares),
            covariate_cross: both(self.covariate_cross, other.covariate_cross),
        }
    }

    /// Units, as a number to compute with.
    pub fn units(&self) -> f64 {
        self.n as f64
    }

    /// The share, mean or ratio.
    pub fn mean(&self, kind: MetricKind) -> Computed<f64> {
        if self.n < 1 {
            return because("there are no units yet");
        }
        let mean = match kind {
            MetricKind::Proportion | MetricKind::Mean => self.sum / self.units(),
            MetricKind::Ratio => match self.denominator_sum {
                None => return because("the sums of the denominator are missing"),
                Some(0.0) => return because("the denominators sum to zero"),
                Some(denominator) => self.sum / denominator,
            },
        };
        if mean.is_finite() { Ok(mean) } else { because("the numbers are too far apart to be divided") }
    }

    /// The sample without any adjustment.
    pub fn sample(&self, kind: MetricKind) -> Computed<Sample> {
        let mean = self.mean(kind)?;
        if self.n < 2 {
            return because("there is only one unit");
        }
        let n = self.units();
        let variance = match kind {
            MetricKind::Proportion => mean * (1.0 - mean),
            MetricKind::Mean => squares_about_mean(n, self.sum, self.sum_squares) / (n - 1.0),
            MetricKind::Ratio => self.ratio_variance(mean)?,
        };
        // Asked before it is kept from being negative, which would make a zero of what is no number.
        if variance.is_finite() {
            Ok(Sample { n, mean, unadjusted: mean, variance: variance.max(0.0) })
        } else {
            because("the numbers are too far apart to be computed with")
        }
    }

    /// The delta method's variance of a ratio R, for one unit. With the sums' own R the three terms of the usual formula are
    /// those of Σ(y − R·d)², so it is the variance of y − R·d over the square of the mean denominator.
    fn ratio_variance(&self, ratio: f64) -> Computed<f64> {
        let (Some(sum), Some(squares), Some(cross)) = (self.denominator_sum, self.denominator_squares, self.denominator_cross) else {
            return because("the sums of the denominator are missing");
        };
        let terms = [self.sum_squares, -2.0 * ratio * cross, ratio * ratio * squares];
        let rest = spread(terms.iter().sum(), terms.iter().map(|term| term.abs()).sum());
        let each = sum / self.units();
        Ok(rest / (self.units() - 1.0) / each / each)
    }
}
