//! How urgent something is, for all that is worked off.

use serde::{Deserialize, Serialize};

/// A priority, the most urgent first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "\"Priority\"", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum Priority {
    Critical,
    High,
    #[default]
    Medium,
    Low,
}

crate::words!(Priority {
    Critical: "CRITICAL", "Critical";
    High: "HIGH", "High";
    Medium: "MEDIUM", "Medium";
    Low: "LOW", "Low";
});

impl Priority {
    /// What was chosen in a form; medium for nothing.
    ///
    /// # Errors
    /// A sentence for a word that is no priority.
    pub fn chosen(word: &str) -> Result<Priority, String> {
        match word {
            "" => Ok(Priority::default()),
            word => Priority::parse(word).ok_or_else(|| "Choose one of the priorities.".into()),
        }
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
