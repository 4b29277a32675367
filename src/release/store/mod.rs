//! SQL for releases.

pub mod changelog;
pub mod checklist;
mod read;
pub mod template;
mod write;

pub use read::{is_public, list, page, product, versions};
pub use write::{add_feature, create, remove_feature, set_deleted, set_public, set_status, update};

use write::live;
