//! What somebody is writing and has not saved.

use serde::{Deserialize, Serialize};

use super::{Document, DocumentType, Shown, too_long};
use crate::kernel::error::AppError;
use crate::kernel::role::Role;
use crate::kernel::time::Timestamp;
use crate::product::model::ProductName;

/// The longest title and note that a draft keeps, in characters: more than may be saved, so that nothing typed is lost.
const LINE_MAX: usize = 2_000;

/// What one person is writing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    #[cfg_attr(feature = "ssr", sqlx(rename = "type"))]
    #[serde(rename = "type")]
    pub kind: DocumentType,
    pub title: String,
    pub content: String,
    pub note: String,
    /// The version that the person began from; nothing for a new document.
    pub base_version: Option<i32>,
    pub updated_at: Timestamp,
}

/// What is kept of an editor, as it stands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftForm {
    pub kind: DocumentType,
    pub title: String,
    pub content: String,
    pub note: String,
    /// The version that the editor was filled from; nothing for a new document.
    pub version: Option<i32>,
}

impl DraftForm {
    /// The same as it can be stored; it need not be complete.
    ///
    /// # Errors
    /// A field error for a text that is too long.
    pub fn validate(self) -> Result<DraftForm, AppError> {
        let line = |text: String| text.chars().filter(|c| !c.is_control()).take(LINE_MAX).collect();
        let content = self.content.replace("\r\n", "\n").replace('\0', "");
        if let Some(told) = too_long(&content) {
            return Err(AppError::field("content", told));
        }
        Ok(DraftForm { title: line(self.title), note: line(self.note), content: content.trim().to_owned(), ..self })
    }
}

/// The editor of a document, or of one to come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditorPage {
    pub role: Role,
    pub product: Option<ProductName>,
    /// Nothing for a new one.
    pub document: Option<Document>,
    /// What the person has not saved.
    pub draft: Option<Draft>,
    /// What the text in the editor looks like.
    pub shown: Shown,
}

#[cfg(test)]
mod tests {
    use super::super::CONTENT_MAX;
    use super::*;

    #[test]
    fn a_draft_need_not_be_complete() {
        let kept = DraftForm { title: "a\0\nb".into(), content: " x\r\ny\0\n".into(), ..Default::default() }.validate().unwrap();
        assert_eq!((kept.title.as_str(), kept.content.as_str()), ("ab", "x\ny"));
        assert_eq!(DraftForm { title: "t".repeat(9_000), ..Default::default() }.validate().unwrap().title.len(), LINE_MAX);
        assert!(DraftForm { content: "x".repeat(CONTENT_MAX + 1), ..Default::default() }.validate().is_err());
    }
}
