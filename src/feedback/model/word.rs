//! The types and the statuses of feedback.

use serde::{Deserialize, Serialize};

/// What somebody has to say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "\"FeedbackType\"", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum FeedbackType {
    #[default]
    FeatureRequest,
    BugReport,
    Improvement,
    Complaint,
    Compliment,
}

impl FeedbackType {
    pub const ALL: [FeedbackType; 5] = [
        FeedbackType::FeatureRequest,
        FeedbackType::BugReport,
        FeedbackType::Improvement,
        FeedbackType::Complaint,
        FeedbackType::Compliment,
    ];

    /// Its name in the database, on the wire and in addresses.
    pub fn word(self) -> &'static str {
        self.texts().0
    }

    /// Its name on the screen.
    pub fn label(self) -> &'static str {
        self.texts().1
    }

    fn texts(self) -> (&'static str, &'static str) {
        match self {
            FeedbackType::FeatureRequest => ("FEATURE_REQUEST", "Feature request"),
            FeedbackType::BugReport => ("BUG_REPORT", "Bug report"),
            FeedbackType::Improvement => ("IMPROVEMENT", "Improvement"),
            FeedbackType::Complaint => ("COMPLAINT", "Complaint"),
            FeedbackType::Compliment => ("COMPLIMENT", "Compliment"),
        }
    }

    /// Reads what `word` wrote.
    pub fn parse(word: &str) -> Option<FeedbackType> {
        FeedbackType::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Where an item of feedback stands. Any status may follow any: it is a note of what was decided, and decisions change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "\"FeedbackStatus\"", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum FeedbackStatus {
    #[default]
    Submitted,
    UnderReview,
    Planned,
    InProgress,
    Completed,
    Rejected,
}

impl FeedbackStatus {
    pub const ALL: [FeedbackStatus; 6] = [
        FeedbackStatus::Submitted,
        FeedbackStatus::UnderReview,
        FeedbackStatus::Planned,
        FeedbackStatus::InProgress,
        FeedbackStatus::Completed,
        FeedbackStatus::Rejected,
    ];

    /// Its name in the database, on the wire and in addresses.
    pub fn word(self) -> &'static str {
        self.texts().0
    }

    /// Its name on the screen.
    pub fn label(self) -> &'static str {
        self.texts().1
    }

    fn texts(self) -> (&'static str, &'static str) {
        match self {
            FeedbackStatus::Submitted => ("SUBMITTED", "Submitted"),
            FeedbackStatus::UnderReview => ("UNDER_REVIEW", "Under review"),
            FeedbackStatus::Planned => ("PLANNED", "Planned"),
            FeedbackStatus::InProgress => ("IN_PROGRESS", "In progress"),
            FeedbackStatus::Completed => ("COMPLETED", "Completed"),
            FeedbackStatus::Rejected => ("REJECTED", "Rejected"),
        }
    }

    /// Reads what `word` wrote.
    pub fn parse(word: &str) -> Option<FeedbackStatus> {
        FeedbackStatus::ALL.into_iter().find(|status| status.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for kind in FeedbackType::ALL {
            assert_eq!(FeedbackType::parse(kind.word()), Some(kind));
        }
        for status in FeedbackStatus::ALL {
            assert_eq!(FeedbackStatus::parse(status.word()), Some(status));
        }
        assert_eq!(FeedbackType::parse("bug"), None);
        assert_eq!(FeedbackStatus::parse("submitted"), None);
    }
}
