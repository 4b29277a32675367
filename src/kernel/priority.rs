//! How urgent something is, for all that is worked off.

use serde::{Deserialize, Serialize};

/// A priority, the most urgent first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "\"Priority\"", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum Priority {
    Critical,
    High,
    #[default]
    Medium,
    Low,
}

impl Priority {
    pub const ALL: [Priority; 4] = [Priority::Critical, Priority::High, Priority::Medium, Priority::Low];

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
            Priority::Critical => ("CRITICAL", "Critical"),
            Priority::High => ("HIGH", "High"),
            Priority::Medium => ("MEDIUM", "Medium"),
            Priority::Low => ("LOW", "Low"),
        }
    }

    /// Reads what `word` wrote.
    pub fn parse(word: &str) -> Option<Priority> {
        Priority::ALL.into_iter().find(|priority| priority.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_and_the_urgent_comes_first() {
        for priority in Priority::ALL {
            assert_eq!(Priority::parse(priority.word()), Some(priority));
        }
        assert_eq!(Priority::parse("high"), None);
        assert!(Priority::ALL.is_sorted());
    }
}
