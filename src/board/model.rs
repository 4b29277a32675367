//! What the boards of features and of tasks consist of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::feature::model::FeatureStatus;
use crate::kernel::entry::Entry;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::priority::Priority;
use crate::kernel::role::{Perm, Role};
use crate::kernel::text::{self, TITLE_MAX};
use crate::product::model::ProductName;
use crate::task::model::TaskStatus;
use crate::ui::board::{Column, LaneName};

/// The most cards that a column can be limited to.
pub const LIMIT_MAX: i32 = 999;

/// Lanes that a board shows at most.
pub const LANES_MAX: usize = 40;

/// What the cards of a board are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BoardKind {
    Features,
    Tasks,
}

crate::words!(BoardKind {
    Features: "FEATURES", "Features";
    Tasks: "TASKS", "Tasks";
});

impl BoardKind {
    /// What one card is.
    pub fn noun(self) -> &'static str {
        match self {
            BoardKind::Features => "feature",
            BoardKind::Tasks => "task",
        }
    }

    /// The last part of the address of its list.
    pub fn path(self) -> &'static str {
        match self {
            BoardKind::Features => "features",
            BoardKind::Tasks => "tasks",
        }
    }

    /// What one has to be allowed to move, add and change its cards.
    pub fn perm(self) -> Perm {
        match self {
            BoardKind::Features => Perm::FeatureWrite,
            BoardKind::Tasks => Perm::WorkWrite,
        }
    }

    /// The columns by their names on the wire and on the screen. Any may follow any.
    pub fn columns(self) -> Vec<(&'static str, &'static str)> {
        match self {
            BoardKind::Features => FeatureStatus::ALL.map(|status| (status.word(), status.label())).into(),
            BoardKind::Tasks => TaskStatus::ALL.map(|status| (status.word(), status.label())).into(),
        }
    }

    /// A column's name, if this board has it.
    pub fn column(self, word: &str) -> Result<&'static str, AppError> {
        let found = self.columns().into_iter().find(|(name, _)| *name == word);
        found.map(|(name, _)| name).ok_or_else(|| AppError::Conflict("This board has no such column.".into()))
    }

    /// What its lanes can be of.
    pub fn lanes(self) -> &'static [Lanes] {
        match self {
            BoardKind::Features => &[Lanes::Epic, Lanes::Priority],
            BoardKind::Tasks => &[Lanes::Assignee, Lanes::Priority, Lanes::Feature],
        }
    }
}

/// What the cards of one lane have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lanes {
    Epic,
    Assignee,
    Priority,
    Feature,
}

crate::words!(Lanes {
    Epic: "epic", "Epic";
    Assignee: "assignee", "Assignee";
    Priority: "priority", "Priority";
    Feature: "feature", "Feature";
});

impl Lanes {
    /// What the lane of those is called that have none.
    pub fn none(self) -> &'static str {
        match self {
            Lanes::Epic => "No epic",
            Lanes::Assignee => "Nobody",
            Lanes::Priority => "No priority",
            Lanes::Feature => "No feature",
        }
    }

    /// A lane's name on the wire, for the id or the word that its cards have in common.
    pub fn key(self, value: &str) -> String {
        format!("{}:{value}", self.word())
    }
}

/// The board page of a product's features or tasks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoardPage {
    pub role: Role,
    pub product: ProductName,
    /// The lanes, in order; none if the board is shown without.
    pub lanes: Vec<LaneName>,
    /// Whether there are more lanes than are shown.
    pub lanes_cut: bool,
    /// Without lanes the columns; with lanes each column of each lane.
    pub columns: Vec<Column>,
    /// How many cards a column is to hold at most, by the column's name.
    pub limits: Vec<(String, i32)>,
}

/// What is filled in to limit the work in progress: for each column a number, or nothing.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LimitsForm(BTreeMap<String, Entry>);

impl LimitsForm {
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

/// What a card says of itself at its end.
pub fn note(priority: Option<Priority>, points: Option<f64>) -> String {
    let priority = priority.map_or("", Priority::label);
    match points {
        Some(1.0) => format!("{priority} · 1 point"),
        Some(points) => format!("{priority} · {points} points"),
        None => priority.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_board_knows_its_own_columns() {
        assert_eq!((BoardKind::Features.columns().len(), BoardKind::Tasks.columns().len()), (6, 5));
        assert_eq!(BoardKind::Tasks.column("TODO"), Ok("TODO"));
        assert!(BoardKind::Features.column("TODO").is_err());
    }

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

    #[test]
    fn a_card_tells_its_priority_and_size() {
        assert_eq!(note(Some(Priority::High), Some(5.0)), "High · 5 points");
        assert_eq!(note(Some(Priority::Low), None), "Low");
    }
}
