//! Reading a file by its mapping: for the first rows, for a check and for an import alike.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::model::{Field, Import, PREVIEW_ROWS, Preview, PreviewCell, PreviewRow, RowError, Value, Ways};
use super::store;
use super::upload::PIECE;
use crate::kernel::error::AppError;
use crate::kernel::text::grouped;
use crate::kernel::time::moment;
use crate::server::csv::{Parser, Row, plain, without_bom};
use crate::server::scope::Scope;

/// What is made of each row.
pub struct Plan<'a> {
    import: &'a Import,
    ways: Ways<'a>,
    columns: Vec<Planned>,
}

/// A field and the columns that it is read from.
struct Planned {
    field: &'static Field,
    places: Vec<usize>,
    heading: String,
}

impl<'a> Plan<'a> {
    pub fn new(import: &'a Import, members: &'a BTreeMap<String, String>) -> Plan<'a> {
        let plan = |field: &'static Field| {
            let places = import.mapping.places(field, &import.headings);
            let heading = places.first().and_then(|place| import.headings.get(*place));
            let heading = heading.filter(|heading| !heading.is_empty()).cloned().unwrap_or_else(|| field.label.to_owned());
            Planned { field, places, heading }
        };
        let ways = Ways { kind: import.kind, source: import.source, defaults: import.defaults, members };
        Plan { import, ways, columns: import.kind.fields().iter().map(plan).collect() }
    }

    /// The values of a row, one for each field of the kind, or all that is wrong with it.
    pub fn values(&self, row: &Row) -> Result<Vec<Value>, Vec<RowError>> {
        if let Some(message) = self.wrong_shape(row) {
            return Err(vec![RowError { line: row.line, column: String::new(), message }]);
        }
        let (mut values, mut errors) = (Vec::with_capacity(self.columns.len()), Vec::new());
        for column in &self.columns {
            match self.value(column, row) {
                Ok(value) => values.push(value),
                Err(message) => errors.push(RowError { line: row.line, column: column.heading.clone(), message }),
            }
        }
        if errors.is_empty() { Ok(values) } else { Err(errors) }
    }

    fn wrong_shape(&self, row: &Row) -> Option<String> {
        let (has, needs) = (row.width() as i64, self.import.headings.len() as i64);
        let cells = if has == 1 { "cell" } else { "cells" };
        (has != needs).then(|| format!("This row has {} {cells}, and the heading {}.", grouped(has), grouped(needs)))
    }

    fn value(&self, column: &Planned, row: &Row) -> Result<Value, String> {
        let cells: Result<Vec<Cow<str>>, _> = column.places.iter().map(|place| std::str::from_utf8(row.cell(*place)).map(plain)).collect();
        let cells = cells.map_err(|_| "This is not text in UTF-8. Save the file as “CSV UTF-8” and send it again.".to_owned())?;
        let cells: Vec<&str> = cells.iter().map(Cow::as_ref).collect();
        column.field.value(&cells, &self.ways)
    }

    /// The row as it would become.
    fn shown(&self, row: &Row) -> PreviewRow {
        let wrong = self.wrong_shape(row);
        let mapped = self.columns.iter().filter(|column| !column.places.is_empty() && wrong.is_none());
        let cells = mapped
            .map(|column| match self.value(column, row) {
                Ok(value) => PreviewCell { text: self.in_words(column, row, value), wrong: false },
                Err(message) => PreviewCell { text: message, wrong: true },
            })
            .collect();
        PreviewRow { line: row.line, cells, wrong }
    }

    fn in_words(&self, column: &Planned, row: &Row, value: Value) -> String {
        let text = match value {
            Value::Nothing => String::new(),
            // A person is shown by address, not by id.
            Value::Text(_) if column.field.name == "assignee" => {
                column.places.first().map(|place| String::from_utf8_lossy(row.cell(*place)).into_owned()).unwrap_or_default()
            }
            Value::Text(text) => column.field.word_label(&text).unwrap_or(text),
            Value::List(items) => items.join(", "),
            Value::At(at) => moment(at),
        };
        let begin: String = text.chars().take(CELL_SHOWN).collect();
        if begin.len() < text.len() { format!("{begin}…") } else { begin }
    }
}

/// Characters of a cell in the preview.
const CELL_SHOWN: usize = 120;

/// A file's pieces, one after another.
pub struct Pieces<'a> {
    import: &'a Import,
    /// The file itself, if it is not kept.
    whole: Option<&'a [u8]>,
    parser: Parser,
    next: i32,
    /// Whether the headings are still to come.
    heading: bool,
}

impl<'a> Pieces<'a> {
    pub fn new(import: &'a Import, whole: Option<&'a [u8]>) -> Pieces<'a> {
        let delimiter = import.delimiter.bytes().next().unwrap_or(b',');
        Pieces { import, whole, parser: Parser::new(delimiter), next: 0, heading: true }
    }

    /// Reads the next piece and gives its rows to `each`; `false` behind the last.
    ///
    /// # Errors
    /// `Conflict` for a file that cannot be read on.
    pub async fn read(&mut self, scope: &mut Scope, each: &mut (dyn FnMut(&Row) + Send)) -> Result<bool, AppError> {
        let piece = match self.whole {
            Some(file) => {
                // Unlike the database's, these pieces are there at once, and others wait for this thread.
                tokio::task::yield_now().await;
                file.chunks(PIECE).nth(self.next as usize).map(Cow::Borrowed)
            }
            None => store::part(scope, &self.import.id, self.next).await?.map(Cow::Owned),
        };
        let Pieces { parser, heading, .. } = self;
        let mut behind_heading = |row: &Row| {
            if !std::mem::take(heading) {
                each(row);
            }
        };
        let read = match &piece {
            Some(bytes) if self.next == 0 => parser.feed(without_bom(bytes), &mut behind_heading),
            Some(bytes) => parser.feed(bytes, &mut behind_heading),
            None => parser.finish(&mut behind_heading),
        };
        read.map_err(|broken| AppError::Conflict(broken.told()))?;
        self.next += 1;
        Ok(piece.is_some())
    }
}

/// The first rows as they would become.
pub async fn preview(scope: &mut Scope, import: &Import) -> Result<Preview, AppError> {
    let members = store::members(scope).await?;
    let plan = Plan::new(import, &members);
    let fields = plan.columns.iter().filter(|column| !column.places.is_empty()).map(|column| column.field.label.to_owned()).collect();
    let (mut pieces, mut rows) = (Pieces::new(import, None), Vec::new());
    let mut keep = |row: &Row| {
        if rows.len() < PREVIEW_ROWS {
            rows.push(plan.shown(row));
        }
    };
    // One piece is enough, but for rows that are larger than most.
    for _ in 0..4 {
        if !pieces.read(scope, &mut keep).await? {
            break;
        }
    }
    Ok(Preview { fields, rows })
}
