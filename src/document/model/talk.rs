//! What is said of a document, and of which passage.

use serde::{Deserialize, Serialize};

use crate::discuss::model::{COMMENT_MAX, Part};
use crate::kernel::error::{AppError, Checks};
use crate::kernel::role::{Perm, Role};
use crate::kernel::text;
use crate::kernel::time::Timestamp;

/// The longest passage that one comment is on, in characters.
pub const PASSAGE_MAX: usize = 1_000;
/// How much of the text on either side is kept of it, in characters.
pub const AROUND: usize = 60;

/// The passage that a comment is on: its words, those around it, and its place in the plain text, in bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    pub quote: String,
    pub prefix: String,
    pub suffix: String,
    pub position: i64,
}

/// What has become of a passage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Found {
    /// It stands as it was.
    There,
    /// It reads like this now.
    Changed(String),
    /// There is nothing like it any more.
    Gone,
}

/// A comment as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Remark {
    pub id: String,
    pub author_id: Option<String>,
    pub author_name: Option<String>,
    pub parts: Vec<Part>,
    /// The passage as it was, and what has become of it; nothing for the whole document.
    pub passage: Option<(String, Found)>,
    /// The version that was commented on.
    pub version: i32,
    pub created_at: Timestamp,
    pub resolved_at: Option<Timestamp>,
    pub resolved_by: Option<String>,
}

impl Remark {
    /// Whether somebody may take it away: those who may publish any comment, the others their own.
    pub fn deletable_by(&self, user_id: &str, role: Role) -> bool {
        self.author_id.as_deref() == Some(user_id) || role.can(Perm::Publish)
    }
}

/// What is filled in to say something.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CommentForm {
    pub comment: String,
    /// The words that it is about; nothing for the whole document.
    pub passage: String,
    /// The words before them, where a script knows them: they tell which of several it is.
    pub before: String,
}

impl CommentForm {
    /// Text, passage and what stands before it, or what is wrong with them.
    pub fn validate(self) -> Result<(String, String, String), AppError> {
        let mut checks = Checks::default();
        let body = text::block(&self.comment, COMMENT_MAX).and_then(|body| match text::is_blank(&body) {
            true => Err("Write something first.".to_owned()),
            false => Ok(body),
        });
        let fields = (
            checks.take("comment", body),
            checks.take("passage", text::block(&self.passage, PASSAGE_MAX)),
            self.before.chars().rev().take(AROUND).collect::<Vec<_>>().into_iter().rev().collect(),
        );
        checks.finish(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_says_something() {
        let form = |comment: &str, passage: &str| CommentForm { comment: comment.into(), passage: passage.into(), before: "b".repeat(99) };
        assert!(form(" ", "").validate().unwrap_err().of_field("comment").is_some());
        assert!(form("C", &"x".repeat(PASSAGE_MAX + 1)).validate().unwrap_err().of_field("passage").is_some());
        let (comment, passage, before) = form(" C ", " some words ").validate().unwrap();
        assert_eq!((comment.as_str(), passage.as_str(), before.len()), ("C", "some words", AROUND));
    }
}
