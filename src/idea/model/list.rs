//! The ranked list of ideas, and how it is asked for in an address.

use serde::{Deserialize, Serialize};

use super::{BulkNotice, Idea, IdeaProduct, IdeaStatus, SavedView};
use crate::kernel::page::{Cursor, Page};
use crate::kernel::role::Role;
use crate::kernel::text;

/// What the list is ranked by, highest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum IdeaSort {
    #[default]
    Rice,
    Ice,
    Wsjf,
    Priority,
    Votes,
    Newest,
}

impl IdeaSort {
    pub const ALL: [IdeaSort; 6] = [IdeaSort::Rice, IdeaSort::Ice, IdeaSort::Wsjf, IdeaSort::Priority, IdeaSort::Votes, IdeaSort::Newest];

    /// Its name in addresses.
    pub fn word(self) -> &'static str {
        match self {
            IdeaSort::Rice => "rice",
            IdeaSort::Ice => "ice",
            IdeaSort::Wsjf => "wsjf",
            IdeaSort::Priority => "priority",
            IdeaSort::Votes => "votes",
            IdeaSort::Newest => "newest",
        }
    }

    /// Its name on the screen.
    pub fn label(self) -> &'static str {
        match self {
            IdeaSort::Rice => "RICE",
            IdeaSort::Ice => "ICE",
            IdeaSort::Wsjf => "WSJF",
            IdeaSort::Priority => "Priority",
            IdeaSort::Votes => "Votes",
            IdeaSort::Newest => "Added",
        }
    }

    /// The lowest and the highest key that a row can have, in the key's own unit.
    pub fn bounds(self) -> (f64, f64) {
        match self {
            IdeaSort::Priority | IdeaSort::Votes => (f64::from(i32::MIN), f64::from(i32::MAX)),
            // Milliseconds, to the year 9999.
            IdeaSort::Newest => (0.0, 253_402_300_799_000.0),
            _ => (f64::MIN, f64::MAX),
        }
    }
}

/// Which ideas are asked for, in which order, from where on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct IdeaQuery {
    pub sort: IdeaSort,
    pub status: Option<IdeaStatus>,
    pub tag: Option<String>,
    pub deleted: bool,
    pub cursor: Option<Cursor>,
    /// A change of many ideas that has just been made, to tell of it.
    pub bulk: Option<String>,
}

impl IdeaQuery {
    /// Reads the parameters of an address; what it does not know it leaves out.
    pub fn of_params(get: impl Fn(&str) -> Option<String>) -> IdeaQuery {
        IdeaQuery {
            sort: get("sort").and_then(|word| IdeaSort::ALL.into_iter().find(|s| s.word() == word)).unwrap_or_default(),
            status: get("status").and_then(|word| IdeaStatus::parse(&word)),
            tag: get("tag").map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty() && !tag.contains('\0')),
            deleted: get("show").as_deref() == Some("deleted"),
            cursor: get("at").and_then(|word| Cursor::decode(&word)),
            bulk: get("bulk").filter(|id| !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric())),
        }
    }

    /// The same as parameters of an address, led by `?`; nothing for the plain list. What has just been done is told once, so it is left out.
    pub fn params(&self) -> String {
        let mut pairs = Vec::new();
        if self.sort != IdeaSort::default() {
            pairs.push(format!("sort={}", self.sort.word()));
        }
        pairs.extend(self.status.map(|status| format!("status={}", status.word())));
        pairs.extend(self.tag.as_ref().map(|tag| format!("tag={}", text::query_value(tag))));
        if self.deleted {
            pairs.push("show=deleted".into());
        }
        pairs.extend(self.cursor.as_ref().map(|cursor| format!("at={}", cursor.encode())));
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// The same list from its beginning, changed by `change`.
    pub fn with(&self, change: impl FnOnce(&mut IdeaQuery)) -> IdeaQuery {
        let mut query = IdeaQuery { cursor: None, bulk: None, ..self.clone() };
        change(&mut query);
        query
    }
}

/// The list page of a product's ideas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IdeaList {
    pub role: Role,
    pub product: IdeaProduct,
    pub page: Page<Idea>,
    /// The caller's own views and those that are shared.
    pub views: Vec<SavedView>,
    pub bulk: Option<BulkNotice>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back() {
        let query = IdeaQuery {
            sort: IdeaSort::Wsjf,
            status: Some(IdeaStatus::UnderReview),
            tag: Some("mobile & web".into()),
            deleted: true,
            cursor: Some(Cursor { key: 787.5, id: "cabc".into(), place: 20, back: false }),
            bulk: None,
        };
        let text = query.params();
        assert!(text.contains("tag=mobile%20%26%20web"), "{text}");
        let pairs: Vec<(String, String)> = text[1..]
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(k, v)| (k.to_owned(), v.replace("%20", " ").replace("%26", "&")))
            .collect();
        let again = IdeaQuery::of_params(|name| pairs.iter().find(|(k, _)| k == name).map(|(_, v)| v.clone()));
        assert_eq!(again, query);
        assert_eq!(IdeaQuery::default().params(), "");
    }

    #[test]
    fn a_changed_view_starts_at_its_beginning() {
        let query = IdeaQuery { cursor: Some(Cursor { key: 1.0, id: "c1".into(), place: 1, back: false }), ..Default::default() };
        assert_eq!(query.with(|q| q.sort = IdeaSort::Ice).params(), "?sort=ice");
    }
}
