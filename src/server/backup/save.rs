//! From the database into the file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use chrono::Utc;
use futures_util::TryStreamExt;
use sqlx::{Connection, PgConnection};

use super::catalog;
use super::format::{Applied, Head, Table, Tail, Writer};

/// A row of `catalog::TABLES`.
#[derive(sqlx::FromRow)]
struct Found {
    name: String,
    columns: Vec<String>,
    statement: String,
}

/// Writes all that is in the database into a new file, which is there whole or not at all. Only its owner can read it: it holds
/// the hashes of passwords. `key` tells which key secrets in it are sealed under.
///
/// The error is one sentence for the person at the command line.
pub async fn save(connection: &mut PgConnection, file: &Path, key: Option<String>) -> Result<(Head, Tail), String> {
    let told = |error: io::Error| format!("The backup {} cannot be written: {error}.", file.display());
    if file.exists() {
        return Err(format!("{} exists already: choose another name for the backup.", file.display()));
    }
    let draft = Draft::new(file).map_err(told)?;
    let (head, tail, out) = read(connection, &draft.file, key).await.map_err(|failure| match failure {
        Failure::File(error) => told(error),
        Failure::Database(error) => format!("The database cannot be read: {error}."),
        Failure::Refused(reason) => reason,
    })?;
    out.sync_all().map_err(told)?;
    draft.put_in_place(file).map_err(told)?;
    Ok((head, tail))
}

enum Failure {
    File(io::Error),
    Database(sqlx::Error),
    Refused(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::File(error)
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Failure::Database(error)
    }
}

async fn read<'f>(connection: &mut PgConnection, file: &'f File, key: Option<String>) -> Result<(Head, Tail, &'f File), Failure> {
    let postgres = connection.server_version_num().unwrap_or_default();
    let mut tx = connection.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let migrations = migrations(&mut tx).await?;
    see_all(&mut tx).await?;
    sqlx::raw_sql(catalog::HOLD).execute(&mut *tx).await?;
    let found: Vec<Found> = sqlx::query_as(catalog::TABLES).fetch_all(&mut *tx).await?;
    let tables = found.iter().map(|found| Table { name: found.name.clone(), columns: found.columns.clone() }).collect();
    let head = Head { program: env!("CARGO_PKG_VERSION").into(), created_at: Utc::now(), postgres, migrations, key, tables };
    // The pieces are small, so nothing waits long for the disk, and nothing else runs in this process.
    let mut writer = Writer::new(BufWriter::new(file), &head)?;
    for table in &found {
        let mut rows = tx.copy_out_raw(&table.statement).await?;
        while let Some(text) = rows.try_next().await? {
            writer.add(&text)?;
        }
        drop(rows);
        writer.end_table()?;
    }
    let (mut out, tail) = writer.finish()?;
    out.flush()?;
    tx.rollback().await?;
    Ok((head, tail, file))
}

async fn migrations(connection: &mut PgConnection) -> Result<Vec<Applied>, Failure> {
    let is_migrated: bool = sqlx::query_scalar(catalog::IS_MIGRATED).fetch_one(&mut *connection).await?;
    if !is_migrated {
        return Err(Failure::Refused("There is nothing of ProdMatic in this database.".into()));
    }
    let applied: Vec<(i64, String, bool)> = sqlx::query_as(catalog::APPLIED).fetch_all(connection).await?;
    if let Some((version, ..)) = applied.iter().find(|(.., success)| !success) {
        return Err(Failure::Refused(format!("The database is halfway to schema {version}: finish that with `prodmatic migrate` first.")));
    }
    Ok(applied.into_iter().map(|(version, checksum, _)| Applied { version, checksum }).collect())
}

/// Row security would leave rows out and say nothing: so by a role that it does not bind, or else by the one that it shows all.
async fn see_all(connection: &mut PgConnection) -> Result<(), Failure> {
    let sees_all: bool = sqlx::query_scalar(catalog::SEES_ALL).fetch_one(&mut *connection).await?;
    if sees_all {
        sqlx::raw_sql("SET LOCAL row_security = off").execute(connection).await?;
        return Ok(());
    }
    sqlx::raw_sql("SET LOCAL ROLE prodmatic_system").execute(&mut *connection).await?;
    let partly: String = sqlx::query_scalar(catalog::PARTLY_SEEN).fetch_one(connection).await?;
    if partly.is_empty() { Ok(()) } else { Err(Failure::Refused(format!("Row security hides rows of {partly}: back up as a superuser."))) }
}

/// The file while it is written, under a name that nobody takes for a backup; it goes away unless it is finished.
struct Draft {
    file: File,
    path: PathBuf,
}

impl Draft {
    fn new(file: &Path) -> io::Result<Draft> {
        let mut name = file.file_name().ok_or(io::ErrorKind::InvalidFilename)?.to_owned();
        name.push(format!(".{}.unfinished", std::process::id()));
        let path = file.with_file_name(name);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        Ok(Draft { file, path })
    }

    /// Never over another file, even one that has come meanwhile.
    fn put_in_place(&self, file: &Path) -> io::Result<()> {
        fs::hard_link(&self.path, file).or_else(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Err(error),
            // Not every file system has links.
            _ => fs::rename(&self.path, file),
        })?;
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(file = %self.path.display(), %error, "an unfinished backup stays behind");
        }
    }
}
