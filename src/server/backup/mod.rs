//! Backup and restore: all that is in the database, in one file, by nothing but this program.
//!
//! A backup is read in one transaction that sees one moment, and takes neither a pause of the server nor its memory. It holds
//! every row with its id and its times; what the database works out or counts for itself is not in it. A restoration reads
//! the file twice: first to the end, whether it is whole, and then into the database in one transaction, so that whatever is
//! wrong with it leaves the database as it was. It makes the schema that the backup was made of, takes the rows in, and brings
//! both to this version.

pub(super) mod catalog;
mod format;
mod restore;
mod save;
#[cfg(test)]
mod tests;

pub use format::{Head, Tail, hex};
pub use restore::{How, check, restore};
pub use save::save;

/// What a backup holds, in one sentence.
pub fn summary(head: &Head, tail: &Tail) -> String {
    let rows: u64 = tail.tables.iter().map(|table| table.rows).sum();
    let version = head.migrations.last().map_or(0, |migration| migration.version);
    let at = crate::kernel::time::moment(head.created_at);
    format!("{rows} rows of {} tables, as of {at}, schema {version}, by ProdMatic {}", tail.tables.len(), head.program)
}
