//! What a feature is, and how an idea becomes some.

mod list;
mod status;

pub use list::{FeatureList, FeatureQuery};
pub use status::FeatureStatus;

use serde::{Deserialize, Serialize};

use crate::idea::model::{IdeaLink, IdeaStatus};
use crate::kernel::entry::Entry;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::priority::Priority;
use crate::kernel::role::Role;
use crate::kernel::text::{self, DESCRIPTION_MAX, TITLE_MAX};
use crate::kernel::time::Timestamp;
use crate::kernel::version::{Edited, Shown, shown};
use crate::product::model::ProductName;

/// The largest number of story points that a feature can have.
pub const POINTS_MAX: i32 = 1000;

/// Features that an idea becomes at most, in one go.
const CONVERTED_MAX: usize = 20;

/// A part of a product that is built as one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Feature {
    pub id: String,
    pub title: String,
    pub description: String,
    pub product_id: String,
    pub epic_id: Option<String>,
    pub status: FeatureStatus,
    pub priority: Priority,
    /// The size of the work, relative to other features, 0 to 1000.
    pub story_points: Option<i32>,
    /// What has to hold for the feature to be done.
    pub acceptance_criteria: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

/// A feature's own pages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeaturePage {
    pub role: Role,
    pub product: ProductName,
    pub feature: Feature,
    /// The live ideas that it came from.
    pub ideas: Vec<IdeaLink>,
}

/// What an idea became.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Built {
    /// The key of the product that the idea belongs to.
    pub product: String,
    pub features: Vec<FeatureLink>,
}

/// A feature as other things name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct FeatureLink {
    pub id: String,
    pub title: String,
    pub status: FeatureStatus,
}

/// What is filled in to create or change a feature.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FeatureForm {
    pub title: String,
    pub description: String,
    /// The word of a `Priority`; nothing means medium.
    pub priority: String,
    pub story_points: Entry,
    pub acceptance_criteria: String,
}

/// A feature's fields, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeatureFields {
    pub title: String,
    pub description: String,
    pub priority: Priority,
    pub story_points: Option<i32>,
    pub acceptance_criteria: Option<String>,
}

impl From<&Feature> for FeatureFields {
    fn from(feature: &Feature) -> Self {
        FeatureFields {
            title: feature.title.clone(),
            description: feature.description.clone(),
            priority: feature.priority,
            story_points: feature.story_points,
            acceptance_criteria: feature.acceptance_criteria.clone(),
        }
    }
}

impl Edited for FeatureFields {
    fn shown(&self) -> Vec<Shown> {
        vec![
            shown("title", "Title", self.title.as_str()),
            shown("description", "Description", self.description.as_str()),
            shown("acceptance_criteria", "Acceptance criteria", self.acceptance_criteria.as_deref().unwrap_or_default()),
            shown("priority", "Priority", self.priority.word()),
            shown("story_points", "Story points", Entry::from(self.story_points).0),
        ]
    }
}

impl FeatureForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<FeatureFields, AppError> {
        let mut checks = Checks::default();
        let fields = FeatureFields {
            title: checks.take("title", text::line(&self.title, "a title", TITLE_MAX)),
            description: checks.take("description", text::block(&self.description, DESCRIPTION_MAX)),
            priority: checks.take("priority", priority(&self.priority)),
            story_points: checks.take("story_points", self.story_points.optional(0, POINTS_MAX)),
            acceptance_criteria: checks.take("acceptance_criteria", text::optional(&self.acceptance_criteria, DESCRIPTION_MAX)),
        };
        checks.finish(fields)
    }
}

fn priority(word: &str) -> Result<Priority, String> {
    match word {
        "" => Ok(Priority::default()),
        word => Priority::parse(word).ok_or_else(|| "Choose one of the priorities.".into()),
    }
}

/// What is filled in to convert an idea.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ConvertForm {
    /// The features' titles, one a line.
    pub titles: String,
    /// The description that each of them begins with.
    pub description: String,
    pub priority: String,
}

/// What an idea is converted to, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConvertFields {
    /// At least one, in order.
    pub titles: Vec<String>,
    pub description: String,
    pub priority: Priority,
}

impl ConvertForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<ConvertFields, AppError> {
        let mut checks = Checks::default();
        let fields = ConvertFields {
            titles: checks.take("titles", titles(&self.titles)),
            description: checks.take("description", text::block(&self.description, DESCRIPTION_MAX)),
            priority: checks.take("priority", priority(&self.priority)),
        };
        checks.finish(fields)
    }
}

fn titles(lines: &str) -> Result<Vec<String>, String> {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let titles: Vec<String> = lines.map(|line| text::line(line, "a title", TITLE_MAX)).collect::<Result<_, _>>()?;
    match titles.len() {
        0 => Err("Enter a title for each feature, one a line.".into()),
        count if count > CONVERTED_MAX => Err(format!("These are {count} features; the limit is {CONVERTED_MAX}.")),
        _ => Ok(titles),
    }
}

/// Whether an idea of this status becomes features, of which it has so many already. Work may have begun without any,
/// or they may have been dropped.
///
/// # Errors
/// `Conflict` with the reason if not.
pub fn may_convert(status: IdeaStatus, features: i64) -> Result<(), AppError> {
    match status {
        IdeaStatus::Approved => Ok(()),
        IdeaStatus::InDevelopment if features == 0 => Ok(()),
        IdeaStatus::InDevelopment | IdeaStatus::Implemented if features > 0 => {
            Err(AppError::Conflict("Work on this idea has begun already. Its features are on its page.".into()))
        }
        status => Err(AppError::Conflict(format!("Only an approved idea becomes features; this one is “{}”.", status.label()))),
    }
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
    fn each_line_is_a_feature() {
        let form = |titles: &str| ConvertForm { titles: titles.into(), ..Default::default() }.validate();
        assert_eq!(form(" iOS \r\n\n Android\n").unwrap().titles, ["iOS", "Android"]);
        for wrong in ["", " \n ", &"x\n".repeat(21), &"x".repeat(201), "a\0b"] {
            assert!(form(wrong).unwrap_err().of_field("titles").is_some(), "{wrong:?}");
        }
    }

    #[test]
    fn an_idea_is_converted_once_it_is_approved_and_while_it_has_no_features() {
        let convertible =
            |features| IdeaStatus::ALL.into_iter().filter(|status| may_convert(*status, features).is_ok()).collect::<Vec<_>>();
        assert_eq!(convertible(0), [IdeaStatus::Approved, IdeaStatus::InDevelopment]);
        assert_eq!(convertible(1), [IdeaStatus::Approved]);
    }
}
