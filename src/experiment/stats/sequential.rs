//! Confidence sequences: valid at every look, however often somebody peeks (Waudby-Smith et al. 2021).

use std::f64::consts::LN_2;

use super::Rule;
use super::difference::Difference;
use super::fixed::made;
use crate::experiment::model::analysis::{Interval, Sides, Test};

/// ρ², by which the sequence is tightest at `tuned_for` units.
fn rho_squared(alpha: f64, tuned_for: f64) -> f64 {
    let ln = -2.0 * alpha.ln();
    (ln + ln.ln_1p()) / tuned_for
}

/// The half width in standard errors, with n units in both variants.
pub fn reach(n: f64, rule: &Rule) -> f64 {
    let (rho2, ln) = match rule.sides {
        Sides::Two => {
            let rho2 = rho_squared(rule.alpha, rule.tuned_for);
            (rho2, 0.5 * (n * rho2).ln_1p() - rule.alpha.ln())
        }
        Sides::One => {
            let rho2 = rho_squared((2.0 * rule.alpha).min(1.0 - f64::EPSILON), rule.tuned_for);
            (rho2, (1.0 + (1.0 + n * rho2).sqrt() / (2.0 * rule.alpha)).ln())
        }
    };
    (2.0 * (n * rho2 + 1.0) / (n * rho2) * ln).sqrt()
}

/// The test of an effect of zero.
pub fn test(difference: &Difference, rule: &Rule) -> Test {
    let Difference { estimate, se, n, .. } = *difference;
    made(estimate, reach(n, rule) * se, ln_p(estimate / se, n, rule), rule)
}

/// The interval alone.
pub fn interval(difference: &Difference, rule: &Rule) -> Interval {
    made(difference.estimate, reach(difference.n, rule) * difference.se, 0.0, rule).interval
}

/// The alpha at which the interval's edge would be at zero.
fn ln_p(z: f64, n: f64, rule: &Rule) -> f64 {
    let z = z.clamp(-1e150, 1e150);
    let exponent = |rho2: f64| z * z * (n * rho2 / (2.0 * (n * rho2 + 1.0)));
    match rule.sides {
        Sides::Two => {
            let rho2 = rho_squared(rule.alpha, rule.tuned_for);
            0.5 * (n * rho2).ln_1p() - exponent(rho2)
        }
        Sides::One if rule.direction.sign() * z <= 0.0 => 0.0,
        Sides::One => {
            let rho2 = rho_squared((2.0 * rule.alpha).min(1.0 - f64::EPSILON), rule.tuned_for);
            let exponent = exponent(rho2);
            // ln(eˣ − 1), where eˣ may be no number.
            let ln_less_one = if exponent > 30.0 { exponent } else { exponent.exp_m1().ln() };
            0.5 * (n * rho2).ln_1p() - LN_2 - ln_less_one
        }
    }
}
