//! The types and the statuses of feedback.

use serde::{Deserialize, Serialize};

/// What somebody has to say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(
    feature = "ssr",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "\"FeedbackType\"", rename_all = "SCREAMING_SNAKE_CASE")
)]
pub enum FeedbackType {
    #[default]
    FeatureRequest,
    BugReport,
    Improvement,
    Complaint,
    Compliment,
}

crate::words!(FeedbackType {
    FeatureRequest: "FEATURE_REQUEST", "Feature request";
    BugReport: "BUG_REPORT", "Bug report";
    Improvement: "IMPROVEMENT", "Improvement";
    Complaint: "COMPLAINT", "Complaint";
    Compliment: "COMPLIMENT", "Compliment";
});

/// Where an item of feedback stands. Any status may follow any: it is a note of what was decided, and decisions change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(
    feature = "ssr",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "\"FeedbackStatus\"", rename_all = "SCREAMING_SNAKE_CASE")
)]
pub enum FeedbackStatus {
    #[default]
    Submitted,
    UnderReview,
    Planned,
    InProgress,
    Completed,
    Rejected,
}

crate::words!(FeedbackStatus {
    Submitted: "SUBMITTED", "Submitted";
    UnderReview: "UNDER_REVIEW", "Under review";
    Planned: "PLANNED", "Planned";
    InProgress: "IN_PROGRESS", "In progress";
    Completed: "COMPLETED", "Completed";
    Rejected: "REJECTED", "Rejected";
});

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
