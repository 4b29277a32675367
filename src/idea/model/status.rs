//! The way of an idea from submission to its end.

use serde::{Deserialize, Serialize};

use crate::kernel::error::AppError;

/// Where an idea stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "\"IdeaStatus\"", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum IdeaStatus {
    #[default]
    Submitted,
    UnderReview,
    Approved,
    InDevelopment,
    Implemented,
    Rejected,
}

impl IdeaStatus {
    pub const ALL: [IdeaStatus; 6] = [
        IdeaStatus::Submitted,
        IdeaStatus::UnderReview,
        IdeaStatus::Approved,
        IdeaStatus::InDevelopment,
        IdeaStatus::Implemented,
        IdeaStatus::Rejected,
    ];

    /// The status' name in the database, on the wire and in addresses.
    pub fn word(self) -> &'static str {
        self.texts().0
    }

    /// The status' name on the screen.
    pub fn label(self) -> &'static str {
        self.texts().1
    }

    /// What the button says that moves an idea to this status.
    pub fn verb(self) -> &'static str {
        self.texts().2
    }

    fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            IdeaStatus::Submitted => ("SUBMITTED", "Submitted", "Submit"),
            IdeaStatus::UnderReview => ("UNDER_REVIEW", "Under review", "Review"),
            IdeaStatus::Approved => ("APPROVED", "Approved", "Approve"),
            IdeaStatus::InDevelopment => ("IN_DEVELOPMENT", "In development", "Start development"),
            IdeaStatus::Implemented => ("IMPLEMENTED", "Implemented", "Mark as implemented"),
            IdeaStatus::Rejected => ("REJECTED", "Rejected", "Reject"),
        }
    }

    /// Reads what `word` wrote.
    pub fn parse(word: &str) -> Option<IdeaStatus> {
        IdeaStatus::ALL.into_iter().find(|status| status.word() == word)
    }

    /// The statuses that may follow: one step along the seed's order, rejection until work has begun,
    /// and a second look at what was rejected.
    pub fn next(self) -> &'static [IdeaStatus] {
        match self {
            IdeaStatus::Submitted => &[IdeaStatus::UnderReview, IdeaStatus::Rejected],
            IdeaStatus::UnderReview => &[IdeaStatus::Approved, IdeaStatus::Rejected],
            IdeaStatus::Approved => &[IdeaStatus::InDevelopment, IdeaStatus::Rejected],
            IdeaStatus::InDevelopment => &[IdeaStatus::Implemented],
            IdeaStatus::Implemented => &[],
            IdeaStatus::Rejected => &[IdeaStatus::UnderReview],
        }
    }

    /// Whether an idea may go from here to there, or stay; as a `Conflict` if not.
    pub fn may_become(self, to: IdeaStatus) -> Result<(), AppError> {
        if self == to || self.next().contains(&to) {
            return Ok(());
        }
        Err(AppError::Conflict(format!("An idea cannot go from “{}” to “{}”.", self.label(), to.label())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for status in IdeaStatus::ALL {
            assert_eq!(IdeaStatus::parse(status.word()), Some(status));
            assert!(!status.next().contains(&status));
        }
        assert_eq!(IdeaStatus::parse("approved"), None);
    }

    #[test]
    fn every_status_can_be_reached_and_only_implemented_is_an_end() {
        for status in IdeaStatus::ALL {
            assert_eq!(status.next().is_empty(), status == IdeaStatus::Implemented);
            let reached = IdeaStatus::ALL.iter().any(|from| from.next().contains(&status));
            assert!(reached || status == IdeaStatus::Submitted, "{status:?}");
        }
    }
}
