//! Comments, what they are about, and how they name people.

use serde::{Deserialize, Serialize};

use crate::kernel::error::{AppError, Checks};
use crate::kernel::page::Cursor;
use crate::kernel::reference::{Linked, linked};
use crate::kernel::role::{Perm, Role};
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::kernel::version::{Edited, Shown, shown};

/// The longest comment, in characters.
pub const COMMENT_MAX: usize = 5_000;
/// Comments that are shown at once.
pub const COMMENTS_SHOWN: i64 = 100;
/// People whom one comment names at most; whoever comes after them is not told.
pub const MENTIONS_MAX: i64 = 50;
/// Places of a comment that are compared with people's names; a text of nothing but `@` would be compared thousands of times.
const PLACES_MAX: usize = 200;

/// What can be discussed: a further kind is a line in each of these, a word in the store, and its tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    Idea,
    Feature,
    Task,
}

impl Subject {
    /// Its name in forms.
    pub fn name(self) -> &'static str {
        self.texts().0
    }

    /// Its name inside a sentence.
    pub fn word(self) -> &'static str {
        self.texts().1
    }

    /// Where its pages are below a product's.
    pub fn path(self) -> &'static str {
        self.texts().2
    }

    fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Subject::Idea => ("Idea", "idea", "ideas"),
            Subject::Feature => ("Feature", "feature", "features"),
            Subject::Task => ("Task", "task", "tasks"),
        }
    }
}

/// A way to name somebody behind an `@`: their name or their e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Handle {
    pub user_id: String,
    pub handle: String,
}

/// A piece of a comment's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub text: String,
    /// Whether it names somebody.
    pub mention: bool,
    /// What it leads to, if it is the short name of something.
    #[serde(default)]
    pub link: Option<Linked>,
}

/// Where the text names somebody: each stretch in bytes, `@` included, and the handles that stand there. Several people may
/// bear one name; of several names that fit the longest counts.
fn stretches<'a>(text: &str, handles: &'a [Handle]) -> Vec<(std::ops::Range<usize>, Vec<&'a Handle>)> {
    let mut found: Vec<(std::ops::Range<usize>, Vec<&Handle>)> = Vec::new();
    let (mut before, mut places) = (None, 0);
    for (at, c) in text.char_indices() {
        let in_word = before.is_some_and(char::is_alphanumeric);
        before = Some(c);
        if c != '@' || in_word || found.last().is_some_and(|(range, _)| range.contains(&at)) {
            continue;
        }
        places += 1;
        if places > PLACES_MAX {
            break;
        }
        let rest = text.get(at + 1..).unwrap_or_default();
        let fits: Vec<_> = handles.iter().filter_map(|h| begins_with(rest, &h.handle).map(|length| (length, h))).collect();
        if let Some(longest) = fits.iter().map(|(length, _)| *length).max() {
            found.push((at..at + 1 + longest, fits.into_iter().filter(|(length, _)| *length == longest).map(|(_, h)| h).collect()));
        }
    }
    found
}

/// How many bytes of `text` are the name, whatever its case, if the text begins with it as a whole.
fn begins_with(text: &str, name: &str) -> Option<usize> {
    let mut rest = text.chars();
    for expected in name.chars() {
        let found = rest.next()?;
        if found != expected && !found.to_lowercase().eq(expected.to_lowercase()) {
            return None;
        }
    }
    let ends = rest.clone().next().is_none_or(|c| !c.is_alphanumeric());
    (ends && !name.is_empty()).then(|| text.len() - rest.as_str().len())
}

/// The people whom the text names, each once, in the order of the text.
pub fn named(text: &str, handles: &[Handle]) -> Vec<String> {
    let mut people: Vec<String> = Vec::new();
    for handle in stretches(text, handles).into_iter().flat_map(|(_, handles)| handles) {
        if !people.contains(&handle.user_id) {
            people.push(handle.user_id.clone());
        }
    }
    people
}

/// The text in pieces, those apart that name somebody or one of these things. Put together they are the text.
pub fn parts(text: &str, handles: &[Handle], links: &[Linked]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut push = |from: usize, to: usize, mention: bool| {
        let piece = text.get(from..to).unwrap_or_default();
        match mention {
            true => parts.push(Part { text: piece.to_owned(), mention, link: None }),
            false => parts.extend(linked(piece, links).into_iter().map(|(text, link)| Part { text, mention, link })),
        }
    };
    let mut end = 0;
    for (range, _) in stretches(text, handles) {
        push(end, range.start, false);
        push(range.start, range.end, true);
        end = range.end;
    }
    push(end, text.len(), false);
    parts
}

/// A comment as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comment {
    pub id: String,
    pub author_id: Option<String>,
    pub author_name: Option<String>,
    pub parts: Vec<Part>,
    pub created_at: Timestamp,
    pub edited_at: Option<Timestamp>,
}

/// Where a talk goes on behind a comment, as a word for an address.
pub fn behind(created_at: Timestamp, id: &str) -> String {
    Cursor { key: created_at.timestamp_millis() as f64, id: id.to_owned(), place: 0, back: false }.encode()
}

impl Comment {
    /// The text as it was written.
    pub fn text(&self) -> String {
        self.parts.iter().map(|part| part.text.as_str()).collect()
    }

    /// Whether this person wrote it; nobody else may change it.
    pub fn is_by(&self, user_id: &str) -> bool {
        self.author_id.as_deref() == Some(user_id)
    }

    /// Whether somebody of this role may take it away: reviewers any comment, the others their own.
    pub fn deletable_by(&self, user_id: &str, role: Role) -> bool {
        self.is_by(user_id) || role.can(Perm::IdeaReview)
    }
}

/// What is said of something, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Talk {
    pub role: Role,
    pub user_id: String,
    /// Whether more can be said: it is not deleted.
    pub open: bool,
    pub comments: Vec<Comment>,
    /// The comment behind which the next page begins, as a cursor's word.
    pub next: Option<String>,
}

/// What is filled in to say something.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CommentForm {
    pub comment: String,
}

impl CommentForm {
    /// The text in stored shape, or what is wrong with it.
    pub fn validate(self) -> Result<String, AppError> {
        checked("comment", &self.comment)
    }
}

/// What is filled in to change a comment. Its field has a name of its own, since both forms may stand on one page.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangeForm {
    pub changed: String,
}

/// A comment's text, as the form that changes it shows it.
pub struct Body<'a>(pub &'a str);

impl Edited for Body<'_> {
    fn shown(&self) -> Vec<Shown> {
        vec![shown("changed", "Changed comment", self.0)]
    }
}

impl ChangeForm {
    /// As `CommentForm::validate`.
    pub fn validate(self) -> Result<String, AppError> {
        checked("changed", &self.changed)
    }
}

/// As a form gives it; what cannot be seen is nothing.
fn checked(field: &str, value: &str) -> Result<String, AppError> {
    let body = text::block(value, COMMENT_MAX).and_then(|body| match text::is_blank(&body) {
        true => Err("Write something first.".to_owned()),
        false => Ok(body),
    });
    let mut checks = Checks::default();
    let body = checks.take(field, body);
    checks.finish(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn handles(pairs: &[(&str, &str)]) -> Vec<Handle> {
        pairs.iter().map(|(user_id, handle)| Handle { user_id: (*user_id).into(), handle: (*handle).into() }).collect()
    }

    #[test]
    fn names_and_addresses_are_found_as_wholes() {
        let people = handles(&[("ada", "Ada Lovelace"), ("ada", "ada@acme.test"), ("al", "Ada"), ("elo", "Élodie")]);
        let named = |text: &str| named(text, &people);
        assert_eq!(named("@Ada Lovelace, look"), ["ada"]);
        assert_eq!(named("@ada lovelace"), ["ada"]);
        assert_eq!(named("ask @ada@acme.test. Or @Ada!"), ["ada", "al"]);
        assert_eq!(named("(@élodie)"), ["elo"]);
        assert_eq!(named("@Adam bob@Ada @ Ada"), Vec::<String>::new());
        assert_eq!(named("@Ada @Ada"), ["al"]);
        assert_eq!(named(&format!("{}@Ada", "@ ".repeat(PLACES_MAX - 1))), ["al"]);
        assert_eq!(named(&format!("{}@Ada", "@ ".repeat(PLACES_MAX))), Vec::<String>::new());
    }

    #[test]
    fn a_comment_is_not_empty_and_not_endless() {
        let validate = |text: &str| CommentForm { comment: text.into() }.validate();
        assert_eq!(validate(" a\r\nb "), Ok("a\nb".to_owned()));
        assert!(validate(" \n ").is_err() && validate("\u{200B}").is_err());
        assert!(validate(&"x".repeat(COMMENT_MAX)).is_ok());
        assert!(validate(&"x".repeat(COMMENT_MAX + 1)).is_err());
        assert!(validate("a\0b").is_err());
    }

    proptest! {
        #[test]
        fn the_parts_are_the_text(text in "[@a-cA-C Éé🚀.\n]{0,40}", names in proptest::collection::vec("[a-cA-CÉ ]{0,4}", 0..4)) {
            let people: Vec<_> = names.into_iter().map(|handle| Handle { user_id: handle.clone(), handle }).collect();
            let joined: String = parts(&text, &people, &[]).iter().map(|part| part.text.as_str()).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
