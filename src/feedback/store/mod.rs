//! SQL for feedback.

mod change;
mod read;

pub use change::{link, make_idea, set_deleted, submit, triage, unlink};
#[cfg(test)]
pub use read::EXPLAIN;
pub use read::{asked, find_ideas, get, list, product};
