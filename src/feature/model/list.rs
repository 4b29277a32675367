//! The list of features, and how it is asked for in an address.

use serde::{Deserialize, Serialize};

use super::{Choices, Feature, FeatureStatus};
use crate::kernel::page::{Cursor, Page, TIME_BOUNDS};
use crate::kernel::priority::Priority;
use crate::kernel::role::Role;
use crate::kernel::text;
use crate::product::model::ProductName;

/// The word for no epic, or nobody, in a filter.
pub const NONE: &str = "none";

/// What the list is ordered by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum FeatureSort {
    /// Last added first.
    #[default]
    Newest,
    /// The most urgent first.
    Priority,
    /// The largest first.
    Points,
    /// The earliest first, and what has no date behind.
    Due,
}

crate::words!(FeatureSort {
    Newest: "newest", "Added";
    Priority: "priority", "Priority";
    Points: "points", "Points";
    Due: "due", "Due";
});

impl FeatureSort {
    /// The lowest and the highest key that a row can have.
    pub fn bounds(self) -> (f64, f64) {
        if self == FeatureSort::Newest { TIME_BOUNDS } else { (-1e16, 1e16) }
    }
}

/// Which features are asked for, in which order, from where on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeatureQuery {
    pub sort: FeatureSort,
    pub status: Option<FeatureStatus>,
    pub priority: Option<Priority>,
    /// An epic's id, or `NONE`.
    pub epic: Option<String>,
    /// The id of somebody's account, or `NONE`.
    pub assignee: Option<String>,
    /// Words of the title.
    pub find: Option<String>,
    pub deleted: bool,
    pub cursor: Option<Cursor>,
}

impl FeatureQuery {
    /// Reads the parameters of an address; what it does not know it leaves out.
    pub fn of_params(get: impl Fn(&str) -> Option<String>) -> FeatureQuery {
        let id = |name: &str| get(name).filter(|id| !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric()));
        FeatureQuery {
            sort: get("sort").and_then(|word| FeatureSort::parse(&word)).unwrap_or_default(),
            status: get("status").and_then(|word| FeatureStatus::parse(&word)),
            priority: get("priority").and_then(|word| Priority::parse(&word)),
            epic: id("epic"),
            assignee: id("assignee"),
            find: get("find").map(|words| words.trim().replace('\0', "")).filter(|words| !words.is_empty()),
            deleted: get("show").as_deref() == Some("deleted"),
            cursor: get("at").and_then(|word| Cursor::decode(&word)),
        }
    }

    /// The same as parameters of an address, led by `?`; nothing for the plain list.
    pub fn params(&self) -> String {
        let mut pairs = Vec::new();
        if self.sort != FeatureSort::default() {
            pairs.push(format!("sort={}", self.sort.word()));
        }
        pairs.extend(self.status.map(|status| format!("status={}", status.word())));
        pairs.extend(self.priority.map(|priority| format!("priority={}", priority.word())));
        pairs.extend(self.epic.as_ref().map(|epic| format!("epic={epic}")));
        pairs.extend(self.assignee.as_ref().map(|person| format!("assignee={person}")));
        pairs.extend(self.find.as_ref().map(|words| format!("find={}", text::query_value(words))));
        if self.deleted {
            pairs.push("show=deleted".into());
        }
        pairs.extend(self.cursor.as_ref().map(|cursor| format!("at={}", cursor.encode())));
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// The same list from its beginning, changed by `change`.
    pub fn with(&self, change: impl FnOnce(&mut FeatureQuery)) -> FeatureQuery {
        let mut query = FeatureQuery { cursor: None, ..self.clone() };
        change(&mut query);
        query
    }

    /// Whether it leaves anything out, wherever it begins and however it is ordered.
    pub fn is_filtered(&self) -> bool {
        self.with(|query| query.sort = FeatureSort::default()) != FeatureQuery::default()
    }
}

/// The features of a product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureList {
    pub role: Role,
    pub product: ProductName,
    pub page: Page<Feature>,
    /// What to filter by.
    pub choices: Choices,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back() {
        let cursor = Some(Cursor { key: 1_795_132_800_000.0, id: "cabc".into(), place: 20, back: true });
        let query = FeatureQuery {
            sort: FeatureSort::Due,
            status: Some(FeatureStatus::InReview),
            priority: Some(Priority::Low),
            epic: Some("cepic".into()),
            assignee: Some(NONE.into()),
            find: Some("a&b".into()),
            deleted: true,
            cursor,
        };
        let text = query.params();
        let pairs: Vec<(&str, String)> =
            text[1..].split('&').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (k, v.replace("%26", "&"))).collect();
        let again = FeatureQuery::of_params(|name| pairs.iter().find(|(k, _)| *k == name).map(|(_, v)| v.clone()));
        assert_eq!(again, query);
        assert!(query.is_filtered());
        let sorted = FeatureQuery { sort: FeatureSort::Points, ..Default::default() };
        assert!(!sorted.is_filtered());
        assert_eq!((sorted.params(), FeatureQuery::default().params()), ("?sort=points".into(), String::new()));
        assert_eq!(FeatureQuery::of_params(|name| (name == "epic").then(|| "c1' OR".into())).epic, None);
    }
}
