//! The inbox, and how it is asked for in an address.

use serde::{Deserialize, Serialize};

use super::{Feedback, FeedbackStatus, FeedbackType};
use crate::kernel::page::{Cursor, Page};
use crate::kernel::priority::Priority;
use crate::kernel::role::Role;
use crate::kernel::text;
use crate::product::model::ProductName;

/// Which feedback is asked for, from where on; always the newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedbackQuery {
    pub status: Option<FeedbackStatus>,
    #[serde(rename = "type")]
    pub kind: Option<FeedbackType>,
    pub priority: Option<Priority>,
    pub source: Option<String>,
    pub deleted: bool,
    pub cursor: Option<Cursor>,
}

impl FeedbackQuery {
    /// Reads the parameters of an address; what it does not know it leaves out.
    pub fn of_params(get: impl Fn(&str) -> Option<String>) -> FeedbackQuery {
        FeedbackQuery {
            status: get("status").and_then(|word| FeedbackStatus::parse(&word)),
            kind: get("type").and_then(|word| FeedbackType::parse(&word)),
            priority: get("priority").and_then(|word| Priority::parse(&word)),
            source: get("source").map(|source| source.trim().to_owned()).filter(|source| !source.is_empty() && !source.contains('\0')),
            deleted: get("show").as_deref() == Some("deleted"),
            cursor: get("at").and_then(|word| Cursor::decode(&word)),
        }
    }

    /// The same as parameters of an address, led by `?`; nothing for the plain list.
    pub fn params(&self) -> String {
        let mut pairs = Vec::new();
        pairs.extend(self.status.map(|status| format!("status={}", status.word())));
        pairs.extend(self.kind.map(|kind| format!("type={}", kind.word())));
        pairs.extend(self.priority.map(|priority| format!("priority={}", priority.word())));
        pairs.extend(self.source.as_ref().map(|source| format!("source={}", text::query_value(source))));
        if self.deleted {
            pairs.push("show=deleted".into());
        }
        pairs.extend(self.cursor.as_ref().map(|cursor| format!("at={}", cursor.encode())));
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// The same list from its beginning, changed by `change`.
    pub fn with(&self, change: impl FnOnce(&mut FeedbackQuery)) -> FeedbackQuery {
        let mut query = FeedbackQuery { cursor: None, ..self.clone() };
        change(&mut query);
        query
    }

    /// Whether it leaves anything out, wherever it begins.
    pub fn is_filtered(&self) -> bool {
        self.with(|_| ()) != FeedbackQuery::default()
    }
}

/// The inbox of a product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeedbackList {
    pub role: Role,
    pub product: ProductName,
    pub page: Page<Feedback>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back() {
        let query = FeedbackQuery {
            status: Some(FeedbackStatus::Planned),
            kind: Some(FeedbackType::BugReport),
            priority: Some(Priority::High),
            source: Some("in app".into()),
            deleted: true,
            cursor: Some(Cursor { key: 1_795_132_800_000.0, id: "cabc".into(), place: 20, back: true }),
        };
        let text = query.params();
        assert!(text.contains("source=in%20app"), "{text}");
        let pairs: Vec<(String, String)> =
            text[1..].split('&').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (k.to_owned(), v.replace("%20", " "))).collect();
        let again = FeedbackQuery::of_params(|name| pairs.iter().find(|(k, _)| k == name).map(|(_, v)| v.clone()));
        assert_eq!(again, query);
        assert_eq!(FeedbackQuery::default().params(), "");
    }

    #[test]
    fn a_changed_view_starts_at_its_beginning() {
        let cursor = Some(Cursor { key: 1.0, id: "c1".into(), place: 1, back: false });
        let query = FeedbackQuery { cursor, ..Default::default() };
        assert_eq!(query.with(|q| q.status = Some(FeedbackStatus::Submitted)).params(), "?status=SUBMITTED");
        assert!(!query.is_filtered() && query.with(|q| q.deleted = true).is_filtered());
    }
}
