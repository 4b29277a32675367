//! What an idea is, and the rules of its scores and its status.

mod bulk;
mod list;
mod merge;
mod score;
mod status;
mod view;

pub use bulk::{BULK_MAX, Bulk, BulkAction, BulkForm, BulkNotice, BulkRow, Outcome, too_many};
pub use list::{IdeaList, IdeaQuery, IdeaSort};
pub use merge::{MergePage, MergeTarget};
pub use score::{REACH_MAX, ScoreFields, ScoreForm, ScoreInputs, Scores, shown};
pub use status::IdeaStatus;
pub use view::{SavedView, ViewFields, ViewForm};

use serde::{Deserialize, Serialize};

use crate::kernel::error::{AppError, Checks};
use crate::kernel::reference::Linked;
use crate::kernel::role::{Perm, Role};
use crate::kernel::text::{self, DESCRIPTION_MAX, TITLE_MAX};
use crate::kernel::time::Timestamp;
use crate::kernel::version::{self, Edited, Shown};

/// A product idea, which can be scored and converted to features.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Idea {
    pub id: String,
    pub title: String,
    pub description: String,
    pub product_id: String,
    /// Its number among the items of its product, of which `KEY-123` is made.
    pub number: Option<i32>,
    pub creator_id: String,
    pub status: IdeaStatus,
    /// 0 to 100; higher comes first.
    pub priority: Option<i32>,
    /// 1 to 10.
    pub effort: Option<i32>,
    /// 0 to 10.
    pub impact: Option<i32>,
    /// 0 to 10.
    pub confidence: Option<i32>,
    /// People reached in a period, 0 to 1,000,000,000.
    pub reach: i32,
    /// 0 to 100, as the three below it.
    pub business_value: Option<i32>,
    pub time_criticality: Option<i32>,
    pub risk_reduction: Option<i32>,
    pub job_size: Option<i32>,
    pub rice_score: Option<f64>,
    pub ice_score: Option<f64>,
    pub wsjf_score: Option<f64>,
    pub tags: Vec<String>,
    /// People who want it.
    pub votes: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// The idea that took this one in as a duplicate.
    pub merged_into_id: Option<String>,
    /// The creator's name.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    #[serde(default)]
    pub creator_name: Option<String>,
    /// How many live items of feedback ask for it; of a deleted one in a list 0.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    #[serde(default)]
    pub asked: i64,
    /// How many live features it became, but for cancelled ones; counted of one idea alone, and 0 in a list.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    #[serde(default)]
    pub features: i64,
    /// That idea's title; told of one idea alone, and nothing in a list.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    #[serde(default)]
    pub merged_into_title: Option<String>,
    /// Whether the person who asks has voted for it; looked up of one idea alone, and `false` in a list.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    #[serde(default)]
    pub voted: bool,
}

/// An idea as other things name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
pub struct IdeaLink {
    pub id: String,
    pub title: String,
    /// Its number in the product.
    pub number: Option<i32>,
    pub status: IdeaStatus,
}

impl Idea {
    /// Whether somebody of this role may change the text: reviewers any idea, the others their own.
    pub fn editable_by(&self, user_id: &str, role: Role) -> bool {
        role.can(Perm::IdeaReview) || (role.can(Perm::IdeaWrite) && self.creator_id == user_id)
    }

    /// The score by which a sort ranks this idea.
    pub fn score(&self, sort: IdeaSort) -> f64 {
        match sort {
            IdeaSort::Rice => self.rice_score.unwrap_or_default(),
            IdeaSort::Ice => self.ice_score.unwrap_or_default(),
            IdeaSort::Wsjf => self.wsjf_score.unwrap_or_default(),
            IdeaSort::Priority => f64::from(self.priority.unwrap_or_default()),
            IdeaSort::Votes => f64::from(self.votes),
            IdeaSort::Newest => self.created_at.timestamp_millis() as f64,
        }
    }
}

/// The product that an idea belongs to, as its pages name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct IdeaProduct {
    pub id: String,
    pub name: String,
    pub key: String,
    /// Whether the organisation scores by WSJF as well.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    pub wsjf: bool,
}

impl IdeaProduct {
    /// What its ideas are ranked by.
    pub fn sorts(&self) -> impl Iterator<Item = IdeaSort> + use<> {
        let wsjf = self.wsjf;
        IdeaSort::ALL.into_iter().filter(move |sort| wsjf || *sort != IdeaSort::Wsjf)
    }
}

/// An idea's own page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IdeaPage {
    pub role: Role,
    pub user_id: String,
    pub product: IdeaProduct,
    pub idea: Idea,
    /// What the references in its text lead to.
    pub named: Vec<Linked>,
}

/// What is filled in to create an idea or change its text.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct IdeaForm {
    pub title: String,
    pub description: String,
    /// Separated by commas.
    pub tags: String,
}

/// An idea's text, checked.
#[derive(Debug, Clone, Default)]
pub struct IdeaFields {
    pub title: String,
    pub description: String,
    pub tags: Vec<String>,
}

impl From<&Idea> for IdeaFields {
    fn from(idea: &Idea) -> Self {
        IdeaFields { title: idea.title.clone(), description: idea.description.clone(), tags: idea.tags.clone() }
    }
}

impl Edited for IdeaFields {
    fn shown(&self) -> Vec<Shown> {
        vec![
            version::shown("title", "Title", self.title.as_str()),
            version::shown("description", "Description", self.description.as_str()),
            version::shown("tags", "Tags", self.tags.join(", ")),
        ]
    }
}

impl IdeaForm {
    /// The text in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<IdeaFields, AppError> {
        let mut checks = Checks::default();
        let fields = IdeaFields {
            title: checks.take("title", text::line(&self.title, "a title", TITLE_MAX)),
            description: checks.take("description", text::block(&self.description, DESCRIPTION_MAX)),
            tags: checks.take("tags", text::tags(&self.tags)),
        };
        checks.finish(fields)
    }
}
