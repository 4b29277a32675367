//! SQL for KPIs. What a day's points add up to, the present value and the alerts are the database's own work.

pub mod alert;
pub mod point;
mod read;
mod write;

pub use read::{editing, list, page, product, summary, today};
pub use write::{create, set_deleted, update};

use write::live;
