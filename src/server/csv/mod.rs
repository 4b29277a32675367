//! Tables as CSV (RFC 4180): how they leave the house, how they come in, and how a cell is kept from being taken for a formula.

mod parse;

use std::borrow::Cow;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use super::db::internal;
use crate::kernel::error::AppError;

pub use parse::{Broken, Parser, ROW_MAX, Row, delimiter_of, without_bom};

/// The media type of a table.
pub const CSV: &str = "text/csv; charset=utf-8";

/// Characters by which a spreadsheet tells a formula.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// What ends a cell where a spreadsheet's settings say so, in the middle of what we take for one. For whoever parts cells by
/// semicolons our quotation marks are in the middle of a cell, where they quote nothing, so that a line break ends a row.
const SEPARATORS: [char; 4] = [';', '\t', '\n', '\r'];

/// What does not keep a spreadsheet from seeing the formula behind it: our apostrophes, a quotation mark that it takes for the
/// beginning of a quoted cell, and the space that some leave out.
fn is_passed_over(c: char) -> bool {
    matches!(c, '\'' | '"') || c.is_whitespace()
}

/// Whether this would be a formula without the apostrophes before it.
fn is_formula(part: &str) -> bool {
    part.trim_start_matches(is_passed_over).starts_with(FORMULA)
}

/// What would be cells of their own for another spreadsheet, each with its separator.
fn parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split_inclusive(SEPARATORS)
}

/// A cell that no spreadsheet takes for a formula, nor a part of it: with an apostrophe before it. One that looks as if it had been
/// given one already gets another, so that `plain` finds back to each.
pub fn neutral(cell: &str) -> Cow<'_, str> {
    if !parts(cell).any(is_formula) {
        return Cow::Borrowed(cell);
    }
    parts(cell).flat_map(|part| [if is_formula(part) { "'" } else { "" }, part]).collect()
}

/// What `neutral` was given.
pub fn plain(cell: &str) -> Cow<'_, str> {
    if !parts(cell).any(is_formula) {
        return Cow::Borrowed(cell);
    }
    parts(cell).map(|part| part.strip_prefix('\'').filter(|_| is_formula(part)).unwrap_or(part)).collect()
}

/// The rows as lines of a table, each cell neutral.
pub fn lines<R>(rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>, AppError>
where
    R: IntoIterator,
    R::Item: AsRef<str>,
{
    let mut writer = csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        for cell in row {
            writer.write_field(neutral(cell.as_ref()).as_bytes()).map_err(internal)?;
        }
        writer.write_record(None::<&[u8]>).map_err(internal)?;
    }
    writer.into_inner().map_err(internal)
}

/// A file to be kept under this name, made part by part: `next` gives a part and what to go on with, or nothing at its end.
///
/// So a long table neither fills the memory nor keeps a connection of the database waiting for a slow reader.
pub fn download<S, N, F>(name: &str, kind: &'static str, first: S, next: N) -> Result<Response, AppError>
where
    S: Send + 'static,
    N: Fn(S) -> F + Send + 'static,
    F: Future<Output = Result<Option<(Vec<u8>, S)>, AppError>> + Send + 'static,
{
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).map_err(internal)?;
    let parts = try_unfold(first, move |state| {
        let part = next(state);
        async move { part.await.map_err(|error| error.to_string()) }
    });
    let mut response = Body::from_stream(parts).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(CONTENT_DISPOSITION, disposition);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_cell_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "'=1", "''-1", "\"=1", "' \"'=1"] {
            assert_eq!(neutral(formula), format!("'{formula}"));
        }
        for harmless in ["a=1", "", "'", "it's", "'quoted'", "''", "a; b", "a;b -1", ";'", "\"a\";\"b\"", "a\r\n\r\nb\tc", "\t", "\r"] {
            assert_eq!((neutral(harmless).as_ref(), plain(harmless).as_ref()), (harmless, harmless));
        }
        // As a spreadsheet reads them whose settings part cells by semicolons or tabs, and rows by what is a line break to us.
        for (parted, harmless) in [
            ("x;=1+1", "x;'=1+1"),
            ("\t=1", "\t'=1"),
            ("a\t'@b;-c", "a\t''@b;'-c"),
            ("x;\"=1+1;y", "x;'\"=1+1;y"),
            ("x\t\"=1+1\ty", "x\t'\"=1+1\ty"),
            ("x; =1", "x;' =1"),
            ("x\n=1;y", "x\n'=1;y"),
            ("x\r\n\"@a\r+b", "x\r\n'\"@a\r'+b"),
        ] {
            assert_eq!((neutral(parted).as_ref(), plain(harmless).as_ref()), (harmless, parted));
        }
    }

    /// The cells of our file as a spreadsheet finds them whose settings name another separator.
    fn parted_by(separator: u8, file: &[u8]) -> Vec<String> {
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(file);
        let rows = reader.byte_records().map(Result::unwrap);
        rows.flat_map(|row| row.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect::<Vec<_>>()).collect()
    }

    /// What a file says, cell by cell.
    fn read(file: &[u8], part: usize) -> Vec<Vec<String>> {
        let (mut parser, mut rows) = (Parser::new(b','), Vec::new());
        let mut keep = |row: &Row| rows.push(row.cells().map(|cell| plain(std::str::from_utf8(cell).unwrap()).into_owned()).collect());
        for part in file.chunks(part) {
            parser.feed(part, &mut keep).unwrap();
        }
        parser.finish(&mut keep).unwrap();
        rows
    }

    proptest! {
        #[test]
        fn any_cell_reads_back(cell in r#"(['" ]{0,3}[=+@\-\t\r]?)?(.|\r\n|\r|"|,|\n|'|;|\t|=| ){0,20}"#) {
            let neutral = neutral(&cell);
            prop_assert!(!neutral.split(SEPARATORS).any(|part| part.trim_start_matches(['"', ' ']).starts_with(FORMULA)), "{neutral:?}");
            prop_assert_eq!(plain(&neutral), Cow::Borrowed(cell.as_str()));
        }

        #[test]
        fn no_separator_makes_a_formula(rows in prop::collection::vec(prop::collection::vec(r#"[;"=', \t\r\nx-]{0,8}"#, 1..4), 1..4)) {
            let file = lines(&rows).unwrap();
            for separator in *b",;\t" {
                for cell in parted_by(separator, &file) {
                    prop_assert!(!cell.trim_start().starts_with(FORMULA), "{cell:?} of {:?}", String::from_utf8_lossy(&file));
                }
            }
        }

        #[test]
        fn any_table_reads_back_however_it_is_cut(
            rows in prop::collection::vec(prop::collection::vec(r#"(.|\r\n|"|,|\n|'|=|🚀){0,12}"#, 2..4), 0..6),
            part in 1usize..40,
        ) {
            let file = lines(&rows).unwrap();
            prop_assert_eq!(read(&file, part), rows);
        }
    }
}
