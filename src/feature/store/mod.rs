//! SQL for features.

mod convert;
mod read;
mod write;

pub use convert::convert;
pub use read::{built, get, ideas_of, list, product};
pub use write::{create, set_deleted, set_status, update};
