//! What is filled in of a feature.

use serde::{Deserialize, Serialize};

use super::{Feature, POINTS_MAX, criteria};
use crate::kernel::day;
use crate::kernel::entry::Entry;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::named::{Named, chosen};
use crate::kernel::priority::Priority;
use crate::kernel::text::{self, DESCRIPTION_MAX, TITLE_MAX};
use crate::kernel::time::Timestamp;
use crate::kernel::version::{Edited, Shown, shown};
use crate::product::model::ProductName;

/// What is filled in to create or change a feature.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FeatureForm {
    pub title: String,
    pub description: String,
    /// An epic's id; nothing for none.
    pub epic: String,
    /// The word of a `Priority`; nothing means medium.
    pub priority: String,
    pub story_points: Entry,
    /// The id of a member's account; nothing for nobody.
    pub assignee: String,
    pub start_date: String,
    pub due_date: String,
    pub acceptance_criteria: String,
}

/// A feature's fields, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeatureFields {
    pub title: String,
    pub description: String,
    pub epic_id: Option<String>,
    pub priority: Priority,
    pub story_points: Option<i32>,
    pub assignee_id: Option<String>,
    pub start_date: Option<Timestamp>,
    /// Not before the start.
    pub due_date: Option<Timestamp>,
    pub acceptance_criteria: Option<String>,
}

impl From<&Feature> for FeatureFields {
    fn from(feature: &Feature) -> Self {
        FeatureFields {
            title: feature.title.clone(),
            description: feature.description.clone(),
            epic_id: feature.epic_id.clone(),
            priority: feature.priority,
            story_points: feature.story_points,
            assignee_id: feature.assignee_id.clone(),
            start_date: feature.start_date,
            due_date: feature.due_date,
            acceptance_criteria: feature.acceptance_criteria.clone(),
        }
    }
}

impl Edited for FeatureFields {
    fn shown(&self) -> Vec<Shown> {
        let chosen = |id: &Option<String>| id.clone().unwrap_or_default();
        vec![
            shown("title", "Title", self.title.as_str()),
            shown("description", "Description", self.description.as_str()),
            shown("epic", "Epic", chosen(&self.epic_id)),
            shown("priority", "Priority", self.priority.word()),
            shown("story_points", "Story points", Entry::from(self.story_points).0),
            shown("assignee", "Assignee", chosen(&self.assignee_id)),
            shown("start_date", "Start date", day::typed(self.start_date)),
            shown("due_date", "Due date", day::typed(self.due_date)),
            shown("acceptance_criteria", "Acceptance criteria", self.acceptance_criteria.as_deref().unwrap_or_default()),
        ]
    }
}

impl FeatureForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<FeatureFields, AppError> {
        let mut checks = Checks::default();
        let criteria = text::optional(&self.acceptance_criteria, DESCRIPTION_MAX).map(|text| text.map(|text| criteria::normalised(&text)));
        let start_date = checks.take("start_date", day::parse(&self.start_date));
        let due_date = checks.take(
            "due_date",
            day::parse(&self.due_date).and_then(|due| not_before(start_date, due, "The due date is before the start date.")),
        );
        let fields = FeatureFields {
            title: checks.take("title", text::line(&self.title, "a title", TITLE_MAX)),
            description: checks.take("description", text::block(&self.description, DESCRIPTION_MAX)),
            epic_id: chosen(&self.epic),
            priority: checks.take("priority", Priority::chosen(&self.priority)),
            story_points: checks.take("story_points", self.story_points.optional(0, POINTS_MAX)),
            assignee_id: chosen(&self.assignee),
            start_date,
            due_date,
            acceptance_criteria: checks.take("acceptance_criteria", criteria),
        };
        checks.finish(fields)
    }
}

/// The end of a time, unless it lies before its start.
pub fn not_before(start: Option<Timestamp>, end: Option<Timestamp>, message: &str) -> Result<Option<Timestamp>, String> {
    match (start, end) {
        (Some(start), Some(end)) if end < start => Err(message.to_owned()),
        (_, end) => Ok(end),
    }
}

/// What a feature's epic and assignee are chosen from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// The product's live epics.
    pub epics: Vec<Named>,
    /// The organisation's members, by the ids of their accounts.
    pub people: Vec<Named>,
}

/// The page of a form; without a feature for a new one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureFormPage {
    pub product: ProductName,
    pub feature: Option<Feature>,
    pub choices: Choices,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_needs_a_title_and_sane_points() {
        let form = FeatureForm { title: "Export".into(), story_points: Entry("5".into()), ..Default::default() };
        let fields = form.validate().unwrap();
        assert_eq!((fields.story_points, fields.priority, fields.acceptance_criteria), (Some(5), Priority::Medium, None));
        let form = FeatureForm { story_points: Entry("1001".into()), priority: "URGENT".into(), ..Default::default() };
        let error = form.validate().unwrap_err();
        for field in ["title", "story_points", "priority"] {
            assert!(error.of_field(field).is_some(), "{field}");
        }
    }

    #[test]
    fn a_feature_is_not_due_before_it_starts() {
        let form = |start: &str, due: &str| FeatureForm {
            title: "T".into(),
            start_date: start.into(),
            due_date: due.into(),
            ..Default::default()
        };
        let fields = form("2026-11-02", "2026-11-02").validate().unwrap();
        assert_eq!((day::typed(fields.start_date), day::typed(fields.due_date)), ("2026-11-02".into(), "2026-11-02".into()));
        assert!(form("", "2026-11-02").validate().is_ok() && form("2026-11-02", "").validate().is_ok());
        assert!(form("2026-11-02", "2026-11-01").validate().unwrap_err().of_field("due_date").is_some());
        let error = form("soon", "later").validate().unwrap_err();
        assert!(error.of_field("start_date").is_some() && error.of_field("due_date").is_some());
    }

    #[test]
    fn what_is_chosen_is_trimmed_and_capital_ticks_are_small() {
        let form = FeatureForm { title: "T".into(), epic: " c1 ".into(), acceptance_criteria: "- [X] A".into(), ..Default::default() };
        let fields = form.validate().unwrap();
        assert_eq!((fields.epic_id.as_deref(), fields.assignee_id), (Some("c1"), None));
        assert_eq!(fields.acceptance_criteria.as_deref(), Some("- [x] A"));
    }
}
