//! Where work on a feature stands.

use serde::{Deserialize, Serialize};

/// A column of the work on features. Any status may follow any, as a card may be moved to any column of a board.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "\"FeatureStatus\"", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum FeatureStatus {
    #[default]
    Backlog,
    InProgress,
    InReview,
    Testing,
    Done,
    Cancelled,
}

impl FeatureStatus {
    pub const ALL: [FeatureStatus; 6] = [
        FeatureStatus::Backlog,
        FeatureStatus::InProgress,
        FeatureStatus::InReview,
        FeatureStatus::Testing,
        FeatureStatus::Done,
        FeatureStatus::Cancelled,
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
            FeatureStatus::Backlog => ("BACKLOG", "Backlog"),
            FeatureStatus::InProgress => ("IN_PROGRESS", "In progress"),
            FeatureStatus::InReview => ("IN_REVIEW", "In review"),
            FeatureStatus::Testing => ("TESTING", "Testing"),
            FeatureStatus::Done => ("DONE", "Done"),
            FeatureStatus::Cancelled => ("CANCELLED", "Cancelled"),
        }
    }

    /// Reads what `word` wrote.
    pub fn parse(word: &str) -> Option<FeatureStatus> {
        FeatureStatus::ALL.into_iter().find(|status| status.word() == word)
    }
}

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
