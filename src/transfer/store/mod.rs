//! SQL for imports and exports.

mod copy;
mod export;
mod keep;
mod number;
mod read;
mod run;
mod sweep;

pub use copy::Incoming;
pub use export::{Exported, rows as export_rows};
pub use keep::{Head, abandon, add_part, begin, finish};
pub use number::{give_back_numbers, take_numbers};
pub use read::{get, list, members, part, product};
pub use run::{beat, checked, done, fail, map, start};
pub use sweep::sweep;
