//! A product's experiments, and which of them are asked for.

use serde::{Deserialize, Serialize};

use super::analysis::{Decision, Verdict};
use super::{Experiment, ExperimentStatus};
use crate::kernel::page::{Cursor, Page};
use crate::kernel::role::Role;
use crate::product::model::ProductName;

/// Which experiments are asked for, from where on; always the newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExperimentQuery {
    pub status: Option<ExperimentStatus>,
    pub deleted: bool,
    pub cursor: Option<Cursor>,
}

impl ExperimentQuery {
    /// Reads the parameters of an address; what it does not know it leaves out.
    pub fn of_params(get: impl Fn(&str) -> Option<String>) -> ExperimentQuery {
        ExperimentQuery {
            status: get("status").and_then(|word| ExperimentStatus::parse(&word)),
            deleted: get("show").as_deref() == Some("deleted"),
            cursor: get("at").and_then(|word| Cursor::decode(&word)),
        }
    }

    /// The same as parameters of an address, led by `?`; nothing for the plain list.
    pub fn params(&self) -> String {
        let mut pairs = Vec::new();
        pairs.extend(self.status.map(|status| format!("status={}", status.word())));
        if self.deleted {
            pairs.push("show=deleted".into());
        }
        pairs.extend(self.cursor.as_ref().map(|cursor| format!("at={}", cursor.encode())));
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// Whether it leaves anything out, wherever it begins.
    pub fn is_filtered(&self) -> bool {
        self.status.is_some() || self.deleted
    }
}

/// What an experiment says, in short.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What the data advise, while it runs.
    pub decision: Option<Decision>,
    /// The answer in a few words.
    pub head: String,
    /// The reason in a sentence.
    pub sentence: String,
}

impl Answer {
    /// Of one that lacks something to be started, has ended, or is in the bin.
    pub fn of_status(experiment: &Experiment, missing: &[String]) -> Answer {
        let said = |head: &str, sentence: String| Answer { decision: None, head: head.into(), sentence };
        match (experiment.status, experiment.outcome()) {
            (ExperimentStatus::Draft, _) if missing.is_empty() => said("Ready to start", String::new()),
            (ExperimentStatus::Draft, _) => said("Being prepared", missing.join(" ")),
            (ExperimentStatus::Cancelled, _) => said("Cancelled", String::new()),
            (_, Some(outcome)) => said(&outcome.words(), outcome.note.clone()),
            (ExperimentStatus::Completed, None) => said("Completed", String::new()),
            (ExperimentStatus::Running, None) => said("Running", String::new()),
        }
    }

    /// What the data say.
    pub fn of_verdict(verdict: Verdict) -> Answer {
        Answer { decision: Some(verdict.decision), head: verdict.decision.label().to_owned(), sentence: verdict.sentence }
    }

    /// For statuses in the style sheet.
    pub fn word(&self) -> &'static str {
        self.decision.map_or("", Decision::word)
    }
}

/// An experiment in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    pub experiment: Experiment,
    pub answer: Answer,
    /// Units in all variants by the first primary metric; for those that run.
    pub units: Option<i64>,
}

/// The experiments of a product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExperimentList {
    pub role: Role,
    pub product: ProductName,
    pub page: Page<Listed>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back() {
        let cursor = Some(Cursor { key: 1.0, id: "cabc".into(), place: 20, back: true });
        let query = ExperimentQuery { status: Some(ExperimentStatus::Running), deleted: true, cursor };
        let text = query.params();
        let pairs: Vec<(&str, &str)> = text[1..].split('&').filter_map(|pair| pair.split_once('=')).collect();
        let again = ExperimentQuery::of_params(|name| pairs.iter().find(|(k, _)| *k == name).map(|(_, v)| (*v).to_owned()));
        assert_eq!(again, query);
        assert_eq!((ExperimentQuery::default().params(), query.is_filtered()), (String::new(), true));
    }
}
