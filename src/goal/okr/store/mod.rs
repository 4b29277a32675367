//! SQL for objectives. Progress is the database's own work.

pub mod close;
pub mod objective;
mod read;
pub mod result;
mod write;

pub use read::{get, links, list, parents, people, product, quarters, seen};
pub use write::{create, set_deleted, set_status, update};

use write::{Locked, live};
