//! What is said of features.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::feature::model::{ConvertFields, ConvertForm, Feature, FeatureForm, FeatureLink, FeatureStatus};
use crate::kernel::entry::Entry;
use crate::kernel::priority::Priority;
use crate::kernel::text::{self, TITLE_MAX};
use crate::server::rest::value::Day;
use crate::server::rest::{Body, Problem, Resource, Wrong, itemized};

/// What is said of a feature.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FeatureBody {
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// Markdown.
    #[serde(default)]
    #[schema(max_length = 20000)]
    description: String,
    /// An epic of the product.
    epic_id: Option<String>,
    #[serde(default)]
    #[schema(inline)]
    priority: Priority,
    /// The size of the work, relative to other features.
    #[schema(minimum = 0, maximum = 1000)]
    story_points: Option<i32>,
    /// A member, by the id of the person.
    assignee_id: Option<String>,
    /// The day on which work begins.
    start_date: Option<Day>,
    /// Not before the start.
    due_date: Option<Day>,
    /// Markdown whose checklist can be ticked.
    #[schema(max_length = 20000)]
    acceptance_criteria: Option<String>,
}

impl Body for FeatureBody {
    const NAMES: &'static [(&'static str, &'static str)] = &[("epic", "epicId"), ("assignee", "assigneeId")];

    fn example() -> Value {
        json!({
            "title": "Offline mode", "priority": "HIGH", "storyPoints": 8, "startDate": "2026-11-02", "dueDate": "2026-11-23",
            "acceptanceCriteria": "- [ ] Ideas can be read without a network",
        })
    }
}

impl From<&Feature> for FeatureBody {
    fn from(feature: &Feature) -> Self {
        let feature = feature.clone();
        FeatureBody {
            title: feature.title,
            description: feature.description,
            epic_id: feature.epic_id,
            priority: feature.priority,
            story_points: feature.story_points,
            assignee_id: feature.assignee_id,
            start_date: Day::of(feature.start_date),
            due_date: Day::of(feature.due_date),
            acceptance_criteria: feature.acceptance_criteria,
        }
    }
}

impl From<FeatureBody> for FeatureForm {
    fn from(body: FeatureBody) -> Self {
        FeatureForm {
            title: body.title,
            description: body.description,
            epic: body.epic_id.unwrap_or_default(),
            priority: body.priority.word().into(),
            story_points: Entry::from(body.story_points),
            assignee: body.assignee_id.unwrap_or_default(),
            start_date: Day::typed(body.start_date),
            due_date: Day::typed(body.due_date),
            acceptance_criteria: body.acceptance_criteria.unwrap_or_default(),
        }
    }
}

/// Where a feature is to stand.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeatureMove {
    pub status: FeatureStatus,
}

impl Body for FeatureMove {
    fn example() -> Value {
        json!({ "status": "IN_PROGRESS" })
    }
}

/// Whether a line of the acceptance criteria is to be ticked.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CriterionTick {
    /// The line of the text, from 0.
    pub line: u32,
    pub ticked: bool,
}

impl Body for CriterionTick {
    fn example() -> Value {
        json!({ "line": 0, "ticked": true })
    }
}

/// What an idea is to become.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConvertBody {
    /// A title for each feature.
    #[schema(min_items = 1, max_items = 20)]
    titles: Vec<String>,
    /// The description that each of them begins with.
    #[serde(default)]
    #[schema(max_length = 20000)]
    description: String,
    #[serde(default)]
    #[schema(inline)]
    priority: Priority,
}

impl Body for ConvertBody {
    fn example() -> Value {
        json!({ "titles": ["Offline mode", "Push notifications"], "priority": "MEDIUM" })
    }
}

impl ConvertBody {
    /// The fields in stored shape. A title that says nothing would be passed over.
    pub fn checked(self) -> Result<ConvertFields, Problem> {
        let told = |(at, title): (usize, &String)| {
            let wrong = text::line(&on_one_line(title), "a title", TITLE_MAX).err()?;
            Some(Wrong::at(format!("#/titles/{at}"), wrong))
        };
        let wrong: Vec<Wrong> = self.titles.iter().enumerate().filter_map(told).collect();
        itemized(ConvertForm::from(self).validate(), "titles", wrong)
    }
}

/// A title is one line, and each line would be one.
fn on_one_line(title: &str) -> String {
    title.replace(['\n', '\r'], " ")
}

impl From<ConvertBody> for ConvertForm {
    fn from(body: ConvertBody) -> Self {
        let titles: Vec<String> = body.titles.iter().map(|title| on_one_line(title)).collect();
        ConvertForm { titles: titles.join("\n"), description: body.description, priority: body.priority.word().into() }
    }
}

/// The live features that an idea has become.
#[derive(Serialize, ToSchema)]
pub struct Converted {
    pub features: Vec<FeatureLink>,
}

impl Resource for Converted {
    fn key(&self) -> String {
        String::new()
    }
}
