//! Where work on a task stands.

use serde::{Deserialize, Serialize};

/// A column of the work on tasks. Any status may follow any, as a card may be moved to any column of a board.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "\"TaskStatus\"", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum TaskStatus {
    #[default]
    Todo,
    InProgress,
    InReview,
    Done,
    Cancelled,
}

crate::words!(TaskStatus {
    Todo: "TODO", "To do";
    InProgress: "IN_PROGRESS", "In progress";
    InReview: "IN_REVIEW", "In review";
    Done: "DONE", "Done";
    Cancelled: "CANCELLED", "Cancelled";
});

impl TaskStatus {
    /// Whether there is still something to do.
    pub fn is_open(self) -> bool {
        !matches!(self, TaskStatus::Done | TaskStatus::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for status in TaskStatus::ALL {
            assert_eq!(TaskStatus::parse(status.word()), Some(status));
        }
        assert_eq!(TaskStatus::parse("done"), None);
    }
}
