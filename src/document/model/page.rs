//! A document's own page.

use serde::{Deserialize, Serialize};

use super::{Document, DocumentStatus, Remark, VersionRow};
use crate::kernel::named::Named;
use crate::kernel::role::Role;
use crate::kernel::time::{Timestamp, day};
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
    /// Whether it was published and nobody had approved this very version.
    pub unreviewed: bool,
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
            status => {
                let without = if self.unreviewed { " without a review" } else { "" };
                format!("{who} {} version {version}{without}", status.label().to_lowercase())
            }
        }
    }
}

/// The version before the text's own that was published last, or else approved, with how the text stands to it, in words;
/// nothing where there is none, or nobody goes by the document any more. The steps of the reviews are the newest first.
pub fn newer(document: &Document, reviews: &[ReviewRow]) -> Option<(i32, String)> {
    if document.status == DocumentStatus::Archived {
        return None;
    }
    let last = |status| reviews.iter().find(|row| row.status == status);
    let row = last(DocumentStatus::Published).or_else(|| last(DocumentStatus::Approved)).filter(|row| row.version < document.version)?;
    let now = match document.status {
        DocumentStatus::Approved if document.is_approved() => "is approved, and not published yet",
        DocumentStatus::Review => "waits for a review",
        _ => "has not been approved",
    };
    Some((
        row.version,
        format!("{} on {}. The text has changed since: version {} {now}.", row.told(), day(row.created_at), document.version),
    ))
}

/// A document's own page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentPage {
    pub role: Role,
    pub user_id: String,
    pub product: Option<ProductName>,
    /// Without its text, which is `shown`.
    pub document: Document,
    /// The earlier version that is read; nothing for the newest.
    pub read: Option<VersionRow>,
    pub shown: Shown,
    pub words: i64,
    pub remarks: Vec<Remark>,
    /// The newest first.
    pub reviews: Vec<ReviewRow>,
    /// Who may be asked for a review, for those who may ask.
    pub reviewers: Vec<Named>,
    /// Whether the reader has written some of what nobody has approved yet.
    pub wrote: bool,
    /// Since when the reader has a draft of it that is not saved.
    pub draft: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_a_review_are_told() {
        let row = |status, reason: &str, reviewer: Option<&str>| ReviewRow {
            reason: reason.into(),
            reviewer_name: reviewer.map(str::to_owned),
            ..step(status, 3)
        };
        assert_eq!(row(DocumentStatus::Review, "", Some("Bob")).told(), "Ada asked Bob for a review of version 3");
        assert_eq!(row(DocumentStatus::Draft, "Numbers", None).told(), "Ada asked for changes to version 3");
        assert_eq!(row(DocumentStatus::Draft, "", None).told(), "Ada took version 3 back as a draft");
        assert_eq!(row(DocumentStatus::Published, "", None).told(), "Ada published version 3");
        let unreviewed = ReviewRow { unreviewed: true, ..row(DocumentStatus::Published, "", None) };
        assert_eq!(unreviewed.told(), "Ada published version 3 without a review");
    }

    fn document(status: DocumentStatus, version: i32, approved: Option<i32>, published: Option<i32>) -> Document {
        Document {
            id: "d".into(),
            title: "Plan".into(),
            content: String::new(),
            kind: Default::default(),
            status,
            version,
            product_id: None,
            number: None,
            author_id: "u".into(),
            reviewer_id: None,
            created_at: chrono::DateTime::from_timestamp_nanos(0),
            updated_at: chrono::DateTime::from_timestamp_nanos(0),
            deleted_at: None,
            author_name: None,
            reviewer_name: None,
            product_key: None,
            product_name: None,
            approved_version: approved,
            published_version: published,
        }
    }

    fn step(status: DocumentStatus, version: i32) -> ReviewRow {
        ReviewRow {
            id: "r".into(),
            status,
            version,
            reason: String::new(),
            by_name: Some("Ada".into()),
            reviewer_name: None,
            unreviewed: false,
            created_at: chrono::DateTime::from_timestamp_nanos(0),
        }
    }

    #[test]
    fn a_text_says_that_it_is_newer_than_what_was_published() {
        use DocumentStatus::{Approved, Archived, Draft, Published, Review};
        let steps = [step(Published, 5), step(Approved, 5), step(Review, 4)];
        let told = |status, version, approved| newer(&document(status, version, approved, Some(5)), &steps);
        let (version, words) = told(Published, 7, Some(5)).unwrap();
        assert_eq!(version, 5);
        assert_eq!(words, "Ada published version 5 on 1 Jan 1970. The text has changed since: version 7 has not been approved.");
        assert!(told(Review, 7, Some(5)).unwrap().1.ends_with("version 7 waits for a review."));
        assert!(told(Approved, 7, Some(7)).unwrap().1.ends_with("version 7 is approved, and not published yet."));
        assert!(told(Approved, 7, Some(5)).unwrap().1.ends_with("version 7 has not been approved."), "written past the rules");
        assert_eq!((told(Published, 5, Some(5)), told(Archived, 7, Some(5))), (None, None));
        let (version, words) = newer(&document(Draft, 4, Some(3), None), &[step(Approved, 3)]).unwrap();
        assert_eq!((version, words.starts_with("Ada approved version 3 on")), (3, true));
        assert_eq!(newer(&document(Draft, 4, None, None), &[]), None);
    }

    #[test]
    fn nobody_lets_through_what_they_have_not_read() {
        use DocumentStatus::{Approved, Archived, Draft, Published, Review};
        let waiting = document(Review, 3, None, None);
        assert!(waiting.may_become(Approved, Some(3)).is_ok() && waiting.may_become(Approved, None).is_ok());
        assert!(waiting.may_become(Approved, Some(2)).is_err() && waiting.may_become(Published, Some(2)).is_err());
        assert!(waiting.may_become(Draft, Some(2)).is_ok(), "what has to change has to");
        assert!(document(Published, 3, Some(3), Some(3)).may_become(Published, Some(3)).is_err());
        assert!(document(Published, 4, Some(3), Some(3)).may_become(Published, Some(4)).is_ok());
        assert!(document(Published, 4, None, None).may_become(Archived, None).is_ok());
        assert!(document(Approved, 3, Some(3), None).is_approved() && !document(Approved, 4, Some(3), None).is_approved());
        assert!(!document(Published, 4, None, None).is_newer(), "of what nobody published here nothing is known");
    }
}
