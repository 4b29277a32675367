//! Live changes: what is committed reaches the screens of the organisation's members at once.
//!
//! One reader in each process follows the tail of the log (`tail`) and hands what is new to those who listen (`hub`), each of
//! whom holds a stream of server-sent events open (`route`). What happened while somebody was away is read from the log itself
//! (`catch_up`). Only ids go out; what they stand for is read by whoever hears of it, with their own rights.
//!
//! No writer waits for any of this: a transaction of this process only leaves word here once it is committed, other processes are
//! hinted at it outside of any transaction (`hints`), and changes by foreign clients are found within a second.

mod catch_up;
mod change;
mod hints;
mod hub;
pub mod route;
mod tail;
#[cfg(test)]
mod tests;
mod watch;

use std::sync::LazyLock;

use tokio::sync::watch::{Receiver, Sender};

pub use hub::Live;
pub use watch::run;

/// How many transactions that may have changed something this process has committed.
static COMMITS: LazyLock<Sender<u64>> = LazyLock::new(|| Sender::new(0));

/// Leaves word that a transaction has been committed.
pub fn committed() {
    COMMITS.send_modify(|count| *count = count.wrapping_add(1));
}

/// Where that word can be heard.
pub fn commits() -> Receiver<u64> {
    COMMITS.subscribe()
}
