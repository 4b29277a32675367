//! A document's own page.

use serde::{Deserialize, Serialize};

use super::{Document, DocumentStatus, Remark};
use crate::kernel::named::Named;
use crate::kernel::role::Role;
use crate::kernel::time::Timestamp;
use crate::product::model::ProductName;
use crate::ui::markdown::Html;

/// A heading of a document, as its table of contents has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// From 2 for the highest, below the page's own.
    pub level: u8,
    pub id: String,
    pub text: String,
}

/// The headings of a document, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    pub steps: Vec<Step>,
    /// How many more there are than are listed.
    pub more: i64,
}

/// A text as it is shown, or why it is not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Shown {
    Page(Html, Contents),
    Refused(String),
}

/// A step of a document's review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"), schema(as = DocumentReview))]
#[serde(rename_all = "camelCase")]
pub struct ReviewRow {
    pub id: String,
    /// Where the document went.
    pub status: DocumentStatus,
    /// Which of its versions.
    pub version: i32,
    pub reason: String,
    pub by_name: Option<String>,
    pub reviewer_name: Option<String>,
    pub created_at: Timestamp,
}

impl ReviewRow {
    /// What was done, in words.
    pub fn told(&self) -> String {
        let who = self.by_name.clone().unwrap_or_else(|| "A former member".to_owned());
        let version = self.version;
        match self.status {
            DocumentStatus::Review => match &self.reviewer_name {
                Some(reviewer) => format!("{who} asked {reviewer} for a review of version {version}"),
                None => format!("{who} asked for a review of version {version}"),
            },
            DocumentStatus::Draft if self.reason.is_empty() => format!("{who} took version {version} back as a draft"),
            DocumentStatus::Draft => format!("{who} asked for changes to version {version}"),
            status => format!("{who} {} version {version}", status.label().to_lowercase()),
        }
    }
}

/// A document's own page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentPage {
    pub role: Role,
    pub user_id: String,
    pub product: Option<ProductName>,
    /// Without its text, which is `shown`.
    pub document: Document,
    pub shown: Shown,
    pub words: i64,
    pub remarks: Vec<Remark>,
    /// The newest first.
    pub reviews: Vec<ReviewRow>,
    /// Who may be asked for a review, for those who may ask.
    pub reviewers: Vec<Named>,
    /// Since when the reader has a draft of it that is not saved.
    pub draft: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_a_review_are_told() {
        let row = |status, reason: &str, reviewer: Option<&str>| ReviewRow {
            id: "r".into(),
            status,
            version: 3,
            reason: reason.into(),
            by_name: Some("Ada".into()),
            reviewer_name: reviewer.map(str::to_owned),
            created_at: chrono::DateTime::from_timestamp_nanos(0),
        };
        assert_eq!(row(DocumentStatus::Review, "", Some("Bob")).told(), "Ada asked Bob for a review of version 3");
        assert_eq!(row(DocumentStatus::Draft, "Numbers", None).told(), "Ada asked for changes to version 3");
        assert_eq!(row(DocumentStatus::Draft, "", None).told(), "Ada took version 3 back as a draft");
        assert_eq!(row(DocumentStatus::Published, "", None).told(), "Ada published version 3");
    }
}
