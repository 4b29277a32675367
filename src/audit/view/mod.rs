//! The audit log's page, and the history on an item's own page.

mod entry;
mod history;
mod page;

pub use history::History;
pub use page::AuditLogPage;
