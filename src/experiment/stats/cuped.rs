//! CUPED: what was known of the units before takes away a part of the chance in what they did after (Deng et al. 2013).

use super::input::Sums;
use super::sample::{Sample, because, squares_about_mean};
use crate::experiment::model::analysis::{Computed, Cuped, MetricKind};

/// Σx, Σx² and Σxy of the covariate x.
struct Covariate {
    sum: f64,
    squares: f64,
    cross: f64,
}

impl Sums {
    /// Whether anything is said of what was known before.
    pub fn has_covariate(&self) -> bool {
        self.covariate_sum.is_some() || self.covariate_squares.is_some() || self.covariate_cross.is_some()
    }

    fn covariate(&self) -> Option<Covariate> {
        Some(Covariate { sum: self.covariate_sum?, squares: self.covariate_squares?, cross: self.covariate_cross? })
    }
}

/// The samples of control and variant with their means and variances adjusted, and what it has brought.
pub fn adjust(kind: MetricKind, control: &Sums, variant: &Sums) -> Computed<(Sample, Sample, Cuped)> {
    if kind == MetricKind::Ratio {
        return because("CUPED is for proportions and means, and this is a ratio");
    }
    let (plain_a, plain_b) = (control.sample(kind)?, variant.sample(kind)?);
    let both = control.plus(variant);
    let (Some(known), Some(known_a), Some(known_b)) = (both.covariate(), control.covariate(), variant.covariate()) else {
        return because("what was known before is missing for some of the days");
    };
    let spread = squares_about_mean(both.units(), known.sum, known.squares);
    if spread == 0.0 {
        return because("what was known before is the same for all units");
    }
    let theta = (known.cross - known.sum * (both.sum / both.units())) / spread;
    let adjusted = |plain: Sample, sums: &Sums, known: &Covariate| {
        let x_variance = squares_about_mean(plain.n, known.sum, known.squares) / (plain.n - 1.0);
        let covariance = (known.cross - known.sum * (sums.sum / plain.n)) / (plain.n - 1.0);
        let terms = [plain.variance, theta * theta * x_variance, -2.0 * theta * covariance];
        let variance: f64 = terms.iter().sum();
        // What is left of a whole that was explained is rounding.
        let variance = if variance <= 1e-12 * terms.iter().map(|term| term.abs()).sum::<f64>() { 0.0 } else { variance };
        Sample { mean: plain.mean - theta * (known.sum / plain.n), variance, ..plain }
    };
    let (a, b) = (adjusted(plain_a, control, &known_a), adjusted(plain_b, variant, &known_b));
    let before = plain_a.variance / plain_a.n + plain_b.variance / plain_b.n;
    let after = a.variance / a.n + b.variance / b.n;
    let cuped = Cuped { theta, reduction: 1.0 - after / before };
    let numbers = [theta, cuped.reduction, a.mean, a.variance, b.mean, b.variance];
    if before == 0.0 || after == 0.0 || !numbers.iter().all(|number| number.is_finite()) {
        return because("nothing would be left to vary once what was known before is taken away");
    }
    Ok((a, b, cuped))
}
