//! What is filled in on a board.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{BoardKind, LIMIT_MAX};
use crate::kernel::entry::Entry;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::priority::Priority;
use crate::kernel::text::{self, TITLE_MAX};
use crate::kernel::version::{Edited, Shown, shown};

/// What is filled in to limit the work in progress: for each column a number, or nothing.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LimitsForm(BTreeMap<String, Entry>);

impl LimitsForm {
    /// The form in which these limits stand, by the names of the columns.
    pub fn of<'a>(limits: impl IntoIterator<Item = (&'a str, Option<i32>)>) -> LimitsForm {
        LimitsForm(limits.into_iter().map(|(column, limit)| (column.to_owned(), Entry::from(limit))).collect())
    }

    /// The limits by column, or what is wrong with the form.
    pub fn validate(self, kind: BoardKind) -> Result<Vec<(&'static str, i32)>, AppError> {
        let mut checks = Checks::default();
        let mut limits = Vec::new();
        for (word, _) in kind.columns() {
            let entry = self.0.get(word).cloned().unwrap_or_default();
            limits.extend(checks.take(word, entry.optional(1, LIMIT_MAX)).map(|limit| (word, limit)));
        }
        checks.finish(limits)
    }
}

/// The limits of a board, as its form shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitsFields {
    kind: BoardKind,
    of: Vec<(&'static str, i32)>,
}

impl LimitsFields {
    /// Those that a form gives.
    pub fn typed(kind: BoardKind, limits: &[(&'static str, i32)]) -> LimitsFields {
        LimitsFields { kind, of: limits.to_vec() }
    }

    /// Those that are stored.
    pub fn stored(kind: BoardKind, limits: &[(String, i32)]) -> LimitsFields {
        let limit = |column: &str| limits.iter().find(|(name, _)| name == column).map(|(_, limit)| *limit);
        LimitsFields { kind, of: kind.columns().into_iter().filter_map(|(column, _)| Some((column, limit(column)?))).collect() }
    }
}

impl Edited for LimitsFields {
    fn shown(&self) -> Vec<Shown> {
        let limit = |column: &str| self.of.iter().find(|(name, _)| *name == column).map(|(_, limit)| limit.to_string());
        self.kind.columns().into_iter().map(|(column, label)| shown(column, label, limit(column).unwrap_or_default())).collect()
    }
}

/// What is filled in at a column's foot.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct QuickForm {
    pub title: String,
    /// The column's name on the wire.
    pub column: String,
    /// That of the lane, if the board is shown in lanes.
    pub lane: String,
}

/// A card to be added, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuickFields {
    pub title: String,
    pub column: &'static str,
    pub lane: Option<String>,
}

impl QuickForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self, kind: BoardKind) -> Result<QuickFields, AppError> {
        let column = kind.column(&self.column)?;
        let mut checks = Checks::default();
        let title = checks.take("title", text::line(&self.title, "a title", TITLE_MAX));
        checks.finish(QuickFields { title, column, lane: Some(self.lane).filter(|lane| !lane.is_empty()) })
    }
}

/// What can be changed on a card itself.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CardForm {
    pub title: String,
    /// The word of a `Priority`.
    pub priority: String,
}

/// A card's fields, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardFields {
    pub title: String,
    pub priority: Priority,
}

impl CardForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<CardFields, AppError> {
        let mut checks = Checks::default();
        let priority = Priority::parse(&self.priority).ok_or_else(|| "Choose one of the priorities.".to_owned());
        let fields = CardFields {
            title: checks.take("title", text::line(&self.title, "a title", TITLE_MAX)),
            priority: checks.take("priority", priority),
        };
        checks.finish(fields)
    }
}

/// Cards that are changed at once at most.
pub const MANY_MAX: usize = 200;

/// What is done to the cards that were ticked.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ManyForm {
    pub ids: Vec<String>,
    /// `to` and the name of a column, or `priority` and the word of a `Priority`, with a colon between.
    pub action: String,
}

/// What is done to many cards, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ManyFields {
    /// Each once.
    pub ids: Vec<String>,
    pub column: Option<&'static str>,
    pub priority: Option<Priority>,
}

impl ManyForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(mut self, kind: BoardKind) -> Result<ManyFields, AppError> {
        self.ids.sort();
        self.ids.dedup();
        if self.ids.is_empty() {
            return Err(AppError::field("", "Tick the cards first."));
        }
        if self.ids.len() > MANY_MAX {
            return Err(AppError::field("", format!("These are {} cards; the limit is {MANY_MAX}.", self.ids.len())));
        }
        let fields = ManyFields { ids: self.ids, ..Default::default() };
        match self.action.split_once(':') {
            Some(("to", word)) => Ok(ManyFields { column: Some(kind.column(word)?), ..fields }),
            Some(("priority", word)) if Priority::parse(word).is_some() => Ok(ManyFields { priority: Priority::parse(word), ..fields }),
            _ => Err(AppError::field("", "Choose what to do with the cards.")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_small_whole_numbers_or_none() {
        let form = |word: &str, text: &str| LimitsForm(BTreeMap::from([(word.to_owned(), Entry(text.into()))]));
        assert_eq!(form("TESTING", "3").validate(BoardKind::Features), Ok(vec![("TESTING", 3)]));
        assert_eq!(form("TESTING", " ").validate(BoardKind::Features), Ok(vec![]));
        for wrong in ["0", "1000", "-1", "many"] {
            assert!(form("DONE", wrong).validate(BoardKind::Tasks).unwrap_err().of_field("DONE").is_some(), "{wrong}");
        }
        assert_eq!(form("TESTING", "x").validate(BoardKind::Tasks), Ok(vec![]), "tasks have no such column");
    }

    #[test]
    fn limits_are_the_same_typed_and_stored() {
        let typed = LimitsFields::typed(BoardKind::Tasks, &[("TODO", 9), ("IN_REVIEW", 2)]);
        let stored = |limits: &[(&str, i32)]| {
            let limits: Vec<_> = limits.iter().map(|(column, limit)| ((*column).to_owned(), *limit)).collect();
            LimitsFields::stored(BoardKind::Tasks, &limits).version()
        };
        assert_eq!(stored(&[("IN_REVIEW", 2), ("TODO", 9)]), typed.version());
        assert_ne!(stored(&[("TODO", 9)]), typed.version());
        assert_ne!(stored(&[("IN_REVIEW", 3), ("TODO", 9)]), typed.version());
    }

    #[test]
    fn a_card_needs_a_title() {
        let form = QuickForm { title: " ".into(), column: "TODO".into(), lane: String::new() };
        assert!(form.clone().validate(BoardKind::Tasks).unwrap_err().of_field("title").is_some());
        assert!(matches!(form.validate(BoardKind::Features), Err(AppError::Conflict(_))));
        let form = CardForm { title: "x".repeat(201), priority: "URGENT".into() };
        let error = form.validate().unwrap_err();
        assert!(error.of_field("title").is_some() && error.of_field("priority").is_some());
    }

    #[test]
    fn many_cards_are_moved_or_ranked() {
        let form = |ids: &[&str], action: &str| ManyForm { ids: ids.iter().map(|id| (*id).into()).collect(), action: action.into() };
        let fields = form(&["b", "a", "b"], "to:DONE").validate(BoardKind::Tasks).unwrap();
        assert_eq!((fields.ids, fields.column, fields.priority), (vec!["a".into(), "b".into()], Some("DONE"), None));
        assert_eq!(form(&["a"], "priority:LOW").validate(BoardKind::Tasks).unwrap().priority, Some(Priority::Low));
        for (ids, action) in [(&[][..], "to:DONE"), (&["a"], "to:TESTING"), (&["a"], "priority:URGENT"), (&["a"], "")] {
            assert!(form(ids, action).validate(BoardKind::Tasks).is_err(), "{action}");
        }
    }
}
