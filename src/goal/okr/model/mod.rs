//! What an objective is, how it goes on, and what it serves.

mod close;
mod list;
mod measure;
mod objective;
mod quarter;
mod result;

pub use close::{CloseFields, CloseForm, ClosePage, Closing, Outcome};
pub use list::{Limits, OkrList, OkrQuery};
pub use measure::{Direction, Measure, amount, mean, number, percent, typed};
pub use objective::{Aligned, Branch, Objective, ObjectiveFields, ObjectiveForm, ObjectiveFormPage, ObjectivePage, ObjectiveTree, tree};
pub use quarter::{Quarter, TOLERANCE};
pub use result::{CheckIn, CheckInFields, CheckInForm, KeyResult, RemoveForm, ResultFields, ResultForm, ResultPage};

use serde::{Deserialize, Serialize};

use crate::kernel::error::{AppError, Checks};
use crate::kernel::named::{Named, chosen};
use crate::kernel::reference::Linked;
use crate::kernel::role::Role;
use crate::kernel::text::{self, DESCRIPTION_MAX, TITLE_MAX};
use crate::kernel::time::Timestamp;
use crate::kernel::version::{Edited, Shown, shown};
use crate::product::model::ProductName;

/// Where an objective stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "\"OKRStatus\"", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum OkrStatus {
    #[default]
    Draft,
    Active,
    Completed,
    Cancelled,
}

crate::words!(OkrStatus {
    Draft: "DRAFT", "Draft";
    Active: "ACTIVE", "Active";
    Completed: "COMPLETED", "Completed";
    Cancelled: "CANCELLED", "Cancelled";
});

impl OkrStatus {
    /// The statuses that may follow: one step along, one step back, and cancelling as long as it is not completed.
    pub fn next(self) -> &'static [OkrStatus] {
        match self {
            OkrStatus::Draft => &[OkrStatus::Active, OkrStatus::Cancelled],
            OkrStatus::Active => &[OkrStatus::Completed, OkrStatus::Draft, OkrStatus::Cancelled],
            OkrStatus::Completed => &[OkrStatus::Active],
            OkrStatus::Cancelled => &[OkrStatus::Draft],
        }
    }

    /// Whether an objective may go from here to there, or stay; as a `Conflict` if not.
    pub fn may_become(self, to: OkrStatus) -> Result<(), AppError> {
        if self == to || self.next().contains(&to) {
            return Ok(());
        }
        Err(AppError::Conflict(format!("An objective cannot go from “{}” to “{}”.", self.label(), to.label())))
    }

    /// What the button says that moves an objective from here to there.
    pub fn verb(self, to: OkrStatus) -> &'static str {
        match (self, to) {
            (OkrStatus::Completed, _) => "Reopen",
            (OkrStatus::Cancelled, _) => "Take up again",
            (_, OkrStatus::Draft) => "Back to draft",
            (_, OkrStatus::Active) => "Start",
            (_, OkrStatus::Completed) => "Complete",
            (_, OkrStatus::Cancelled) => "Cancel objective",
        }
    }

    /// The statuses that may follow, by word, each with what its button says.
    pub fn steps(self) -> Vec<(&'static str, &'static str)> {
        self.next().iter().map(|to| (to.word(), self.verb(*to))).collect()
    }

    /// Whether nothing is measured any more.
    pub fn is_over(self) -> bool {
        matches!(self, OkrStatus::Completed | OkrStatus::Cancelled)
    }
}

/// An objective of a product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Okr {
    pub id: String,
    pub title: String,
    pub description: Option<String>,
    pub product_id: String,
    /// Its number among the items of its product, of which `KEY-123` is made.
    pub number: Option<i32>,
    pub owner_id: String,
    #[cfg_attr(feature = "ssr", sqlx(try_from = "String"), schema(value_type = String, example = "2026-Q4"))]
    pub quarter: Quarter,
    pub status: OkrStatus,
    /// From 0 to 100: the mean of its key results', kept by the database.
    pub progress: f64,
    /// The OKR that it serves.
    pub parent_id: Option<String>,
    /// The organisation's objective that it serves; it serves one of the two at most.
    pub objective_id: Option<String>,
    /// The OKR of an earlier quarter that it goes on with.
    pub carried_from_id: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// The owner's name.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    #[serde(default)]
    pub owner_name: Option<String>,
    /// How many key results it has.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    #[serde(default)]
    pub results: i64,
}

impl Okr {
    /// By how many points it is behind its quarter, if it is at risk.
    pub fn behind(&self, today: Timestamp) -> Option<i64> {
        self.quarter.behind(self.status, self.progress, today)
    }

    /// The id of what it serves.
    pub fn served(&self) -> Option<&String> {
        self.parent_id.as_ref().or(self.objective_id.as_ref())
    }

    /// The owner by name.
    pub fn owner(&self) -> String {
        named(self.owner_name.as_deref())
    }
}

/// A person by name.
pub fn named(name: Option<&str>) -> String {
    name.filter(|name| !name.trim().is_empty()).unwrap_or("Somebody without a name").to_owned()
}

/// What is filled in to create or change an objective.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OkrForm {
    pub title: String,
    pub description: String,
    /// As `2026-Q4`.
    pub quarter: String,
    /// A member's user id.
    pub owner: String,
    /// The id of the OKR or of the organisation's objective that it serves, or nothing.
    pub serves: String,
}

/// An objective's fields, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct OkrFields {
    pub title: String,
    pub description: Option<String>,
    pub quarter: Quarter,
    pub owner: String,
    pub serves: Option<String>,
}

impl From<&Okr> for OkrFields {
    fn from(okr: &Okr) -> Self {
        OkrFields {
            title: okr.title.clone(),
            description: okr.description.clone(),
            quarter: okr.quarter,
            owner: okr.owner_id.clone(),
            serves: okr.served().cloned(),
        }
    }
}

impl Edited for OkrFields {
    fn shown(&self) -> Vec<Shown> {
        vec![
            shown("title", "Objective", self.title.as_str()),
            shown("description", "Description", self.description.clone().unwrap_or_default()),
            shown("quarter", "Quarter", self.quarter.word()),
            shown("owner", "Owner", self.owner.as_str()),
            shown("serves", "Aligned with", self.serves.clone().unwrap_or_default()),
        ]
    }
}

/// The quarter that was chosen; nothing with what is wrong noted.
fn quarter(checks: &mut Checks, word: &str) -> Option<Quarter> {
    checks.take(
        "quarter",
        Quarter::parse(word.trim())
            .filter(|quarter| quarter.is_of_our_time())
            .map(Some)
            .ok_or_else(|| "Choose a quarter, such as 2026-Q4.".to_owned()),
    )
}

impl OkrForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<OkrFields, AppError> {
        let mut checks = Checks::default();
        let quarter = quarter(&mut checks, &self.quarter);
        let fields = OkrFields {
            title: checks.take("title", text::line(&self.title, "an objective", TITLE_MAX)),
            description: checks.take("description", text::optional(&self.description, DESCRIPTION_MAX)),
            quarter: quarter.unwrap_or(Quarter::at(0)),
            owner: checks.take("owner", chosen(&self.owner).ok_or_else(|| "Choose an owner.".to_owned())),
            serves: chosen(&self.serves),
        };
        checks.finish(fields)
    }
}

/// What an objective's form is filled from: the objective, unless it is a new one, and what there is to choose from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OkrFormPage {
    pub product: ProductName,
    pub okr: Option<Okr>,
    pub people: Vec<Named>,
    /// What it can be aligned with.
    pub parents: Vec<Named>,
    /// Who fills it in.
    pub me: String,
    /// The reader's day.
    pub today: Timestamp,
}

/// Another objective as it is named beside one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct OkrLink {
    pub id: String,
    pub title: String,
    #[cfg_attr(feature = "ssr", sqlx(try_from = "String"), schema(value_type = String, example = "2026-Q4"))]
    pub quarter: Quarter,
    pub status: OkrStatus,
    pub progress: f64,
    /// The product's key; nothing for an objective of the organisation.
    pub product_key: Option<String>,
    /// How it stands to the one beside which it is named, see `OkrTie`.
    pub tie: Tie,
}

impl OkrLink {
    /// The address of its page, below the organisation's.
    pub fn path(&self) -> String {
        match &self.product_key {
            Some(key) => format!("/products/{key}/okrs/{}", self.id),
            None => format!("/okrs/{}", self.id),
        }
    }
}

/// How one objective stands to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"), schema(as = OkrTie))]
pub enum Tie {
    /// It is what the other serves.
    Serves,
    /// It serves the other.
    Served,
    /// The other goes on with it.
    CarriedFrom,
    /// It goes on with the other.
    CarriedTo,
}

/// An objective's own page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OkrPage {
    pub role: Role,
    pub product: ProductName,
    pub okr: Okr,
    pub results: Vec<KeyResult>,
    pub links: Vec<OkrLink>,
    /// The reader's day.
    pub today: Timestamp,
    /// What the references in its text lead to.
    pub named: Vec<Linked>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_objective_has_a_title_a_quarter_and_an_owner() {
        let form = OkrForm { title: "Win".into(), quarter: "2026-Q4".into(), owner: "u1".into(), ..Default::default() };
        let fields = form.validate().unwrap();
        assert_eq!((fields.quarter.word(), fields.serves, fields.description), ("2026-Q4".into(), None, None));
        let error = OkrForm { quarter: "soon".into(), ..Default::default() }.validate().unwrap_err();
        for field in ["title", "quarter", "owner"] {
            assert!(error.of_field(field).is_some(), "{field}");
        }
    }

    #[test]
    fn an_objective_goes_step_by_step() {
        for from in OkrStatus::ALL {
            assert_eq!(OkrStatus::parse(from.word()), Some(from));
            assert!(from.may_become(from).is_ok());
            for to in OkrStatus::ALL.into_iter().filter(|to| *to != from) {
                assert_eq!(from.may_become(to).is_ok(), from.next().contains(&to));
            }
        }
        assert!(OkrStatus::Draft.may_become(OkrStatus::Completed).is_err());
        assert!(OkrStatus::Completed.may_become(OkrStatus::Cancelled).is_err());
    }
}
