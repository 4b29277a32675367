//! What is said of ideas.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::idea::model::{Idea, IdeaFields, IdeaForm, IdeaStatus, ScoreFields, ScoreForm};
use crate::kernel::entry::Entry;
use crate::kernel::text::{self, TAG_MAX};
use crate::server::rest::{Body, Problem, Wrong, both, itemized};

/// The fields of an idea's text, which its author may change.
pub const TEXT: [&str; 3] = ["title", "description", "tags"];
/// The fields that reviewers alone may change.
pub const SCORES: [&str; 9] =
    ["priority", "reach", "impact", "confidence", "effort", "businessValue", "timeCriticality", "riskReduction", "jobSize"];

/// What is said of an idea. Its scores are computed of these numbers.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdeaBody {
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// Markdown.
    #[serde(default)]
    #[schema(max_length = 20000)]
    description: String,
    /// At most 20, each of at most 40 characters and without a comma.
    #[serde(default)]
    #[schema(max_items = 20)]
    tags: Vec<String>,
    /// Higher comes first; 0 where it is `null` or not said.
    #[schema(minimum = 0, maximum = 100)]
    priority: Option<i32>,
    /// People reached in a period; 100 where it is `null` or not said.
    #[schema(minimum = 0, maximum = 1000000000)]
    reach: Option<i32>,
    /// How much it changes for each of them. A new idea has 1 unless something is said; `null` is not known yet, as in the next two, and
    /// gives neither a RICE nor an ICE score.
    #[serde(default = "one")]
    #[schema(minimum = 0, maximum = 10)]
    impact: Option<i32>,
    /// How sure these numbers are; 1 in a new idea unless something is said.
    #[serde(default = "one")]
    #[schema(minimum = 0, maximum = 10)]
    confidence: Option<i32>,
    /// How much work it is; 1 in a new idea unless something is said.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 10)]
    effort: Option<i32>,
    /// For WSJF, as the three below it.
    #[schema(minimum = 0, maximum = 100)]
    business_value: Option<i32>,
    #[schema(minimum = 0, maximum = 100)]
    time_criticality: Option<i32>,
    #[schema(minimum = 0, maximum = 100)]
    risk_reduction: Option<i32>,
    #[schema(minimum = 0, maximum = 100)]
    job_size: Option<i32>,
}

/// What the database takes for impact, confidence and effort of a new idea.
fn one() -> Option<i32> {
    Some(1)
}

impl Body for IdeaBody {
    fn example() -> Value {
        json!({
            "title": "Mobile App", "description": "Our product in the pocket.", "tags": ["mobile"],
            "reach": 100, "impact": 9, "confidence": 7, "effort": 8, "priority": 80,
        })
    }
}

impl IdeaBody {
    /// Whether a new idea is to differ from any other in what only reviewers may say.
    pub fn is_scored(&self) -> bool {
        let others = [self.priority, self.reach, self.business_value, self.time_criticality, self.risk_reduction, self.job_size];
        [self.impact, self.confidence, self.effort] != [one(); 3] || others.iter().any(Option::is_some)
    }

    /// The text and the scores, checked, or all that is wrong with either.
    pub fn checked(self) -> Result<(IdeaFields, ScoreFields), Problem> {
        let tags = wrong_tags(&self.tags);
        let (text, scores) = self.forms();
        itemized(both(text.validate(), scores.validate_some()), "tags", tags)
    }

    /// The same as the two forms of the screens.
    fn forms(self) -> (IdeaForm, ScoreForm) {
        let text = IdeaForm { title: self.title, description: self.description, tags: self.tags.join(", ") };
        let scores = ScoreForm {
            priority: Entry::from(self.priority),
            reach: Entry::from(self.reach),
            impact: Entry::from(self.impact),
            confidence: Entry::from(self.confidence),
            effort: Entry::from(self.effort),
            business_value: Entry::from(self.business_value),
            time_criticality: Entry::from(self.time_criticality),
            risk_reduction: Entry::from(self.risk_reduction),
            job_size: Entry::from(self.job_size),
        };
        (text, scores)
    }
}

/// Those that are no tags, or would not stay apart in the form's one field.
fn wrong_tags(tags: &[String]) -> Vec<Wrong> {
    let checked = |tag: &str| match tag.contains(',') || tag.trim().is_empty() {
        true => Err("Enter a tag, without a comma.".to_owned()),
        false => text::line(tag, "a tag", TAG_MAX),
    };
    let told = |(at, tag): (usize, &String)| Some(Wrong::at(format!("#/tags/{at}"), checked(tag).err()?));
    tags.iter().enumerate().filter_map(told).collect()
}

impl From<&Idea> for IdeaBody {
    fn from(idea: &Idea) -> Self {
        let idea = idea.clone();
        IdeaBody {
            title: idea.title,
            description: idea.description,
            tags: idea.tags,
            priority: idea.priority,
            reach: Some(idea.reach),
            impact: idea.impact,
            confidence: idea.confidence,
            effort: idea.effort,
            business_value: idea.business_value,
            time_criticality: idea.time_criticality,
            risk_reduction: idea.risk_reduction,
            job_size: idea.job_size,
        }
    }
}

/// Where an idea is to stand.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdeaMove {
    pub status: IdeaStatus,
}

impl Body for IdeaMove {
    fn example() -> Value {
        json!({ "status": "UNDER_REVIEW" })
    }
}

/// The idea that takes another one in.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdeaMerge {
    /// Its id.
    pub into_id: String,
}

impl Body for IdeaMerge {
    fn example() -> Value {
        json!({ "intoId": "cmig3k2p40001qw8h5x7y2z9a" })
    }
}
