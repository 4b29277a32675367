//! The organisation's objectives, and the tree of what serves what.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{OkrStatus, Quarter, named, quarter};
use crate::kernel::error::{AppError, Checks};
use crate::kernel::named::{Named, chosen};
use crate::kernel::role::Role;
use crate::kernel::text::{self, DESCRIPTION_MAX, TITLE_MAX};
use crate::kernel::time::Timestamp;
use crate::kernel::version::{Edited, Shown, shown};

/// How deep the tree is shown; what is deeper stands beside what it serves.
const DEEPEST: usize = 8;

/// What a whole organisation wants to reach in a quarter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Objective {
    pub id: String,
    pub title: String,
    pub description: Option<String>,
    pub owner_id: String,
    #[cfg_attr(feature = "ssr", sqlx(try_from = "String"), schema(value_type = String, example = "2026-Q4"))]
    pub quarter: Quarter,
    pub status: OkrStatus,
    /// From 0 to 100: the mean of the OKRs that serve it, kept by the database.
    pub progress: f64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// The owner's name.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    #[serde(default)]
    pub owner_name: Option<String>,
}

impl Objective {
    /// By how many points it is behind its quarter, if it is at risk.
    pub fn behind(&self, today: Timestamp) -> Option<i64> {
        self.quarter.behind(self.status, self.progress, today)
    }

    /// The owner by name.
    pub fn owner(&self) -> String {
        named(self.owner_name.as_deref())
    }
}

/// What is filled in to create or change an objective of the organisation.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ObjectiveForm {
    pub title: String,
    pub description: String,
    pub quarter: String,
    pub owner: String,
}

/// The fields of an objective of the organisation, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectiveFields {
    pub title: String,
    pub description: Option<String>,
    pub quarter: Quarter,
    pub owner: String,
}

impl From<&Objective> for ObjectiveFields {
    fn from(objective: &Objective) -> Self {
        ObjectiveFields {
            title: objective.title.clone(),
            description: objective.description.clone(),
            quarter: objective.quarter,
            owner: objective.owner_id.clone(),
        }
    }
}

impl Edited for ObjectiveFields {
    fn shown(&self) -> Vec<Shown> {
        vec![
            shown("title", "Objective", self.title.as_str()),
            shown("description", "Description", self.description.clone().unwrap_or_default()),
            shown("quarter", "Quarter", self.quarter.word()),
            shown("owner", "Owner", self.owner.as_str()),
        ]
    }
}

impl ObjectiveForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<ObjectiveFields, AppError> {
        let mut checks = Checks::default();
        let quarter = quarter(&mut checks, &self.quarter);
        let fields = ObjectiveFields {
            title: checks.take("title", text::line(&self.title, "an objective", TITLE_MAX)),
            description: checks.take("description", text::optional(&self.description, DESCRIPTION_MAX)),
            quarter: quarter.unwrap_or(Quarter::at(0)),
            owner: checks.take("owner", chosen(&self.owner).ok_or_else(|| "Choose an owner.".to_owned())),
        };
        checks.finish(fields)
    }
}

/// What the form of an objective of the organisation is filled from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectiveFormPage {
    pub objective: Option<Objective>,
    pub people: Vec<Named>,
    pub me: String,
    pub today: Timestamp,
}

/// An OKR of any product, as the tree shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"), schema(as = AlignedOkr))]
#[serde(rename_all = "camelCase")]
pub struct Aligned {
    pub id: String,
    pub title: String,
    pub number: Option<i32>,
    pub product_key: String,
    pub product_name: String,
    #[cfg_attr(feature = "ssr", sqlx(try_from = "String"), schema(value_type = String, example = "2026-Q4"))]
    pub quarter: Quarter,
    pub status: OkrStatus,
    pub progress: f64,
    pub parent_id: Option<String>,
    pub objective_id: Option<String>,
    pub owner_name: Option<String>,
}

/// An OKR with those that serve it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Branch {
    pub okr: Aligned,
    pub below: Vec<Branch>,
}

/// The OKRs by what they serve: the branches below each objective in the objectives' order, and those that serve none of them.
/// Each is there once, whatever the rows say: a parent that is not among them is none.
pub fn tree(objectives: &[Objective], okrs: Vec<Aligned>) -> (Vec<Vec<Branch>>, Vec<Branch>) {
    let known: BTreeSet<String> = okrs.iter().map(|okr| okr.id.clone()).collect();
    let mut below: BTreeMap<Option<String>, Vec<Aligned>> = BTreeMap::new();
    for okr in okrs {
        let objective = okr.objective_id.clone().filter(|id| objectives.iter().any(|objective| objective.id == *id));
        let parent = okr.parent_id.clone().filter(|id| known.contains(id));
        below.entry(parent.or(objective)).or_default().push(okr);
    }
    let trees = objectives.iter().map(|objective| branches(&mut below, Some(objective.id.clone()), 1)).collect();
    let mut rest = branches(&mut below, None, 1);
    // What only serves itself in a circle, which the database refuses.
    rest.extend(below.into_values().flatten().map(|okr| Branch { okr, below: Vec::new() }));
    (trees, rest)
}

fn branches(below: &mut BTreeMap<Option<String>, Vec<Aligned>>, of: Option<String>, depth: usize) -> Vec<Branch> {
    let mut all = Vec::new();
    for okr in below.remove(&of).unwrap_or_default() {
        let under = branches(below, Some(okr.id.clone()), depth + 1);
        let (own, beside) = if depth < DEEPEST { (under, Vec::new()) } else { (Vec::new(), under) };
        all.push(Branch { okr, below: own });
        all.extend(beside);
    }
    all
}

/// The organisation's objectives of a quarter with what serves them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectiveTree {
    pub role: Role,
    pub quarter: Quarter,
    /// The quarters to choose from, the latest first.
    pub quarters: Vec<Quarter>,
    pub objectives: Vec<Objective>,
    /// The branches below each objective, in the objectives' order.
    pub below: Vec<Vec<Branch>>,
    /// The quarter's OKRs that serve none of them.
    pub rest: Vec<Branch>,
    /// Whether there are more than are shown.
    pub more: bool,
    /// The objectives deleted last, for those who can bring them back.
    pub deleted: Vec<Objective>,
    /// The reader's day.
    pub today: Timestamp,
}

/// The page of one objective of the organisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectivePage {
    pub role: Role,
    pub objective: Objective,
    pub below: Vec<Branch>,
    /// The reader's day.
    pub today: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn okr(id: &str, parent: Option<&str>, objective: Option<&str>) -> Aligned {
        Aligned {
            id: id.into(),
            title: id.into(),
            number: None,
            product_key: "p".into(),
            product_name: "P".into(),
            quarter: Quarter::at(8107),
            status: OkrStatus::Active,
            progress: 0.0,
            parent_id: parent.map(str::to_owned),
            objective_id: objective.map(str::to_owned),
            owner_name: None,
        }
    }

    fn objective(id: &str) -> Objective {
        let at = Timestamp::from_timestamp_nanos(0);
        Objective {
            id: id.into(),
            title: id.into(),
            description: None,
            owner_id: "u".into(),
            quarter: Quarter::at(8107),
            status: OkrStatus::Active,
            progress: 0.0,
            created_at: at,
            updated_at: at,
            deleted_at: None,
            owner_name: None,
        }
    }

    fn ids(branches: &[Branch]) -> String {
        branches.iter().map(|branch| format!("{}({})", branch.okr.id, ids(&branch.below))).collect()
    }

    #[test]
    fn each_stands_below_what_it_serves() {
        let okrs = vec![okr("a", None, Some("x")), okr("b", Some("a"), None), okr("c", Some("b"), None), okr("d", Some("gone"), None)];
        let (trees, rest) = tree(&[objective("x"), objective("y")], okrs);
        assert_eq!((ids(&trees[0]), ids(&trees[1]), ids(&rest)), ("a(b(c()))".into(), String::new(), "d()".into()));
    }

    #[test]
    fn a_long_chain_is_not_shown_ever_deeper() {
        let chain = (0..400).map(|n: i32| okr(&n.to_string(), Some(&(n - 1).to_string()), (n == 0).then_some("x"))).collect();
        let (trees, rest) = tree(&[objective("x")], chain);
        let text = ids(&trees[0]);
        assert_eq!((text.matches('(').count(), text.contains(")))))))))"), rest.len()), (400, false, 0));
    }

    proptest! {
        #[test]
        fn each_is_there_once(parents in proptest::collection::vec(0..12_usize, 0..10)) {
            let okrs: Vec<Aligned> = parents.iter().enumerate().map(|(id, parent)| okr(&id.to_string(), Some(&parent.to_string()), None)).collect();
            let (trees, rest) = tree(&[objective("x")], okrs);
            let text = ids(&trees[0]) + &ids(&rest);
            prop_assert_eq!(text.matches('(').count(), parents.len());
        }
    }
}
