//! What holds of all experiments.

use proptest::prelude::*;

use super::super::correct::correct;
use super::*;
use crate::experiment::model::analysis::{Correction, Effect, P, Sides, Test};

/// Sums that units could have: n, a mean and a standard deviation.
fn sums() -> impl Strategy<Value = Sums> {
    (2_i64..200_000, prop_oneof![-50.0_f64..50.0, 0.01_f64..1.0], 0.01_f64..100.0).prop_map(|(n, m, sd)| {
        let units = n as f64;
        mean(n, units * m, units * m * m + (units - 1.0) * sd * sd)
    })
}

fn effects(analysis: &Analysis) -> Vec<Effect> {
    let one = &analysis.metrics[0].comparisons[0];
    [&one.absolute, &one.relative].into_iter().filter_map(|effect| effect.clone().ok()).collect()
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-7 * (a.abs() + b.abs()).max(1e-9)
}

fn agree(test: &Test, alpha: f64) -> bool {
    // At the very edge rounding decides.
    (test.p.ln - alpha.ln()).abs() < 1e-7 || test.interval.excludes(0.0) == test.p.below(alpha)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..Default::default() })]

    #[test]
    fn an_interval_excludes_zero_exactly_when_p_is_below_alpha(a in sums(), b in sums(), alpha in 0.0001_f64..0.5, one: bool, fall: bool) {
        let mut input = input(vec![primary("M", MetricKind::Mean)], &[&[a, b]]);
        input.settings.alpha = alpha;
        input.settings.sides = if one { Sides::One } else { Sides::Two };
        input.metrics[0].direction = if fall { MetricDirection::Decrease } else { MetricDirection::Increase };
        for effect in effects(&analyse(&input).unwrap()) {
            prop_assert!(agree(&effect.fixed, alpha) && agree(&effect.sequential, alpha), "{effect:?}");
        }
    }

    #[test]
    fn variants_are_alike(a in sums(), b in sums()) {
        let (there, back) = (of(MetricKind::Mean, &[a, b]), of(MetricKind::Mean, &[b, a]));
        let (there, back) = (effects(&there)[0].clone(), effects(&back)[0].clone());
        prop_assert!(there.estimate == -back.estimate && near(there.se, back.se) && near(there.df, back.df));
        prop_assert!(near(there.fixed.p.ln, back.fixed.p.ln) && near(there.sequential.p.ln, back.sequential.p.ln));
        prop_assert!(near(there.sequential.interval.low.unwrap(), -back.sequential.interval.high.unwrap()));
        let (there, back) = (there.belief.unwrap(), back.belief.unwrap());
        prop_assert!(near(there.chance_to_win + back.chance_to_win, 1.0) && near(there.loss_of_shipping, back.loss_of_staying));
    }

    /// In another unit an absolute effect is as many times larger, and nothing else is another.
    #[test]
    fn the_unit_of_the_metric_does_not_matter(a in sums(), b in sums(), scale in prop_oneof![1e-12_f64..1e-6, 0.5_f64..2.0, 1e6_f64..1e12]) {
        let scaled = |sums: Sums| Sums { sum: sums.sum * scale, sum_squares: sums.sum_squares * scale * scale, ..sums };
        let (plain, other) = (of(MetricKind::Mean, &[a, b]), of(MetricKind::Mean, &[scaled(a), scaled(b)]));
        let (plain, other) = (effects(&plain), effects(&other));
        prop_assert_eq!(plain.len(), other.len());
        for (at, (plain, other)) in plain.iter().zip(&other).enumerate() {
            let unit = if at == 0 { scale } else { 1.0 };
            prop_assert!(near(plain.se * unit, other.se) && near(plain.df, other.df));
            prop_assert!((plain.fixed.p.ln - other.fixed.p.ln).abs() < 1e-6 * (1.0 - plain.fixed.p.ln));
            prop_assert!((plain.sequential.p.ln - other.sequential.p.ln).abs() < 1e-6 * (1.0 - plain.sequential.p.ln));
            let (plain, other) = (plain.belief.as_ref().unwrap(), other.belief.as_ref().unwrap());
            prop_assert!((plain.chance_to_win - other.chance_to_win).abs() < 1e-6);
        }
    }

    /// Days put together in any way are the same in the end.
    #[test]
    fn days_add_up(a in sums(), b in sums(), order in Just([0_u32, 1, 2, 3, 4]).prop_shuffle()) {
        let mut input = input(vec![primary("M", MetricKind::Mean)], &[&[a, b]]);
        let whole = input.rows.clone();
        input.rows = order.iter().flat_map(|at| whole.iter().map(|row| Row { day: day(*at), ..row.clone() })).collect();
        let by_day = analyse(&input).unwrap();
        let five = |sums: Sums| mean(5 * sums.n, 5.0 * sums.sum, 5.0 * sums.sum_squares);
        let at_once = of(MetricKind::Mean, &[five(a), five(b)]);
        prop_assert!(near(effects(&by_day)[0].se, effects(&at_once)[0].se));
        let looks = &by_day.metrics[0].comparisons[0].looks;
        prop_assert!(looks.len() == 5 && looks.is_sorted_by_key(|look| look.day));
        let last = looks[4].absolute.as_ref().unwrap();
        prop_assert_eq!(&last.interval, &effects(&by_day)[0].sequential.interval);
        // Looks narrow down.
        prop_assert!(looks[0].units < looks[4].units);
        let days = |most: usize| -> Vec<NaiveDate> {
            by_day.clone().thinned(most).metrics[0].comparisons[0].looks.iter().map(|look| look.day).collect()
        };
        prop_assert_eq!(days(5).len(), 5);
        prop_assert_eq!(days(3), [day(0), day(2), day(4)]);
        prop_assert_eq!((days(1), days(0)), (vec![day(4)], vec![day(4)]));
    }

    #[test]
    fn corrections_only_raise(values in prop::collection::vec(1e-300_f64..1.0, 0..20)) {
        let plain: Vec<P> = values.iter().map(|value| P { ln: value.ln() }).collect();
        let (holm, fdr) = (correct(Correction::Holm, &plain), correct(Correction::BenjaminiHochberg, &plain));
        for at in 0..plain.len() {
            prop_assert!(plain[at].ln <= fdr[at].ln + 1e-12 && fdr[at].ln <= holm[at].ln + 1e-12 && holm[at].ln <= 0.0);
            for other in 0..plain.len() {
                prop_assert!(plain[at] > plain[other] || (holm[at] <= holm[other] && fdr[at] <= fdr[other]));
            }
        }
    }
}
