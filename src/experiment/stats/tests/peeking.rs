//! Two thousand experiments in which there is nothing to be found, each looked at twenty times.

use super::super::difference::differences;
use super::super::{Rule, fixed, sequential};
use super::*;
use crate::experiment::model::analysis::{Settings, Sides};

/// Numbers that are the same on every machine (Steele et al. 2014, SplitMix64).
struct Numbers(u64);

impl Numbers {
    /// Above 0 and below 1.
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Of the standard normal distribution (Box and Muller 1958).
    fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// The sums of n normal numbers with mean 10 and standard deviation 2, without drawing each: the mean is normal, and the
    /// squares about it are χ² (by Wilson and Hilferty 1931).
    fn sums(&mut self, n: i64) -> Sums {
        let (units, free) = (n as f64, n as f64 - 1.0);
        let mean_of = 10.0 + 2.0 * self.normal() / units.sqrt();
        let part = 2.0 / (9.0 * free);
        let about = 4.0 * free * (1.0 - part + self.normal() * part.sqrt()).powi(3);
        mean(n, units * mean_of, about + units * mean_of * mean_of)
    }
}

#[test]
fn peeking_is_safe_by_the_sequential_test_and_not_by_the_fixed_one() {
    const EXPERIMENTS: usize = 2000;
    let rule = Rule::of(&primary("M", MetricKind::Mean), &Settings::default());
    let one_sided = Rule { sides: Sides::One, ..rule };
    let mut numbers = Numbers(20_260_101);
    let (mut by_fixed, mut by_sequential, mut by_one_sided) = (0, 0, 0);
    for _ in 0..EXPERIMENTS {
        let (mut a, mut b) = (Sums::default(), Sums::default());
        let (mut fixed_errs, mut sequential_errs, mut one_sided_errs) = (false, false, false);
        for _ in 0..20 {
            (a, b) = (a.plus(&numbers.sums(250)), b.plus(&numbers.sums(250)));
            let (a, b) = (a.sample(MetricKind::Mean).unwrap(), b.sample(MetricKind::Mean).unwrap());
            let difference = differences(&a, &b).relative.unwrap();
            fixed_errs |= fixed::test(&difference, &rule).p.below(0.05);
            sequential_errs |= sequential::test(&difference, &rule).p.below(0.05);
            one_sided_errs |= sequential::test(&difference, &one_sided).p.below(0.05);
        }
        by_fixed += usize::from(fixed_errs);
        by_sequential += usize::from(sequential_errs);
        by_one_sided += usize::from(one_sided_errs);
    }
    assert!(by_fixed * 5 > EXPERIMENTS, "the fixed test erred {by_fixed} times");
    assert!(by_sequential * 20 <= EXPERIMENTS, "the sequential test erred {by_sequential} times");
    assert!(by_one_sided * 20 <= EXPERIMENTS, "the one-sided sequential test erred {by_one_sided} times");
    // It is careful, but not blind.
    assert!(by_sequential > 0);
}
