//! SQL for features.

mod convert;
mod depend;
mod read;
mod write;

pub use convert::convert;
pub use depend::{dependencies, find, link, unlink};
pub use read::{built, choices, get, ideas_of, list, of_epic, product, whole};
pub use write::{create, live, set_deleted, set_status, tick, update};
