//! What the boards of features and of tasks consist of.

mod form;

pub use form::{CardFields, CardForm, LimitsFields, LimitsForm, MANY_MAX, ManyFields, ManyForm, QuickFields, QuickForm};

use serde::{Deserialize, Serialize};

use crate::feature::model::FeatureStatus;
use crate::kernel::error::AppError;
use crate::kernel::priority::Priority;
use crate::kernel::role::{Perm, Role};
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

    /// The kinds of things whose changes show on it.
    pub fn live(self) -> &'static [&'static str] {
        match self {
            BoardKind::Features => &["Feature", "Epic"],
            BoardKind::Tasks => &["Task", "Feature"],
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
            BoardKind::Features => FeatureStatus::pairs(),
            BoardKind::Tasks => TaskStatus::pairs(),
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
            BoardKind::Features => &[Lanes::Epic, Lanes::Assignee, Lanes::Priority],
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
    fn a_card_tells_its_priority_and_size() {
        assert_eq!(note(Some(Priority::High), Some(5.0)), "High · 5 points");
        assert_eq!(note(Some(Priority::Low), None), "Low");
    }
}
