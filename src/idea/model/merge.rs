//! Merging duplicates.

use serde::{Deserialize, Serialize};

use super::{Idea, IdeaProduct, IdeaStatus};

/// An idea that another can be merged into.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct MergeTarget {
    pub id: String,
    pub title: String,
    pub status: IdeaStatus,
    pub votes: i32,
}

/// The page on which the idea is chosen that takes another in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MergePage {
    pub product: IdeaProduct,
    pub idea: Idea,
    pub targets: Vec<MergeTarget>,
}
