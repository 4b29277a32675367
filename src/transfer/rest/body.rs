//! What is said of tables that are taken in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::kernel::error::{AppError, FieldError};
use crate::kernel::text::grouped;
use crate::kernel::time::Timestamp;
use crate::server::rest::{Body, Problem, Resource, TOLD_MAX, Wrong, pointer};
use crate::transfer::model::{Import, ImportStatus, Kind, Report, Source};
use crate::transfer::upload;

/// Rows that are taken in at once: what a caller waits for has to end in time.
const ROWS_MAX: i64 = 10_000;

/// A table, and how it is to be read.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportBody {
    /// What its rows are.
    pub kind: Kind,
    /// The table itself, its headings in the first line; cells separated by commas, semicolons or tabs.
    #[schema(min_length = 1)]
    pub csv: String,
    /// What it is called in the list of imports.
    file_name: Option<String>,
    /// The program that wrote it; without one it is known by its headings.
    source: Option<Source>,
    /// The headings of the columns, by the names of the fields that they become, such as `title`; an empty one for a field that is
    /// not to be read. The fields that are not named here are found by their names. All columns of one heading are read together as `tags`;
    /// for any other field the heading has to be there once.
    #[serde(default)]
    mapping: BTreeMap<String, String>,
    /// Whether a status, type or priority that is not known becomes the usual one, instead of being wrong.
    #[serde(default)]
    defaults: bool,
    /// Whether it is checked alone, and nothing taken in.
    #[serde(default)]
    dry_run: bool,
}

impl Body for ImportBody {
    const NAMES: &'static [(&'static str, &'static str)] = &[("file", "csv")];
    /// What its rows may be with long texts in them; the page takes larger files, which it keeps piece by piece.
    const MAX: usize = 16_000_000;

    fn example() -> Value {
        json!({ "kind": "TASKS", "csv": "Summary,Due date\nWrite the release notes,2026-11-23\n", "mapping": { "title": "Summary" } })
    }
}

impl ImportBody {
    /// The import that it asks for, which is kept nowhere yet.
    ///
    /// # Errors
    /// Of what is no table, and of fields and columns that are not there.
    pub async fn read(&self) -> Result<Import, Problem> {
        let head = upload::head_of(self.csv.as_bytes(), self.kind, self.source).await?;
        if head.rows > ROWS_MAX {
            let told = format!("These are {} rows; at most {} are taken in at once.", grouped(head.rows), grouped(ROWS_MAX));
            return Err(Problem::at("#/csv", told));
        }
        let mapping = head.mapping.with(self.kind, &self.mapping, &head.headings).map_err(below_mapping)?;
        Ok(Import {
            id: String::new(),
            kind: self.kind,
            source: head.source,
            file_name: upload::file_name(self.file_name.as_deref().unwrap_or_default()),
            delimiter: head.delimiter.to_string(),
            headings: head.headings,
            mapping,
            defaults: self.defaults,
            bytes: head.bytes,
            rows: head.rows,
            status: ImportStatus::Ready,
            dry: self.dry_run,
            run: 0,
            rows_done: 0,
            report: None,
            created_at: Timestamp::default(),
            alive: false,
            kept: false,
        })
    }
}

/// What is wrong with fields, told by where these stand in the mapping.
fn below_mapping(error: AppError) -> Problem {
    let told = |wrong: FieldError| Wrong::at(pointer(&["mapping".to_owned(), wrong.field]), wrong.message);
    match error {
        AppError::Validation(errors) => Problem::of(errors.into_iter().take(TOLD_MAX).map(told).collect()),
        error => error.into(),
    }
}

/// What has become of a table.
#[derive(Serialize, ToSchema)]
pub struct ImportOutcome {
    /// The import's id, if the table was taken in.
    pub id: Option<String>,
    source: Source,
    /// The headings of the columns, by the names of the fields that they became.
    mapping: BTreeMap<String, String>,
    pub report: Report,
}

impl ImportOutcome {
    pub fn of(import: &Import) -> ImportOutcome {
        ImportOutcome { id: None, source: import.source, mapping: import.mapping.named(&import.headings), report: Report::default() }
    }
}

impl Resource for ImportOutcome {
    fn key(&self) -> String {
        self.id.clone().unwrap_or_default()
    }
}

/// An import.
#[derive(Serialize, ToSchema)]
#[schema(as = Import)]
#[serde(rename_all = "camelCase")]
pub struct ImportRow {
    id: String,
    kind: Kind,
    source: Source,
    file_name: String,
    headings: Vec<String>,
    /// The headings of the columns, by the names of the fields that they become.
    mapping: BTreeMap<String, String>,
    /// Whether a status, type or priority that is not known becomes the usual one.
    defaults: bool,
    /// The file's size.
    bytes: i64,
    /// Its rows without the headings.
    rows: i64,
    status: ImportStatus,
    /// Whether it is, or was last, only being checked.
    dry_run: bool,
    /// Rows that are done with.
    rows_done: i64,
    report: Option<Report>,
    created_at: Timestamp,
}

impl From<Import> for ImportRow {
    fn from(import: Import) -> Self {
        ImportRow {
            id: import.id,
            kind: import.kind,
            source: import.source,
            file_name: import.file_name,
            mapping: import.mapping.named(&import.headings),
            headings: import.headings,
            defaults: import.defaults,
            bytes: import.bytes,
            rows: import.rows,
            status: import.status,
            dry_run: import.dry,
            rows_done: import.rows_done,
            report: import.report,
            created_at: import.created_at,
        }
    }
}

impl Resource for ImportRow {
    fn key(&self) -> String {
        self.id.clone()
    }
}
