//! What is filled in of an experiment itself, and of how it is read.

use serde::{Deserialize, Serialize};

use super::analysis::{Correction, Prior, Settings, Sides};
use super::number::{between, optional, optional_whole, plain, whole};
use super::{Experiment, ExperimentStatus, UNITS_MAX};
use crate::feature::model::not_before;
use crate::kernel::day;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::named::chosen;
use crate::kernel::text::{self, DESCRIPTION_MAX, TITLE_MAX};
use crate::kernel::time::Timestamp;
use crate::kernel::version::{Edited, Shown, shown};

/// What stands in the field of a new experiment's hypothesis.
pub const HYPOTHESIS_TEMPLATE: &str = "We believe that …\nfor …\nwill …\nbecause …";

/// What is filled in to create or change an experiment.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct ExperimentForm {
    pub name: String,
    pub hypothesis: String,
    pub description: String,
    /// The id of a member.
    pub owner: String,
    pub start_date: String,
    pub end_date: String,
    /// Units in all variants together.
    pub planned_size: String,
    pub alpha: String,
    pub sides: String,
    pub correction: String,
    pub tuned_for: String,
    /// Of the relative effect, in per cent, as the next.
    pub prior_mean: String,
    pub prior_sd: String,
    /// `on` or nothing.
    pub cuped: String,
}

impl Default for ExperimentForm {
    fn default() -> Self {
        let (settings, none) = (Settings::default(), String::new);
        ExperimentForm {
            name: none(),
            hypothesis: none(),
            description: none(),
            owner: none(),
            start_date: none(),
            end_date: none(),
            planned_size: none(),
            alpha: plain(settings.alpha),
            sides: settings.sides.word().into(),
            correction: settings.correction.word().into(),
            tuned_for: plain(settings.tuned_for),
            prior_mean: none(),
            prior_sd: none(),
            // A box that is not ticked is not sent.
            cuped: none(),
        }
    }
}

/// An experiment's fields, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExperimentFields {
    pub name: String,
    pub hypothesis: String,
    pub description: Option<String>,
    /// The id of a member; none for whoever writes.
    pub owner: Option<String>,
    pub start_date: Option<Timestamp>,
    /// Not before the start.
    pub end_date: Option<Timestamp>,
    pub settings: Settings,
}

/// The settings in the fields of a form.
pub struct Judged {
    pub planned_size: String,
    pub alpha: String,
    pub tuned_for: String,
    pub prior_mean: String,
    pub prior_sd: String,
}

impl From<&Settings> for Judged {
    fn from(settings: &Settings) -> Self {
        let per_cent = |share: f64| plain(share * 100.0);
        Judged {
            planned_size: settings.planned.map(|size| size.to_string()).unwrap_or_default(),
            alpha: plain(settings.alpha),
            tuned_for: plain(settings.tuned_for),
            prior_mean: settings.prior.map(|prior| per_cent(prior.mean)).unwrap_or_default(),
            prior_sd: settings.prior.map(|prior| per_cent(prior.variance.sqrt())).unwrap_or_default(),
        }
    }
}

impl From<&Experiment> for ExperimentFields {
    fn from(experiment: &Experiment) -> Self {
        ExperimentFields {
            name: experiment.name.clone(),
            hypothesis: experiment.hypothesis.clone(),
            description: experiment.description.clone().filter(|text| !text.is_empty()),
            owner: Some(experiment.owner_id.clone()),
            start_date: experiment.start_date,
            end_date: experiment.end_date,
            settings: experiment.settings(),
        }
    }
}

impl ExperimentFields {
    /// The same with what cannot be changed in an experiment of this status as it is stored: how it is read once it has started,
    /// lest somebody read it until it says what they like; and the days that it does not have yet.
    pub fn on(self, stored: &Experiment) -> ExperimentFields {
        let draft = stored.status == ExperimentStatus::Draft;
        let ended = stored.status == ExperimentStatus::Completed;
        ExperimentFields {
            owner: self.owner.or_else(|| Some(stored.owner_id.clone())),
            settings: if draft { self.settings } else { stored.settings() },
            start_date: if draft { stored.start_date } else { self.start_date.or(stored.start_date) },
            end_date: if ended { self.end_date.or(stored.end_date) } else { stored.end_date },
            ..self
        }
    }
}

impl Edited for ExperimentFields {
    fn shown(&self) -> Vec<Shown> {
        let judged = Judged::from(&self.settings);
        vec![
            shown("name", "Name", self.name.as_str()),
            shown("hypothesis", "Hypothesis", self.hypothesis.as_str()),
            shown("description", "Description", self.description.as_deref().unwrap_or_default()),
            shown("owner", "Owner", self.owner.as_deref().unwrap_or_default()),
            shown("start_date", "Start date", day::typed(self.start_date)),
            shown("end_date", "End date", day::typed(self.end_date)),
            shown("planned_size", "Planned size", judged.planned_size),
            shown("alpha", "Alpha", judged.alpha),
            shown("sides", "Sides", self.settings.sides.word()),
            shown("correction", "Correction", self.settings.correction.word()),
            shown("tuned_for", "Tuned for", judged.tuned_for),
            shown("prior_mean", "Prior mean", judged.prior_mean),
            shown("prior_sd", "Prior standard deviation", judged.prior_sd),
            shown("cuped", "Use what was known before (CUPED)", if self.settings.cuped { "on" } else { "" }),
        ]
    }
}

/// What is believed, if anything, but not half of it.
fn prior(mean: &str, sd: &str) -> Result<Option<Prior>, (&'static str, String)> {
    let mean = optional(mean, -1000.0, 1000.0).map_err(|message| ("prior_mean", message))?;
    let sd = optional(sd, 0.001, 1000.0).map_err(|message| ("prior_sd", message))?;
    match (mean, sd) {
        (None, None) => Ok(None),
        (Some(mean), Some(sd)) => Ok(Some(Prior { mean: mean / 100.0, variance: (sd / 100.0).powi(2) })),
        (None, Some(_)) => Err(("prior_mean", "Enter both, or neither for a flat prior.".into())),
        (Some(_), None) => Err(("prior_sd", "Enter both, or neither for a flat prior.".into())),
    }
}

fn hypothesis(typed: &str) -> Result<String, String> {
    let text = text::block(typed, DESCRIPTION_MAX)?;
    match text::is_blank(&text) || text == HYPOTHESIS_TEMPLATE {
        true => Err("Say what you believe, and why: this is what the experiment is to test.".into()),
        false => Ok(text),
    }
}

impl ExperimentForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<ExperimentFields, AppError> {
        let mut checks = Checks::default();
        let start_date = checks.take("start_date", day::parse(&self.start_date));
        let end_date = day::parse(&self.end_date).and_then(|end| not_before(start_date, end, "The end is before the start."));
        let prior = match prior(&self.prior_mean, &self.prior_sd) {
            Ok(prior) => prior,
            Err((field, message)) => checks.take(field, Err(message)),
        };
        let settings = Settings {
            alpha: checks.take("alpha", between(&self.alpha, 0.0001, 0.5)),
            sides: checks.take("sides", Sides::parse(&self.sides).ok_or_else(|| "Choose one of these.".into())),
            tuned_for: checks.take("tuned_for", whole(&self.tuned_for, 1, UNITS_MAX)) as f64,
            prior,
            correction: checks.take("correction", Correction::parse(&self.correction).ok_or_else(|| "Choose one of these.".into())),
            cuped: !self.cuped.is_empty(),
            planned: checks.take("planned_size", optional_whole(&self.planned_size, 1, UNITS_MAX)),
        };
        let fields = ExperimentFields {
            name: checks.take("name", text::line(&self.name, "a name", TITLE_MAX)),
            hypothesis: checks.take("hypothesis", hypothesis(&self.hypothesis)),
            description: checks.take("description", text::optional(&self.description, DESCRIPTION_MAX)),
            owner: chosen(&self.owner),
            start_date,
            end_date: checks.take("end_date", end_date),
            settings,
        };
        checks.finish(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> ExperimentForm {
        ExperimentForm { name: "E".into(), hypothesis: "H".into(), ..Default::default() }
    }

    #[test]
    fn an_experiment_needs_a_name_and_a_hypothesis_of_its_own() {
        assert!(form().validate().is_ok());
        for hypothesis in ["", "  ", "\u{200B}", HYPOTHESIS_TEMPLATE] {
            let refused = ExperimentForm { hypothesis: hypothesis.into(), ..form() }.validate().unwrap_err();
            assert!(refused.of_field("hypothesis").is_some());
        }
        let refused = ExperimentForm { start_date: "2026-11-02".into(), end_date: "2026-11-01".into(), ..form() }.validate().unwrap_err();
        assert!(refused.of_field("end_date").is_some());
    }

    #[test]
    fn settings_are_numbers_that_mean_something() {
        for (wrong, field) in [
            (ExperimentForm { alpha: "NaN".into(), ..form() }, "alpha"),
            (ExperimentForm { alpha: "0".into(), ..form() }, "alpha"),
            (ExperimentForm { alpha: "1".into(), ..form() }, "alpha"),
            (ExperimentForm { tuned_for: "inf".into(), ..form() }, "tuned_for"),
            (ExperimentForm { prior_mean: "1".into(), ..form() }, "prior_sd"),
            (ExperimentForm { prior_sd: "0".into(), prior_mean: "0".into(), ..form() }, "prior_sd"),
            (ExperimentForm { planned_size: "0".into(), ..form() }, "planned_size"),
            (ExperimentForm { sides: "THREE".into(), ..form() }, "sides"),
        ] {
            assert!(wrong.validate().unwrap_err().of_field(field).is_some(), "{field}");
        }
        let fields = ExperimentForm { prior_mean: "0".into(), prior_sd: "10".into(), cuped: "on".into(), ..form() }.validate().unwrap();
        assert_eq!(fields.settings.prior.map(|prior| (prior.mean * 1e6).round() + (prior.variance * 1e6).round()), Some(10_000.0));
        assert_eq!(Judged::from(&fields.settings).prior_sd, "10", "it reads back as it was typed");
    }
}
