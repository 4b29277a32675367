//! Welch's t-test: valid at one look that was settled on beforehand.

use std::f64::consts::LN_2;

use super::Rule;
use super::difference::Difference;
use super::tails::{ln_student_sf, student_quantile};
use crate::experiment::model::analysis::{Interval, MetricDirection, P, Sides, Test};

/// The test of an effect of zero.
pub fn test(difference: &Difference, rule: &Rule) -> Test {
    let Difference { estimate, se, df, .. } = *difference;
    let t = estimate / se;
    let (ln, half_width) = match rule.sides {
        Sides::Two => (LN_2 + ln_student_sf(t.abs(), df), student_quantile(rule.alpha / 2.0, df) * se),
        Sides::One => (ln_student_sf(rule.direction.sign() * t, df), student_quantile(rule.alpha, df) * se),
    };
    made(estimate, half_width, ln, rule)
}

/// A test by its interval's half width and its ln p.
pub fn made(estimate: f64, half_width: f64, ln: f64, rule: &Rule) -> Test {
    let p = P { ln: ln.clamp(f64::MIN, 0.0) };
    Test { interval: interval(estimate, half_width, rule), half_width, p, adjusted: p }
}

fn interval(estimate: f64, half_width: f64, rule: &Rule) -> Interval {
    let (low, high) = (Some(estimate - half_width), Some(estimate + half_width));
    match (rule.sides, rule.direction) {
        (Sides::Two, _) => Interval { low, high },
        (Sides::One, MetricDirection::Increase) => Interval { low, high: None },
        (Sides::One, MetricDirection::Decrease) => Interval { low: None, high },
    }
}
