//! Known answers: of issue and papers, of R's manual, and of gbstats 0.8.0 for the same input.

use super::super::correct::correct;
use super::super::srm::srm;
use super::*;
use crate::experiment::model::analysis::{Correction, Effect, Interval, P, Prior, Sides, Test};

fn effects(analysis: &Analysis) -> [Effect; 2] {
    let one = &analysis.metrics[0].comparisons[0];
    [one.relative.clone().unwrap(), one.absolute.clone().unwrap()]
}

#[track_caller]
fn is(test: &Test, low: f64, high: f64, p: f64) {
    close(test.interval.low.unwrap(), low);
    close(test.interval.high.unwrap(), high);
    close(test.p.value(), p);
}

fn revenue() -> [Sums; 2] {
    [mean(3407, 1396.87, 52377.9767), mean(3461, 2422.7, 134698.29)]
}

#[test]
fn means() {
    let [relative, absolute] = effects(&of(MetricKind::Mean, &revenue()));
    close(relative.estimate, 0.70732);
    close(relative.se, 0.37879);
    close(relative.df, 5841.742);
    is(&relative.fixed, -0.0352601, 1.449894, 0.06191183);
    is(&relative.sequential, -0.44442377, 1.85905792, 0.69867286);
    close(absolute.estimate, 0.29);
    close(absolute.se, 0.12478363);
    is(&absolute.fixed, 0.04537789, 0.53462211, 0.0201584);
    is(&absolute.sequential, -0.0894101, 0.6694101, 0.29074456);
}

#[test]
fn other_settings() {
    let mut input = input(vec![primary("M", MetricKind::Mean)], &[&revenue()]);
    input.settings.alpha = 0.1;
    input.settings.tuned_for = 1000.0;
    let [relative, absolute] = effects(&analyse(&input).unwrap());
    is(&relative.sequential, -0.40308411, 1.81771825, 1.0);
    is(&absolute.sequential, -0.07579185, 0.65579185, 0.47595129);
    input.settings = Default::default();
    input.settings.sides = Sides::One;
    let [relative, absolute] = effects(&analyse(&input).unwrap());
    close(relative.fixed.p.value(), 0.03095591);
    close(absolute.fixed.p.value(), 0.0100792);
    close(relative.fixed.interval.low.unwrap(), 0.08415697);
    assert_eq!(relative.fixed.interval.high, None);
    // A fall that was hoped for is the same thing the other way about.
    input.metrics[0].direction = MetricDirection::Decrease;
    let [relative, _] = effects(&analyse(&input).unwrap());
    close(relative.fixed.p.value(), 1.0 - 0.03095591);
    assert_eq!(relative.fixed.interval.low, None);
    assert_eq!(relative.sequential.p.value(), 1.0);
}

#[test]
fn proportions() {
    let [relative, absolute] = effects(&of(MetricKind::Proportion, &[share(28, 14.0), share(30, 16.0)]));
    close(relative.estimate, 0.066666667);
    close(relative.se, 0.27169856);
    close(relative.fixed.p.value(), 0.80707168);
    close(absolute.estimate, 0.033333333);
    is(&absolute.fixed, -0.22960955, 0.29627622, 0.80044554);
    is(&relative.sequential, -2.24067231, 2.37400565, 1.0);
}

#[test]
fn ratios() {
    let ratio = |n, sum, sum_squares, d, dd, cross| Sums {
        denominator_sum: Some(d),
        denominator_squares: Some(dd),
        denominator_cross: Some(cross),
        ..mean(n, sum, sum_squares)
    };
    let a = ratio(1000, 3100.0, 14000.0, 5200.0, 33000.0, 20000.0);
    let b = ratio(1100, 3700.0, 17500.0, 5600.0, 35000.0, 22000.0);
    let analysis = of(MetricKind::Ratio, &[a, b]);
    close(analysis.metrics[0].control.mean.clone().unwrap(), 0.59615385);
    close(analysis.metrics[0].control.sd.clone().unwrap().powi(2), 0.0696712477);
    let [relative, absolute] = effects(&analysis);
    close(relative.estimate, 0.1082949);
    close(relative.df, 2008.2398);
    is(&relative.fixed, 0.0613191830, 0.15527068, 6.5103138e-6);
    is(&absolute.fixed, 0.0376701661, 0.0914507131, 2.66628596e-6);
}

#[test]
fn cuped() {
    let known = |n, sum, sum_squares, x, xx, cross| Sums {
        covariate_sum: Some(x),
        covariate_squares: Some(xx),
        covariate_cross: Some(cross),
        ..mean(n, sum, sum_squares)
    };
    let sums = [known(3000, 9100.0, 38000.0, 8800.0, 36500.0, 34500.0), known(3100, 9800.0, 42000.0, 9150.0, 38200.0, 37000.0)];
    let analysis = of(MetricKind::Mean, &sums);
    let cuped = analysis.metrics[0].comparisons[0].cuped.clone().unwrap().unwrap();
    close(cuped.theta, 0.72598198);
    close(cuped.reduction, 0.53856418);
    let [relative, absolute] = effects(&analysis);
    close(relative.estimate, 0.03780869);
    is(&relative.fixed, 0.0163019047, 0.0593154695, 0.0005721977);
    is(&absolute.fixed, 0.0507866579, 0.1785860439, 0.0004372951);
    // Without it the effect is what the means say.
    let mut input = input(vec![primary("M", MetricKind::Mean)], &[&sums]);
    input.settings.cuped = false;
    close(effects(&analyse(&input).unwrap())[1].estimate, 9800.0 / 3100.0 - 9100.0 / 3000.0);
}

#[test]
fn beliefs() {
    let mut input = input(vec![primary("M", MetricKind::Mean)], &[&revenue()]);
    let [relative, absolute] = effects(&analyse(&input).unwrap()).map(|effect| effect.belief.unwrap());
    close(relative.chance_to_win, 0.96906911);
    close(relative.loss_of_shipping, 0.00455676697);
    close(relative.loss_of_staying, 0.71187384);
    close(absolute.chance_to_win, 0.98993786);
    close(absolute.loss_of_shipping, 0.0004257601);
    input.settings.prior = Some(Prior { mean: 0.05, variance: 0.09 });
    let [relative, absolute] = effects(&analyse(&input).unwrap()).map(|effect| effect.belief.unwrap());
    close(relative.mean, 0.30337171);
    close(relative.sd, 0.23517714);
    close(relative.chance_to_win, 0.90146965);
    close(relative.loss_of_shipping, 0.010937482981);
    close(absolute.mean, 0.15331015);
    close(absolute.sd, 0.087597934);
    close(absolute.chance_to_win, 0.95995439);
    input.metrics[0].direction = MetricDirection::Decrease;
    let [relative, _] = effects(&analyse(&input).unwrap()).map(|effect| effect.belief.unwrap());
    close(relative.chance_to_win, 1.0 - 0.90146965);
    close(relative.loss_of_staying, 0.010937482981);
}

/// Student's sleep data, whose Welch test is in the manual of R's `t.test`.
#[test]
fn students_sleep() {
    let sums = |values: [f64; 10]| mean(10, values.iter().sum(), values.iter().map(|value| value * value).sum());
    let first = sums([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]);
    let second = sums([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]);
    let [_, absolute] = effects(&of(MetricKind::Mean, &[second, first]));
    close(absolute.estimate / absolute.se, -1.8608135);
    close(absolute.df, 17.776474);
    is(&absolute.fixed, -3.3654832, 0.2054832, 0.0793941);
}

fn ps(values: &[f64]) -> Vec<P> {
    values.iter().map(|value| P { ln: value.ln() }).collect()
}

#[test]
fn corrections() {
    let values = ps(&[0.01, 0.04, 0.03, 0.005, 0.55, 0.6]);
    for (found, expected) in correct(Correction::Holm, &values).iter().zip([0.05, 0.12, 0.12, 0.03, 1.0, 1.0]) {
        close(found.value(), expected);
    }
    for (found, expected) in correct(Correction::BenjaminiHochberg, &values).iter().zip([0.03, 0.06, 0.06, 0.03, 0.6, 0.6]) {
        close(found.value(), expected);
    }
    // The example of Benjamini and Hochberg 1995, section 3.2: theirs refuses four of fifteen hypotheses, Holm's three.
    let values = ps(&[0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]);
    let refused = |correction| correct(correction, &values).iter().filter(|p| p.below(0.05)).count();
    assert_eq!((refused(Correction::BenjaminiHochberg), refused(Correction::Holm), refused(Correction::None)), (4, 3, 9));
}

#[test]
fn sample_ratios() {
    let variants = |weights: &[f64]| -> Vec<Variant> {
        weights.iter().map(|weight| Variant { id: weight.to_string(), name: "V".into(), weight: *weight }).collect()
    };
    let found = srm(&variants(&[0.5, 0.5]), &[1000, 1200]).unwrap();
    close(found.p.value(), 0.000020079);
    assert!(found.alarm && found.df == 1);
    let found = srm(&variants(&[0.5, 0.5]), &[135, 115]).unwrap();
    close(found.p.value(), 0.205903211);
    assert!(!found.alarm);
    // A variant of no weight is no part of it, whatever came to it.
    assert_eq!(srm(&variants(&[0.5, 0.0, 0.5]), &[135, 40, 115]).unwrap().p, found.p);
    let huge = srm(&variants(&[0.5, 0.5]), &[1_000_000, 1_200_000]).unwrap();
    assert_eq!(huge.p.to_string(), "p < 1e-300");
    assert!(huge.p.ln < -9000.0);
    assert!(srm(&variants(&[0.5, 0.5]), &[0, 0]).is_err() && srm(&variants(&[0.5, 0.5]), &[4, 4]).is_err());
}

#[test]
fn the_smallest_of_p_values_are_told_apart() {
    let of = |successes| of(MetricKind::Proportion, &[share(100_000, 10_000.0), share(100_000, successes)]);
    let [small, smaller] = [40_000.0, 50_000.0].map(|successes| effects(&of(successes))[0].clone());
    for (small, smaller) in [(&small.fixed, &smaller.fixed), (&small.sequential, &smaller.sequential)] {
        assert_eq!((small.p.value(), smaller.p.value()), (0.0, 0.0));
        assert!(smaller.p < small.p && smaller.adjusted < small.adjusted && smaller.p.ln.is_finite());
        assert_eq!(small.p.to_string(), "p < 1e-300");
    }
    assert_eq!([0.0201584, 2.0079e-5, 1.0].map(|p: f64| P { ln: p.ln() }.to_string()), ["p = 0.0202", "p = 2.01e-5", "p = 1.0000"]);
    assert!(Interval { low: Some(0.1), high: None }.excludes(0.0) && !Interval { low: Some(-0.1), high: None }.excludes(0.0));
}
