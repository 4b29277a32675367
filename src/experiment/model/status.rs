//! Where an experiment stands.

use serde::{Deserialize, Serialize};

use crate::kernel::error::AppError;

/// Where an experiment stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(
    feature = "ssr",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "\"ExperimentStatus\"", rename_all = "SCREAMING_SNAKE_CASE")
)]
pub enum ExperimentStatus {
    #[default]
    Draft,
    Running,
    Completed,
    Cancelled,
}

crate::words!(ExperimentStatus {
    Draft: "DRAFT", "Draft";
    Running: "RUNNING", "Running";
    Completed: "COMPLETED", "Completed";
    Cancelled: "CANCELLED", "Cancelled";
});

impl ExperimentStatus {
    /// The statuses that may follow by a button. Completing takes a decision, and so a form of its own. One that was cancelled
    /// goes on where it was: what it had measured is still there.
    pub fn next(self, begun: bool) -> &'static [ExperimentStatus] {
        match (self, begun) {
            (ExperimentStatus::Draft, _) => &[ExperimentStatus::Running, ExperimentStatus::Cancelled],
            (ExperimentStatus::Running, _) => &[ExperimentStatus::Cancelled],
            (ExperimentStatus::Completed, _) => &[ExperimentStatus::Running],
            (ExperimentStatus::Cancelled, true) => &[ExperimentStatus::Running],
            (ExperimentStatus::Cancelled, false) => &[ExperimentStatus::Draft],
        }
    }

    /// Whether an experiment may go from here to there, or stay; as a `Conflict` if not.
    pub fn may_become(self, to: ExperimentStatus, begun: bool) -> Result<(), AppError> {
        if self == to || self.next(begun).contains(&to) {
            return Ok(());
        }
        Err(AppError::Conflict(format!("An experiment cannot go from “{}” to “{}”.", self.label(), to.label())))
    }

    /// What the button says that moves an experiment from here to there.
    pub fn verb(self, to: ExperimentStatus) -> &'static str {
        match (self, to) {
            (ExperimentStatus::Completed, ExperimentStatus::Running) => "Reopen",
            (ExperimentStatus::Cancelled, ExperimentStatus::Running) => "Go on",
            (_, ExperimentStatus::Running) => "Start",
            (_, ExperimentStatus::Draft) => "Back to draft",
            (_, ExperimentStatus::Completed) => "Complete",
            (_, ExperimentStatus::Cancelled) => "Cancel experiment",
        }
    }

    /// The statuses that may follow by a button, by word, each with what its button says.
    pub fn steps(self, begun: bool) -> Vec<(&'static str, &'static str)> {
        self.next(begun).iter().map(|to| (to.word(), self.verb(*to))).collect()
    }

    /// Why no result is taken, if none is.
    pub fn refuses_results(self) -> Option<&'static str> {
        match self {
            ExperimentStatus::Running => None,
            ExperimentStatus::Draft => Some("This experiment has not started. Start it to enter results."),
            ExperimentStatus::Completed => Some("This experiment is completed. Reopen it to change its results."),
            ExperimentStatus::Cancelled => Some("This experiment is cancelled. Take it up again to change its results."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ExperimentStatus::{Cancelled, Completed, Draft, Running};
    use super::*;

    #[test]
    fn an_experiment_goes_step_by_step() {
        for from in ExperimentStatus::ALL {
            assert_eq!(ExperimentStatus::parse(from.word()), Some(from));
            for begun in [false, true] {
                assert!(from.may_become(from, begun).is_ok());
                for to in from.next(begun) {
                    assert!(from.may_become(*to, begun).is_ok() && !from.verb(*to).is_empty());
                }
            }
            assert_eq!(from.refuses_results().is_none(), from == Running);
        }
        assert!(Running.may_become(Completed, true).is_err(), "that takes a decision");
        assert!(Draft.may_become(Completed, false).is_err() && Completed.may_become(Draft, true).is_err());
        assert!(Cancelled.may_become(Running, false).is_err() && Cancelled.may_become(Draft, true).is_err());
    }
}
