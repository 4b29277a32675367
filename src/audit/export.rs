//! The log as a file: `/orgs/{org}/audit/export.csv` and `export.jsonl`.
//!
//! Read and sent part by part, so that a long log neither fills the memory nor keeps a connection of the database waiting
//! for a slow reader. Each part asks for the caller's permission anew.

use axum::extract::{Path, Query, Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

use super::model::{AuditQuery, AuditRow};
use super::store;
use crate::kernel::error::AppError;
use crate::kernel::page::Cursor;
use crate::kernel::role::Perm;
use crate::server::csv::{self, CSV};
use crate::server::db::internal;
use crate::server::forms::Web;
use crate::server::request::{Caller, caller_of};
use crate::server::scope::Scope;

/// Rows that are read at a time.
const PART: i64 = 1000;

const COLUMNS: [&str; 12] =
    ["id", "createdAt", "action", "entityType", "entityId", "userId", "userName", "userEmail", "ipAddress", "userAgent", "before", "after"];

/// How the file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    JsonLines,
}

impl Format {
    fn extension(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::JsonLines => "jsonl",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Format::Csv => CSV,
            Format::JsonLines => "application/x-ndjson; charset=utf-8",
        }
    }

    /// What stands before the first row.
    fn head(self) -> Result<Vec<u8>, AppError> {
        match self {
            Format::Csv => csv::lines([COLUMNS]),
            Format::JsonLines => Ok(Vec::new()),
        }
    }

    fn lines(self, rows: &[AuditRow]) -> Result<Vec<u8>, AppError> {
        match self {
            Format::Csv => csv::lines(rows.iter().map(cells)),
            Format::JsonLines => {
                let mut lines = Vec::new();
                for row in rows {
                    serde_json::to_writer(&mut lines, row).map_err(internal)?;
                    lines.push(b'\n');
                }
                Ok(lines)
            }
        }
    }
}

fn cells(row: &AuditRow) -> [String; COLUMNS.len()] {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let side = |name| row.side(name).map(Value::to_string).unwrap_or_default();
    // An event has facts instead of two sides.
    let facts = || row.metadata.as_ref().filter(|all| all.get("before").is_none()).map(Value::to_string).unwrap_or_default();
    let after = if row.side("after").is_some() { side("after") } else { facts() };
    let created = row.created_at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    [
        row.id.clone(),
        created,
        row.action.clone(),
        row.entity_type.clone(),
        row.entity_id.clone(),
        text(&row.user_id),
        text(&row.user_name),
        text(&row.user_email),
        text(&row.ip_address),
        text(&row.user_agent),
        side("before"),
        after,
    ]
}

/// What is still to be written.
struct Export {
    web: Web,
    caller: Caller,
    org: String,
    query: AuditQuery,
    format: Format,
    head: Vec<u8>,
    done: bool,
}

impl Export {
    /// The next part, and what is to be written after it.
    async fn next(mut self) -> Result<Option<(Vec<u8>, Export)>, AppError> {
        if self.done {
            return Ok(None);
        }
        let mut scope = Scope::open(&self.web.state.pool, &self.caller, &self.org, Perm::OrgManage).await?;
        let rows = store::rows(&mut scope, &self.query, PART).await?;
        scope.commit(()).await?;
        self.done = (rows.len() as i64) < PART;
        if let Some((key, id)) = rows.last().map(AuditRow::key) {
            self.query.cursor = Some(Cursor { key, id, place: 0, back: false });
        }
        let mut part = std::mem::take(&mut self.head);
        part.extend(self.format.lines(&rows)?);
        Ok(Some((part, self)))
    }
}

/// The filtered log as CSV.
pub async fn as_csv(web: State<Web>, org: Path<String>, query: Query<Vec<(String, String)>>, request: Request) -> Response {
    export(web.0, org.0, query.0, request, Format::Csv).await
}

/// The filtered log as one JSON object a line.
pub async fn as_json_lines(web: State<Web>, org: Path<String>, query: Query<Vec<(String, String)>>, request: Request) -> Response {
    export(web.0, org.0, query.0, request, Format::JsonLines).await
}

async fn export(web: Web, org: String, params: Vec<(String, String)>, request: Request, format: Format) -> Response {
    let caller = caller_of(&request.into_parts().0);
    let query = AuditQuery::of_params(|name| params.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()));
    let query = AuditQuery { cursor: None, ..query };
    // Postgres takes no NUL byte, not even to say that nothing has that name.
    let org = org.replace('\0', "\u{FFFD}");
    match begin(Export { web, caller, org, query, format, head: Vec::new(), done: false }).await {
        Ok(response) => response,
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, error.to_string()).into_response()
        }
    }
}

/// Records the export, then begins it: what leaves the house is in the log even if the reader goes away half-way.
async fn begin(mut export: Export) -> Result<Response, AppError> {
    export.query.bounds()?;
    let mut scope = Scope::open(&export.web.state.pool, &export.caller, &export.org, Perm::OrgManage).await?;
    let tenant = scope.organization().clone();
    let facts = json!({ "format": export.format.extension(), "filter": export.query.params().trim_start_matches('?') });
    store::event(scope.db(), "audit.exported", ("AuditLog", &tenant.id), facts).await?;
    scope.commit(()).await?;
    export.head = export.format.head()?;
    let name = format!("audit-{}.{}", tenant.slug, export.format.extension());
    csv::download(&name, export.format.media_type(), export, Export::next)
}
