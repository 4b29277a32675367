//! The address that takes a file of results: a plain form with a file in it, which no server function reads.

use axum::Router;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::response::{Redirect, Response};
use axum::routing::get;

use super::model::{COLUMNS, Recorded, ResultForm, RowError, refused};
use super::store::results;
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

/// The most results in a file.
const ROWS_MAX: usize = 20_000;

/// Columns that a file needs, the first of `COLUMNS`.
const NEEDED: usize = 5;

/// `POST …/results/upload`; whoever follows or reloads that address sees the page.
pub fn routes() -> Router<Web> {
    Router::new().route("/orgs/{org}/products/{key}/experiments/{id}/results/upload", get(back).post(upload))
}

fn page(org: &str, key: &str, id: &str) -> String {
    own_path(&format!("/orgs/{org}/products/{key}/experiments/{id}/results"))
}

async fn back(Path((org, key, id)): Path<(String, String, String)>) -> Redirect {
    Redirect::to(&page(&org, &key, &id))
}

async fn upload(State(web): State<Web>, Path((org, key, id)): Path<(String, String, String)>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let page = page(&org, &key, &id);
    let outcome = take(&web, &org.replace('\0', "\u{FFFD}"), &id.replace('\0', "\u{FFFD}"), Request::from_parts(parts.clone(), body)).await;
    let told = |done: Recorded| format!("{page}?added={}&changed={}&same={}", done.added, done.changed, done.same);
    web.led(parts, page.clone(), Vec::new(), outcome.map(told)).await
}

async fn take(web: &Web, org: &str, id: &str, request: Request) -> Result<Recorded, AppError> {
    let (parts, body) = request.into_parts();
    let caller = caller_of(&parts);
    // A stranger's file is not worth reading, and reading it holds no connection.
    drop(Scope::open(&web.state.pool, &caller, org, Perm::WorkWrite).await?);
    let file = receive(Request::from_parts(parts, body)).await?;
    let (lines, forms) = read(&file)?;
    let mut scope = Scope::open(&web.state.pool, &caller, org, Perm::WorkWrite).await?;
    match results::record(&mut scope, id, &forms).await? {
        Ok(recorded) => scope.commit(recorded).await,
        Err(errors) => {
            let line = |row: i64| usize::try_from(row).ok().and_then(|row| lines.get(row)).copied().unwrap_or_default();
            Err(refused(FIELD, &errors, line))
        }
    }
}

/// The file in an uploaded form.
async fn receive(request: Request) -> Result<Vec<u8>, AppError> {
    let broken = |_| AppError::field(FIELD, "The file did not arrive whole, or is far larger than 1 MB. Please try again.");
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| AppError::field(FIELD, "Please choose a file."))?;
    let mut bytes = Vec::new();
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let wanted = field.name() == Some(FIELD);
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            // Read to its end all the same: a browser shows no answer to what it could not send.
            if wanted && bytes.len() <= body::MAX {
                bytes.extend_from_slice(&chunk);
            }
        }
    }
    match bytes.len() {
        0 => Err(AppError::field(FIELD, "Please choose a file.")),
        length if length > body::MAX => Err(AppError::field(FIELD, "This file is larger than 1 MB. Please split it.")),
        _ => Ok(bytes),
    }
}

/// The results in a file, with the line of each.
fn read(file: &[u8]) -> Result<(Vec<i64>, Vec<ResultForm>), AppError> {
    let (mut places, mut lines, mut forms, mut errors) = (None, Vec::new(), Vec::new(), Vec::new());
    let mut parser = Parser::new(delimiter_of(file));
    let mut each = |row: &Row| match &places {
        None => places = Some(headings(row)),
        Some(Ok(places)) => {
            match form(row, places) {
                Ok(form) => forms.push(form),
                Err((field, message)) => {
                    errors.push(RowError { row: lines.len() as i64, field: field.to_owned(), message: message.to_owned() });
                    forms.push(ResultForm::default());
                }
            }
            lines.push(row.line);
        }
        Some(Err(_)) => {}
    };
    let read = parser.feed(without_bom(file), &mut each).and_then(|()| parser.finish(&mut each));
    read.map_err(|broken| AppError::field(FIELD, broken.told()))?;
    places.unwrap_or_else(|| Err(AppError::field(FIELD, "This file is empty.")))?;
    match forms.len() {
        0 => Err(AppError::field(FIELD, "This file has a heading and no rows below it.")),
        rows if rows > ROWS_MAX => Err(AppError::field(FIELD, format!("This file has {rows} rows; the limit is {ROWS_MAX}."))),
        _ if !errors.is_empty() => Err(refused(FIELD, &errors, |row| lines[row as usize])),
        _ => Ok((lines, forms)),
    }
}

/// For each of `COLUMNS` the column of the file that it is in.
fn headings(row: &Row) -> Result<Vec<Option<usize>>, AppError> {
    let heading = |cell: &[u8]| String::from_utf8_lossy(cell).trim().to_lowercase().replace([' ', '-'], "_");
    let found: Vec<String> = row.cells().map(heading).collect();
    if let Some(unknown) = found.iter().find(|name| !COLUMNS.contains(&name.as_str())) {
        let shown: String = unknown.chars().take(40).collect();
        return Err(AppError::field(FIELD, format!("There is no column “{shown}”. The columns are {}.", COLUMNS.join(", "))));
    }
    let places: Vec<Option<usize>> = COLUMNS.iter().map(|column| found.iter().position(|name| name == column)).collect();
    let missing: Vec<&str> =
        COLUMNS.iter().zip(&places).take(NEEDED).filter(|(_, place)| place.is_none()).map(|(column, _)| *column).collect();
    match missing.as_slice() {
        [] if places.iter().flatten().count() < found.len() => Err(AppError::field(FIELD, "Two columns of this file have one heading.")),
        [] => Ok(places),
        _ => Err(AppError::field(FIELD, format!("This file lacks the columns {}.", missing.join(", ")))),
    }
}

fn form(row: &Row, places: &[Option<usize>]) -> Result<ResultForm, (&'static str, &'static str)> {
    if row.width() != places.iter().flatten().count() {
        return Err(("row", "This row has not as many cells as the heading."));
    }
    let mut form = ResultForm::default();
    for (column, place) in COLUMNS.into_iter().zip(places) {
        let Some(place) = place else { continue };
        let cell = std::str::from_utf8(row.cell(*place)).map_err(|_| (column, "This is not text in UTF-8."))?;
        // A negative number is no formula, though `plain` would undo what keeps a spreadsheet from taking it for one.
        form.set(column, plain(cell.trim()).replace('\0', ""));
    }
    Ok(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(file: &str) -> String {
        read(file.as_bytes()).unwrap_err().of_field(FIELD).unwrap()
    }

    #[test]
    fn columns_may_stand_in_any_order() {
        let file = "Metric;n;sum;Sum Squares;variant;day\r\nRevenue;10;-2,5;9;A;2026-11-02\r\n\r\nRevenue;9;'-1;3;B;2026-11-02";
        let (lines, forms) = read(file.as_bytes()).unwrap();
        assert_eq!((lines, forms.len()), (vec![2, 4], 2));
        assert_eq!((forms[0].sum_squares.as_str(), forms[0].variant.as_str(), forms[1].sum.as_str()), ("9", "A", "-1"));
    }

    #[test]
    fn what_is_no_file_of_results_says_why() {
        for (file, why) in [
            ("", "empty"),
            ("day,variant,metric,n,sum", "no rows"),
            ("day,variant,metric,n\n1,2,3,4", "lacks the columns sum"),
            ("day,variant,metric,n,sum,colour\n1,2,3,4,5,6", "no column “colour”"),
            ("day,variant,metric,n,sum,sum\n1,2,3,4,5,6", "one heading"),
            ("day,variant,metric,n,sum\n1,2,3,4", "Line 2, row"),
            ("day,variant,metric,n,sum\n\"1,2,3,4,5", "cut off"),
        ] {
            assert!(told(file).contains(why), "{file}: {}", told(file));
        }
        assert!(read(b"day,variant,metric,n,sum\n\xFF,2,3,4,5").unwrap_err().of_field(FIELD).unwrap().contains("UTF-8"));
    }
}
