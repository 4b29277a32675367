//! Corrections of p-values for there being several, in logarithms.

use crate::experiment::model::analysis::{Correction, P};

/// The corrected p-values, in the order of those given.
pub fn correct(correction: Correction, values: &[P]) -> Vec<P> {
    match correction {
        Correction::None => values.to_vec(),
        Correction::Holm => holm(values),
        Correction::BenjaminiHochberg => benjamini_hochberg(values),
    }
}

/// The smallest first.
fn ranked(values: &[P]) -> Vec<(usize, f64)> {
    let mut ranked: Vec<(usize, f64)> = values.iter().map(|p| p.ln).enumerate().collect();
    ranked.sort_by(|a, b| a.1.total_cmp(&b.1));
    ranked
}

/// Holm 1979: the k-th smallest of m times m − k + 1, and never below the one before.
fn holm(values: &[P]) -> Vec<P> {
    let mut corrected = values.to_vec();
    let mut before = f64::MIN;
    for (k, (at, ln)) in ranked(values).into_iter().enumerate() {
        before = (ln + ((values.len() - k) as f64).ln()).max(before).min(0.0);
        corrected[at] = P { ln: before };
    }
    corrected
}

/// Benjamini and Hochberg 1995: the k-th smallest of m times m / k, and never above the one after.
fn benjamini_hochberg(values: &[P]) -> Vec<P> {
    let mut corrected = values.to_vec();
    let mut after = 0.0_f64;
    for (k, (at, ln)) in ranked(values).into_iter().enumerate().rev() {
        after = (ln + (values.len() as f64 / (k + 1) as f64).ln()).min(after);
        corrected[at] = P { ln: after };
    }
    corrected
}
