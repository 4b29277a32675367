//! SQL for tasks.

mod list;
mod read;
mod write;

#[cfg(test)]
pub use list::explain;
pub use list::list;
pub use read::{feature_choice, features, get, mine, of_feature, people, product};
pub use write::{assign_to_me, create, set_deleted, set_status, update};
