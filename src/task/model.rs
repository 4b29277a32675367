//! What a task is.

use serde::{Deserialize, Serialize};

/// Where work on a task stands. Any status may follow any, as a card may be moved to any column of a board.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "\"TaskStatus\"", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum TaskStatus {
    #[default]
    Todo,
    InProgress,
    InReview,
    Done,
    Cancelled,
}

impl TaskStatus {
    pub const ALL: [TaskStatus; 5] =
        [TaskStatus::Todo, TaskStatus::InProgress, TaskStatus::InReview, TaskStatus::Done, TaskStatus::Cancelled];

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
            TaskStatus::Todo => ("TODO", "To do"),
            TaskStatus::InProgress => ("IN_PROGRESS", "In progress"),
            TaskStatus::InReview => ("IN_REVIEW", "In review"),
            TaskStatus::Done => ("DONE", "Done"),
            TaskStatus::Cancelled => ("CANCELLED", "Cancelled"),
        }
    }

    /// Reads what `word` wrote.
    pub fn parse(word: &str) -> Option<TaskStatus> {
        TaskStatus::ALL.into_iter().find(|status| status.word() == word)
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
