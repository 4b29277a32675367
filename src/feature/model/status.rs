//! Where work on a feature stands.

use serde::{Deserialize, Serialize};

/// A column of the work on features. Any status may follow any, as a card may be moved to any column of a board.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(
    feature = "ssr",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "\"FeatureStatus\"", rename_all = "SCREAMING_SNAKE_CASE")
)]
pub enum FeatureStatus {
    #[default]
    Backlog,
    InProgress,
    InReview,
    Testing,
    Done,
    Cancelled,
}

crate::words!(FeatureStatus {
    Backlog: "BACKLOG", "Backlog";
    InProgress: "IN_PROGRESS", "In progress";
    InReview: "IN_REVIEW", "In review";
    Testing: "TESTING", "Testing";
    Done: "DONE", "Done";
    Cancelled: "CANCELLED", "Cancelled";
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for status in FeatureStatus::ALL {
            assert_eq!(FeatureStatus::parse(status.word()), Some(status));
        }
        assert_eq!(FeatureStatus::parse("done"), None);
    }
}
