//! What is refused, and what is only said not to be computable.

use super::super::check_sums;
use super::*;

fn fields(kind: MetricKind, sums: Sums) -> Vec<String> {
    check_sums(kind, &sums).into_iter().map(|error| error.field).collect()
}

#[test]
fn sums_that_cannot_be() {
    use MetricKind::{Mean, Proportion, Ratio};
    assert!(fields(Mean, mean(3, 6.0, 14.0)).is_empty() && fields(Proportion, share(3, 3.0)).is_empty());
    assert_eq!(fields(Mean, mean(0, 0.0, 0.0)), ["n"]);
    assert_eq!(fields(Mean, mean(-1, 0.0, 0.0)), ["n"]);
    assert_eq!(fields(Mean, mean(i64::MAX, 0.0, 0.0)), ["n"]);
    assert_eq!(fields(Mean, mean(3, f64::NAN, f64::INFINITY)), ["sum", "sum_squares"]);
    assert_eq!(fields(Mean, mean(3, 1e51, 1e102)), ["sum", "sum_squares"]);
    assert_eq!(fields(Mean, mean(3, 6.0, -1.0)), ["sum_squares"]);
    assert_eq!(fields(Mean, mean(3, 6.0, 11.9)), ["sum_squares"]);
    // A constant of 0.1: rounding alone makes its squares too small.
    assert!(fields(Mean, mean(3, 0.1 + 0.1 + 0.1, 0.030000000000000002)).is_empty());
    assert_eq!(fields(Mean, mean(1, 6.0, 37.0)), ["sum_squares"]);
    assert_eq!(fields(Proportion, share(3, 4.0)), ["sum"]);
    assert_eq!(fields(Proportion, mean(3, -1.0, 1.0)), ["sum", "sum_squares"]);
    assert_eq!(fields(Proportion, share(3, -1.0)), ["sum"]);
    assert_eq!(fields(Proportion, mean(3, 2.0, 4.0)), ["sum_squares"]);
    assert_eq!(fields(Ratio, mean(3, 2.0, 4.0)), ["denominator_sum"]);
    let ratio = Sums { denominator_sum: Some(6.0), denominator_squares: Some(14.0), denominator_cross: Some(14.0), ..mean(3, 6.0, 14.0) };
    assert!(fields(Ratio, ratio).is_empty());
    assert_eq!(fields(Mean, ratio), ["denominator_sum"]);
    assert_eq!(fields(Ratio, Sums { denominator_cross: Some(14.1), ..ratio }), ["denominator_cross"]);
    assert_eq!(fields(Ratio, Sums { denominator_squares: Some(1.0), ..ratio })[0], "denominator_squares");
    let known = Sums { covariate_sum: Some(6.0), covariate_squares: Some(14.0), covariate_cross: Some(10.0), ..mean(3, 6.0, 14.0) };
    assert!(fields(Mean, known).is_empty());
    assert_eq!(fields(Mean, Sums { covariate_cross: Some(9.9), ..known }), ["covariate_cross"]);
    assert_eq!(fields(Mean, Sums { covariate_cross: None, ..known }), ["covariate_sum"]);
    assert_eq!(fields(Mean, Sums { covariate_cross: Some(f64::NAN), ..known }), ["covariate_cross"]);
}

#[test]
fn experiments_that_cannot_be() {
    let right = input(vec![primary("M", MetricKind::Mean)], &[&[mean(3, 6.0, 14.0), mean(3, 6.0, 14.0)]]);
    let fields = |change: &dyn Fn(&mut Input)| {
        let mut input = right.clone();
        change(&mut input);
        analyse(&input).unwrap_err().into_iter().map(|error| error.field).collect::<Vec<_>>()
    };
    assert_eq!(fields(&|input| input.variants[1].weight = 0.6), ["variants"]);
    assert_eq!(fields(&|input| input.variants[1].weight = f64::NAN), ["variants[1].weight"]);
    assert_eq!(fields(&|input| input.rows.push(input.rows[0].clone())), ["rows[2].day"]);
    assert_eq!(fields(&|input| input.rows[1].variant = "Z".into()), ["rows[1].variant"]);
    assert_eq!(fields(&|input| input.rows[1].metric = "Z".into()), ["rows[1].metric"]);
    assert_eq!(fields(&|input| input.rows[1].sums.sum_squares = 1.0), ["rows[1].sum_squares"]);
    assert_eq!(fields(&|input| input.settings.alpha = 0.0), ["alpha"]);
    assert_eq!(fields(&|input| input.settings.tuned_for = f64::INFINITY), ["tuned_for"]);
    assert_eq!(fields(&|input| input.metrics[0] = guardrail("M", MetricKind::Mean, Some(-0.1))), ["metrics[0].margin"]);
    assert_eq!(fields(&|input| input.metrics.push(input.metrics[0].clone())), ["metrics[1].id"]);
    assert_eq!(fields(&|input| (input.variants, input.rows) = (Vec::new(), Vec::new())), ["variants"]);
}

#[test]
fn what_cannot_be_computed_says_why() {
    let why = |kind, a, b| {
        let analysis = of(kind, &[a, b]);
        let one = &analysis.metrics[0].comparisons[0];
        [&one.absolute, &one.relative].map(|effect| effect.as_ref().err().map(ToString::to_string).unwrap_or_default())
    };
    let varied = mean(3, 6.0, 14.0);
    assert_eq!(why(MetricKind::Mean, mean(1, 6.0, 36.0), varied)[0], "Cannot be computed because there is only one unit in “A”.");
    let constant = mean(3, 0.1 + 0.1 + 0.1, 0.030000000000000002);
    assert_eq!(why(MetricKind::Mean, constant, constant)[1], "Cannot be computed because nothing varies in either variant.");
    assert!(why(MetricKind::Mean, constant, varied).iter().all(String::is_empty));
    assert_eq!(
        why(MetricKind::Proportion, share(500, 0.0), share(500, 9.0)),
        ["", "Cannot be computed because the control's mean is zero, and nothing is a share of zero."]
    );
    assert!(why(MetricKind::Proportion, share(500, 500.0), share(500, 500.0))[0].contains("nothing varies"));
    let ratio = Sums { denominator_sum: Some(0.0), denominator_squares: Some(2.0), denominator_cross: Some(1.0), ..varied };
    assert!(why(MetricKind::Ratio, ratio, ratio)[0].contains("the denominators sum to zero in “A”"));
    // Nobody has come to B.
    let mut input = input(vec![primary("M", MetricKind::Mean)], &[&[varied, varied]]);
    input.rows.pop();
    let analysis = analyse(&input).unwrap();
    let reason = analysis.metrics[0].comparisons[0].absolute.as_ref().unwrap_err().to_string();
    assert_eq!(reason, "Cannot be computed because there are no units yet in “B”.");
    // Known before of one day only.
    let known = Sums { covariate_sum: Some(6.0), covariate_squares: Some(14.0), covariate_cross: Some(13.0), ..varied };
    let cuped = |a, b| of(MetricKind::Mean, &[a, b]).metrics[0].comparisons[0].cuped.clone();
    assert!(cuped(varied, varied).is_none() && cuped(known, known).unwrap().is_ok());
    assert!(cuped(known, varied).unwrap().unwrap_err().to_string().contains("missing for some of the days"));
    let mut input = super::input(vec![primary("M", MetricKind::Mean)], &[&[known, known]]);
    input.rows.extend(input.rows.clone().into_iter().map(|row| Row { day: day(1), sums: varied, ..row }));
    let analysis = analyse(&input).unwrap();
    let one = &analysis.metrics[0].comparisons[0];
    assert!(one.cuped.clone().unwrap().unwrap_err().to_string().contains("missing for some of the days"));
    assert!(one.absolute.is_ok() && analysis.verdict.notes.iter().any(|note| note.contains("is not adjusted by CUPED")));
}
