//! The REST API of planning an experiment: how many units it needs, or what it can find.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::experiment::model::analysis::{Computed, Find, MetricDirection, MetricKind, PowerAnswer, PowerQuestion, Sides};
use crate::experiment::{stats, store};
use crate::kernel::role::Perm;
use crate::server::rest::{Answered, Api, Body, Call, Problem, Resource, Wrong};

pub fn routes(api: Api) -> Api {
    api.act(
        "/orgs/{org}/products/{key}/experiments/power",
        Perm::Read,
        "Says how many units an experiment needs, which effect it can find, or with what power it finds one.",
        compute,
    )
}

/// What is known before an experiment. Two of `effect`, `units` and `power` are given, and the third is asked for.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PowerBody {
    kind: MetricKind,
    /// What the control has: a share from 0 to 1, a mean or a ratio.
    mean: f64,
    /// Standard deviation of one unit; a proportion needs none.
    sd: Option<f64>,
    /// As a share of the control's mean, with its sign: 0.05 for five per cent more.
    effect: Option<f64>,
    /// In both variants together, from 4 on.
    units: Option<i64>,
    /// The chance to find the effect, above `alpha` and below 1.
    power: Option<f64>,
    /// The chance of a false alarm; 0.05 if nothing is said.
    alpha: Option<f64>,
    sides: Option<Sides>,
    /// Which way the metric is wished to move.
    direction: Option<MetricDirection>,
    /// The share of the units that goes to the control; half of them if nothing is said.
    control_share: Option<f64>,
}

impl Body for PowerBody {
    fn example() -> Value {
        json!({ "kind": "PROPORTION", "mean": 0.1, "effect": 0.05, "power": 0.8 })
    }
}

impl PowerBody {
    fn question(self) -> Result<PowerQuestion, Problem> {
        let find = match (self.effect, self.units, self.power) {
            (Some(effect), None, Some(power)) => Find::Units { effect, power },
            (None, Some(units), Some(power)) => Find::Effect { units, power },
            (Some(effect), Some(units), None) => Find::Power { units, effect },
            _ => return Err(Problem::at("#/effect", "Give two of effect, units and power; the third is what is asked for.")),
        };
        let usual = PowerQuestion::default();
        Ok(PowerQuestion {
            kind: self.kind,
            mean: self.mean,
            sd: self.sd,
            alpha: self.alpha.unwrap_or(usual.alpha),
            sides: self.sides.unwrap_or_default(),
            direction: self.direction.unwrap_or_default(),
            control_share: self.control_share.unwrap_or(usual.control_share),
            relative: true,
            find,
            ..usual
        })
    }
}

/// All three together, for a test at a fixed end. A number that cannot be computed is `null`, and a sentence says why.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PowerOutcome {
    control_units: Option<i64>,
    variant_units: Option<i64>,
    /// In the metric's own unit.
    effect: Option<f64>,
    /// As a share of the control's mean.
    relative_effect: Option<f64>,
    power: Option<f64>,
    /// Units in both variants with which one may look every day.
    sequential_units: Option<i64>,
    /// Why there is no answer, a sentence for each that is missing.
    notes: Vec<String>,
}

impl Resource for PowerOutcome {
    fn key(&self) -> String {
        String::new()
    }
}

impl PowerOutcome {
    fn of(answer: Computed<PowerAnswer>) -> PowerOutcome {
        let mut notes = Vec::new();
        let answer = answer.map_err(|why| notes.push(why.to_string())).ok();
        let finite = |number: f64| Some(number).filter(|number| number.is_finite());
        let relative = answer.as_ref().map(|answer| answer.relative_effect.clone());
        let sequential = answer.as_ref().map(|answer| answer.sequential_units.clone());
        notes.extend(relative.iter().filter_map(|value| value.as_ref().err()).map(ToString::to_string));
        notes.extend(sequential.iter().filter_map(|value| value.as_ref().err()).map(ToString::to_string));
        PowerOutcome {
            control_units: answer.as_ref().map(|answer| answer.control_units),
            variant_units: answer.as_ref().map(|answer| answer.variant_units),
            effect: answer.as_ref().and_then(|answer| finite(answer.effect)),
            relative_effect: relative.and_then(Result::ok).and_then(finite),
            power: answer.as_ref().and_then(|answer| finite(answer.power)),
            sequential_units: sequential.and_then(Result::ok),
            notes,
        }
    }
}

async fn compute(mut call: Call, body: PowerBody) -> Answered<PowerOutcome> {
    let key = call.at("key");
    store::product(&mut call.scope, &key).await?;
    let question = body.question()?;
    let answer = stats::power(&question).map_err(|wrong| Problem::of(wrong.into_iter().map(Wrong::from).collect()))?;
    call.done(PowerOutcome::of(answer))
}
