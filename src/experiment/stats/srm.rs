//! Sample ratio mismatch: whether the units were shared out as the weights say (Fabijan et al. 2019), by Pearson's χ².

use super::input::Variant;
use super::sample::because;
use super::tails::ln_chi2_sf;
use crate::experiment::model::analysis::{Computed, P, Srm, SrmVariant};

/// Below this the difference is no chance any more: less often than once in a thousand sound experiments.
pub const ALARM: f64 = 0.001;
/// With fewer expected, χ² is too coarse (Cochran 1954).
const EXPECTED_MIN: f64 = 5.0;

/// The test of the units of the variants, in the same order, against their weights.
pub fn srm(variants: &[Variant], units: &[i64]) -> Computed<Srm> {
    let kept: Vec<(&Variant, i64)> = variants.iter().zip(units.iter().copied()).filter(|(variant, _)| variant.weight > 0.0).collect();
    if kept.len() < 2 {
        return because("fewer than two variants have a weight above zero");
    }
    let total: f64 = kept.iter().map(|(_, units)| *units as f64).sum();
    if total == 0.0 {
        return because("there are no units yet");
    }
    let weights: f64 = kept.iter().map(|(variant, _)| variant.weight).sum();
    let rows: Vec<SrmVariant> = kept
        .iter()
        .map(|(variant, units)| SrmVariant { name: variant.name.clone(), observed: *units, expected: total * (variant.weight / weights) })
        .collect();
    if let Some(few) = rows.iter().find(|row| row.expected < EXPECTED_MIN) {
        return because(format!("fewer than five units are expected in “{}” so far", few.name));
    }
    let chi2: f64 = rows.iter().map(|row| (row.observed as f64 - row.expected).powi(2) / row.expected).sum();
    let df = rows.len() as i64 - 1;
    let p = P { ln: ln_chi2_sf(chi2, df as f64).clamp(f64::MIN, 0.0) };
    Ok(Srm { chi2, df, p, alarm: p.below(ALARM), variants: rows })
}
