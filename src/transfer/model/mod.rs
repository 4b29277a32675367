//! What can be taken in and given out as a table, and what becomes of an import.

mod date;
mod field;
mod import;
mod mapping;
mod report;
mod source;
mod tags;
mod value;
mod words;

pub use field::{Field, Kind};
pub use import::{Import, ImportLine, ImportPage, ImportStatus, Preview, PreviewCell, PreviewRow, TransferPage};
pub use mapping::{Column, Mapping, columns};
pub use report::{ERRORS_MAX, Report, RowError};
pub use source::Source;
pub use tags::{join_tags, split_tags};
pub use value::{Value, Ways};

/// The largest file that is taken, in bytes.
pub const FILE_MAX: usize = 64 << 20;

/// Columns that a file has at most.
pub const COLUMNS_MAX: usize = 2_000;

/// Rows that are shown as they would become.
pub const PREVIEW_ROWS: usize = 10;

/// A name without what programs write differently: case, spaces and signs. `Created At`, `created_at` and `createdAt` are one.
pub fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
