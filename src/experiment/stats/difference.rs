//! How far a variant is from the control, and how sure that is.

use super::sample::{Sample, because};
use crate::experiment::model::analysis::Computed;

/// What no effect reaches.
const LARGEST: f64 = 1e250;

/// An estimate of an effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    pub estimate: f64,
    /// Above zero.
    pub se: f64,
    /// Welch's degrees of freedom, from the variances of the variants.
    pub df: f64,
    /// Units in both.
    pub n: f64,
}

/// The two scales of one comparison.
pub struct Differences {
    pub absolute: Computed<Difference>,
    pub relative: Computed<Difference>,
}

/// The variant against the control.
pub fn differences(a: &Sample, b: &Sample) -> Differences {
    Differences { absolute: absolute(a, b), relative: relative(a, b) }
}

/// In the metric's unit.
fn absolute(a: &Sample, b: &Sample) -> Computed<Difference> {
    with(a, b, b.mean - a.mean, [error(a), error(b)])
}

/// By the delta method: as a share of the control's mean.
fn relative(a: &Sample, b: &Sample) -> Computed<Difference> {
    if a.unadjusted == 0.0 {
        return because("the control's mean is zero, and nothing is a share of zero");
    }
    let unit = a.unadjusted.abs();
    with(a, b, (b.mean - a.mean) / unit, [error(a) / unit * (b.unadjusted / unit), error(b) / unit])
}

/// The standard error of one variant's mean.
fn error(sample: &Sample) -> f64 {
    (sample.variance / sample.n).sqrt()
}

fn with(a: &Sample, b: &Sample, estimate: f64, errors: [f64; 2]) -> Computed<Difference> {
    let se = errors[0].hypot(errors[1]);
    let numbers = [error(a), error(b)];
    if numbers == [0.0, 0.0] {
        return because("nothing varies in either variant");
    }
    if se == 0.0 {
        return because("nothing that the effect depends on varies");
    }
    let difference = Difference { estimate, se, df: welch(a, b), n: a.n + b.n };
    // Beyond these an interval could have no end that is a number.
    if estimate.abs() < LARGEST && (1.0 / LARGEST..LARGEST).contains(&se) && difference.df.is_finite() {
        Ok(difference)
    } else {
        because("the numbers are too far apart to be computed with")
    }
}

/// The degrees of freedom of Welch and Satterthwaite; from the shares of the variance, so that no fourth power overflows.
fn welch(a: &Sample, b: &Sample) -> f64 {
    let (a_error, b_error) = (error(a), error(b));
    let whole = a_error.hypot(b_error);
    let (a_share, b_share) = ((a_error / whole).powi(2), (b_error / whole).powi(2));
    1.0 / (a_share * a_share / (a.n - 1.0) + b_share * b_share / (b.n - 1.0))
}
