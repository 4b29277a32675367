//! Which features wait for which.

use serde::{Deserialize, Serialize};

use super::{FeatureLink, FeatureStatus};
use crate::kernel::error::AppError;

/// What a feature waits for, and what waits for it; deleted features are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Dependencies {
    /// Features that have to be done before this one.
    pub blockers: Vec<FeatureLink>,
    /// Features that cannot be done before this one.
    pub blocked: Vec<FeatureLink>,
}

/// A feature that was looked for by its title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct FoundFeature {
    pub id: String,
    pub title: String,
    /// Its number in the product.
    pub number: Option<i32>,
    pub status: FeatureStatus,
    /// The live epic that it belongs to.
    pub epic_title: Option<String>,
}

/// The other feature of a dependency, by its id, and which of the two waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Other {
    /// It has to be done first.
    Blocker(String),
    /// It waits.
    Blocked(String),
}

impl Other {
    /// What a form named: one of the two.
    pub fn of(blocker: Option<String>, blocked: Option<String>) -> Result<Other, AppError> {
        match (blocker, blocked) {
            (Some(id), None) => Ok(Other::Blocker(id)),
            (None, Some(id)) => Ok(Other::Blocked(id)),
            _ => Err(AppError::field("feature", "Choose a feature.")),
        }
    }

    /// The ids of the blocker and of the one that waits, where this one has the given id.
    pub fn pair<'a>(&'a self, id: &'a str) -> (&'a str, &'a str) {
        match self {
            Other::Blocker(other) => (other, id),
            Other::Blocked(other) => (id, other),
        }
    }
}

/// Whether work that stands here holds up what waits for it.
pub fn holds_up(status: FeatureStatus) -> bool {
    !matches!(status, FeatureStatus::Done | FeatureStatus::Cancelled)
}

/// What is said of a feature with so many blockers that are not done; nothing once it needs them no more.
pub fn blocked_words(status: FeatureStatus, blockers: i64) -> Option<String> {
    (blockers > 0 && holds_up(status)).then(|| format!("Blocked by {blockers}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_names_one_of_the_two() {
        let one = || Some("c1".to_owned());
        assert_eq!(Other::of(one(), None).unwrap().pair("c2"), ("c1", "c2"));
        assert_eq!(Other::of(None, one()).unwrap().pair("c2"), ("c2", "c1"));
        assert!(Other::of(None, None).is_err() && Other::of(one(), one()).is_err());
    }

    #[test]
    fn done_and_dropped_work_holds_nothing_up() {
        let open: Vec<_> = FeatureStatus::ALL.into_iter().filter(|status| holds_up(*status)).collect();
        assert_eq!(open.len(), 4);
        assert_eq!(blocked_words(FeatureStatus::Backlog, 2).as_deref(), Some("Blocked by 2"));
        assert_eq!((blocked_words(FeatureStatus::Backlog, 0), blocked_words(FeatureStatus::Done, 1)), (None, None));
    }
}
