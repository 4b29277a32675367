//! What is on the roadmap.

mod chart;
mod day;
mod horizon;
mod query;
mod rows;

pub use chart::{Part, Span, Tick, Window, Zoom};
pub use day::{Day, Month};
pub use horizon::{Horizon, RULE, columns};
pub use query::{RoadmapQuery, View};
pub use rows::{Row, Rows, in_table, rows};

use serde::{Deserialize, Serialize};

use crate::kernel::error::{AppError, Checks};
use crate::kernel::role::{Perm, Role};
use crate::kernel::version::{Edited, Shown, shown};
use crate::product::model::ProductName;

/// Items that a roadmap shows at most.
pub const ITEMS_MAX: usize = 500;

/// What an item of the roadmap is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Epic,
    Feature,
    Release,
}

crate::words!(Kind {
    Epic: "epic", "Epic";
    Feature: "feature", "Feature";
    Release: "release", "Release";
});

impl Kind {
    /// What one has to be allowed to move an item of this kind.
    pub fn perm(self) -> Perm {
        match self {
            Kind::Feature => Perm::FeatureWrite,
            Kind::Epic | Kind::Release => Perm::PlanWrite,
        }
    }
}

impl TryFrom<String> for Kind {
    type Error = String;

    fn try_from(word: String) -> Result<Kind, String> {
        Kind::parse(&word).ok_or(word)
    }
}

/// How far along an item is, whatever its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Planned,
    Working,
    Done,
    Dropped,
}

impl Stage {
    /// Its name for the style sheet.
    pub fn word(self) -> &'static str {
        match self {
            Stage::Planned => "planned",
            Stage::Working => "working",
            Stage::Done => "done",
            Stage::Dropped => "dropped",
        }
    }
}

/// An epic, feature or release in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Item {
    #[cfg_attr(feature = "ssr", sqlx(try_from = "String"))]
    pub kind: Kind,
    pub id: String,
    pub title: String,
    /// Its number in the product.
    pub number: Option<i32>,
    /// The word of the status of an epic, feature or release.
    pub status: String,
    /// Its dates are facts: a release that is out.
    pub fixed: bool,
    pub start: Option<Day>,
    /// A release has this day alone: the one that it is planned for or came out on.
    pub end: Option<Day>,
    /// The live epic of a feature.
    pub epic_id: Option<String>,
    /// The release that a feature comes out with, the next one if there are several.
    pub release_id: Option<String>,
}

impl Item {
    pub fn span(&self) -> Span {
        Span { start: self.start, end: self.end }
    }

    pub fn stage(&self) -> Stage {
        match self.status.as_str() {
            "DONE" | "COMPLETED" | "RELEASED" => Stage::Done,
            "CANCELLED" => Stage::Dropped,
            "IN_PROGRESS" | "IN_REVIEW" | "TESTING" | "READY" => Stage::Working,
            _ => Stage::Planned,
        }
    }

    /// Its status as it is called on the screen.
    pub fn status_label(&self) -> String {
        let words = self.status.to_lowercase().replace('_', " ");
        let mut letters = words.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }

    /// Whether somebody of this role may move it.
    pub fn is_movable(&self, role: Role) -> bool {
        !self.fixed && role.can(self.kind.perm())
    }

    /// When it is, in words.
    pub fn when(&self) -> String {
        self.when_at(self.span())
    }

    /// When it would be with these dates, in words.
    pub fn when_at(&self, span: Span) -> String {
        match (span.start, span.end) {
            (Some(start), Some(end)) if start == end => start.words(),
            (Some(start), Some(end)) => format!("{} – {}", start.words(), end.words()),
            (Some(start), None) => format!("From {}", start.words()),
            (None, Some(end)) if self.kind == Kind::Release => end.words(),
            (None, Some(end)) if self.kind == Kind::Feature => format!("Due {}", end.words()),
            (None, Some(end)) => format!("Until {}", end.words()),
            (None, None) => "No dates".to_owned(),
        }
    }

    /// Its page, in the product whose pages are below this address.
    pub fn href(&self, product: &str) -> String {
        format!("{product}/{}s/{}", self.kind.word(), self.id)
    }
}

/// One feature that another waits for, by their ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Waiting {
    pub blocker: String,
    pub blocked: String,
}

/// The roadmap page of a product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Roadmap {
    pub role: Role,
    pub product: ProductName,
    /// At most `ITEMS_MAX`.
    pub items: Vec<Item>,
    /// Whether there are more.
    pub more: bool,
    /// Between features among the items.
    pub waiting: Vec<Waiting>,
    /// The day that it is for whoever asks.
    pub today: Day,
}

impl Roadmap {
    /// The item with this id.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// The titles of the features that this one waits for.
    pub fn waits_for(&self, id: &str) -> Vec<String> {
        let blockers = self.waiting.iter().filter(|waiting| waiting.blocked == id);
        blockers.filter_map(|waiting| self.item(&waiting.blocker)).map(|item| item.title.clone()).collect()
    }
}

/// What is filled in to place an item in time.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PlaceForm {
    /// As a date field holds it; nothing for none. A release has none.
    pub start: String,
    pub end: String,
}

impl PlaceForm {
    /// The dates, or what is wrong with them.
    pub fn validate(self) -> Result<Span, AppError> {
        let mut checks = Checks::default();
        let start = checks.take("start", day(&self.start));
        let end = checks.take(
            "end",
            day(&self.end).and_then(|end| match (start, end) {
                (Some(start), Some(end)) if end < start => Err("The end is before the start.".to_owned()),
                _ => Ok(end),
            }),
        );
        checks.finish(Span { start, end })
    }
}

impl Edited for Span {
    fn shown(&self) -> Vec<Shown> {
        let text = |day: Option<Day>| day.map(Day::text).unwrap_or_default();
        vec![shown("start", "Start", text(self.start)), shown("end", "End", text(self.end))]
    }
}

fn day(typed: &str) -> Result<Option<Day>, String> {
    match typed.trim() {
        "" => Ok(None),
        typed => Day::parse(typed).map(Some).ok_or_else(|| "Enter a date, such as 2026-11-23.".to_owned()),
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// An item of these dates, as fields hold them.
    pub fn item(kind: Kind, id: &str, status: &str, start: &str, end: &str) -> Item {
        Item {
            kind,
            id: id.into(),
            title: id.to_uppercase(),
            number: None,
            status: status.into(),
            fixed: false,
            start: Day::parse(start),
            end: Day::parse(end),
            epic_id: None,
            release_id: None,
        }
    }

    #[test]
    fn dates_are_in_order_or_refused() {
        let form = |start: &str, end: &str| PlaceForm { start: start.into(), end: end.into() }.validate();
        assert_eq!(form("", " "), Ok(Span::default()));
        assert_eq!(form("2026-11-02", "2026-11-02").unwrap(), Span { start: Day::parse("2026-11-02"), end: Day::parse("2026-11-02") });
        assert!(form("2026-11-02", "").is_ok() && form("", "2026-11-02").is_ok());
        assert_eq!(form("2026-11-02", "2026-11-01").unwrap_err().of_field("end").as_deref(), Some("The end is before the start."));
        let both = form("soon", "2026-02-30").unwrap_err();
        assert!(both.of_field("start").is_some() && both.of_field("end").is_some());
    }

    #[test]
    fn an_item_says_when_it_is() {
        let when = |kind, start: &str, end: &str| item(kind, "a", "BACKLOG", start, end).when();
        assert_eq!(when(Kind::Feature, "2026-11-02", "2026-11-23"), "2 Nov 2026 – 23 Nov 2026");
        assert_eq!(when(Kind::Feature, "2026-11-02", "2026-11-02"), "2 Nov 2026");
        assert_eq!(
            (when(Kind::Epic, "2026-11-02", ""), when(Kind::Epic, "", "2026-11-02")),
            ("From 2 Nov 2026".into(), "Until 2 Nov 2026".into())
        );
        assert_eq!(
            (when(Kind::Feature, "", "2026-11-02"), when(Kind::Release, "", "2026-11-02")),
            ("Due 2 Nov 2026".into(), "2 Nov 2026".into())
        );
        assert_eq!(when(Kind::Epic, "", ""), "No dates");
    }

    #[test]
    fn a_status_has_its_name_and_stage() {
        let of = |status: &str| {
            let item = item(Kind::Feature, "a", status, "", "");
            (item.status_label(), item.stage())
        };
        assert_eq!(of("IN_PROGRESS"), ("In progress".into(), Stage::Working));
        assert_eq!(of("RELEASED"), ("Released".into(), Stage::Done));
        assert_eq!((of("BACKLOG").1, of("CANCELLED").1, of("").0), (Stage::Planned, Stage::Dropped, String::new()));
    }

    #[test]
    fn what_is_out_stays_where_it_is() {
        let release = item(Kind::Release, "r", "RELEASED", "", "2026-11-02");
        assert!(release.is_movable(Role::ProductManager) && !release.is_movable(Role::Developer));
        assert!(!Item { fixed: true, ..release }.is_movable(Role::Admin));
        assert!(item(Kind::Feature, "f", "BACKLOG", "", "").is_movable(Role::Developer));
        assert_eq!(Kind::try_from("feature".to_owned()), Ok(Kind::Feature));
        assert!(Kind::try_from("task".to_owned()).is_err());
    }
}
