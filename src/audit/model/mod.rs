//! What an entry of the audit log is, and which entries are asked for.

mod agent;
mod entry;
mod labels;
mod live;
mod query;
mod words;

pub use agent::browser;
pub use entry::{AuditRow, Names};
pub use live::{DOORS, LIVE};
pub use query::{AuditQuery, Bounds};
pub use words::{action_label, entity_label, former, person_words, verb_label};

use serde::{Deserialize, Serialize};

use crate::kernel::page::Page;
use crate::kernel::role::Perm;

/// The newest entries that an item's own page shows.
pub const HISTORY_ROWS: i64 = 20;

/// Types of things whose changes are seen by whoever may see the thing.
const ITEMS: [&str; 14] = [
    "Product",
    "Idea",
    "Feature",
    "Epic",
    "Release",
    "Changelog",
    "LaunchChecklistItem",
    "Task",
    "Document",
    "OKR",
    "KeyResult",
    "KPI",
    "KPIDataPoint",
    "Experiment",
];

/// What one has to be allowed to read the history of a thing of this type.
pub fn history_perm(entity: &str) -> Perm {
    match entity {
        // It tells who sent it, which is shown to those alone who sort it.
        "Feedback" => Perm::Publish,
        entity if ITEMS.contains(&entity) => Perm::Read,
        _ => Perm::OrgManage,
    }
}

/// One entry, in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditEntry {
    pub id: String,
    /// When, as RFC 3339 for machines.
    pub at: String,
    /// When, for people.
    pub when: String,
    pub who: String,
    /// The id of the account, if it still exists.
    pub user_id: Option<String>,
    /// What was done, such as `Status changed`.
    pub what: String,
    /// The kind of thing that it was done to, such as `Idea`.
    pub entity: String,
    /// The thing's name, and its page if it has one, below the organisation's.
    pub name: Option<String>,
    pub path: Option<String>,
    pub changes: Vec<Change>,
    /// From which address, by which browser. Only for those who may read the whole log.
    pub origin: Option<Origin>,
}

/// Where a request came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub address: Option<String>,
    /// The browser in short words.
    pub browser: Option<String>,
}

/// One field before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Something to choose in a filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

/// The audit page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditPage {
    pub page: Page<AuditEntry>,
    pub people: Vec<Choice>,
    pub entities: Vec<Choice>,
    pub actions: Vec<Choice>,
    /// The time zone that times and days are in.
    pub zone: String,
}

/// The newest changes of one item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemLog {
    pub entries: Vec<AuditEntry>,
    /// The whole of it in the audit log, for those who may read that; an address below the organisation's.
    pub all: Option<String>,
}
