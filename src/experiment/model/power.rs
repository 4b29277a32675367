//! What is asked of the power calculator, which stands in an address, and what it answers.

use serde::{Deserialize, Serialize};

use super::UNITS_MAX;
use super::analysis::{Computed, Find, MetricDirection, MetricKind, PowerAnswer, PowerQuestion, Sides};
use super::number::{between, difference, number, percent, signed_percent, whole};
use crate::kernel::error::FieldError;
use crate::kernel::role::Role;
use crate::kernel::text::{grouped, query_value};
use crate::product::model::ProductName;

/// Which of the three is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Solve {
    #[default]
    Units,
    Effect,
    Power,
}

crate::words!(Solve {
    Units: "units", "How many units do I need?";
    Effect: "effect", "Which effect can I find?";
    Power: "power", "How likely do I find it?";
});

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PowerForm {
    pub solve: String,
    pub kind: String,
    /// What the control has: per cent of a proportion, else a number.
    pub mean: String,
    /// Standard deviation of one unit; of a proportion nothing.
    pub sd: String,
    /// Per cent of the control's mean.
    pub effect: String,
    /// In both variants together.
    pub units: String,
    /// In per cent.
    pub power: String,
    pub alpha: String,
    pub sides: String,
    /// Which way the metric is wished to move: that of a one-sided test, and of the effect that is asked for.
    pub direction: String,
    /// The control's, in per cent.
    pub share: String,
}

impl Default for PowerForm {
    fn default() -> Self {
        let typed = |text: &str| text.to_owned();
        PowerForm {
            solve: typed(Solve::default().word()),
            kind: typed(MetricKind::default().word()),
            mean: typed("10"),
            sd: String::new(),
            effect: typed("10"),
            units: typed("10000"),
            power: typed("80"),
            alpha: typed("0.05"),
            sides: typed(Sides::default().word()),
            direction: typed(MetricDirection::default().word()),
            share: typed("50"),
        }
    }
}

const FIELDS: [&str; 11] = ["solve", "kind", "mean", "sd", "effect", "units", "power", "alpha", "sides", "direction", "share"];

impl PowerForm {
    fn fields(&mut self) -> [&mut String; 11] {
        [
            &mut self.solve,
            &mut self.kind,
            &mut self.mean,
            &mut self.sd,
            &mut self.effect,
            &mut self.units,
            &mut self.power,
            &mut self.alpha,
            &mut self.sides,
            &mut self.direction,
            &mut self.share,
        ]
    }

    /// Reads the parameters of an address; none before anything was asked.
    pub fn of_params(get: impl Fn(&str) -> Option<String>) -> Option<PowerForm> {
        let mut form = PowerForm::default();
        let mut asked = false;
        for (name, field) in FIELDS.into_iter().zip(form.fields()) {
            if let Some(typed) = get(name) {
                (asked, *field) = (true, typed.replace('\0', "").chars().take(40).collect());
            }
        }
        asked.then_some(form)
    }

    /// The same as parameters of an address, led by `?`.
    pub fn params(&self) -> String {
        let mut form = self.clone();
        let pairs: Vec<String> = FIELDS.iter().zip(form.fields()).map(|(name, typed)| format!("{name}={}", query_value(typed))).collect();
        format!("?{}", pairs.join("&"))
    }

    /// What is asked for.
    pub fn solves(&self) -> Solve {
        Solve::parse(&self.solve).unwrap_or_default()
    }

    /// What is measured.
    pub fn kind(&self) -> MetricKind {
        MetricKind::parse(&self.kind).unwrap_or_default()
    }

    /// The question in numbers, or what is wrong with the form.
    pub fn question(&self) -> Result<PowerQuestion, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut take = |field: &str, value: Result<f64, String>| {
            value.unwrap_or_else(|message| {
                errors.push(FieldError::new(field, message));
                0.0
            })
        };
        let (kind, solve) = (self.kind(), self.solves());
        let proportion = kind == MetricKind::Proportion;
        let mean = match proportion {
            true => take("mean", between(&self.mean, 0.001, 99.999).map(|percent| percent / 100.0)),
            false => take("mean", large(&self.mean, f64::MIN)),
        };
        let sd = (!proportion).then(|| take("sd", large(&self.sd, 1e-50)));
        let alpha = take("alpha", between(&self.alpha, 0.0001, 0.5));
        let share = take("share", between(&self.share, 1.0, 99.0)) / 100.0;
        let mut effect = || take("effect", between(&self.effect, -1000.0, 1000.0).and_then(not_zero)) / 100.0;
        let find = match solve {
            Solve::Units => {
                let effect = effect();
                Find::Units { effect, power: take("power", power(&self.power)) }
            }
            Solve::Effect => {
                let units = take("units", whole(&self.units, 4, UNITS_MAX).map(|units| units as f64)) as i64;
                Find::Effect { units, power: take("power", power(&self.power)) }
            }
            Solve::Power => {
                let effect = effect();
                Find::Power { units: take("units", whole(&self.units, 4, UNITS_MAX).map(|units| units as f64)) as i64, effect }
            }
        };
        let question = PowerQuestion {
            kind,
            mean,
            sd,
            alpha,
            sides: Sides::parse(&self.sides).unwrap_or_default(),
            direction: MetricDirection::parse(&self.direction).unwrap_or_default(),
            relative: true,
            control_share: share,
            find,
            ..PowerQuestion::default()
        };
        if errors.is_empty() { Ok(question) } else { Err(errors) }
    }
}

fn large(typed: &str, least: f64) -> Result<f64, String> {
    let number = number(typed)?;
    match number {
        _ if number.abs() > 1e50 => Err("This number is too large.".into()),
        _ if number < least => Err("Enter a number above zero.".into()),
        _ => Ok(number),
    }
}

fn not_zero(number: f64) -> Result<f64, String> {
    if number == 0.0 { Err("An effect of zero cannot be found.".into()) } else { Ok(number) }
}

fn power(typed: &str) -> Result<f64, String> {
    between(typed, 1.0, 99.99).map(|percent| percent / 100.0)
}

/// What there is to say, in sentences.
pub fn told(form: &PowerForm, answer: &PowerAnswer) -> Vec<String> {
    let units = format!(
        "{} units in both variants together: {} in the control and {} in the other",
        grouped(answer.units()),
        grouped(answer.control_units),
        grouped(answer.variant_units)
    );
    let absolute = difference(form.kind(), answer.effect);
    let effect = match &answer.relative_effect {
        Ok(relative) => format!("{} of the control's mean, which is {absolute}", signed_percent(*relative)),
        Err(_) => absolute,
    };
    let power = percent(answer.power);
    let first = match form.solves() {
        Solve::Units => format!("You need {units}. Then a change of {effect}, is found with a power of {power}."),
        Solve::Effect => format!("With {units}, a change of {effect}, is found with a power of {power}."),
        Solve::Power => format!("With {units}, a change of {effect}, is found with a power of {power}."),
    };
    let second = match &answer.sequential_units {
        Ok(units) => format!("That holds for one look at the end. Whoever wants to peek every day needs up to {} units.", grouped(*units)),
        Err(why) => format!("That holds for one look at the end. The size for peeking every day: {why}"),
    };
    vec![first, second]
}

/// The calculator's page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PowerPage {
    pub role: Role,
    pub product: ProductName,
    /// None before anything was asked.
    pub answer: Option<Result<Computed<PowerAnswer>, Vec<FieldError>>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back() {
        let form = PowerForm { mean: "1 & 2".into(), kind: "MEAN".into(), ..Default::default() };
        let text = form.params();
        let pairs: Vec<(&str, String)> = text[1..]
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name, value.replace("%20", " ").replace("%26", "&")))
            .collect();
        let get = |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        assert_eq!(PowerForm::of_params(get), Some(form));
        assert_eq!(PowerForm::of_params(|_| None), None);
    }

    #[test]
    fn only_what_is_asked_for_has_to_be_right() {
        let form = PowerForm { units: "x".into(), ..Default::default() };
        assert_eq!(form.question().unwrap().find, Find::Units { effect: 0.1, power: 0.8 });
        let fields = |form: PowerForm| form.question().unwrap_err().into_iter().map(|error| error.field).collect::<Vec<_>>();
        assert_eq!(fields(PowerForm { solve: "effect".into(), ..form }), ["units"]);
        assert_eq!(fields(PowerForm { effect: "0".into(), power: "100".into(), ..Default::default() }), ["effect", "power"]);
        assert_eq!(fields(PowerForm { kind: "MEAN".into(), mean: "NaN".into(), ..Default::default() }), ["mean", "sd"]);
        assert_eq!(
            fields(PowerForm { mean: "0".into(), alpha: "1".into(), share: "0".into(), ..Default::default() }),
            ["mean", "alpha", "share"]
        );
    }
}
