//! What an overview points to.

use serde::{Deserialize, Serialize};

use crate::goal::kpi::model::{Frequency, Notice};
use crate::goal::okr::model::percent;
use crate::kernel::number::with_unit;
use crate::kernel::time::{Timestamp, day};
use crate::search::model::status_label;

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

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::overview::model) fn item(kind: Kind, key: &str) -> Item {
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
