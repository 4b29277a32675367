//! The end of a quarter: what becomes of the objectives that are still worked on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Okr, OkrStatus, Quarter};
use crate::kernel::error::{AppError, Checks};
use crate::product::model::ProductName;

/// What becomes of an OKR at the end of its quarter. `COMPLETE` and `CANCEL` end it and `LEAVE` leaves it active. `COMPLETE_CARRY` and
/// `CANCEL_CARRY` end it, and make one of the next quarter that goes on with the key results that are not reached, from where they stand,
/// and with those to be maintained; not where there is nothing unfinished, nor where it goes on in another already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = OkrOutcome))]
pub enum Outcome {
    Complete,
    /// What is not reached goes on in the next quarter.
    #[serde(rename = "COMPLETE_CARRY")]
    CompleteAndCarry,
    Cancel,
    #[serde(rename = "CANCEL_CARRY")]
    CancelAndCarry,
    Leave,
}

crate::words!(Outcome {
    Complete: "COMPLETE", "Complete it";
    CompleteAndCarry: "COMPLETE_CARRY", "Complete it, carry what is unfinished over";
    Cancel: "CANCEL", "Cancel it";
    CancelAndCarry: "CANCEL_CARRY", "Cancel it, carry what is unfinished over";
    Leave: "LEAVE", "Leave it active";
});

impl Outcome {
    /// What is proposed for an objective with this progress.
    pub fn proposed(progress: f64) -> Outcome {
        if progress >= 100.0 { Outcome::Complete } else { Outcome::CompleteAndCarry }
    }

    /// The status that it ends in; nothing if it does not end.
    pub fn status(self) -> Option<OkrStatus> {
        match self {
            Outcome::Complete | Outcome::CompleteAndCarry => Some(OkrStatus::Completed),
            Outcome::Cancel | Outcome::CancelAndCarry => Some(OkrStatus::Cancelled),
            Outcome::Leave => None,
        }
    }

    /// Whether it goes on in the next quarter.
    pub fn carries(self) -> bool {
        matches!(self, Outcome::CompleteAndCarry | Outcome::CancelAndCarry)
    }
}

/// What is filled in to close a quarter: by an objective's id the word of an `Outcome`, and as `begin` the status in which what is
/// carried over begins.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CloseForm(BTreeMap<String, String>);

/// The field that is no objective's id.
pub const BEGIN: &str = "begin";

/// How a quarter is closed, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct CloseFields {
    pub quarter: Quarter,
    /// The status in which what is carried over begins.
    pub begin: OkrStatus,
    /// By id; objectives that are not named stay as they are.
    pub outcomes: Vec<(String, Outcome)>,
}

impl CloseForm {
    /// How this quarter is to be closed, or what is wrong with the form.
    pub fn validate(mut self, quarter: &str) -> Result<CloseFields, AppError> {
        let mut checks = Checks::default();
        let quarter = checks.take("", Quarter::parse(quarter).map(Some).ok_or_else(|| "There is no such quarter.".to_owned()));
        let begin = self.0.remove(BEGIN).unwrap_or_default();
        let begin = OkrStatus::parse(&begin).filter(|status| !status.is_over()).ok_or_else(|| "Choose draft or active.".to_owned());
        let begin = checks.take(BEGIN, begin);
        let mut outcomes = Vec::new();
        // Other names are no objectives', such as that by which a page tells its forms apart.
        for (id, word) in self.0 {
            let outcome =
                checks.take("", Outcome::parse(&word).map(Some).ok_or_else(|| "Choose what becomes of each objective.".to_owned()));
            outcomes.extend(outcome.map(|outcome| (id, outcome)));
        }
        let is_last = quarter.is_some_and(|quarter| quarter.plus(1) == quarter);
        if is_last && outcomes.iter().any(|(_, outcome): &(String, Outcome)| outcome.carries()) {
            let _: Option<()> = checks.take("", Err("No quarter comes after this one to carry anything over to.".to_owned()));
        }
        if outcomes.is_empty() {
            let _: Option<()> = checks.take("", Err("There is nothing to close.".to_owned()));
        }
        checks.finish(CloseFields { quarter: quarter.unwrap_or(Quarter::at(0)), begin, outcomes })
    }
}

/// An objective to be closed, with how many of its key results are not reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct Closing {
    #[cfg_attr(feature = "ssr", sqlx(flatten))]
    pub okr: Okr,
    pub unfinished: i64,
}

/// The page that closes a quarter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClosePage {
    pub product: ProductName,
    pub quarter: Quarter,
    /// What is worked on in it still.
    pub okrs: Vec<Closing>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> CloseForm {
        CloseForm(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn each_objective_has_an_outcome() {
        assert!(form(&[("begin", "DRAFT"), ("o1", "COMPLETE_CARRY")]).validate("9999-Q4").is_err(), "it would go on in itself");
        assert!(form(&[("begin", "DRAFT"), ("o1", "COMPLETE")]).validate("9999-Q4").is_ok());
        let fields = form(&[("begin", "DRAFT"), ("o1", "COMPLETE_CARRY"), ("o2", "LEAVE")]).validate("2026-Q3").unwrap();
        assert_eq!((fields.quarter.word(), fields.begin), ("2026-Q3".into(), OkrStatus::Draft));
        assert_eq!(fields.outcomes, [("o1".to_owned(), Outcome::CompleteAndCarry), ("o2".to_owned(), Outcome::Leave)]);
        assert!(form(&[("begin", "COMPLETED"), ("o1", "LEAVE")]).validate("2026-Q3").unwrap_err().of_field("begin").is_some());
        for wrong in [form(&[("begin", "DRAFT")]), form(&[("begin", "DRAFT"), ("o1", "FORGET")])] {
            assert!(wrong.validate("2026-Q3").unwrap_err().of_field("").is_some());
        }
        assert!(form(&[("begin", "DRAFT"), ("o1", "LEAVE")]).validate("now").is_err());
    }

    #[test]
    fn an_outcome_ends_or_carries() {
        assert_eq!((Outcome::proposed(100.0), Outcome::proposed(99.0)), (Outcome::Complete, Outcome::CompleteAndCarry));
        assert_eq!((Outcome::CancelAndCarry.status(), Outcome::Leave.status()), (Some(OkrStatus::Cancelled), None));
        assert!(Outcome::CompleteAndCarry.carries() && !Outcome::Cancel.carries());
    }
}
