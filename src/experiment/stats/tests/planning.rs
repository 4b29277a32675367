//! The power calculator.

use proptest::prelude::*;

use super::super::power::power;
use super::*;
use crate::experiment::model::analysis::{Find, PowerAnswer, PowerQuestion, Sides};

fn answer(question: &PowerQuestion) -> PowerAnswer {
    power(question).unwrap().unwrap()
}

fn of_mean(mean: f64, sd: f64, effect: f64) -> PowerQuestion {
    let find = Find::Units { effect, power: 0.8 };
    PowerQuestion { kind: MetricKind::Mean, mean, sd: Some(sd), relative: false, find, ..Default::default() }
}

/// Of Chow, Shao and Wang, Sample Size Calculations in Clinical Research: sections 4.2 and 3.2.
#[test]
fn sizes_from_the_textbook() {
    let shares = PowerQuestion { mean: 0.65, relative: false, find: Find::Units { effect: 0.2, power: 0.8 }, ..Default::default() };
    assert_eq!(answer(&shares).control_units, 70);
    assert_eq!(answer(&of_mean(5.0, 10.0, 5.0)).variant_units, 63);
    // 16σ²/δ² in every variant (van Belle 2002), and by both formulas a quarter of it for twice the effect.
    let units = answer(&of_mean(100.0, 30.0, 1.0)).units() as f64;
    assert!((units / (2.0 * 16.0 * 900.0) - 1.0).abs() < 0.02);
    assert!((units / answer(&of_mean(100.0, 30.0, -2.0)).units() as f64 - 4.0).abs() < 0.01);
    // One-sided needs (1.645 + 0.842)² instead of (1.96 + 0.842)².
    let one = PowerQuestion { sides: Sides::One, ..of_mean(5.0, 10.0, 5.0) };
    assert_eq!(answer(&one).control_units, 50);
}

#[test]
fn sequential_tests_need_more() {
    let found = answer(&of_mean(100.0, 30.0, 1.0));
    let sequential = found.sequential_units.clone().unwrap();
    assert!(sequential > found.units() * 5 / 4 && sequential < found.units() * 4, "{sequential} of {}", found.units());
}

/// The sign of a relative effect is that of the absolute one, as where results are read.
#[test]
fn effects_on_a_mean_below_zero_keep_their_sign() {
    let found = answer(&PowerQuestion { relative: true, ..of_mean(-20.0, 30.0, 0.1) });
    assert_eq!((found.effect, found.relative_effect), (2.0, Ok(0.1)));
}

#[test]
fn questions_that_have_no_answer() {
    let far = PowerQuestion { mean: 0.9, find: Find::Effect { units: 6, power: 0.99 }, ..Default::default() };
    assert!(power(&far).unwrap().unwrap_err().to_string().contains("far enough"));
    let tiny = of_mean(1.0, 1e9, 1e-9);
    assert!(power(&tiny).unwrap().is_err());
    let fields = |question: PowerQuestion| power(&question).unwrap_err().into_iter().map(|error| error.field).collect::<Vec<_>>();
    let nothing = Find::Units { effect: f64::NAN, power: f64::INFINITY };
    assert_eq!(
        fields(PowerQuestion { mean: f64::NAN, alpha: 0.0, find: nothing, ..Default::default() }),
        ["mean", "alpha", "effect", "effect", "power"]
    );
    assert_eq!(fields(PowerQuestion { kind: MetricKind::Mean, mean: 0.0, sd: None, ..Default::default() }), ["sd", "mean"]);
    assert_eq!(fields(PowerQuestion { find: Find::Units { effect: 20.0, power: 0.8 }, ..Default::default() }), ["effect"]);
    let down = PowerQuestion { sides: Sides::One, ..of_mean(5.0, 10.0, -5.0) };
    assert_eq!(fields(down.clone()), ["effect"], "it would never be found");
    assert!(answer(&PowerQuestion { direction: MetricDirection::Decrease, ..down }).control_units == 50);
    assert_eq!(
        fields(PowerQuestion { find: Find::Power { units: 0, effect: 0.1 }, control_share: 1.0, ..Default::default() }),
        ["control_share", "units"]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    /// Asked three ways, the answer is the same.
    #[test]
    fn the_three_questions_agree(
        base in 0.02_f64..0.98, relative in 0.02_f64..0.5, wanted in 0.3_f64..0.99, share in 0.1_f64..0.9,
        proportion: bool, one: bool, rise: bool,
    ) {
        let (kind, sd) = if proportion { (MetricKind::Proportion, None) } else { (MetricKind::Ratio, Some(1.3)) };
        let (sides, direction) = (
            if one { Sides::One } else { Sides::Two },
            if rise { MetricDirection::Increase } else { MetricDirection::Decrease },
        );
        let effect = direction.sign() * relative * base.min(1.0 - base) / base;
        let question = PowerQuestion {
            kind, mean: base, sd, sides, direction, control_share: share, find: Find::Units { effect, power: wanted }, ..Default::default()
        };
        let sized = answer(&question);
        let units = sized.units();
        let powered = answer(&PowerQuestion { find: Find::Power { units, effect }, ..question.clone() });
        // Whole units are a little more than needed.
        prop_assert!(powered.power >= wanted - 1e-9 || units < 200);
        prop_assert!((powered.power - wanted).abs() < 0.02 || units < 200, "{} is not {wanted}", powered.power);
        let found = answer(&PowerQuestion { find: Find::Effect { units, power: powered.power.min(0.999_999) }, ..question });
        prop_assert!(powered.power > 0.999_999 || (found.relative_effect.clone().unwrap() / effect - 1.0).abs() < 1e-6);
    }
}
