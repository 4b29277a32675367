//! What is said of experiments.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::experiment::model::analysis::{Correction, Prior, Settings, Sides};
use crate::experiment::model::number::plain;
use crate::experiment::model::{
    Choice, DecisionFields, DecisionForm, Experiment, ExperimentFields, ExperimentForm, ExperimentStatus, Judged,
};
use crate::server::rest::value::Day;
use crate::server::rest::{Body, Problem, Wrong, both};

/// What is said of an experiment. From `plannedSize` on it is how it is read.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExperimentBody {
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// What is believed, and why.
    #[schema(min_length = 1, max_length = 20000)]
    hypothesis: String,
    /// Markdown.
    #[schema(max_length = 20000)]
    description: Option<String>,
    /// A member, by the id of the person; of a new one the token's owner, if nobody is named.
    owner_id: Option<String>,
    /// Of one that has started.
    start_date: Option<Day>,
    /// Of one that is completed; not before the start.
    end_date: Option<Day>,
    /// Units in all variants together after which no more are waited for.
    #[schema(minimum = 1, maximum = 1000000000000_i64)]
    planned_size: Option<i64>,
    /// The chance of a false alarm that is accepted, from 0.0001 to 0.5.
    #[serde(default = "alpha")]
    alpha: f64,
    #[serde(default)]
    #[schema(inline)]
    sides: Sides,
    #[serde(default)]
    #[schema(inline)]
    correction: Correction,
    /// The number of units at which the sequential intervals are tightest.
    #[serde(default = "tuned_for")]
    #[schema(minimum = 1, maximum = 1000000000000_i64)]
    tuned_for: i64,
    /// What the relative effect is believed to be before the data, from -10 to 10, as of 0.05 for five per cent; with the next or
    /// not at all.
    prior_mean: Option<f64>,
    /// The variance of that belief, from 0.0000000001 to 100.
    prior_variance: Option<f64>,
    /// Whether what was known of the units before is used.
    #[serde(default)]
    cuped: bool,
}

fn alpha() -> f64 {
    Settings::default().alpha
}

fn tuned_for() -> i64 {
    Settings::default().tuned_for as i64
}

impl Body for ExperimentBody {
    const NAMES: &'static [(&'static str, &'static str)] = &[("owner", "ownerId"), ("prior_sd", "priorVariance")];

    fn example() -> Value {
        json!({
            "name": "Shorter sign-up", "hypothesis": "We believe that fewer fields bring more sign-ups, because people leave at the phone number.",
            "plannedSize": 20000, "alpha": 0.05, "cuped": true,
        })
    }
}

impl ExperimentBody {
    /// What it says in stored shape.
    ///
    /// # Errors
    /// Of the belief in the units of the body: the form has it in per cent, and a deviation in place of the variance.
    pub fn fields(mut self) -> Result<ExperimentFields, Problem> {
        let bounds = [("priorMean", self.prior_mean, -10.0, 10.0), ("priorVariance", self.prior_variance, 1e-10, 100.0)];
        let mut wrong = Vec::new();
        for (name, value, low, high) in bounds {
            if value.is_some_and(|value| !(low..=high).contains(&value)) {
                wrong.push(Wrong::at(format!("#/{name}"), format!("Enter a number from {} to {}.", plain(low), plain(high))));
            }
        }
        if !wrong.is_empty() {
            (self.prior_mean, self.prior_variance) = (None, None);
        }
        let believed = if wrong.is_empty() { Ok(()) } else { Err(Problem::of(wrong)) };
        let (fields, ()) = both(ExperimentForm::from(self).validate(), believed)?;
        Ok(fields)
    }

    /// # Errors
    /// Of the days, which a draft does not have.
    pub fn has_no_days(&self) -> Result<(), Problem> {
        let days = [("startDate", &self.start_date), ("endDate", &self.end_date)];
        let told = "A draft has no days yet: it gets its first when it starts, and its last when it is completed.";
        let wrong: Vec<Wrong> =
            days.into_iter().filter(|(_, day)| day.is_some()).map(|(name, _)| Wrong::at(format!("#/{name}"), told)).collect();
        if wrong.is_empty() { Ok(()) } else { Err(Problem::of(wrong)) }
    }
}

impl From<&Experiment> for ExperimentBody {
    fn from(experiment: &Experiment) -> Self {
        let ExperimentFields { name, hypothesis, description, owner, start_date, end_date, settings } = ExperimentFields::from(experiment);
        ExperimentBody {
            name,
            hypothesis,
            description,
            owner_id: owner,
            start_date: Day::of(start_date),
            end_date: Day::of(end_date),
            planned_size: settings.planned,
            alpha: settings.alpha,
            sides: settings.sides,
            correction: settings.correction,
            tuned_for: settings.tuned_for as i64,
            prior_mean: settings.prior.map(|prior| prior.mean),
            prior_variance: settings.prior.map(|prior| prior.variance),
            cuped: settings.cuped,
        }
    }
}

impl From<ExperimentBody> for ExperimentForm {
    fn from(body: ExperimentBody) -> Self {
        let settings = Settings {
            alpha: body.alpha,
            tuned_for: body.tuned_for as f64,
            planned: body.planned_size,
            // Each by itself, so that what is missing is told.
            prior: Some(Prior { mean: body.prior_mean.unwrap_or_default(), variance: body.prior_variance.unwrap_or_default() }),
            ..Settings::default()
        };
        let Judged { planned_size, alpha, prior_mean, prior_sd, .. } = Judged::from(&settings);
        let given = |text: String, value: Option<f64>| if value.is_some() { text } else { String::new() };
        ExperimentForm {
            name: body.name,
            hypothesis: body.hypothesis,
            description: body.description.unwrap_or_default(),
            owner: body.owner_id.unwrap_or_default(),
            start_date: Day::typed(body.start_date),
            end_date: Day::typed(body.end_date),
            planned_size,
            alpha,
            sides: body.sides.word().into(),
            correction: body.correction.word().into(),
            tuned_for: body.tuned_for.to_string(),
            prior_mean: given(prior_mean, body.prior_mean),
            prior_sd: given(prior_sd, body.prior_variance),
            cuped: if body.cuped { "on".into() } else { String::new() },
        }
    }
}

/// Where an experiment is to stand.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExperimentMove {
    pub status: ExperimentStatus,
}

impl Body for ExperimentMove {
    fn example() -> Value {
        json!({ "status": "RUNNING" })
    }
}

/// How an experiment ends.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecisionBody {
    decision: Choice,
    /// The variant that everybody gets; with `SHIP` alone, and never the control.
    variant_id: Option<String>,
    #[schema(max_length = 5000)]
    note: Option<String>,
}

impl Body for DecisionBody {
    const NAMES: &'static [(&'static str, &'static str)] = &[("decision", "variantId")];

    fn example() -> Value {
        json!({ "decision": "SHIP", "variantId": "cmig3k2p40001qw8h5x7y2z9a", "note": "Better in sign-ups, and nothing is worse." })
    }
}

impl DecisionBody {
    /// The decision in stored shape.
    pub fn fields(self) -> Result<DecisionFields, Problem> {
        let DecisionBody { decision: choice, variant_id: variant, note } = self;
        let named = match (choice, &variant) {
            (Choice::Ship, None) => Err(Problem::at("#/variantId", "Say which variant is shipped.")),
            (Choice::Keep | Choice::Inconclusive, Some(_)) => Err(Problem::at("#/variantId", "Only with SHIP is a variant named.")),
            _ => Ok(()),
        };
        let form = DecisionForm { decision: "KEEP".into(), note: note.unwrap_or_default() };
        let (fields, ()) = both(form.validate(), named)?;
        Ok(DecisionFields { choice, variant, ..fields })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: Value) -> ExperimentFields {
        ExperimentForm::from(serde_json::from_value::<ExperimentBody>(body).unwrap()).validate().unwrap()
    }

    #[test]
    fn what_is_left_out_is_as_in_the_form() {
        let fields = read(json!({ "name": "E", "hypothesis": "h" }));
        assert_eq!(fields.settings, Settings { cuped: false, ..Settings::default() });
        let fields = read(json!({ "name": "E", "hypothesis": "h", "priorMean": 0.02, "priorVariance": 0.0004, "plannedSize": 9 }));
        let prior = fields.settings.prior.unwrap();
        assert!((prior.mean - 0.02).abs() < 1e-9 && (prior.variance - 0.0004).abs() < 1e-9, "{prior:?}");
        assert_eq!(fields.settings.planned, Some(9));
        let told = |body: Value| {
            let problem = serde_json::from_value::<ExperimentBody>(body).unwrap().fields().unwrap_err().located(ExperimentBody::NAMES);
            problem.errors.into_iter().map(|wrong| (wrong.pointer.unwrap_or_default(), wrong.detail)).collect::<Vec<_>>()
        };
        let wrong = json!({ "name": "", "hypothesis": "h", "priorMean": 11, "priorVariance": 0 });
        let wrong = told(wrong);
        assert_eq!(
            wrong[1..],
            [
                ("#/priorMean".to_owned(), "Enter a number from -10 to 10.".to_owned()),
                ("#/priorVariance".to_owned(), "Enter a number from 0.0000000001 to 100.".to_owned()),
            ]
        );
        assert_eq!((wrong.len(), wrong[0].0.as_str()), (3, "#/name"));
        let half = serde_json::from_value::<ExperimentBody>(json!({ "name": "E", "hypothesis": "h", "priorMean": 0.02 })).unwrap();
        assert!(ExperimentForm::from(half).validate().unwrap_err().of_field("prior_sd").is_some());
    }

    #[test]
    fn a_variant_goes_with_shipping_alone() {
        let read = |body: Value| serde_json::from_value::<DecisionBody>(body).unwrap().fields();
        let shipped = read(json!({ "decision": "SHIP", "variantId": "KEEP" })).unwrap();
        assert_eq!((shipped.choice, shipped.variant.as_deref()), (Choice::Ship, Some("KEEP")));
        assert_eq!(read(json!({ "decision": "KEEP", "note": "n" })).unwrap().note, "n");
        for wrong in [json!({ "decision": "SHIP" }), json!({ "decision": "INCONCLUSIVE", "variantId": "v" })] {
            assert_eq!(read(wrong).unwrap_err().errors[0].pointer.as_deref(), Some("#/variantId"));
        }
    }
}
