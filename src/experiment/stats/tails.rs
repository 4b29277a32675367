//! The far ends of distributions, as logarithms, so that the smallest of probabilities are still told apart.
//!
//! Where a probability is no smaller than a number can be, `statrs` gives it. Its survival functions are zero from
//! about 1e-308 on, and its beta function loses digits for thousands of degrees of freedom; there the formulas below do better.

use std::f64::consts::{LN_2, SQRT_2};

use statrs::function::beta::beta_reg;
use statrs::function::erf::{erfc, erfc_inv};
use statrs::function::gamma::{gamma_lr, gamma_ur, ln_gamma};

/// ln √(2π).
const LN_SQRT_2PI: f64 = 0.918_938_533_204_672_8;
/// Farther out nothing changes any more, and its square is still a number.
const FARTHEST: f64 = 1e150;
/// From here on Hill's expansion is exact to ten digits.
const MANY: f64 = 100.0;

/// ln(1 − eˣ) for x at most zero.
fn ln_one_minus_exp(x: f64) -> f64 {
    if x > -LN_2 { (-x.exp_m1()).ln() } else { (-x.exp()).ln_1p() }
}

/// ln φ(z) of the standard normal density.
pub fn ln_normal_density(z: f64) -> f64 {
    -0.5 * z * z - LN_SQRT_2PI
}

/// What is behind z over the density at z, Φ(−z)/φ(z), for z from 3 up, and the tail of its continued fraction
/// (Abramowitz and Stegun 26.2.14): `1 − z·mills` is `mills·tail`, with nothing lost in the difference.
fn mills(z: f64) -> (f64, f64) {
    let tail = (2..80).rev().fold(0.0, |tail, k| f64::from(k) / (z + tail));
    let tail = 1.0 / (z + tail);
    (1.0 / (z + tail), tail)
}

/// ln Φ(−z): the logarithm of the chance that a standard normal number is above z.
pub fn ln_normal_sf(z: f64) -> f64 {
    let z = z.clamp(-FARTHEST, FARTHEST);
    if z > 5.0 {
        ln_normal_density(z) + mills(z).0.ln()
    } else if z < 0.0 {
        (-0.5 * erfc(-z / SQRT_2)).ln_1p()
    } else {
        (0.5 * erfc(z / SQRT_2)).ln()
    }
}

/// Φ(z): the chance that a standard normal number is at most z.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * erfc(-z / SQRT_2)
}

/// The z above which a standard normal number is with the chance p, above 0 and below 1.
pub fn normal_quantile(p: f64) -> f64 {
    SQRT_2 * erfc_inv(2.0 * p)
}

/// φ(u) − u·Φ(−u): the mean of what a standard normal number exceeds u by, counted as nothing where it does not.
pub fn excess(u: f64) -> f64 {
    if u > 3.0 {
        let u = u.min(FARTHEST);
        let (mills, tail) = mills(u);
        (ln_normal_density(u) + mills.ln() + tail.ln()).exp()
    } else {
        ln_normal_density(u).exp() - u * normal_cdf(-u)
    }
}

/// ln of the chance that Student's t with these degrees of freedom (at least 1) is above t.
pub fn ln_student_sf(t: f64, df: f64) -> f64 {
    if t < 0.0 {
        return ln_one_minus_exp(ln_student_sf(-t, df));
    }
    let t = t.min(FARTHEST);
    let spread = (t / df.sqrt()).powi(2);
    if df >= MANY && spread < 1.0 {
        return ln_normal_sf(hill(spread, df));
    }
    let (a, x) = (0.5 * df, 1.0 / (1.0 + spread));
    if x < (a + 1.0) / (a + 2.5) {
        // a·ln x + ½·ln(1 − x) − ln(a·B(a, ½)), and the continued fraction after it.
        let front = -a * spread.ln_1p() - 0.5 * (1.0 / spread).ln_1p() - a.ln() - ln_beta_half(a);
        return (front + beta_fraction(a, x).ln() - LN_2).min(-LN_2);
    }
    (0.5 * beta_reg(a, 0.5, x)).ln()
}

/// The normal z that is as far out as Student's t, whose t²/df is given (Hill 1970, CACM algorithm 395).
fn hill(spread: f64, df: f64) -> f64 {
    let a = df - 0.5;
    let b = 48.0 * a * a;
    let y = a * spread.ln_1p();
    let sum = (((-0.4 * y - 3.3) * y - 24.0) * y - 85.5) / (0.8 * y * y + 100.0 + b) + y + 3.0;
    (sum / b + 1.0) * y.sqrt()
}

/// ln B(a, ½).
fn ln_beta_half(a: f64) -> f64 {
    if a < 50.0 {
        return ln_gamma(a) + ln_gamma(0.5) - ln_gamma(a + 0.5);
    }
    // ln Γ(a + ½) − ln Γ(a) by its asymptotic series, as the two are too large to be subtracted.
    let ratio = 0.5 * a.ln() - 1.0 / (8.0 * a) + 1.0 / (192.0 * a.powi(3)) - 1.0 / (640.0 * a.powi(5));
    ln_gamma(0.5) - ratio
}

/// The continued fraction of the incomplete beta function with b = ½ (Press et al., Numerical Recipes, 6.4), by Lentz's method.
fn beta_fraction(a: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let b = 0.5;
    let kept = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / kept(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..500 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / kept(1.0 + even * d);
        c = kept(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / kept(1.0 + odd * d);
        c = kept(1.0 + odd / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    fraction
}

/// ln of Student's density at t.
fn ln_student_density(t: f64, df: f64) -> f64 {
    -0.5 * (df + 1.0) * (t * t / df).ln_1p() - 0.5 * df.ln() - ln_beta_half(0.5 * df)
}

/// The t above which Student's t is with the chance p, above 0 and at most ½: the root of `ln_student_sf`, by Newton's
/// method between bounds.
pub fn student_quantile(p: f64, df: f64) -> f64 {
    let goal = p.ln();
    let (mut low, mut high) = (0.0, 1.0);
    while ln_student_sf(high, df) > goal && high < FARTHEST {
        (low, high) = (high, 2.0 * high);
    }
    let mut t = normal_quantile(p);
    for _ in 0..200 {
        if !(low < t && t < high) {
            t = 0.5 * (low + high);
        }
        let ln_sf = ln_student_sf(t, df);
        if ln_sf > goal {
            low = t
        } else {
            high = t
        }
        let step = (ln_sf - goal) * (ln_sf - ln_student_density(t, df)).exp();
        t += step;
        if step.abs() <= 1e-15 * t.abs() || high - low <= 1e-15 * high {
            break;
        }
    }
    t.clamp(low, high)
}

/// ln of the chance that χ² with these degrees of freedom (at least 1) is above x.
pub fn ln_chi2_sf(x: f64, df: f64) -> f64 {
    let (a, x) = (0.5 * df, 0.5 * x.clamp(0.0, FARTHEST));
    if x == 0.0 {
        return 0.0;
    }
    if x < a + 1.0 {
        return (-gamma_lr(a, x)).ln_1p();
    }
    if x < 500.0 {
        return gamma_ur(a, x).ln();
    }
    // Γ(a, x) by its continued fraction (Press et al., 6.2.7), which is quick so far out.
    let fraction = (1..60).rev().map(f64::from).fold(0.0, |tail, k| k * (k - a) / (x + 2.0 * k + 1.0 - a - tail));
    a * x.ln() - x - ln_gamma(a) - (x + 1.0 - a - fraction).ln()
}
