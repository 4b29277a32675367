//! What sums, weights and settings cannot be.

use std::collections::HashSet;

use super::input::{Input, Sums};
use crate::experiment::model::analysis::{MetricKind, Settings};
use crate::kernel::error::FieldError;

/// Units that a row has at most.
const UNITS_MAX: i64 = 1_000_000_000_000;
/// A sum's absolute value is at most this, and a sum of squares or products its square: what is made of them is a number still.
const SUM_MAX: f64 = 1e50;
/// Sums are the result of many roundings; what is off by no more than this share is right.
const TOLERANCE: f64 = 1e-9;

/// Gathers what is wrong.
struct Found(Vec<FieldError>);

impl Found {
    /// Notes the message of the field unless it is as it should be.
    fn hold(&mut self, field: &str, right: bool, message: &str) {
        if !right {
            self.0.push(FieldError::new(field, message));
        }
    }
}

/// Whether the sum of squares can be what it is: at least (Σ)²/n, and just that of one unit.
fn squares_fit(n: f64, sum: f64, squares: f64) -> bool {
    let least = sum * (sum / n);
    squares >= least * (1.0 - TOLERANCE) && (n > 1.0 || squares <= least * (1.0 + TOLERANCE))
}

/// Whether a sum of products can be what it is beside the sums of squares, by Cauchy and Schwarz.
fn products_fit(n: f64, [x, xx]: [f64; 2], [y, yy]: [f64; 2], xy: f64) -> bool {
    let about = |sum: f64, squares: f64| (squares - sum * (sum / n)).max(0.0);
    let (covariance, most) = (xy - x * (y / n), about(x, xx).sqrt() * about(y, yy).sqrt());
    covariance.abs() <= most * (1.0 + TOLERANCE) + TOLERANCE * xx.sqrt() * yy.sqrt()
}

/// What is wrong with one row of sums, by the fields of `Sums`: `n`, `sum`, `sum_squares` and so on.
pub fn check_sums(kind: MetricKind, sums: &Sums) -> Vec<FieldError> {
    let mut found = Found(Vec::new());
    found.hold("n", (1..=UNITS_MAX).contains(&sums.n), "Enter a number of units from 1 to 1,000,000,000,000.");
    let lines = [("sum", Some(sums.sum)), ("denominator_sum", sums.denominator_sum), ("covariate_sum", sums.covariate_sum)];
    let squares = [
        ("sum_squares", Some(sums.sum_squares)),
        ("denominator_squares", sums.denominator_squares),
        ("covariate_squares", sums.covariate_squares),
    ];
    let products = [("denominator_cross", sums.denominator_cross), ("covariate_cross", sums.covariate_cross)];
    for (field, value) in lines {
        found.hold(field, value.is_none_or(|value| value.abs() <= SUM_MAX), "Enter a number between -1e50 and 1e50.");
    }
    // A proportion's squares are its sum, of which it is told as such.
    let once_more = kind == MetricKind::Proportion && sums.sum_squares == sums.sum;
    for (field, value) in squares.into_iter().skip(usize::from(once_more)) {
        let right = value.is_none_or(|value| (0.0..=SUM_MAX * SUM_MAX).contains(&value));
        found.hold(field, right, "Enter a number from 0 to 1e100: squares are not negative.");
    }
    for (field, value) in products {
        found.hold(field, value.is_none_or(|value| value.abs() <= SUM_MAX * SUM_MAX), "Enter a number between -1e100 and 1e100.");
    }
    let denominators = [sums.denominator_sum, sums.denominator_squares, sums.denominator_cross].iter().flatten().count();
    match kind {
        MetricKind::Ratio => found.hold("denominator_sum", denominators == 3, "A ratio needs all three sums of its denominator."),
        _ => found.hold("denominator_sum", denominators == 0, "Only a ratio has a denominator."),
    }
    let covariates = [sums.covariate_sum, sums.covariate_squares, sums.covariate_cross].iter().flatten().count();
    found.hold("covariate_sum", covariates == 0 || covariates == 3, "Enter all three sums of what was known before, or none.");
    if found.0.is_empty() {
        check_together(kind, sums, &mut found);
    }
    found.0
}

/// What cannot be of numbers each of which could.
fn check_together(kind: MetricKind, sums: &Sums, found: &mut Found) {
    const TOO_SMALL: &str = "These squares cannot belong to this sum: Σ² is at least (Σ)²/n, and for one unit just that.";
    const TOO_LARGE: &str = "These products cannot belong to these sums: no correlation is beyond 1.";
    let (n, own) = (sums.units(), [sums.sum, sums.sum_squares]);
    if kind == MetricKind::Proportion {
        found.hold("sum", (0.0..=n).contains(&sums.sum), "Of a proportion this is how many units did it: from 0 to the number of units.");
        let same = (sums.sum_squares - sums.sum).abs() <= TOLERANCE * sums.sum.abs();
        found.hold("sum_squares", same, "Of a proportion the sum of squares is the sum itself.");
        if !found.0.is_empty() {
            return;
        }
    } else {
        found.hold("sum_squares", squares_fit(n, sums.sum, sums.sum_squares), TOO_SMALL);
    }
    if let (Some(sum), Some(squares), Some(cross)) = (sums.denominator_sum, sums.denominator_squares, sums.denominator_cross) {
        found.hold("denominator_squares", squares_fit(n, sum, squares), TOO_SMALL);
        found.hold("denominator_cross", products_fit(n, own, [sum, squares], cross), TOO_LARGE);
    }
    if let (Some(sum), Some(squares), Some(cross)) = (sums.covariate_sum, sums.covariate_squares, sums.covariate_cross) {
        found.hold("covariate_squares", squares_fit(n, sum, squares), TOO_SMALL);
        found.hold("covariate_cross", products_fit(n, own, [sum, squares], cross), TOO_LARGE);
    }
}

/// What is wrong with the weights of variants, the control first, by fields such as `variants[1].weight`.
pub fn check_weights(weights: &[f64]) -> Vec<FieldError> {
    let mut found = Found(Vec::new());
    found.hold("variants", weights.len() >= 2, "An experiment needs a control and at least one more variant.");
    for (at, weight) in weights.iter().enumerate() {
        found.hold(&format!("variants[{at}].weight"), (0.0..=1.0).contains(weight), "Enter a weight from 0 to 1.");
    }
    if found.0.is_empty() {
        let sum: f64 = weights.iter().sum();
        found.hold(
            "variants",
            (sum - 1.0).abs() <= 1e-6,
            &format!("The weights have to sum to 1; these sum to {}.", (sum * 1e6).round() / 1e6),
        );
    }
    found.0
}

/// What is wrong with how an experiment is to be judged.
pub fn check_settings(settings: &Settings) -> Vec<FieldError> {
    let mut found = Found(Vec::new());
    found.hold("alpha", (1e-9..=0.5).contains(&settings.alpha), "Enter a chance of a false alarm above 0 and at most 0.5, such as 0.05.");
    found.hold("tuned_for", (1.0..=1e12).contains(&settings.tuned_for), "Enter a number of units from 1 to 1,000,000,000,000.");
    found.hold("planned", settings.planned.is_none_or(|planned| planned >= 1), "Enter at least one unit, or nothing.");
    if let Some(prior) = settings.prior {
        found.hold("prior_mean", prior.mean.abs() <= 1e6, "Enter a relative effect, such as 0.05 for five per cent.");
        found.hold("prior_variance", (1e-12..=1e12).contains(&prior.variance), "Enter a variance from 1e-12 to 1e12.");
    }
    found.0
}

/// All that is wrong with the input.
pub fn check(input: &Input) -> Vec<FieldError> {
    let mut found = Found(check_settings(&input.settings));
    found.0.extend(check_weights(&input.variants.iter().map(|variant| variant.weight).collect::<Vec<_>>()));
    let mut ids = HashSet::new();
    for (at, variant) in input.variants.iter().enumerate() {
        found.hold(&format!("variants[{at}].id"), ids.insert(variant.id.as_str()), "This variant is there already.");
    }
    let mut kinds = std::collections::HashMap::new();
    for (at, metric) in input.metrics.iter().enumerate() {
        let first = kinds.insert(metric.id.as_str(), metric.kind).is_none();
        found.hold(&format!("metrics[{at}].id"), first, "This metric is there already.");
        let right = metric.margin.is_none_or(|margin| (0.0..=1e6).contains(&margin));
        found.hold(&format!("metrics[{at}].margin"), right, "Enter a share of at least 0, such as 0.02 for two per cent.");
    }
    let mut days = HashSet::new();
    for (at, row) in input.rows.iter().enumerate() {
        let field = |name: &str| format!("rows[{at}].{name}");
        found.hold(&field("variant"), ids.contains(row.variant.as_str()), "There is no such variant.");
        let fresh = days.insert((row.day, row.variant.as_str(), row.metric.as_str()));
        found.hold(&field("day"), fresh, "There is a row of this day, variant and metric already.");
        match kinds.get(row.metric.as_str()) {
            None => found.hold(&field("metric"), false, "There is no such metric."),
            Some(kind) => {
                found.0.extend(check_sums(*kind, &row.sums).into_iter().map(|error| FieldError::new(&field(&error.field), error.message)));
            }
        }
    }
    found.0
}
