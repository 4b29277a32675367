//! The audit log's page, and the history on an item's own page.

mod entry;
mod history;
mod page;

pub use history::History;

use page::AuditLogPage;

crate::lazy_pages!(admin: AuditLog = AuditLogPage);
