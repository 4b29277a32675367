//! The address that takes a file to import: a plain form with a file in it, which no server function reads.
//!
//! The file goes into the database piece by piece as it arrives, so that neither memory nor disk here is needed for it; on
//! its way it is counted, and looked at for what makes it no table at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Request, State};
use axum::response::{Redirect, Response};
use axum::routing::get;
use tokio::time::timeout;

use super::model::{COLUMNS_MAX, FILE_MAX, Kind, Mapping, Source, TransferPage};
use super::store::{self, Head};
use crate::account::model::own_path;
use crate::kernel::error::AppError;
use crate::kernel::text::in_line;
use crate::server::csv::{Parser, Row, delimiter_of, without_bom};
use crate::server::forms::Web;
use crate::server::multipart::small_before_file;
use crate::server::request::{Caller, caller_of};
use crate::server::scope::Scope;

/// The form's field that holds the file.
pub const FIELD: &str = "file";

/// Bytes of a piece that is kept.
pub const PIECE: usize = 256 << 10;

/// Bytes of a refused file that are read and thrown away.
const THROWN_AWAY: usize = 64 << 20;

/// Bytes of a field that holds a word.
const WORD_MAX: usize = 100;

/// Characters of a file's name, and of a heading, that are kept.
const NAME_KEPT: usize = 200;

/// `POST …/transfer/upload`; whoever follows or reloads that address sees the page.
pub fn routes() -> Router<Web> {
    Router::new().route("/orgs/{org}/products/{key}/transfer/upload", get(back).post(upload)).layer(DefaultBodyLimit::disable())
}

fn page(org: &str, key: &str) -> String {
    own_path(&format!("/orgs/{org}/products/{key}/transfer"))
}

async fn back(Path((org, key)): Path<(String, String)>) -> Redirect {
    Redirect::to(&page(&org, &key))
}

async fn upload(State(web): State<Web>, Path((org, key)): Path<(String, String)>, request: Request) -> Response {
    let (org, key) = (org.replace('\0', "\u{FFFD}"), key.replace('\0', "\u{FFFD}"));
    let (parts, body) = request.into_parts();
    let page = page(&org, &key);
    let mut arriving = Arriving::new(&web, caller_of(&parts), org, key);
    match arriving.receive(Request::from_parts(parts.clone(), body)).await {
        Ok(id) => {
            arriving.id = None;
            web.led(parts, page.clone(), Vec::new(), Ok(format!("{page}/{id}"))).await
        }
        Err(error) => {
            arriving.forget().await;
            web.led(parts, page, std::mem::take(&mut arriving.typed), Err(error)).await
        }
    }
}

fn wrong(message: impl Into<String>) -> AppError {
    AppError::field(FIELD, message)
}

fn broken<E>(_: E) -> AppError {
    wrong("The file did not arrive whole. Please try again.")
}

/// A form that is on its way.
struct Arriving<'a> {
    web: &'a Web,
    caller: Caller,
    org: String,
    key: String,
    /// What was chosen beside the file, for the form to show again.
    typed: Vec<(String, String)>,
    /// The import that the file is kept for, once it has begun to arrive.
    id: Option<String>,
}

impl<'a> Arriving<'a> {
    fn new(web: &'a Web, caller: Caller, org: String, key: String) -> Arriving<'a> {
        Arriving { web, caller, org, key, typed: Vec::new(), id: None }
    }

    async fn open(&self) -> Result<Scope, AppError> {
        Scope::open(&self.web.state.pool, &self.caller, &self.org, TransferPage::PERM).await
    }

    /// Takes the whole form; gives the import's id.
    async fn receive(&mut self, request: Request) -> Result<String, AppError> {
        // A stranger's file is not worth reading.
        let mut scope = self.open().await?;
        store::product(&mut scope, &self.key).await?;
        drop(scope);
        let begun = Arc::new(AtomicBool::new(false));
        let request = small_before_file(request, begun.clone());
        let mut form = Multipart::from_request(request, &()).await.map_err(|_| wrong("Please choose a file."))?;
        while let Some(mut field) = self.in_time(form.next_field()).await? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == FIELD {
                begun.store(true, Ordering::Relaxed);
                let taken = self.file(&mut field).await;
                if taken.is_err() {
                    self.read_on(&mut field).await;
                }
                return taken;
            }
            let word = self.word(&mut field).await?;
            self.typed.push((name.trim_start_matches("form[").trim_end_matches(']').to_owned(), word));
        }
        Err(wrong("Please choose a file."))
    }

    /// Reads a refused file on for a while: a browser shows no answer to what it could not send.
    async fn read_on(&self, field: &mut Field<'_>) {
        let mut seen = 0;
        while seen < THROWN_AWAY
            && let Ok(Some(chunk)) = self.in_time(field.chunk()).await
        {
            seen += chunk.len();
        }
    }

    /// What comes of the connection, if it comes at all.
    async fn in_time<T, E>(&self, next: impl Future<Output = Result<T, E>>) -> Result<T, AppError> {
        let patience = self.web.state.settings.guard.times.body;
        timeout(patience, next).await.map_err(|_| wrong("The file did not arrive in time. Please try again."))?.map_err(broken)
    }

    async fn word(&self, field: &mut Field<'_>) -> Result<String, AppError> {
        let mut word = Vec::new();
        while let Some(chunk) = self.in_time(field.chunk()).await? {
            let room = WORD_MAX.saturating_sub(word.len());
            word.extend(chunk.iter().take(room));
        }
        Ok(String::from_utf8_lossy(&word).into_owned())
    }

    fn chosen(&self, name: &str) -> &str {
        self.typed.iter().find(|(known, _)| known == name).map_or("", |(_, word)| word)
    }

    async fn file(&mut self, field: &mut Field<'_>) -> Result<String, AppError> {
        let kind = Kind::parse(self.chosen("kind")).ok_or_else(|| AppError::field("kind", "Choose what the rows of the file are."))?;
        let source = match self.chosen("source") {
            "" => None,
            word => Some(Source::parse(word).ok_or_else(|| AppError::field("source", "Choose one of these programs."))?),
        };
        let name = file_name(field.file_name().unwrap_or_default());
        let mut scope = self.open().await?;
        if !scope.can(kind.perm()) {
            return scope.finish(Err(AppError::Forbidden), kind.perm()).await;
        }
        let id = store::begin(&mut scope, &self.key, kind, &name).await?;
        scope.commit(()).await?;
        self.id = Some(id.clone());
        let table = self.pieces(field, &id).await?;
        let head = table.head(kind, source)?;
        let mut scope = self.open().await?;
        store::finish(&mut scope, &id, head).await?;
        scope.commit(id).await
    }

    /// Keeps the file piece by piece.
    async fn pieces(&self, field: &mut Field<'_>, id: &str) -> Result<Table, AppError> {
        let (mut table, mut piece, mut seen, mut n) = (Table::default(), Vec::with_capacity(PIECE), 0, 0);
        while let Some(chunk) = self.in_time(field.chunk()).await? {
            seen += chunk.len();
            if seen > FILE_MAX {
                return Err(wrong("This file is larger than 64 MB. Please split it, and import one part after another."));
            }
            let mut rest: &[u8] = &chunk;
            while !rest.is_empty() {
                let (now, later) = rest.split_at(rest.len().min(PIECE - piece.len()));
                piece.extend_from_slice(now);
                rest = later;
                if piece.len() == PIECE {
                    self.keep(&mut table, &piece, id, n).await?;
                    piece.clear();
                    n += 1;
                }
            }
        }
        if !piece.is_empty() {
            self.keep(&mut table, &piece, id, n).await?;
        }
        table.end()
    }

    async fn keep(&self, table: &mut Table, piece: &[u8], id: &str, n: i32) -> Result<(), AppError> {
        table.read(piece)?;
        let mut scope = self.open().await?;
        store::add_part(&mut scope, id, n, piece).await?;
        scope.commit(()).await
    }

    /// Forgets what has arrived of a file that is not taken.
    fn forget(&mut self) -> impl Future<Output = ()> + use<> {
        let (pool, caller, org) = (self.web.state.pool.clone(), self.caller.clone(), self.org.clone());
        let id = self.id.take();
        async move {
            let Some(id) = id else { return };
            let forgotten = async {
                let mut scope = Scope::open(&pool, &caller, &org, TransferPage::PERM).await?;
                store::abandon(&mut scope, &id).await?;
                scope.commit(()).await
            };
            if let Err(error) = forgotten.await {
                tracing::warn!(import = %id, %error, "what had arrived of a refused file is still there");
            }
        }
    }
}

/// Whoever hangs up while the file arrives leaves nothing behind either.
impl Drop for Arriving<'_> {
    fn drop(&mut self) {
        if self.id.is_some() {
            tokio::spawn(self.forget());
        }
    }
}

/// The name that is kept of a file, without the folders that it was in.
pub fn file_name(given: &str) -> String {
    let name: String = in_line(given.rsplit(['/', '\\']).next().unwrap_or_default()).chars().take(NAME_KEPT).collect();
    if name.is_empty() { "file.csv".to_owned() } else { name }
}

/// What a file says of itself that came whole.
///
/// # Errors
/// Of the field `file`, for what is no table.
pub async fn head_of(file: &[u8], kind: Kind, source: Option<Source>) -> Result<Head, AppError> {
    let mut table = Table::default();
    for piece in file.chunks(PIECE) {
        table.read(piece)?;
        // Others wait for this thread, and nothing else here lets them have it.
        tokio::task::yield_now().await;
    }
    table.end()?.head(kind, source)
}

/// What is found out about a file while it arrives.
#[derive(Default)]
struct Table {
    parser: Option<Parser>,
    delimiter: u8,
    headings: Option<Result<Vec<String>, AppError>>,
    rows: i64,
    bytes: i64,
}

impl Table {
    fn read(&mut self, piece: &[u8]) -> Result<(), AppError> {
        let first = self.parser.is_none();
        if first {
            self.delimiter = delimiter_of(piece);
        }
        self.bytes += piece.len() as i64;
        let Table { parser, delimiter, headings, rows, .. } = self;
        let parser = parser.get_or_insert_with(|| Parser::new(*delimiter));
        let piece = if first { without_bom(piece) } else { piece };
        parser.feed(piece, &mut |row| note(headings, rows, row)).map_err(|broken| wrong(broken.told()))?;
        match &self.headings {
            Some(Err(error)) => Err(error.clone()),
            _ => Ok(()),
        }
    }

    fn end(mut self) -> Result<Table, AppError> {
        let Table { parser, headings, rows, .. } = &mut self;
        let parser = parser.as_mut().ok_or_else(|| wrong("This file is empty."))?;
        parser.finish(&mut |row| note(headings, rows, row)).map_err(|broken| wrong(broken.told()))?;
        Ok(self)
    }

    /// What the file says of itself.
    fn head(self, kind: Kind, source: Option<Source>) -> Result<Head, AppError> {
        let headings = self.headings.ok_or_else(|| wrong("This file is empty."))??;
        if self.rows == 0 {
            return Err(wrong("This file has a heading and no rows below it."));
        }
        let source = source.unwrap_or_else(|| Source::guess(kind, &headings));
        let mapping = Mapping::of(source, kind, &headings);
        let delimiter = char::from(self.delimiter);
        Ok(Head { source, delimiter, mapping, headings, bytes: self.bytes, rows: self.rows })
    }
}

/// Takes the first row for the headings, and counts the others.
fn note(headings: &mut Option<Result<Vec<String>, AppError>>, rows: &mut i64, row: &Row) {
    match headings {
        None => *headings = Some(headings_of(row)),
        Some(_) => *rows += 1,
    }
}

/// The headings, if the row is one; what is no text in its first line is no table.
fn headings_of(row: &Row) -> Result<Vec<String>, AppError> {
    const NO_TABLE: &str = "This is no CSV file. Save the table as “CSV UTF-8” and choose that file.";
    if row.cells().next().is_some_and(|cell| cell.starts_with(b"\xFF\xFE") || cell.starts_with(b"\xFE\xFF")) {
        return Err(wrong("This file is written in UTF-16. Save the table as “CSV UTF-8” and choose that file."));
    }
    if row.width() > COLUMNS_MAX {
        return Err(wrong(format!("This file has more than {COLUMNS_MAX} columns.")));
    }
    let heading = |cell: &[u8]| {
        let text = std::str::from_utf8(cell).ok().filter(|text| !text.contains(|c: char| c.is_control() && !c.is_whitespace()));
        text.map(|text| text.trim().chars().take(NAME_KEPT).collect::<String>())
    };
    row.cells().map(heading).collect::<Option<Vec<_>>>().ok_or_else(|| wrong(NO_TABLE))
}
