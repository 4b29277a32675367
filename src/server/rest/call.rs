//! A call of the API: who makes it, of what, and what is answered.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{Code, Problem, Wrong};
use super::query::Slice;
use crate::kernel::error::AppError;
use crate::kernel::page::{Cursor, Page};
use crate::server::request::Settings;
use crate::server::scope::Scope;

/// What a handler gets: the open scope, the permission checked, and what the address says.
pub struct Call {
    pub scope: Scope,
    pub settings: Arc<Settings>,
    pub(super) slice: Slice,
    pub(super) params: Vec<(String, String)>,
    /// The entity tags of `If-Match`; `None` without that header.
    pub(super) if_match: Option<Vec<String>>,
    /// What mails and other costly works are counted against.
    pub(super) neighbourhood: String,
}

/// What a handler gives: the call, of which what was done is still to be made last, and the answer.
pub type Answered<T> = Result<(Call, T), Problem>;

/// Something that is read by an address of its own.
pub trait Resource: Serialize + ToSchema + Send {
    /// What it is called in its address.
    fn key(&self) -> String;

    /// Whether it is in the bin: who does not ask for that is told that it was there once.
    fn is_deleted(&self) -> bool {
        false
    }

    /// What is told of it then.
    fn why_gone(&self) -> &'static str {
        "This has been deleted. Ask with deleted=true to read it, or restore it."
    }

    /// The version of what a `PATCH` changes of it, where one does; its `ETag`.
    fn version(&self) -> Option<String> {
        None
    }
}

/// The thing, if it is not in the bin; for what hangs on it.
///
/// # Errors
/// `GONE` for one that can be restored.
pub fn living<T: Resource>(thing: T) -> Result<T, Problem> {
    if thing.is_deleted() { Err(gone(&thing)) } else { Ok(thing) }
}

pub(super) fn gone(thing: &impl Resource) -> Problem {
    Problem::new(Code::Gone, thing.why_gone())
}

impl Call {
    /// A part of the path, such as `id`.
    pub fn at(&self, name: &str) -> String {
        self.params.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// Where the list is to go on.
    ///
    /// # Errors
    /// Of the parameter, for what no list has given out.
    pub fn cursor(&self) -> Result<Option<Cursor>, Problem> {
        let Some(word) = &self.slice.cursor else { return Ok(None) };
        Cursor::decode(word).map(Some).ok_or_else(|| Problem::of(vec![bad_cursor()]))
    }

    /// The same, for a list that is asked for what is deleted instead if this says so: that is all at hand, see `Listed::page`.
    pub fn cursor_unless(&self, deleted: bool) -> Result<Option<Cursor>, Problem> {
        if deleted { Ok(None) } else { self.cursor() }
    }

    /// The same, for a list that has words of its own.
    pub fn after(&self) -> Option<String> {
        self.slice.cursor.clone()
    }

    /// A part of a list whose store leads on behind a row by this word and not back, of `rows` that may be more than were asked for. `next` is
    /// where the list goes on behind all of these.
    pub fn ahead<T: Resource>(&self, mut rows: Vec<T>, next: Option<String>, word: impl Fn(&T) -> String) -> Listed<T> {
        let asked = self.slice.rows as usize;
        let more = rows.len() > asked;
        rows.truncate(asked);
        let next = if more { rows.last().map(word) } else { next };
        Listed { rows, next, previous: None, whole: false }
    }

    /// Which rows are asked for of a list whose store counts them: how many come before them, and how many they are at most.
    ///
    /// # Errors
    /// Of the parameter, for what no list has given out.
    pub fn place(&self) -> Result<(i64, i64), Problem> {
        let (back, place) = match &self.slice.cursor {
            Some(word) => placed(word).ok_or_else(|| Problem::of(vec![bad_cursor()]))?,
            None => (false, 0),
        };
        let (place, asked) = (i64::from(i32::try_from(place).unwrap_or(i32::MAX)), self.slice.rows);
        Ok(if back { ((place - asked).max(0), asked.min(place)) } else { (place, asked) })
    }

    /// Lets on whoever may see the whole organisation, for what belongs to no product.
    ///
    /// # Errors
    /// `FORBIDDEN` for a token for some products.
    pub fn whole(&self) -> Result<(), Problem> {
        if self.scope.is_whole() { Ok(()) } else { Err(Problem::narrow()) }
    }

    /// Counts a mail that is sent to an address that the caller chose.
    pub fn spend_mail(&self) -> Result<(), AppError> {
        use crate::server::guard::rate::Costly;
        self.settings.guard.limits.spend(Costly::Mail, &self.neighbourhood)
    }

    /// For a change of what is stored; see `Seen`.
    pub fn seen(&self) -> Seen {
        Seen { tags: self.if_match.clone().filter(|tags| !tags.iter().any(|tag| tag == "*")), tried: false }
    }

    /// The answer, once all is done.
    pub fn done<T>(self, value: T) -> Answered<T> {
        Ok((self, value))
    }
}

pub(super) fn bad_cursor() -> Wrong {
    let told = "This is no cursor of this list with these parameters. Take the one of its last answer, or leave it out.";
    Wrong::parameter("cursor", told)
}

/// Whether this could be an id, or part of an address: nothing else is looked for.
pub fn is_word(text: &str) -> bool {
    (1..=100).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Which version of a thing a change is made to. With `If-Match` it is that one or none. Without, it is whatever is stored:
/// what the change leaves out is read first, so if somebody comes between, it is read again.
pub struct Seen {
    tags: Option<Vec<String>>,
    tried: bool,
}

impl Seen {
    /// The version of what was read, to be changed.
    ///
    /// # Errors
    /// `PRECONDITION_FAILED` if the caller has seen another one.
    pub fn version(&self, row: &impl Resource) -> Result<String, Problem> {
        let version = row.version().unwrap_or_default();
        match &self.tags {
            Some(tags) if !tags.contains(&version) => {
                let told = "Somebody has changed this since: its ETag is another one. Read it again, and send the change with that.";
                Err(Problem::new(Code::PreconditionFailed, told))
            }
            _ => Ok(version),
        }
    }

    /// Whether the change has been made, or has to be tried once more with what somebody else has stored meanwhile. The row is
    /// locked by then, so it is made the second time.
    pub fn is_settled<T>(&mut self, outcome: Result<T, AppError>) -> Result<bool, Problem> {
        match outcome {
            Ok(_) => Ok(true),
            Err(AppError::Stale(_)) if self.tags.is_none() && !self.tried => {
                self.tried = true;
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<T> {
    pub rows: Vec<T>,
    pub next: Option<String>,
    pub previous: Option<String>,
    /// Whether these are all rows, of which those that were asked for are still to be taken.
    whole: bool,
}

impl<T> Listed<T> {
    /// A list whose store gives all rows at once; what is answered of them is the part that was asked for.
    pub fn all(rows: Vec<T>) -> Listed<T> {
        Listed { rows, next: None, previous: None, whole: true }
    }

    /// A page of a list; of what is deleted all rows at once.
    pub fn page(page: Page<T>, deleted: bool) -> Listed<T> {
        if deleted { Listed::all(page.rows) } else { page.into() }
    }

    /// The part of a list at a place, of `rows` that may be one more than were asked for.
    pub fn at(place: (i64, i64), mut rows: Vec<T>) -> Listed<T> {
        let (from, asked) = place;
        let more = rows.len() as i64 > asked;
        rows.truncate(asked as usize);
        let next = more.then(|| format!("f{}", from + asked));
        Listed { rows, next, previous: (from > 0).then(|| format!("b{from}")), whole: false }
    }

    /// The rows as others.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Listed<U> {
        let Listed { rows, next, previous, whole } = self;
        Listed { rows: rows.into_iter().map(change).collect(), next, previous, whole }
    }

    /// The part that was asked for. Of all rows it is found by counting: what orders them need not be a key, so a cursor is a
    /// way and the number of rows before it.
    fn part(self, slice: &Slice) -> Result<Listed<T>, Problem> {
        if !self.whole {
            return Ok(self);
        }
        let (back, place) = match &slice.cursor {
            Some(word) => placed(word).ok_or_else(|| Problem::of(vec![bad_cursor()]))?,
            None => (false, 0),
        };
        let (count, asked) = (self.rows.len(), slice.rows as usize);
        // Rows may have gone since the cursor was given out.
        let place = place.min(count);
        let (from, to) = if back { (place.saturating_sub(asked), place) } else { (place, count.min(place + asked)) };
        let next = (to < count).then(|| format!("f{to}"));
        let previous = (from > 0).then(|| format!("b{from}"));
        Ok(Listed { rows: self.rows.into_iter().take(to).skip(from).collect(), next, previous, whole: false })
    }
}

/// Whether a cursor of all rows leads back, and from which place.
fn placed(word: &str) -> Option<(bool, usize)> {
    let (back, place) = match word.strip_prefix('b') {
        Some(place) => (true, place),
        None => (false, word.strip_prefix('f')?),
    };
    place.parse().ok().map(|place| (back, place))
}

impl<T> From<Page<T>> for Listed<T> {
    fn from(page: Page<T>) -> Self {
        let word = |cursor: Option<Cursor>| cursor.map(|cursor| cursor.encode());
        Listed { rows: page.rows, next: word(page.next), previous: word(page.previous), whole: false }
    }
}

/// A part of a list as it is answered.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListBody<T> {
    data: Vec<T>,
    next_cursor: Option<String>,
    previous_cursor: Option<String>,
}

impl<T> ListBody<T> {
    /// The part, with the ways on and back as those of this very list.
    ///
    /// # Errors
    /// Of the parameter, for a cursor that this list has not given out.
    pub fn of(list: Listed<T>, slice: &Slice) -> Result<ListBody<T>, Problem> {
        let list = list.part(slice)?;
        let marked = |cursor: Option<String>| cursor.map(|cursor| slice.marked(&cursor));
        Ok(ListBody { data: list.rows, next_cursor: marked(list.next), previous_cursor: marked(list.previous) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(cursor: Option<&str>, rows: i64) -> Result<Listed<i32>, Problem> {
        let slice = Slice { cursor: cursor.map(str::to_owned), rows, mark: String::new() };
        Listed::all((0..5).collect()).part(&slice)
    }

    #[test]
    fn rows_at_a_place_lead_on_and_back() {
        let words = |list: Listed<i32>| (list.rows.len(), list.next, list.previous);
        assert_eq!(words(Listed::at((0, 2), vec![1, 2, 3])), (2, Some("f2".into()), None));
        assert_eq!(words(Listed::at((2, 2), vec![3])), (1, None, Some("b2".into())));
        assert_eq!(words(Listed::at((9, 2), vec![])), (0, None, Some("b9".into())));
    }

    #[test]
    fn all_rows_are_told_in_parts() {
        let word = |word: &str| (!word.is_empty()).then(|| word.to_owned());
        for (cursor, rows, told, next, previous) in [
            (None, 20, vec![0, 1, 2, 3, 4], "", ""),
            (None, 2, vec![0, 1], "f2", ""),
            (Some("f2"), 2, vec![2, 3], "f4", "b2"),
            (Some("f4"), 2, vec![4], "", "b4"),
            (Some("b4"), 2, vec![2, 3], "f4", "b2"),
            (Some("b1"), 2, vec![0], "f1", ""),
            (Some("f9"), 2, vec![], "", "b5"),
        ] {
            let list = Listed { rows: told, next: word(next), previous: word(previous), whole: false };
            assert_eq!(part(cursor, rows), Ok(list), "{cursor:?}");
        }
        for cursor in ["f", "2", "x2", "f_2", "f99999999999999999999999", "f_0_1_c"] {
            assert_eq!(part(Some(cursor), 2), Err(Problem::of(vec![bad_cursor()])), "{cursor}");
        }
    }
}
