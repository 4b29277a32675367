//! What an item of feedback is, and what may be said about it.

mod list;
mod word;

pub use list::{FeedbackList, FeedbackQuery};
pub use word::{FeedbackStatus, FeedbackType};

use serde::{Deserialize, Serialize};

use crate::idea::model::{IdeaLink, IdeaStatus};
use crate::kernel::error::{AppError, Checks};
use crate::kernel::priority::Priority;
use crate::kernel::reference::Linked;
use crate::kernel::role::{Perm, Role};
use crate::kernel::text::{self, DESCRIPTION_MAX, TITLE_MAX};
use crate::kernel::time::Timestamp;
use crate::product::model::ProductName;

/// Characters that the source of feedback has at most.
pub const SOURCE_MAX: usize = 120;

/// Characters of a text in the list of items.
pub const PREVIEW_CHARS: i32 = 160;

/// Something that a person said about a product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Feedback {
    pub id: String,
    pub title: String,
    /// In a list only its beginning.
    pub description: String,
    pub product_id: String,
    /// Its number among the items of its product, of which `KEY-123` is made.
    pub number: Option<i32>,
    #[cfg_attr(feature = "ssr", sqlx(rename = "type"))]
    #[serde(rename = "type")]
    pub kind: FeedbackType,
    pub status: FeedbackStatus,
    pub priority: Priority,
    /// Where it came from, such as `support`, `survey` or `interview`.
    pub source: Option<String>,
    /// Who said it. The database gives it to those who triage, and to nobody else.
    pub user_email: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// The live idea that it is linked to.
    pub idea_id: Option<String>,
    pub idea_title: Option<String>,
    pub idea_number: Option<i32>,
    pub idea_status: Option<IdeaStatus>,
}

impl Feedback {
    /// The idea that it is linked to, unless that was deleted.
    pub fn idea(&self) -> Option<IdeaLink> {
        let (id, title) = (self.idea_id.clone()?, self.idea_title.clone()?);
        Some(IdeaLink { id, title, number: self.idea_number, status: self.idea_status? })
    }
}

/// Whether somebody of this role sorts feedback, and sees whose it is.
pub fn may_triage(role: Role) -> bool {
    role.can(Perm::Publish)
}

/// An item's own page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeedbackPage {
    pub role: Role,
    pub product: ProductName,
    pub feedback: Feedback,
    /// The ideas that were looked for.
    pub found: Vec<IdeaLink>,
    /// What the references in its text lead to.
    pub named: Vec<Linked>,
}

/// Who asked for an idea.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// How many items there are, of which the newest are in `rows`.
    pub count: i64,
    /// The key of the product that the idea belongs to.
    pub product: String,
    pub rows: Vec<Feedback>,
}

/// What of an item is changed in triage; what is `None` stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Triage {
    pub status: Option<FeedbackStatus>,
    pub kind: Option<FeedbackType>,
    pub priority: Option<Priority>,
}

/// What is filled in to submit feedback.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedbackForm {
    pub title: String,
    pub description: String,
    /// The word of a `FeedbackType`; nothing means a feature request.
    pub kind: String,
    pub source: String,
    pub user_email: String,
}

/// Feedback, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedbackFields {
    pub title: String,
    pub description: String,
    pub kind: FeedbackType,
    pub source: Option<String>,
    pub user_email: Option<String>,
}

impl FeedbackForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<FeedbackFields, AppError> {
        let mut checks = Checks::default();
        let fields = FeedbackFields {
            title: checks.take("title", text::line(&self.title, "a title", TITLE_MAX)),
            description: checks.take("description", text::block(&self.description, DESCRIPTION_MAX)),
            kind: checks.take("kind", kind(&self.kind)),
            source: checks.take("source", unless_empty(&self.source, |source| text::line(source, "a source", SOURCE_MAX))),
            user_email: checks.take("user_email", unless_empty(&self.user_email, text::email)),
        };
        checks.finish(fields)
    }
}

fn kind(word: &str) -> Result<FeedbackType, String> {
    match word {
        "" => Ok(FeedbackType::default()),
        word => FeedbackType::parse(word).ok_or_else(|| "Choose one of the types.".into()),
    }
}

/// What `check` makes of the value; nothing typed means nothing stored.
fn unless_empty(value: &str, check: impl FnOnce(&str) -> Result<String, String>) -> Result<Option<String>, String> {
    if value.trim().is_empty() { Ok(None) } else { check(value).map(Some) }
}

/// The pattern of SQL's `LIKE` for titles that hold these words in this order; `None` for no words.
pub fn title_pattern(find: &str) -> Option<String> {
    let find: String = find.chars().filter(|c| *c != '\0').take(TITLE_MAX).collect();
    let word = |word: &str| word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let words: Vec<String> = find.split_whitespace().map(word).collect();
    (!words.is_empty()).then(|| format!("%{}%", words.join("%")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feedback_needs_a_title_and_little_else() {
        let form = FeedbackForm { title: " Dark mode ".into(), ..Default::default() };
        let fields = form.validate().unwrap();
        assert_eq!(fields, FeedbackFields { title: "Dark mode".into(), ..Default::default() });
        let form = FeedbackForm { kind: "PRAISE".into(), user_email: "nobody".into(), source: "x".repeat(121), ..Default::default() };
        let error = form.validate().unwrap_err();
        for field in ["title", "kind", "user_email", "source"] {
            assert!(error.of_field(field).is_some(), "{field}");
        }
    }

    #[test]
    fn an_address_is_kept_as_it_is_compared() {
        let form =
            FeedbackForm { title: "T".into(), user_email: " Ada@Example.COM ".into(), kind: "BUG_REPORT".into(), ..Default::default() };
        let fields = form.validate().unwrap();
        assert_eq!((fields.user_email.as_deref(), fields.kind), (Some("ada@example.com"), FeedbackType::BugReport));
    }

    #[test]
    fn managers_triage() {
        let who: Vec<Role> = Role::ALL.into_iter().filter(|role| may_triage(*role)).collect();
        assert_eq!(who, [Role::Admin, Role::ProductManager]);
    }

    #[test]
    fn what_is_looked_for_is_text_and_no_pattern() {
        assert_eq!(title_pattern(" dark  mode "), Some("%dark%mode%".into()));
        assert_eq!(title_pattern("100%_\\"), Some("%100\\%\\_\\\\%".into()));
        assert_eq!(title_pattern(" \0 "), None);
    }
}
