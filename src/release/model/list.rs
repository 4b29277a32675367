//! The list of releases, and how it is asked for in an address.

use serde::{Deserialize, Serialize};

use super::{ReleaseSummary, ReleaseType};
use crate::kernel::page::{Cursor, Page, TIME_BOUNDS};
use crate::kernel::role::Role;
use crate::product::model::ProductName;

/// Which part of the releases is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Show {
    /// The next one first; those without a date last.
    #[default]
    Upcoming,
    /// The latest first.
    Released,
    Cancelled,
    /// Whatever is not deleted, the latest made first.
    All,
    Deleted,
}

crate::words!(Show {
    Upcoming: "upcoming", "Upcoming";
    Released: "released", "Released";
    Cancelled: "cancelled", "Cancelled";
    All: "all", "All";
    Deleted: "deleted", "Deleted";
});

impl Show {
    /// What the list is ordered by, in milliseconds.
    pub fn key(self, row: &ReleaseSummary) -> f64 {
        let release = &row.release;
        let at = match self {
            Show::Upcoming => release.target_date,
            Show::Released => release.release_date.or(Some(release.created_at)),
            Show::Cancelled | Show::All | Show::Deleted => Some(release.created_at),
        };
        at.map_or(TIME_BOUNDS.1, |at| at.timestamp_millis() as f64)
    }
}

/// Which releases are asked for, from where on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReleaseQuery {
    pub show: Show,
    pub kind: Option<ReleaseType>,
    pub cursor: Option<Cursor>,
}

impl ReleaseQuery {
    /// Reads the parameters of an address; what it does not know it leaves out.
    pub fn of_params(get: impl Fn(&str) -> Option<String>) -> ReleaseQuery {
        ReleaseQuery {
            show: get("show").and_then(|word| Show::parse(&word)).unwrap_or_default(),
            kind: get("type").and_then(|word| ReleaseType::parse(&word)),
            cursor: get("at").and_then(|word| Cursor::decode(&word)),
        }
    }

    /// The same as parameters of an address, led by `?`; nothing for the plain list.
    pub fn params(&self) -> String {
        let mut pairs = Vec::new();
        if self.show != Show::default() {
            pairs.push(format!("show={}", self.show.word()));
        }
        pairs.extend(self.kind.map(|kind| format!("type={}", kind.word())));
        pairs.extend(self.cursor.as_ref().map(|cursor| format!("at={}", cursor.encode())));
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// The same list from its beginning, changed by `change`.
    pub fn with(&self, change: impl FnOnce(&mut ReleaseQuery)) -> ReleaseQuery {
        let mut query = ReleaseQuery { cursor: None, ..self.clone() };
        change(&mut query);
        query
    }
}

/// The releases of a product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleaseList {
    pub role: Role,
    pub product: ProductName,
    /// Whether everybody may read the published changelog.
    pub public: bool,
    pub page: Page<ReleaseSummary>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back() {
        let cursor = Some(Cursor { key: 1_795_132_800_000.0, id: "cabc".into(), place: 20, back: true });
        let query = ReleaseQuery { show: Show::Released, kind: Some(ReleaseType::Hotfix), cursor };
        let text = query.params();
        let pairs: Vec<(&str, &str)> = text[1..].split('&').filter_map(|pair| pair.split_once('=')).collect();
        let again = ReleaseQuery::of_params(|name| pairs.iter().find(|(k, _)| *k == name).map(|(_, v)| (*v).to_owned()));
        assert_eq!(again, query);
        assert_eq!(query.with(|q| (q.show, q.kind) = (Show::Upcoming, None)).params(), "");
    }
}
