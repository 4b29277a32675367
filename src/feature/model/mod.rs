//! What a feature is, and how an idea becomes some.

pub mod criteria;
mod depend;
mod form;
mod list;
mod status;

pub use criteria::Met;
pub use depend::{Dependencies, FoundFeature, Other, blocked_words, holds_up};
pub use form::{Choices, FeatureFields, FeatureForm, FeatureFormPage, not_before};
pub use list::{FeatureList, FeatureQuery, FeatureSort, NONE};
pub use status::FeatureStatus;

use serde::{Deserialize, Serialize};

use crate::idea::model::{IdeaLink, IdeaStatus};
use crate::kernel::error::{AppError, Checks};
use crate::kernel::priority::Priority;
use crate::kernel::reference::Linked;
use crate::kernel::role::Role;
use crate::kernel::text::{self, DESCRIPTION_MAX, TITLE_MAX};
use crate::kernel::time::Timestamp;
use crate::product::model::ProductName;

/// The largest number of story points that a feature can have.
pub const POINTS_MAX: i32 = 1000;

/// Features that an idea becomes at most, in one go.
const CONVERTED_MAX: usize = 20;

/// A part of a product that is built as one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Feature {
    pub id: String,
    pub title: String,
    pub description: String,
    pub product_id: String,
    /// Its number among the items of its product, of which `KEY-123` is made.
    pub number: Option<i32>,
    pub epic_id: Option<String>,
    pub status: FeatureStatus,
    pub priority: Priority,
    /// The size of the work, relative to other features, 0 to 1000.
    pub story_points: Option<i32>,
    /// What has to hold for the feature to be done: Markdown whose checklist can be ticked.
    pub acceptance_criteria: Option<String>,
    /// Whoever builds it.
    pub assignee_id: Option<String>,
    /// The day on which work begins; the time of day means nothing, as in the next.
    pub start_date: Option<Timestamp>,
    pub due_date: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// The title of its epic; nothing while the epic is deleted.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    #[serde(default)]
    pub epic_title: Option<String>,
    /// The number of its epic, as its title.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    #[serde(default)]
    pub epic_number: Option<i32>,
    /// The assignee's name.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    #[serde(default)]
    pub assignee_name: Option<String>,
    /// How many live features it waits for that are neither done nor cancelled.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    #[serde(default)]
    pub blockers: i64,
    /// How many of its acceptance criteria are met.
    #[cfg_attr(feature = "ssr", sqlx(skip))]
    #[serde(default)]
    pub met: Met,
}

impl Feature {
    /// With the number of its criteria.
    pub fn counted(self) -> Feature {
        Feature { met: Met::of(self.acceptance_criteria.as_deref().unwrap_or_default()), ..self }
    }

    /// As a list shows it: without the long texts, of which the number of criteria is left.
    pub fn brief(self) -> Feature {
        Feature { description: String::new(), acceptance_criteria: None, ..self.counted() }
    }

    /// What a list in this order has as the row's key, the highest first.
    pub fn key(&self, sort: FeatureSort) -> f64 {
        let millis = |at: Timestamp| at.timestamp_millis() as f64;
        match sort {
            FeatureSort::Newest => millis(self.created_at),
            FeatureSort::Priority => Priority::ALL.iter().position(|priority| *priority == self.priority).map_or(0.0, |at| -(at as f64)),
            FeatureSort::Points => f64::from(self.story_points.unwrap_or(-1)),
            FeatureSort::Due => self.due_date.map_or(LAST, |due| -millis(due)),
        }
    }
}

/// The key of what has no date in a list by date: behind all that have one.
const LAST: f64 = -1e15;

/// A feature's own pages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeaturePage {
    pub role: Role,
    pub product: ProductName,
    pub feature: Feature,
    /// The live ideas that it came from.
    pub ideas: Vec<IdeaLink>,
    pub dependencies: Dependencies,
    /// The product's features whose titles hold the words that were looked for.
    pub found: Vec<FoundFeature>,
    /// What the references in its text lead to.
    pub named: Vec<Linked>,
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
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
pub struct FeatureLink {
    pub id: String,
    pub title: String,
    /// Its number among the items of its product.
    pub number: Option<i32>,
    pub status: FeatureStatus,
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
            priority: checks.take("priority", Priority::chosen(&self.priority)),
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
