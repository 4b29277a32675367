//! SQL of the boards of features and of tasks.

#[macro_use]
mod fragments;
mod extra;
mod lanes;
mod limits;
mod read;
mod tables;
mod write;

pub use limits::{limits, set_limits};
pub use read::{cards, page, product, some};
pub use write::{add, change, change_many, put, strange};

#[cfg(test)]
pub use tables::{EXPLAIN_CARDS, EXPLAIN_GAP};
