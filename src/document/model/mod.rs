//! What a document is, where it stands, and who may change it.

mod compare;
mod draft;
mod list;
mod page;
mod status;
mod talk;
mod template;

pub use compare::{
    Choice, Conflict, Diff, DiffRow, Look, Mark, MergeForm, MergePage, MergePiece, Part, VersionPage, VersionQuery, VersionRow, resolved,
};
pub use draft::{Draft, DraftForm, EditorPage};
pub use list::{DocumentList, DocumentQuery};
pub use page::{Contents, DocumentPage, ReviewRow, Shown, Step, newer};
pub use status::{DocumentStatus, MoveForm, ReviewForm};
pub use talk::{AROUND, CommentForm, Found, Passage, Remark};
pub use template::template;

use serde::{Deserialize, Serialize};

use crate::kernel::error::{AppError, Checks};
use crate::kernel::parts;
use crate::kernel::reference::reference;
use crate::kernel::text::{self, TITLE_MAX};
use crate::kernel::time::Timestamp;
use crate::kernel::version::{Edited, Shown as Field, shown};

/// The longest text that the editor takes, in bytes: three bytes of a form for each still fit into one request.
pub const CONTENT_MAX: usize = 300_000;
/// The same in words, to stand beside the field.
pub const CONTENT_HINT: &str = "Markdown, up to 300 kB: about 50,000 words. Tables, task lists, code, footnotes and headings; name a member \
                                behind an @, and paste the address of an item to show where it stands.";
/// The longest note on a version, in characters.
pub const NOTE_MAX: usize = 200;

/// What a document is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(
    feature = "ssr",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "\"DocumentType\"", rename_all = "SCREAMING_SNAKE_CASE")
)]
pub enum DocumentType {
    Prd,
    Rfc,
    Spec,
    Guide,
    Policy,
    #[default]
    General,
}

crate::words!(DocumentType {
    Prd: "PRD", "PRD";
    Rfc: "RFC", "RFC";
    Spec: "SPEC", "Specification";
    Guide: "GUIDE", "Guide";
    Policy: "POLICY", "Policy";
    General: "GENERAL", "General";
});

impl DocumentType {
    /// When one writes such a document.
    pub fn purpose(self) -> &'static str {
        match self {
            DocumentType::Prd => "What to build, for whom and why, and how you will know that it worked.",
            DocumentType::Rfc => "A proposal that others are to question before it is decided.",
            DocumentType::Spec => "How something behaves, exactly enough to build and to test it.",
            DocumentType::Guide => "How to do something, step by step.",
            DocumentType::Policy => "A rule that everybody keeps, and who looks after it.",
            DocumentType::General => "Anything else: notes, minutes, a page to think on.",
        }
    }
}

/// A document. Its text is empty where only its name is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Document {
    pub id: String,
    pub title: String,
    pub content: String,
    #[cfg_attr(feature = "ssr", sqlx(rename = "type"))]
    #[serde(rename = "type")]
    pub kind: DocumentType,
    pub status: DocumentStatus,
    /// Counts the changes of title and text, from 1; kept by the database.
    pub version: i32,
    pub product_id: Option<String>,
    /// Its number among the items of its product, of which `KEY-123` is made; nothing for one of the organisation itself.
    pub number: Option<i32>,
    pub author_id: String,
    /// Who was asked for a review last.
    pub reviewer_id: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    #[cfg_attr(feature = "ssr", sqlx(default))]
    pub author_name: Option<String>,
    #[cfg_attr(feature = "ssr", sqlx(default))]
    pub reviewer_name: Option<String>,
    #[cfg_attr(feature = "ssr", sqlx(default))]
    pub product_key: Option<String>,
    #[cfg_attr(feature = "ssr", sqlx(default))]
    pub product_name: Option<String>,
    /// The newest version that was approved, whatever became of it.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    pub approved_version: Option<i32>,
    /// The newest version that was published, whatever became of it.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    pub published_version: Option<i32>,
}

impl Document {
    /// Whether it is published, and says something else by now.
    pub fn is_newer(&self) -> bool {
        self.status == DocumentStatus::Published && self.published_version.is_some_and(|published| published < self.version)
    }

    /// Whether what it says is what was approved.
    pub fn is_approved(&self) -> bool {
        self.status == DocumentStatus::Approved && self.approved_version == Some(self.version)
    }

    /// The statuses that may follow.
    pub fn next(&self) -> &'static [DocumentStatus] {
        self.status.next(self.is_newer())
    }

    /// Whether it may go there, for somebody who has seen it in this version, where that matters: nobody approves or publishes a
    /// text that has changed since it was read.
    ///
    /// # Errors
    /// `Conflict` if not.
    pub fn may_become(&self, to: DocumentStatus, seen: Option<i32>) -> Result<(), AppError> {
        self.status.may_become(self.is_newer(), to)?;
        let lets_through = matches!(to, DocumentStatus::Approved | DocumentStatus::Published);
        match seen.filter(|seen| lets_through && *seen != self.version) {
            Some(seen) => Err(AppError::Conflict(format!(
                "You have read version {seen}, and somebody has saved version {} since. Read what has changed first.",
                self.version
            ))),
            None => Ok(()),
        }
    }

    /// The address of its page.
    pub fn href(&self, org: &str) -> String {
        format!("{}/{}", base(org, self.product_key.as_deref()), self.id)
    }

    /// Its short name, if it is of a product.
    pub fn reference(&self) -> Option<String> {
        reference(self.product_key.as_deref()?, self.number)
    }

    /// Who wrote it, as far as it is known.
    pub fn author(&self) -> String {
        self.author_name.clone().unwrap_or_else(|| "Former member".to_owned())
    }
}

/// The address of the documents of a product, or of the organisation itself.
pub fn base(org: &str, product: Option<&str>) -> String {
    match product.filter(|key| !key.is_empty()) {
        Some(key) => format!("/orgs/{org}/products/{key}/documents"),
        None => format!("/orgs/{org}/documents"),
    }
}

/// What is filled in to write or change a document.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentForm {
    pub kind: DocumentType,
    pub title: String,
    pub content: String,
    /// The further parts of a long text.
    pub content_further: Vec<String>,
    /// What has changed, for the list of versions.
    pub note: String,
    /// `draft` where it is only to be kept and not saved yet.
    pub intent: String,
}

/// A document's fields, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentFields {
    pub kind: DocumentType,
    pub title: String,
    pub content: String,
    pub note: String,
}

impl From<&Document> for DocumentFields {
    fn from(document: &Document) -> Self {
        let Document { kind, title, content, .. } = document.clone();
        DocumentFields { kind, title, content, note: String::new() }
    }
}

impl DocumentFields {
    /// The same as it is kept until it can be saved, as begun from this version.
    pub fn draft(self, version: Option<i32>) -> DraftForm {
        let DocumentFields { kind, title, content, note } = self;
        DraftForm { kind, title, content, note, version }
    }
}

/// The note is of the version that a change makes, and not of what is stored.
impl Edited for DocumentFields {
    fn shown(&self) -> Vec<Field> {
        vec![
            shown("kind", "Type", self.kind.word()),
            shown("title", "Title", self.title.as_str()),
            shown("content", "Text", self.content.as_str()),
        ]
    }
}

impl DocumentForm {
    /// Whether it is only to be kept.
    pub fn is_draft(&self) -> bool {
        self.intent == "draft"
    }

    /// The text of all parts.
    fn text(&self) -> String {
        parts::joined(std::iter::once(&self.content).chain(&self.content_further).map(String::as_str))
    }

    /// The form as it is kept until it is saved: of the document in this version, or of a new one.
    pub fn draft(self, version: Option<i32>) -> DraftForm {
        DraftForm { content: self.text(), kind: self.kind, title: self.title, note: self.note, version }
    }

    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<DocumentFields, AppError> {
        let mut checks = Checks::default();
        let fields = DocumentFields {
            kind: self.kind,
            title: checks.take("title", text::line(&self.title, "a title", TITLE_MAX)),
            content: checks.take("content", content(&self.text())),
            note: checks.take("note", text::block(&self.note.replace(['\r', '\n'], " "), NOTE_MAX)),
        };
        checks.finish(fields)
    }
}

/// A document's text in stored shape.
///
/// # Errors
/// What is wrong with it, in words.
pub fn content(typed: &str) -> Result<String, String> {
    let content = text::block(typed, usize::MAX)?;
    too_long(&content).map_or(Ok(content), Err)
}

/// Why a text is too long to be saved; nothing if it is not.
pub fn too_long(text: &str) -> Option<String> {
    let length = text.len();
    (length > CONTENT_MAX).then(|| format!("This is {} kB long; the limit is {} kB.", length.div_ceil(1000), CONTENT_MAX / 1000))
}

/// The words of a text, as one counts them.
pub fn words(text: &str) -> i64 {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_needs_a_title_and_has_an_end() {
        let form = |title: &str, content: &str| DocumentForm { title: title.into(), content: content.into(), ..Default::default() };
        assert!(form("T", "").validate().is_ok());
        assert!(form(" ", "x").validate().unwrap_err().of_field("title").is_some());
        assert!(form("T", &"x".repeat(CONTENT_MAX)).validate().is_ok());
        for long in ["x".repeat(CONTENT_MAX + 1), "é".repeat(CONTENT_MAX / 2 + 1), "a\0b".into()] {
            assert!(form("T", &long).validate().unwrap_err().of_field("content").is_some());
        }
        let told = form("T", &"x".repeat(5_242_880)).validate().unwrap_err().of_field("content").unwrap();
        assert_eq!(told, "This is 5243 kB long; the limit is 300 kB.");
        assert!(DocumentForm { note: "n".repeat(NOTE_MAX + 1), ..form("T", "") }.validate().unwrap_err().of_field("note").is_some());
        assert_eq!(form("T", "a\r\nb\r\n").validate().unwrap().content, "a\nb");
        let parts = DocumentForm { content_further: vec!["b\r\n".into(), "c".into()], ..form("T", "a") };
        assert_eq!(parts.clone().draft(Some(3)).content, "a\nb\r\n\nc");
        assert_eq!(parts.validate().unwrap().content, "a\nb\n\nc");
        let long = DocumentForm { content_further: vec!["x".repeat(CONTENT_MAX / 2 + 1)], ..form("T", &"x".repeat(CONTENT_MAX / 2)) };
        assert!(long.validate().unwrap_err().of_field("content").is_some(), "the limit is that of the whole");
    }

    #[test]
    fn every_type_has_a_template_of_its_own() {
        let texts: std::collections::HashSet<&str> = DocumentType::ALL.into_iter().map(template).collect();
        assert_eq!(texts.len(), DocumentType::ALL.len());
        assert!(texts.iter().all(|text| text.contains("## ") && content(text).as_deref() == Ok(text)), "as they would be stored");
    }

    #[test]
    fn words_are_counted_without_marks() {
        assert_eq!((words(""), words("# One\n\n- two **three**\n---")), (0, 3));
        assert_eq!((base("o", None), base("o", Some("p"))), ("/orgs/o/documents".into(), "/orgs/o/products/p/documents".into()));
    }
}
