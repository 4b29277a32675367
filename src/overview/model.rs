//! What an overview tells.

mod pictures;

pub use pictures::{IDEAS_MAX, Pictures, ScoredIdea};

use serde::{Deserialize, Serialize};

use crate::goal::kpi::model::{Frequency, Notice};
use crate::goal::okr::model::percent;
use crate::kernel::number::with_unit;
use crate::kernel::role::Role;
use crate::kernel::time::{Timestamp, day};
use crate::product::model::Lifecycle;
use crate::search::model::status_label;

/// Items of a section that are shown at most.
pub const ITEMS_MAX: i64 = 12;

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Kind {
    Idea,
    Epic,
    Feature,
    Release,
    Okr,
    Kpi,
    Experiment,
    Task,
}

crate::words!(Kind {
    Idea: "Idea", "Idea";
    Epic: "Epic", "Epic";
    Feature: "Feature", "Feature";
    Release: "Release", "Release";
    Okr: "OKR", "Objective";
    Kpi: "KPI", "KPI";
    Experiment: "Experiment", "Experiment";
    Task: "Task", "Task";
});

impl TryFrom<String> for Kind {
    type Error = String;

    fn try_from(word: String) -> Result<Kind, String> {
        Kind::parse(&word).ok_or_else(|| format!("“{word}” has no place in an overview."))
    }
}

impl From<Kind> for String {
    fn from(kind: Kind) -> String {
        kind.word().to_owned()
    }
}

/// Something of a product that an overview points to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct Item {
    #[cfg_attr(feature = "ssr", sqlx(try_from = "String"))]
    pub kind: Kind,
    pub id: String,
    pub title: String,
    pub product_key: String,
    pub product_name: String,
    /// Its number in the product.
    pub number: Option<i32>,
    /// The day that matters: when it was or is due, or when it moved.
    pub date: Option<Timestamp>,
    /// Of what has moved, the words of the statuses that it left and reached; of an objective and a KPI, where it stands and where it
    /// should, in that order, an objective's progress as it is kept; of an alert what it says, and nothing.
    pub before: Option<String>,
    pub after: Option<String>,
}

impl Item {
    /// Its page.
    pub fn href(&self, org: &str) -> String {
        let path = match self.kind {
            Kind::Idea => "ideas",
            Kind::Epic => "epics",
            Kind::Feature => "features",
            Kind::Release => "releases",
            Kind::Okr => "okrs",
            Kind::Kpi => "kpis",
            Kind::Experiment => "experiments",
            Kind::Task => "tasks",
        };
        format!("/orgs/{org}/products/{}/{path}/{}", self.product_key, self.id)
    }

    /// Why it is at risk.
    pub fn risk(&self) -> String {
        let (before, after) = (self.before.as_deref().unwrap_or_default(), self.after.as_deref().unwrap_or_default());
        match (self.kind, self.date) {
            (Kind::Okr, _) => {
                let reached = before.parse::<f64>().map_or(0, percent);
                format!("{reached} % reached, {after} % of the quarter gone")
            }
            (Kind::Kpi, _) => format!("{before}, target {after}"),
            (Kind::Release, Some(date)) => format!("was planned for {}", day(date)),
            (_, Some(date)) => format!("was due {}", day(date)),
            _ => String::new(),
        }
    }

    /// When it is due.
    pub fn due(&self) -> String {
        self.date.map(|date| format!("due {}", day(date))).unwrap_or_default()
    }

    /// What an alert says.
    pub fn alert(&self) -> String {
        self.before.clone().unwrap_or_default()
    }

    /// What it moved from and to.
    pub fn moved(&self) -> String {
        let label = |word: &Option<String>| status_label(word.as_deref().unwrap_or_default());
        format!("{} → {}", label(&self.before), label(&self.after))
    }
}

/// A KPI that misses its target.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct Missed {
    pub id: String,
    pub title: String,
    pub product_key: String,
    pub product_name: String,
    pub number: Option<i32>,
    pub value: f64,
    pub target: f64,
    pub unit: String,
}

impl From<Missed> for Item {
    fn from(missed: Missed) -> Item {
        let Missed { id, title, product_key, product_name, number, value, target, unit } = missed;
        let (before, after) = (Some(with_unit(value, &unit)), Some(with_unit(target, &unit)));
        Item { kind: Kind::Kpi, id, title, product_key, product_name, number, date: None, before, after }
    }
}

/// What a rule of a KPI has told.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct Alarm {
    /// Of the KPI, as the next.
    pub kpi_id: String,
    pub title: String,
    pub product_key: String,
    pub product_name: String,
    pub number: Option<i32>,
    pub unit: String,
    pub frequency: Frequency,
    #[cfg_attr(feature = "ssr", sqlx(flatten))]
    pub notice: Notice,
}

impl From<Alarm> for Item {
    fn from(alarm: Alarm) -> Item {
        let Alarm { kpi_id: id, title, product_key, product_name, number, unit, frequency, notice } = alarm;
        let (date, before) = (Some(notice.created_at), Some(notice.words(&unit, frequency)));
        Item { kind: Kind::Kpi, id, title, product_key, product_name, number, date, before, after: None }
    }
}

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
    use super::*;

    pub fn item(kind: Kind, key: &str) -> Item {
        Item {
            kind,
            id: "c1".into(),
            title: "T".into(),
            product_key: key.into(),
            product_name: "P".into(),
            number: Some(7),
            date: Some(Timestamp::UNIX_EPOCH),
            before: Some("IN_PROGRESS".into()),
            after: Some("DONE".into()),
        }
    }

    #[test]
    fn an_item_tells_why_it_is_here() {
        assert_eq!(item(Kind::Feature, "p").risk(), "was due 1 Jan 1970");
        assert_eq!(item(Kind::Release, "p").risk(), "was planned for 1 Jan 1970");
        let okr = Item { before: Some("32.7".into()), after: Some("60".into()), ..item(Kind::Okr, "p") };
        assert_eq!(okr.risk(), "32 % reached, 60 % of the quarter gone");
        assert_eq!(
            (item(Kind::Task, "p").due().as_str(), item(Kind::Feature, "p").moved().as_str()),
            ("due 1 Jan 1970", "In progress → Done")
        );
        assert_eq!(item(Kind::Okr, "p").href("acme"), "/orgs/acme/products/p/okrs/c1");
    }

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

    #[test]
    fn every_kind_has_a_word_of_its_own() {
        for kind in Kind::ALL {
            assert_eq!(Kind::try_from(String::from(kind)), Ok(kind));
        }
        assert!(Kind::try_from("User".to_owned()).is_err());
    }

    #[test]
    fn a_kpi_that_misses_its_target_tells_both() {
        let missed = Missed {
            id: "c1".into(),
            title: "Churn".into(),
            product_key: "p".into(),
            product_name: "P".into(),
            number: Some(7),
            value: 7.25,
            target: 5.0,
            unit: "%".into(),
        };
        assert_eq!(Item::from(missed).risk(), "7.25 %, target 5 %");
    }
}
