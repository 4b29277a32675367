//! How many units show what effect with what power, for Welch's test at a fixed end and for the sequential test.

use super::Rule;
use super::sample::because;
use super::sequential::reach;
use super::tails::{normal_cdf, normal_quantile};
use crate::experiment::model::analysis::{Computed, Find, MetricDirection, MetricKind, PowerAnswer, PowerQuestion, Sides};
use crate::kernel::error::FieldError;

/// More units than there will be.
const UNITS_MAX: f64 = 1e12;

/// Answers the question.
///
/// # Errors
/// What is wrong with the question, by its fields; those of `find` by `effect`, `power` and `units`.
pub fn power(question: &PowerQuestion) -> Result<Computed<PowerAnswer>, Vec<FieldError>> {
    let errors = check(question);
    if errors.is_empty() { Ok(answer(question)) } else { Err(errors) }
}

fn check(question: &PowerQuestion) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut hold = |field: &str, right: bool, message: &str| {
        if !right {
            errors.push(FieldError::new(field, message));
        }
    };
    let PowerQuestion { kind, mean, sd, alpha, sides, direction, control_share, tuned_for, relative, find } = *question;
    if kind == MetricKind::Proportion {
        hold("mean", mean > 0.0 && mean < 1.0, "Enter a share above 0 and below 1.");
    } else {
        hold("mean", mean.abs() <= 1e50, "Enter a number between -1e50 and 1e50.");
        hold("sd", sd.is_some_and(|sd| sd > 0.0 && sd <= 1e50), "Enter a standard deviation above 0.");
        hold("mean", !relative || mean != 0.0, "Nothing is a share of zero: enter another mean, or an effect in the metric's own unit.");
    }
    hold("alpha", (1e-9..=0.5).contains(&alpha), "Enter a chance of a false alarm above 0 and at most 0.5, such as 0.05.");
    hold("control_share", control_share > 0.0 && control_share < 1.0, "Enter a share above 0 and below 1.");
    hold("tuned_for", (1.0..=UNITS_MAX).contains(&tuned_for), "Enter a number of units from 1 to 1,000,000,000,000.");
    let (effect, wanted, units) = match find {
        Find::Units { effect, power } => (Some(effect), Some(power), None),
        Find::Effect { units, power } => (None, Some(power), Some(units)),
        Find::Power { units, effect } => (Some(effect), None, Some(units)),
    };
    if let Some(effect) = effect {
        hold("effect", effect != 0.0 && effect.abs() <= 1e50, "Enter an effect other than zero.");
        let sought = sides == Sides::Two || effect * direction.sign() >= 0.0;
        hold("effect", sought, "A one-sided test finds no effect against its direction: turn the sign or the direction.");
        let reached = mean + question.in_unit(effect);
        let within = kind != MetricKind::Proportion || (0.0..=1.0).contains(&reached);
        hold("effect", within, "With this effect the share would no longer be between 0 and 1.");
    }
    hold("power", wanted.is_none_or(|power| power > alpha && power < 1.0), "Enter a power above alpha and below 1, such as 0.8.");
    hold(
        "units",
        units.is_none_or(|units| (4..=UNITS_MAX as i64).contains(&units)),
        "Enter a number of units from 4 to 1,000,000,000,000.",
    );
    errors
}

impl PowerQuestion {
    /// Of one unit, where the mean is moved by an effect.
    fn variance(&self, effect: f64) -> f64 {
        if self.kind == MetricKind::Proportion {
            let share = (self.mean + effect).clamp(0.0, 1.0);
            share * (1.0 - share)
        } else {
            self.sd.unwrap_or(0.0).powi(2)
        }
    }

    /// Of the difference, times the units in both variants.
    fn spread(&self, effect: f64) -> f64 {
        self.variance(0.0) / self.control_share + self.variance(effect) / (1.0 - self.control_share)
    }

    /// How many standard errors away an effect is, with this many units in both variants.
    fn distance(&self, effect: f64, units: f64) -> f64 {
        effect.abs() / (self.spread(effect) / units).sqrt()
    }

    /// The chance of going beyond `limit` standard errors with an effect that is `distance` away.
    fn chance(&self, distance: f64, limit: f64) -> f64 {
        let other_side = if self.sides == Sides::Two { normal_cdf(-distance - limit) } else { 0.0 };
        normal_cdf(distance - limit) + other_side
    }

    fn limit(&self) -> f64 {
        normal_quantile(if self.sides == Sides::Two { self.alpha / 2.0 } else { self.alpha })
    }

    fn in_unit(&self, effect: f64) -> f64 {
        if self.relative { effect * self.mean.abs() } else { effect }
    }
}

fn answer(question: &PowerQuestion) -> Computed<PowerAnswer> {
    let limit = question.limit();
    // The distance at which the power is what is wanted; it is there, since the power is above alpha.
    let needed = |power: f64| root(0.0, 2.0 * limit + 80.0, |distance| question.chance(distance, limit) - power);
    let (effect, units, power) = match question.find {
        Find::Units { effect, power } => {
            let effect = question.in_unit(effect);
            let units = (needed(power) / effect.abs()).powi(2) * question.spread(effect);
            (effect, units, power)
        }
        Find::Effect { units, power } => (smallest(question, units as f64, needed(power))?, units as f64, power),
        Find::Power { units, effect } => (question.in_unit(effect), units as f64, 0.0),
    };
    if !(effect.is_finite() && units <= UNITS_MAX) {
        return because("more than 1,000,000,000,000 units would be needed");
    }
    // A unit is whole, and a variance needs two of them in each variant.
    let whole = |share: f64| ((units * share * (1.0 - 1e-12)).ceil() as i64).max(2);
    let control = whole(question.control_share);
    let variant = match question.find {
        Find::Units { .. } => whole(1.0 - question.control_share),
        Find::Effect { units, .. } | Find::Power { units, .. } => (units - control).max(2),
    };
    let power = match question.find {
        Find::Power { .. } => question.chance(question.distance(effect, units), limit).min(1.0),
        _ => power,
    };
    let relative_effect = match effect / question.mean.abs() {
        _ if question.mean == 0.0 => because("the control's mean is zero, and nothing is a share of zero"),
        relative if relative.is_finite() => Ok(relative),
        _ => because("the numbers are too far apart to be divided"),
    };
    Ok(PowerAnswer {
        control_units: control,
        variant_units: variant,
        effect,
        relative_effect,
        power,
        sequential_units: sequential(question, effect, power),
    })
}

/// The smallest effect in the wished direction that is as many standard errors away as needed.
fn smallest(question: &PowerQuestion, units: f64, needed: f64) -> Computed<f64> {
    let sign = question.direction.sign();
    if question.kind != MetricKind::Proportion {
        return Ok(sign * needed * (question.spread(0.0) / units).sqrt());
    }
    let most = if question.direction == MetricDirection::Increase { 1.0 - question.mean } else { question.mean };
    if question.distance(sign * most, units) < needed {
        return because("no share from 0 to 1 is far enough away to be found with so few units");
    }
    // The distance grows with the effect, though the variance may too.
    Ok(sign * root(0.0, most, |effect| question.distance(sign * effect, units) - needed))
}

/// The units with which the effect is far enough beyond the sequential interval at that one look; looks before it only add power.
fn sequential(question: &PowerQuestion, effect: f64, power: f64) -> Computed<i64> {
    let rule =
        Rule { alpha: question.alpha, sides: question.sides, direction: question.direction, tuned_for: question.tuned_for, prior: None };
    let found = |ln_units: f64| {
        let units = ln_units.exp();
        question.chance(question.distance(effect, units), reach(units, &rule)) - power
    };
    let most = UNITS_MAX.ln();
    if power >= 1.0 || found(most) < 0.0 {
        return because("more than 1,000,000,000,000 units would be needed");
    }
    Ok((root(4.0_f64.ln(), most, found).exp() * (1.0 - 1e-12)).ceil() as i64)
}

/// Where a rising function is zero, between two bounds; the lower bound where it is above zero already.
fn root(mut low: f64, mut high: f64, function: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if function(middle) < 0.0 { low = middle } else { high = middle }
    }
    high
}
