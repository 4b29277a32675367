//! Tests of the statistics, against published numbers and an independent implementation (gbstats 0.8.0, SciPy, mpmath).

mod borders;
mod distributions;
mod known;
mod peeking;
mod planning;
mod properties;
mod refused;
mod verdicts;

use chrono::NaiveDate;

use super::{Input, Metric, Row, Sums, Variant, analyse};
use crate::experiment::model::analysis::{Analysis, MetricDirection, MetricKind, MetricRole};

/// Equal to four digits after the first.
#[track_caller]
fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 5e-5 * expected.abs().max(1e-12), "{found} is not {expected}");
}

fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(number.into())
}

fn mean(n: i64, sum: f64, sum_squares: f64) -> Sums {
    Sums { n, sum, sum_squares, ..Sums::default() }
}

fn share(n: i64, sum: f64) -> Sums {
    mean(n, sum, sum)
}

fn primary(id: &str, kind: MetricKind) -> Metric {
    let (direction, role) = (MetricDirection::Increase, MetricRole::Primary);
    Metric { id: id.into(), name: id.into(), kind, direction, role, margin: None }
}

fn guardrail(id: &str, kind: MetricKind, margin: Option<f64>) -> Metric {
    Metric { role: MetricRole::Guardrail, margin, ..primary(id, kind) }
}

/// Variants A, B and so on of equal weight, with all their sums on one day; the sums are by metric, then by variant.
fn input(metrics: Vec<Metric>, sums: &[&[Sums]]) -> Input {
    let count = sums.first().map_or(2, |sums| sums.len());
    let name = |at: usize| ["A", "B", "C", "D"][at].to_owned();
    let rows = metrics.iter().zip(sums).flat_map(|(metric, sums)| {
        sums.iter().enumerate().map(move |(at, sums)| Row { day: day(0), variant: name(at), metric: metric.id.clone(), sums: *sums })
    });
    Input {
        rows: rows.collect(),
        variants: (0..count).map(|at| Variant { id: name(at), name: name(at), weight: 1.0 / count as f64 }).collect(),
        metrics,
        settings: Default::default(),
    }
}

/// What is said of one primary metric.
fn of(kind: MetricKind, sums: &[Sums]) -> Analysis {
    analyse(&input(vec![primary("M", kind)], &[sums])).unwrap()
}
