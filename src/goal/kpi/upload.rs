//! The address that takes a table of values: a plain form with a file in it, which no server function reads.

use axum::Router;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::response::{Redirect, Response};
use axum::routing::get;

use super::model::{POINTS_MAX, points_of};
use super::store::{self, point};
use crate::account::model::own_path;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::server::csv::{Parser, Row, delimiter_of, plain, without_bom};
use crate::server::forms::Web;
use crate::server::guard::body;
use crate::server::request::caller_of;
use crate::server::scope::Scope;

/// The form's field that holds the file.
pub const FIELD: &str = "file";

/// `POST …/kpis/{id}/points`; whoever follows or reloads that address sees the page.
pub fn routes() -> Router<Web> {
    Router::new().route("/orgs/{org}/products/{key}/kpis/{id}/points", get(back).post(upload))
}

type Place = Path<(String, String, String)>;

fn page((org, key, id): &(String, String, String)) -> String {
    own_path(&format!("/orgs/{org}/products/{key}/kpis/{id}"))
}

async fn back(Path(place): Place) -> Redirect {
    Redirect::to(&page(&place))
}

async fn upload(State(web): State<Web>, Path(place): Place, request: Request) -> Response {
    let place = (clean(place.0), clean(place.1), clean(place.2));
    let (parts, body) = request.into_parts();
    let outcome = take(&web, &place, Request::from_parts(parts.clone(), body)).await;
    let page = page(&place);
    web.led(parts, page.clone(), Vec::new(), outcome.map(|()| format!("{page}?saved=points"))).await
}

fn clean(part: String) -> String {
    part.replace('\0', "\u{FFFD}")
}

fn wrong(message: impl Into<String>) -> AppError {
    AppError::field(FIELD, message)
}

/// Takes all values of the file, or none.
async fn take(web: &Web, (org, key, id): &(String, String, String), request: Request) -> Result<(), AppError> {
    let (parts, body) = request.into_parts();
    let caller = caller_of(&parts);
    // A stranger's file is not worth reading.
    drop(Scope::open(&web.state.pool, &caller, org, Perm::WorkWrite).await?);
    let file = receive(Request::from_parts(parts, body)).await?;
    let (rows, semicolons) = rows_of(&file)?;
    let mut scope = Scope::open(&web.state.pool, &caller, org, Perm::WorkWrite).await?;
    let product = store::product(&mut scope, key).await?;
    store::summary(&mut scope, &product.id, id).await?;
    let today = store::today(&mut scope).await?;
    let points = points_of(&rows, semicolons, today).map_err(wrong)?;
    point::record(&mut scope, id, &points).await?;
    scope.commit(()).await
}

/// The file in the form, of at most 1 MB.
async fn receive(request: Request) -> Result<Vec<u8>, AppError> {
    let broken = |_| wrong("The file did not arrive whole, or is far larger than 1 MB. Please try again.");
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| wrong("Please choose a file."))?;
    let (mut bytes, mut length) = (Vec::new(), 0);
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let wanted = field.name() == Some(FIELD);
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            if wanted {
                length += chunk.len();
                // Read to its end all the same: a browser shows no answer to what it could not send.
                if length <= body::MAX {
                    bytes.extend_from_slice(&chunk);
                }
            }
        }
    }
    match length {
        0 => Err(wrong("Please choose a file.")),
        _ if length > body::MAX => Err(wrong("This file is larger than 1 MB. Please split it.")),
        _ => Ok(bytes),
    }
}

type Rows = Vec<(i64, Vec<String>)>;

/// The rows of the table, each with its line, and whether its cells are parted by semicolons.
fn rows_of(file: &[u8]) -> Result<(Rows, bool), AppError> {
    let delimiter = delimiter_of(file);
    let (mut parser, mut rows, mut is_text) = (Parser::new(delimiter), Vec::new(), true);
    let mut keep = |row: &Row| {
        let cells: Result<Vec<String>, _> =
            row.cells().map(|cell| std::str::from_utf8(cell).map(|cell| plain(cell).into_owned())).collect();
        is_text &= cells.is_ok();
        // One more than there may be, so that there are seen to be too many.
        if rows.len() <= POINTS_MAX + 1 {
            rows.push((row.line, cells.unwrap_or_default()));
        }
    };
    parser.feed(without_bom(file), &mut keep).map_err(|broken| wrong(broken.told()))?;
    parser.finish(&mut keep).map_err(|broken| wrong(broken.told()))?;
    if !is_text {
        return Err(wrong("This is no CSV file. Save the table as “CSV UTF-8” and choose that file."));
    }
    Ok((rows, delimiter == b';'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_as_spreadsheets_write_it() {
        let (rows, semicolons) = rows_of(b"\xEF\xBB\xBFdate;value\r\n2026-11-01;\"4,5\"\r\n\r\n2026-11-02;'-1\r\n").unwrap();
        let cells = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        assert!(semicolons);
        assert_eq!(rows, [(1, cells(["date", "value"])), (2, cells(["2026-11-01", "4,5"])), (4, cells(["2026-11-02", "-1"]))]);
        assert!(rows_of(b"\xFF\xFEd\0").is_err() && rows_of(b"\"date").is_err());
    }
}
