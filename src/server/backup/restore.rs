//! From the file into the database.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, Seek};
use std::path::Path;

use sqlx::migrate::{Migrate, MigrateError};
use sqlx::{Connection, PgConnection};

use super::catalog;
use super::format::{Head, Reader, Table, Tail, Unread, hex};
use crate::server::db::{APPLICATION, MIGRATIONS};

/// Reads the file to its end: what is in it, if it is whole.
///
/// The error is one sentence for the person at the command line, here and below.
pub fn check(file: &Path) -> Result<(Head, Tail), String> {
    let mut opened = open(file)?;
    walk(&mut opened).map_err(|why| not_read(file, &why))
}

/// How a backup is put back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::Args)]
pub struct How {
    /// Replace what is in the database.
    #[arg(long)]
    pub force: bool,
    /// Switch all webhooks off, for a copy to try things on.
    #[arg(long)]
    pub webhooks_off: bool,
}

/// Puts the contents of the file into the database.
pub async fn restore(connection: &mut PgConnection, file: &Path, how: How) -> Result<(Head, Tail), String> {
    let mut opened = open(file)?;
    let (head, tail) = walk(&mut opened).map_err(|why| not_read(file, &why))?;
    opened.rewind().map_err(|error| not_read(file, &error.into()))?;
    known(&head)?;
    // A server that starts meanwhile waits; the lock ends with the connection if not before.
    connection.lock().await.map_err(told)?;
    let outcome = replace(connection, &mut opened, &head, &tail, how).await;
    let unlocked = connection.unlock().await.map_err(told);
    outcome.map_err(|failure| match failure {
        Failure::File(why) => not_read(file, &why),
        Failure::Database(error) => format!("The database took nothing of it: {error}."),
        Failure::Migration(error) => format!("The database took nothing of it, its schema could not be made: {error}."),
        Failure::Refused(reason) => reason,
    })?;
    unlocked?;
    // Without this the first requests would be planned as for empty tables.
    sqlx::raw_sql("ANALYZE").execute(connection).await.map_err(|error| format!("All is restored, but: {error}."))?;
    Ok((head, tail))
}

enum Failure {
    File(Unread),
    Database(sqlx::Error),
    Migration(MigrateError),
    Refused(String),
}

impl From<Unread> for Failure {
    fn from(error: Unread) -> Self {
        Failure::File(error)
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Failure::Database(error)
    }
}

impl From<MigrateError> for Failure {
    fn from(error: MigrateError) -> Self {
        Failure::Migration(error)
    }
}

fn told(error: MigrateError) -> String {
    format!("The database cannot be kept from others: {error}.")
}

fn open(file: &Path) -> Result<File, String> {
    File::open(file).map_err(|error| not_read(file, &error.into()))
}

fn not_read(file: &Path, why: &Unread) -> String {
    format!("{} is not restored: {why}. Nothing was changed.", file.display())
}

fn walk(file: &mut File) -> Result<(Head, Tail), Unread> {
    let mut reader = Reader::open(BufReader::new(file))?;
    for _ in 0..reader.head().tables.len() {
        while reader.piece()?.is_some() {}
    }
    let head = reader.head().clone();
    Ok((head, reader.finish()?))
}

/// Whether this program knows the schema that the backup was made of.
fn known(head: &Head) -> Result<(), String> {
    let ours: BTreeMap<i64, String> = MIGRATIONS.iter().map(|migration| (migration.version, hex(&migration.checksum))).collect();
    let last = head.migrations.last().map_or(0, |applied| applied.version);
    let expected = ours.range(..=last).count();
    match head.migrations.iter().find(|applied| ours.get(&applied.version) != Some(&applied.checksum)) {
        Some(applied) => Err(format!(
            "The backup is of ProdMatic {} and has the schema {}, which this version does not know: restore it with that version or a \
             newer one. Nothing was changed.",
            head.program, applied.version
        )),
        None if expected != head.migrations.len() || expected == 0 => {
            Err("The backup is of a schema that never was. Nothing was changed.".into())
        }
        None => Ok(()),
    }
}

async fn replace(connection: &mut PgConnection, file: &mut File, head: &Head, tail: &Tail, how: How) -> Result<(), Failure> {
    let mut tx = connection.begin().await?;
    sqlx::raw_sql("SET LOCAL lock_timeout = '15s'; SET LOCAL statement_timeout = 0").execute(&mut *tx).await?;
    make_room(&mut tx, how.force).await?;
    let version = head.migrations.last().map_or(0, |applied| applied.version);
    MIGRATIONS.run_to(version, &mut *tx).await?;
    fits(&mut tx, head).await?;
    sqlx::raw_sql(catalog::OPEN).execute(&mut *tx).await?;
    sqlx::raw_sql(catalog::EMPTY).execute(&mut *tx).await?;
    let mut reader = Reader::open(BufReader::new(file))?;
    for (table, sum) in head.tables.iter().zip(&tail.tables) {
        let rows = take_in(&mut tx, &mut reader, table).await?;
        if rows != sum.rows {
            return Err(Failure::Refused(format!("The database took {rows} of {} rows of {}. Nothing was changed.", sum.rows, table.name)));
        }
    }
    // The file as it was read now, and not as it was when it was checked.
    if reader.finish()? != *tail {
        return Err(Failure::File(Unread::Damaged("it has changed meanwhile".into())));
    }
    if how.webhooks_off {
        sqlx::raw_sql(catalog::WEBHOOKS_OFF).execute(&mut *tx).await?;
    }
    sqlx::raw_sql(catalog::CLOSE).execute(&mut *tx).await?;
    MIGRATIONS.run(&mut *tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes what is there, if that is nothing or is to be replaced.
async fn make_room(connection: &mut PgConnection, force: bool) -> Result<(), Failure> {
    let servers: i64 = sqlx::query_scalar(catalog::SERVERS).bind(APPLICATION).fetch_one(&mut *connection).await?;
    if servers > 0 {
        return Err(Failure::Refused("ProdMatic is at work on this database: stop it first. Nothing was changed.".into()));
    }
    sqlx::raw_sql(catalog::LOOK).execute(&mut *connection).await?;
    let (occupied, foreign): (String, String) = sqlx::query_as(catalog::OCCUPIED).fetch_one(&mut *connection).await?;
    if !foreign.is_empty() {
        return Err(Failure::Refused(format!("Tables of somebody else are in this database: {foreign}. Nothing was changed.")));
    }
    if !occupied.is_empty() && !force {
        return Err(Failure::Refused(format!(
            "The database is not empty: there is something in {}. Restore into another one, or replace all that is in this one with \
             --force. Nothing was changed.",
            shortened(&occupied)
        )));
    }
    sqlx::raw_sql(catalog::CLEAR).execute(connection).await?;
    Ok(())
}

fn shortened(list: &str) -> String {
    let names: Vec<&str> = list.split(", ").collect();
    match names.as_slice() {
        [first, second, third, more @ ..] if more.len() > 1 => format!("{first}, {second}, {third} and {} more", more.len()),
        _ => list.to_owned(),
    }
}

/// Whether the schema has the tables and columns of the backup, and no others.
async fn fits(connection: &mut PgConnection, head: &Head) -> Result<(), Failure> {
    let made: Vec<(String, Vec<String>, String)> = sqlx::query_as(catalog::TABLES).fetch_all(connection).await?;
    let set = |columns: &[String]| columns.iter().cloned().collect::<BTreeSet<_>>();
    let made: BTreeMap<String, _> = made.into_iter().map(|(name, columns, _)| (name, set(&columns))).collect();
    let saved: BTreeMap<String, _> = head.tables.iter().map(|table| (table.name.clone(), set(&table.columns))).collect();
    let differs = |name: &&String| made.get(*name) != saved.get(*name);
    match saved.keys().chain(made.keys()).find(differs) {
        Some(name) => Err(Failure::Refused(format!(
            "The backup's table {name} is not that of ProdMatic: somebody has added to the schema that it was made of. Nothing was changed."
        ))),
        None => Ok(()),
    }
}

/// Gives how many rows there were.
async fn take_in(connection: &mut PgConnection, reader: &mut Reader<BufReader<&mut File>>, table: &Table) -> Result<u64, Failure> {
    let statement: String = sqlx::query_scalar(catalog::COPY_IN).bind(&table.name).bind(&table.columns).fetch_one(&mut *connection).await?;
    let mut copy = connection.copy_in_raw(&statement).await?;
    loop {
        match reader.piece() {
            Ok(Some(text)) => {
                copy.send(text).await?;
            }
            Ok(None) => return Ok(copy.finish().await?),
            Err(error) => {
                copy.abort("the backup cannot be read on").await?;
                return Err(error.into());
            }
        }
    }
}
