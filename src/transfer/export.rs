//! A product's things as a file: `/orgs/{org}/products/{key}/export/ideas.csv` and so on.
//!
//! Read and sent part by part, like the audit log; each part asks for the caller's permission anew.

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use chrono::DateTime;
use http::StatusCode;
use serde_json::json;

use super::model::Kind;
use super::store::{self, Exported};
use crate::audit::store as audit;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::time::Timestamp;
use crate::server::csv::{self, CSV};
use crate::server::forms::Web;
use crate::server::request::{Caller, caller_of};
use crate::server::scope::Scope;

/// Rows that are read at a time.
const PART: i64 = 1000;

/// What is still to be written.
struct Export {
    web: Web,
    caller: Caller,
    org: String,
    kind: Kind,
    product_id: String,
    head: Vec<u8>,
    /// When the last row was made, and its id.
    after: (Timestamp, String),
    done: bool,
}

impl Export {
    /// The next part, and what is to be written after it.
    async fn next(mut self) -> Result<Option<(Vec<u8>, Export)>, AppError> {
        if self.done {
            return Ok(None);
        }
        let mut scope = Scope::open(&self.web.state.pool, &self.caller, &self.org, Perm::ProductWrite).await?;
        let after = (self.after.0, self.after.1.as_str());
        let rows = store::export_rows(&mut scope, self.kind, &self.product_id, after, PART).await?;
        scope.commit(()).await?;
        self.done = (rows.len() as i64) < PART;
        if let Some(last) = rows.last() {
            self.after = (last.created_at, last.id.clone());
        }
        let mut part = std::mem::take(&mut self.head);
        part.extend(csv::lines(rows.into_iter().map(|row: Exported| row.cells(self.kind)))?);
        Ok(Some((part, self)))
    }
}

/// The product's things of the kind that the file's name says.
pub async fn as_csv(State(web): State<Web>, Path((org, key, file)): Path<(String, String, String)>, request: Request) -> Response {
    let caller = caller_of(&request.into_parts().0);
    // Postgres takes no NUL byte, not even to say that nothing has that name.
    let (org, key) = (org.replace('\0', "\u{FFFD}"), key.replace('\0', "\u{FFFD}"));
    match begin(web, caller, org, key, file.strip_suffix(".csv").and_then(Kind::of_path)).await {
        Ok(response) => response,
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, error.to_string()).into_response()
        }
    }
}

/// Records the export, then begins it: what leaves the house is in the log even if the reader goes away half-way.
///
/// # Errors
/// Those of the way in; `NotFound` without a kind.
pub async fn begin(web: Web, caller: Caller, org: String, key: String, kind: Option<Kind>) -> Result<Response, AppError> {
    let mut scope = Scope::open(&web.state.pool, &caller, &org, Perm::ProductWrite).await?;
    let kind = kind.ok_or(AppError::NotFound)?;
    let product = store::product(&mut scope, &key).await?;
    audit::event(scope.db(), "product.exported", ("Product", &product.id), json!({ "kind": kind.label() })).await?;
    scope.commit(()).await?;
    let head = head(kind)?;
    let name = format!("{}-{}.csv", product.key, kind.path());
    let export = Export { web, caller, org, kind, product_id: product.id, head, after: (EARLIEST, String::new()), done: false };
    csv::download(&name, CSV, export, Export::next)
}

/// The first line: the names of the kind's fields.
pub fn head(kind: Kind) -> Result<Vec<u8>, AppError> {
    csv::lines([kind.fields().iter().map(|field| field.name).chain(kind.derived().iter().copied())])
}

/// Before anything was made: the first second of the year 1.
const EARLIEST: Timestamp = match DateTime::from_timestamp(-62_135_596_800, 0) {
    Some(at) => at,
    None => DateTime::UNIX_EPOCH,
};
