//! The list of documents, and how it is asked for in an address.

use serde::{Deserialize, Serialize};

use super::{Document, DocumentStatus, DocumentType};
use crate::kernel::page::{Cursor, Page};
use crate::kernel::role::Role;
use crate::product::model::ProductName;

/// Which documents are asked for, from where on; always what was changed last first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentQuery {
    pub status: Option<DocumentStatus>,
    pub kind: Option<DocumentType>,
    /// Of the organisation itself alone; means nothing in a product.
    pub own: bool,
    pub deleted: bool,
    pub cursor: Option<Cursor>,
}

impl DocumentQuery {
    /// Reads the parameters of an address; what it does not know it leaves out.
    pub fn of_params(get: impl Fn(&str) -> Option<String>) -> DocumentQuery {
        let show = get("show").unwrap_or_default();
        DocumentQuery {
            status: get("status").and_then(|word| DocumentStatus::parse(&word)),
            kind: get("type").and_then(|word| DocumentType::parse(&word)),
            own: get("of").as_deref() == Some("organisation"),
            deleted: show == "deleted",
            cursor: get("at").and_then(|word| Cursor::decode(&word)),
        }
    }

    /// The same as parameters of an address, led by `?`; nothing for the plain list.
    pub fn params(&self) -> String {
        let mut pairs = Vec::new();
        pairs.extend(self.status.map(|status| format!("status={}", status.word())));
        pairs.extend(self.kind.map(|kind| format!("type={}", kind.word())));
        if self.own {
            pairs.push("of=organisation".into());
        }
        if self.deleted {
            pairs.push("show=deleted".into());
        }
        pairs.extend(self.cursor.as_ref().map(|cursor| format!("at={}", cursor.encode())));
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// The same from its beginning, changed by `change`.
    pub fn with(&self, change: impl FnOnce(&mut DocumentQuery)) -> DocumentQuery {
        let mut query = DocumentQuery { cursor: None, ..self.clone() };
        change(&mut query);
        query
    }

    /// Whether it leaves anything out, wherever it begins.
    pub fn is_filtered(&self) -> bool {
        self.status.is_some() || self.kind.is_some() || self.own || self.deleted
    }
}

/// The documents of a product, or of an organisation with all its products.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentList {
    pub role: Role,
    pub product: Option<ProductName>,
    pub page: Page<Document>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back() {
        let query = DocumentQuery {
            status: Some(DocumentStatus::Review),
            kind: Some(DocumentType::Prd),
            own: true,
            deleted: false,
            cursor: Some(Cursor { key: 5.0, id: "c1".into(), place: 20, back: false }),
        };
        let params = query.params();
        let get = |name: &str| {
            let pairs = params.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
            pairs.filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).next()
        };
        assert_eq!(DocumentQuery::of_params(get), query);
        assert!(query.is_filtered() && !DocumentQuery::default().is_filtered() && DocumentQuery::default().params().is_empty());
        assert_eq!(query.with(|query| query.status = None).cursor, None);
    }
}
