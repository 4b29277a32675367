//! What an epic is, and how its features add up.

use serde::{Deserialize, Serialize};

use crate::feature::model::{Feature, FoundFeature, not_before};
use crate::kernel::day;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::page::{Cursor, Page};
use crate::kernel::reference::Linked;
use crate::kernel::role::Role;
use crate::kernel::text::{self, DESCRIPTION_MAX, TITLE_MAX};
use crate::kernel::time::Timestamp;
use crate::kernel::version::{Edited, Shown, shown};
use crate::product::model::ProductName;

/// Where an epic stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "\"EpicStatus\"", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum EpicStatus {
    #[default]
    Planning,
    InProgress,
    Completed,
    Cancelled,
}

crate::words!(EpicStatus {
    Planning: "PLANNING", "Planning";
    InProgress: "IN_PROGRESS", "In progress";
    Completed: "COMPLETED", "Completed";
    Cancelled: "CANCELLED", "Cancelled";
});

impl EpicStatus {
    /// The statuses that may follow: one step along, one step back, and cancelling as long as it is not completed.
    pub fn next(self) -> &'static [EpicStatus] {
        match self {
            EpicStatus::Planning => &[EpicStatus::InProgress, EpicStatus::Cancelled],
            EpicStatus::InProgress => &[EpicStatus::Completed, EpicStatus::Planning, EpicStatus::Cancelled],
            EpicStatus::Completed => &[EpicStatus::InProgress],
            EpicStatus::Cancelled => &[EpicStatus::Planning],
        }
    }

    /// Whether an epic may go from here to there, or stay; as a `Conflict` if not.
    pub fn may_become(self, to: EpicStatus) -> Result<(), AppError> {
        if self == to || self.next().contains(&to) {
            return Ok(());
        }
        Err(AppError::Conflict(format!("An epic cannot go from “{}” to “{}”.", self.label(), to.label())))
    }

    /// What the button says that moves an epic from here to there.
    pub fn verb(self, to: EpicStatus) -> &'static str {
        match (self, to) {
            (EpicStatus::Completed, EpicStatus::InProgress) => "Reopen",
            (_, EpicStatus::Planning) => "Back to planning",
            (_, EpicStatus::InProgress) => "Start",
            (_, EpicStatus::Completed) => "Complete",
            (_, EpicStatus::Cancelled) => "Cancel epic",
        }
    }

    /// The statuses that may follow, by word, each with what its button says.
    pub fn steps(self) -> Vec<(&'static str, &'static str)> {
        self.next().iter().map(|to| (to.word(), self.verb(*to))).collect()
    }
}

/// A large piece of work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Epic {
    pub id: String,
    pub title: String,
    pub description: String,
    pub product_id: String,
    /// Its number among the items of its product, of which `KEY-123` is made.
    pub number: Option<i32>,
    pub status: EpicStatus,
    /// The day on which it begins; the time of day means nothing, as in the next.
    pub start_date: Option<Timestamp>,
    pub end_date: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// How its features add up.
    #[cfg_attr(feature = "ssr", sqlx(flatten))]
    #[serde(default)]
    pub work: Work,
}

/// How features add up: those that are there and not cancelled, and their story points.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Work {
    #[cfg_attr(feature = "ssr", sqlx(default))]
    pub features: i64,
    /// Of these, the ones that are done.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    pub done: i64,
    #[cfg_attr(feature = "ssr", sqlx(default))]
    pub points: i64,
    #[cfg_attr(feature = "ssr", sqlx(default))]
    pub points_done: i64,
}

impl Work {
    /// The done share of the features in whole percent, rounded down, so that 100 means all of them.
    pub fn percent(self) -> i64 {
        if self.features > 0 { self.done * 100 / self.features } else { 0 }
    }

    /// The features in words: `3 of 5 features done (60 %)`.
    pub fn features_words(self) -> String {
        match self.features {
            0 => "No features".to_owned(),
            1 => format!("{} of 1 feature done ({} %)", self.done, self.percent()),
            all => format!("{} of {all} features done ({} %)", self.done, self.percent()),
        }
    }

    /// The story points in words: `13 of 21 points done`.
    pub fn points_words(self) -> String {
        match self.points {
            0 => "No story points".to_owned(),
            all => format!("{} of {all} points done", self.points_done),
        }
    }
}

/// What is filled in to create or change an epic.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EpicForm {
    pub title: String,
    pub description: String,
    pub start_date: String,
    pub end_date: String,
}

/// An epic's fields, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EpicFields {
    pub title: String,
    pub description: String,
    pub start_date: Option<Timestamp>,
    /// Not before the start.
    pub end_date: Option<Timestamp>,
}

impl From<&Epic> for EpicFields {
    fn from(epic: &Epic) -> Self {
        EpicFields {
            title: epic.title.clone(),
            description: epic.description.clone(),
            start_date: epic.start_date,
            end_date: epic.end_date,
        }
    }
}

impl Edited for EpicFields {
    fn shown(&self) -> Vec<Shown> {
        vec![
            shown("title", "Title", self.title.as_str()),
            shown("description", "Description", self.description.as_str()),
            shown("start_date", "Start date", day::typed(self.start_date)),
            shown("end_date", "End date", day::typed(self.end_date)),
        ]
    }
}

impl EpicForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<EpicFields, AppError> {
        let mut checks = Checks::default();
        let start_date = checks.take("start_date", day::parse(&self.start_date));
        let end_date = day::parse(&self.end_date).and_then(|end| not_before(start_date, end, "The end is before the start."));
        let fields = EpicFields {
            title: checks.take("title", text::line(&self.title, "a title", TITLE_MAX)),
            description: checks.take("description", text::block(&self.description, DESCRIPTION_MAX)),
            start_date,
            end_date: checks.take("end_date", end_date),
        };
        checks.finish(fields)
    }
}

/// Which epics are asked for, from where on; always the newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EpicQuery {
    pub status: Option<EpicStatus>,
    pub deleted: bool,
    pub cursor: Option<Cursor>,
}

impl EpicQuery {
    /// Reads the parameters of an address; what it does not know it leaves out.
    pub fn of_params(get: impl Fn(&str) -> Option<String>) -> EpicQuery {
        EpicQuery {
            status: get("status").and_then(|word| EpicStatus::parse(&word)),
            deleted: get("show").as_deref() == Some("deleted"),
            cursor: get("at").and_then(|word| Cursor::decode(&word)),
        }
    }

    /// The same as parameters of an address, led by `?`; nothing for the plain list.
    pub fn params(&self) -> String {
        let mut pairs = Vec::new();
        pairs.extend(self.status.map(|status| format!("status={}", status.word())));
        if self.deleted {
            pairs.push("show=deleted".into());
        }
        pairs.extend(self.cursor.as_ref().map(|cursor| format!("at={}", cursor.encode())));
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// Whether it leaves anything out, wherever it begins.
    pub fn is_filtered(&self) -> bool {
        self.status.is_some() || self.deleted
    }
}

/// The epics of a product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpicList {
    pub role: Role,
    pub product: ProductName,
    pub page: Page<Epic>,
}

/// An epic's own page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpicPage {
    pub role: Role,
    pub product: ProductName,
    pub epic: Epic,
    pub features: Page<Feature>,
    /// The product's other features whose titles hold the words that were looked for.
    pub found: Vec<FoundFeature>,
    /// What the references in its text lead to.
    pub named: Vec<Linked>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epic_needs_a_title_and_ends_after_its_start() {
        let form =
            |start: &str, end: &str| EpicForm { title: "E".into(), start_date: start.into(), end_date: end.into(), ..Default::default() };
        assert!(form("2026-11-02", "2026-11-02").validate().is_ok() && form("", "").validate().is_ok());
        assert!(form("2026-11-02", "2026-11-01").validate().unwrap_err().of_field("end_date").is_some());
        assert!(EpicForm::default().validate().unwrap_err().of_field("title").is_some());
    }

    #[test]
    fn an_epic_goes_step_by_step() {
        for from in EpicStatus::ALL {
            assert_eq!(EpicStatus::parse(from.word()), Some(from));
            assert!(from.may_become(from).is_ok());
            for to in EpicStatus::ALL.into_iter().filter(|to| *to != from) {
                assert_eq!(from.may_become(to).is_ok(), from.next().contains(&to));
            }
        }
        assert!(EpicStatus::Planning.may_become(EpicStatus::Completed).is_err());
        assert!(EpicStatus::Completed.may_become(EpicStatus::Cancelled).is_err());
    }

    #[test]
    fn work_is_told_in_numbers() {
        let work = Work { features: 3, done: 2, points: 21, points_done: 13 };
        assert_eq!((work.features_words(), work.points_words()), ("2 of 3 features done (66 %)".into(), "13 of 21 points done".into()));
        assert_eq!(Work { features: 1000, done: 999, ..work }.percent(), 99);
        assert_eq!((Work::default().percent(), Work::default().features_words()), (0, "No features".into()));
    }

    #[test]
    fn an_address_reads_back() {
        let cursor = Some(Cursor { key: 1.0, id: "cabc".into(), place: 20, back: true });
        let query = EpicQuery { status: Some(EpicStatus::InProgress), deleted: true, cursor };
        let text = query.params();
        let pairs: Vec<(&str, &str)> = text[1..].split('&').filter_map(|pair| pair.split_once('=')).collect();
        let again = EpicQuery::of_params(|name| pairs.iter().find(|(k, _)| *k == name).map(|(_, v)| (*v).to_owned()));
        assert_eq!(again, query);
        assert_eq!((EpicQuery::default().params(), query.is_filtered()), (String::new(), true));
    }
}
