//! What an overview tells.

mod item;
mod pictures;

pub use item::{Alarm, Item, Kind, Missed};
pub use pictures::{IDEAS_MAX, Pictures, ScoredIdea};

use serde::{Deserialize, Serialize};

use crate::kernel::role::Role;
use crate::kernel::time::Timestamp;
use crate::product::model::Lifecycle;

/// Items of a section that are shown at most.
pub const ITEMS_MAX: i64 = 12;

/// A product in numbers. Each is that of the list it links to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct ProductLine {
    pub id: String,
    pub key: String,
    pub name: String,
    pub lifecycle: Lifecycle,
    /// Ideas that nobody has looked at yet.
    pub ideas: i64,
    /// Feedback that nobody has looked at yet.
    pub feedback: i64,
    /// Features in progress.
    pub features: i64,
    /// Features that count, and of these the ones that are done.
    pub all_features: i64,
    pub done_features: i64,
    /// Objectives that are worked on.
    pub okrs: i64,
    /// Their mean progress in percent.
    pub okr_progress: Option<f64>,
    pub kpis: i64,
    /// KPIs that miss their targets on the present day in UTC.
    pub kpis_off_target: i64,
    /// Experiments that run.
    pub experiments: i64,
    /// The release that comes next.
    pub release_id: Option<String>,
    pub release_name: Option<String>,
    pub release_number: Option<i32>,
    pub release_date: Option<Timestamp>,
}

/// How a product or all of them are doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    OnTrack,
    /// So many things of it are at risk.
    AtRisk(usize),
}

impl Health {
    pub fn word(self) -> &'static str {
        match self {
            Health::OnTrack => "on-track",
            Health::AtRisk(_) => "at-risk",
        }
    }

    pub fn label(self) -> String {
        match self {
            Health::OnTrack => "On track".to_owned(),
            Health::AtRisk(things) => format!("{things} at risk"),
        }
    }
}

/// An overview, of an organisation or of one of its products.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    pub role: Role,
    pub products: Vec<ProductLine>,
    /// What is behind, the longest first, and the KPIs that miss their targets. All of it, up to a bound: health counts it.
    pub risks: Vec<Item>,
    /// What KPIs' rules have told within a month and the reader has not seen, the latest first.
    pub alerts: Vec<Item>,
    /// What comes within two weeks.
    pub upcoming: Vec<Item>,
    /// What moved on within a week, the latest first.
    pub moved: Vec<Item>,
    /// What the reader has to do, where it is about all products.
    pub mine: Option<Mine>,
    /// The same of one product.
    pub mine_here: Option<MineHere>,
    /// What is drawn, where it is about one.
    pub pictures: Option<Pictures>,
}

/// What the reader has to do. Each number is that of a part of their own page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Mine {
    /// Open tasks; those of them that are overdue, and those that are due until Sunday.
    pub open: i64,
    pub overdue: i64,
    pub week: i64,
    /// Open features that the reader builds.
    pub features: i64,
    /// The tasks that are overdue or due until Sunday, the longest due first; at most `ITEMS_MAX`.
    #[cfg_attr(feature = "ssr", sqlx(skip))]
    pub tasks: Vec<Item>,
}

impl Mine {
    /// Its parts: name, number and place on the page of the reader's work. A part that is not there has no place.
    pub fn parts(&self) -> [(&'static str, i64, &'static str); 4] {
        let part = |name, count, place| (name, count, if count > 0 { place } else { "" });
        [
            part("Open tasks", self.open, ""),
            part("Overdue", self.overdue, "#group-overdue"),
            part("Due this week", self.week, "#group-week"),
            part("Features", self.features, "#my-features"),
        ]
    }
}

/// What the reader has to do in one product. Each number is that of a list of its tasks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct MineHere {
    pub todo: i64,
    pub in_progress: i64,
    pub in_review: i64,
    pub overdue: i64,
    /// The tasks that are overdue or due until Sunday, the longest due first; at most `ITEMS_MAX`.
    #[cfg_attr(feature = "ssr", sqlx(skip))]
    pub tasks: Vec<Item>,
}

impl MineHere {
    /// Its parts: name, number and the parameters of the list of tasks that it counts.
    pub fn parts(&self) -> [(&'static str, i64, &'static str); 4] {
        [
            ("To do", self.todo, "?assignee=me&status=TODO"),
            ("In progress", self.in_progress, "?assignee=me&status=IN_PROGRESS"),
            ("In review", self.in_review, "?assignee=me&status=IN_REVIEW"),
            ("Overdue", self.overdue, "?assignee=me&show=overdue"),
        ]
    }
}

impl Overview {
    /// How the product with this key is doing.
    pub fn health(&self, key: &str) -> Health {
        match self.risks.iter().filter(|item| item.product_key == key).count() {
            0 => Health::OnTrack,
            things => Health::AtRisk(things),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::item::tests::item;
    use super::*;

    #[test]
    fn health_counts_what_is_at_risk() {
        let overview = Overview {
            role: Role::Admin,
            products: Vec::new(),
            risks: vec![item(Kind::Epic, "a"), item(Kind::Feature, "a")],
            alerts: Vec::new(),
            upcoming: Vec::new(),
            moved: Vec::new(),
            mine: None,
            mine_here: None,
            pictures: None,
        };
        assert_eq!((overview.health("a"), overview.health("b")), (Health::AtRisk(2), Health::OnTrack));
        assert_eq!((Health::AtRisk(2).label(), Health::OnTrack.word()), ("2 at risk".to_owned(), "on-track"));
    }

    #[test]
    fn a_part_without_anything_has_no_place() {
        let mine = Mine { open: 2, week: 2, ..Default::default() };
        let places = mine.parts().map(|(_, count, place)| (count, place));
        assert_eq!(places, [(2, ""), (0, ""), (2, "#group-week"), (0, "")]);
    }
}
