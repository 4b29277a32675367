//! The answer in words.

use super::*;
use crate::experiment::model::analysis::{Decision, MetricResult, Standing, Verdict};

/// Signups as a share of 10,000 units in every variant, and the time of loading as a guardrail that is to fall.
fn judged(signups: &[f64], times: &[f64], margin: Option<f64>, planned: Option<i64>) -> (Verdict, Vec<MetricResult>) {
    let signups: Vec<Sums> = signups.iter().map(|share_of| share(10_000, 10_000.0 * share_of)).collect();
    let times: Vec<Sums> = times.iter().map(|time| mean(10_000, 10_000.0 * time, 10_000.0 * (time * time + 1.0))).collect();
    let time = Metric { direction: MetricDirection::Decrease, ..guardrail("Time", MetricKind::Mean, margin) };
    let mut input = input(vec![primary("Signups", MetricKind::Proportion), time], &[&signups, &times]);
    input.settings.planned = planned;
    let analysis = analyse(&input).unwrap();
    (analysis.verdict, analysis.metrics)
}

#[test]
fn what_is_better_and_harms_nothing_is_shipped() {
    let (verdict, metrics) = judged(&[0.10, 0.13], &[3.0, 3.0], None, None);
    assert_eq!((verdict.decision, verdict.variant.as_deref()), (Decision::Ship, Some("B")));
    assert!(verdict.sentence.starts_with("“B” is better than “A” in “Signups” +30.00 % (95 % interval +"), "{}", verdict.sentence);
    assert!(verdict.sentence.ends_with(", and no guardrail is worse."), "{}", verdict.sentence);
    assert_eq!(metrics[0].comparisons[0].standing, Standing::Better);
    // The best of several.
    let (verdict, _) = judged(&[0.10, 0.13, 0.15], &[3.0, 3.0, 3.0], None, None);
    assert_eq!(verdict.variant.as_deref(), Some("C"));
}

#[test]
fn harm_is_a_reason_to_stop() {
    let (verdict, metrics) = judged(&[0.10, 0.13], &[3.0, 3.5], None, None);
    assert_eq!((verdict.decision, metrics[1].comparisons[0].standing), (Decision::Stop, Standing::Worse));
    assert!(verdict.sentence.contains("worse than “A” in “Time”") && verdict.sentence.contains("though it is better in “Signups”"));
    assert_eq!(judged(&[0.13, 0.10], &[3.0, 3.0], None, None).0.decision, Decision::Stop);
    // As long as another variant may be better, the experiment goes on.
    assert_eq!(judged(&[0.10, 0.07, 0.101], &[3.0, 3.0, 3.0], None, None).0.decision, Decision::KeepRunning);
}

#[test]
fn a_margin_has_to_be_shown() {
    let standing = |time, margin| judged(&[0.10, 0.13], &[3.0, time], Some(margin), None);
    let (verdict, metrics) = standing(3.0, 0.05);
    assert_eq!((verdict.decision, metrics[1].comparisons[0].standing), (Decision::Ship, Standing::Safe));
    let (verdict, metrics) = standing(3.0, 0.001);
    assert_eq!((verdict.decision, metrics[1].comparisons[0].standing), (Decision::KeepRunning, Standing::Undecided));
    assert!(verdict.sentence.contains("not shown to be within the margin"));
    assert_eq!(standing(3.5, 0.05).1[1].comparisons[0].standing, Standing::Worse);
    // Worse, but no more than is allowed.
    assert_eq!(standing(3.2, 0.2).1[1].comparisons[0].standing, Standing::Safe);
    assert_eq!(standing(2.5, 0.05).1[1].comparisons[0].standing, Standing::Better);
    assert_eq!(judged(&[0.10, 0.13], &[3.0, 3.0], Some(0.001), Some(20_000)).0.decision, Decision::Stop);
}

#[test]
fn an_end_that_was_planned_ends_it() {
    let (verdict, _) = judged(&[0.10, 0.101], &[3.0, 3.0], None, Some(20_001));
    assert_eq!(verdict.decision, Decision::KeepRunning);
    assert_eq!(verdict.notes, ["20,000 of 20,001 planned units have come."]);
    let (verdict, _) = judged(&[0.10, 0.101], &[3.0, 3.0], None, Some(20_000));
    assert_eq!(verdict.decision, Decision::Stop);
    assert!(verdict.notes[1].contains("valid only if this is the first look"), "{:?}", verdict.notes);
}

#[test]
fn a_mismatch_of_samples_comes_before_all_else() {
    let analysis = of(MetricKind::Proportion, &[share(10_000, 1000.0), share(11_000, 2200.0)]);
    assert_eq!(analysis.verdict.decision, Decision::DoNotTrust);
    assert!(analysis.verdict.sentence.starts_with("Sample ratio mismatch: “A” has 10,000 units where 10,500 were to be expected"));
    // A variant of no weight is neither in it nor in the answer.
    let sums = [share(10_000, 1000.0), share(10_000, 1010.0), share(500, 400.0)];
    let mut input = input(vec![primary("M", MetricKind::Proportion)], &[&sums]);
    for (variant, weight) in input.variants.iter_mut().zip([0.5, 0.5, 0.0]) {
        variant.weight = weight;
    }
    assert_eq!(analyse(&input).unwrap().verdict.decision, Decision::KeepRunning);
}

#[test]
fn too_little_is_no_answer() {
    let few = of(MetricKind::Mean, &[mean(4, 4.0, 4.000001), mean(4, 40.0, 400.000001)]);
    assert_eq!(few.verdict.decision, Decision::KeepRunning);
    assert_eq!(few.metrics[0].comparisons[0].standing, Standing::Undecided);
    let none = analyse(&input(vec![primary("M", MetricKind::Mean)], &[])).unwrap();
    assert_eq!(none.verdict.decision, Decision::NoAnswer);
    assert!(none.verdict.sentence.contains("there are no units yet"));
    assert_eq!(analyse(&input(Vec::new(), &[])).unwrap().verdict.decision, Decision::NoAnswer);
    let only = analyse(&input(vec![guardrail("G", MetricKind::Mean, None)], &[])).unwrap();
    assert!(only.verdict.sentence.contains("no primary metric"));
}

#[test]
fn several_metrics_are_corrected_for_and_guardrails_are_not() {
    let sums = [share(10_000, 1000.0), share(10_000, 1200.0)];
    let metrics =
        vec![primary("One", MetricKind::Proportion), primary("Two", MetricKind::Proportion), guardrail("G", MetricKind::Proportion, None)];
    let analysis = analyse(&input(metrics, &[&sums, &sums, &sums])).unwrap();
    let tests: Vec<_> = analysis.metrics.iter().map(|metric| metric.comparisons[0].absolute.clone().unwrap().sequential).collect();
    close(tests[0].adjusted.ln - tests[0].p.ln, 2_f64.ln());
    assert_eq!(tests[2].adjusted, tests[2].p);
    assert!(analysis.metrics[0].comparisons[0].sentence.contains("corrected p = "));
}
