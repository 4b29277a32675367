//! The list of features, and how it is asked for in an address.

use serde::{Deserialize, Serialize};

use super::{Feature, FeatureStatus};
use crate::kernel::page::{Cursor, Page};
use crate::kernel::priority::Priority;
use crate::kernel::role::Role;
use crate::product::model::ProductName;

/// Which features are asked for, from where on; always the newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeatureQuery {
    pub status: Option<FeatureStatus>,
    pub priority: Option<Priority>,
    pub deleted: bool,
    pub cursor: Option<Cursor>,
}

impl FeatureQuery {
    /// Reads the parameters of an address; what it does not know it leaves out.
    pub fn of_params(get: impl Fn(&str) -> Option<String>) -> FeatureQuery {
        FeatureQuery {
            status: get("status").and_then(|word| FeatureStatus::parse(&word)),
            priority: get("priority").and_then(|word| Priority::parse(&word)),
            deleted: get("show").as_deref() == Some("deleted"),
            cursor: get("at").and_then(|word| Cursor::decode(&word)),
        }
    }

    /// The same as parameters of an address, led by `?`; nothing for the plain list.
    pub fn params(&self) -> String {
        let mut pairs = Vec::new();
        pairs.extend(self.status.map(|status| format!("status={}", status.word())));
        pairs.extend(self.priority.map(|priority| format!("priority={}", priority.word())));
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
}

/// The features of a product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureList {
    pub role: Role,
    pub product: ProductName,
    pub page: Page<Feature>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back() {
        let cursor = Some(Cursor { key: 1_795_132_800_000.0, id: "cabc".into(), place: 20, back: true });
        let query = FeatureQuery { status: Some(FeatureStatus::InReview), priority: Some(Priority::Low), deleted: true, cursor };
        let text = query.params();
        let pairs: Vec<(&str, &str)> = text[1..].split('&').filter_map(|pair| pair.split_once('=')).collect();
        let again = FeatureQuery::of_params(|name| pairs.iter().find(|(k, _)| *k == name).map(|(_, v)| (*v).to_owned()));
        assert_eq!(again, query);
        assert_eq!(query.with(|q| (q.status, q.priority, q.deleted) = (None, None, false)).params(), "");
    }
}
