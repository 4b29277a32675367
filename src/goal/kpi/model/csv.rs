//! Values from a table: which cell is what, and what is wrong with each line.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::NewPoint;
use super::point::{moment, number};

/// The most values of one file, and of one call of the API.
pub const POINTS_MAX: usize = 10_000;
/// Lines that are told of at most; whoever has more wrong than that has made one mistake all through.
const TOLD_MAX: usize = 10;

/// The values of a table's rows, each row with its line. Headings `date` and `value` say which column is which; without headings the
/// first is the date. Where cells are parted by semicolons a comma is a decimal point, as spreadsheets write it there.
///
/// # Errors
/// What is wrong, line by line: then nothing is to be taken at all.
pub fn points_of(rows: &[(i64, Vec<String>)], semicolons: bool, today: NaiveDate) -> Result<Vec<NewPoint>, String> {
    let headed = rows.first().map(|(_, cells)| cells.iter().map(|cell| cell.trim().to_lowercase()).collect::<Vec<_>>()).unwrap_or_default();
    let column = |name: &str| headed.iter().position(|heading| heading == name);
    let is_twice = |name: &str| headed.iter().filter(|heading| *heading == name).count() > 1;
    if is_twice("date") || is_twice("value") {
        return Err("Two columns of this file have one heading.".into());
    }
    let (columns, (width, expected), body) = match (column("date"), column("value")) {
        (Some(date), Some(value)) => ((date, value), (headed.len(), "the heading"), rows.get(1..).unwrap_or_default()),
        (None, None) => ((0, 1), (2, "a date and a value"), rows),
        _ => return Err("The first line has to name the columns date and value.".into()),
    };
    if body.is_empty() {
        return Err("There are no values in this file.".into());
    }
    if body.len() > POINTS_MAX {
        return Err(format!("This file has more than {POINTS_MAX} values. Please split it."));
    }
    let (mut points, mut lines, mut wrong) = (Vec::with_capacity(body.len()), BTreeMap::new(), Vec::new());
    for (line, cells) in body {
        // A decimal comma between commas makes two cells of one number: half of it is not what was meant.
        if cells.len() != width {
            wrong.push(format!("Line {line}: This row has not as many cells as {expected}."));
            continue;
        }
        let cell = |at: usize| cells.get(at).map(|cell| cell.trim()).unwrap_or_default();
        let typed = if semicolons { cell(columns.1).replace(',', ".") } else { cell(columns.1).to_owned() };
        let read = moment(cell(columns.0), today).and_then(|date| Ok(NewPoint { date, value: number(&typed)? }));
        let read = read.and_then(|point| match lines.insert(point.date, *line) {
            Some(earlier) => Err(format!("This date is in line {earlier} already.")),
            None => Ok(point),
        });
        match read {
            Ok(point) => points.push(point),
            Err(message) => wrong.push(format!("Line {line}: {message}")),
        }
    }
    if wrong.is_empty() {
        return Ok(points);
    }
    let more = wrong.len().saturating_sub(TOLD_MAX);
    wrong.truncate(TOLD_MAX);
    let more = if more > 0 { format!(" And {more} more lines are wrong.") } else { String::new() };
    Err(format!("Nothing was taken. {}{more}", wrong.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(rows: &[&[&str]], semicolons: bool) -> Result<Vec<f64>, String> {
        let rows: Vec<(i64, Vec<String>)> =
            rows.iter().enumerate().map(|(at, row)| (at as i64 + 1, row.iter().map(|cell| (*cell).to_owned()).collect())).collect();
        let today = NaiveDate::from_ymd_opt(2026, 11, 29).unwrap();
        points_of(&rows, semicolons, today).map(|points| points.into_iter().map(|point| point.value).collect())
    }

    #[test]
    fn headings_say_which_column_is_which() {
        assert_eq!(read(&[&["Value", "Note", " DATE"], &["4.5", "x", "2026-11-01"]], false), Ok(vec![4.5]));
        assert_eq!(read(&[&["2026-11-01", "4,5"], &["2026-11-02", "-1"]], true), Ok(vec![4.5, -1.0]));
        assert!(read(&[&["date", "amount"], &["2026-11-01", "1"]], false).unwrap_err().contains("date and value"));
        assert!(read(&[&["date", "value", "Value"], &["2026-11-01", "1", "2"]], false).unwrap_err().contains("one heading"));
        assert!(read(&[&["date", "value"]], false).is_err() && read(&[], false).is_err());
    }

    #[test]
    fn a_row_has_as_many_cells_as_the_heading() {
        for row in [&["2026-11-17", "1", "2"] as &[&str], &["2026-11-17"]] {
            let told = read(&[&["date", "value"], &["2026-11-16", "1"], row], false).unwrap_err();
            assert_eq!(told, "Nothing was taken. Line 3: This row has not as many cells as the heading.");
        }
        assert!(read(&[&["2026-11-17", "1", "2"]], false).unwrap_err().contains("Line 1: This row has not as many cells"));
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line_and_nothing_is_taken() {
        let rows: &[&[&str]] = &[
            &["date", "value"],
            &["2026-11-01", "1"],
            &["yesterday", "2"],
            &["2026-11-03", "many"],
            &["2026-11-01", "3"],
            &["2062-01-01", "1"],
        ];
        let told = read(rows, false).unwrap_err();
        for part in [
            "Nothing was taken",
            "Line 3: Enter a date",
            "Line 4: Enter a number",
            "Line 5: This date is in line 2 already",
            "Line 6: This day",
        ] {
            assert!(told.contains(part), "{told}");
        }
        let all: Vec<&[&str]> = std::iter::repeat_n(&["x", "y"] as &[&str], 40).collect();
        assert!(read(&all, false).unwrap_err().contains("And 30 more"));
    }

    proptest! {
        #[test]
        fn any_cells_are_values_or_told(cells in prop::collection::vec(prop::collection::vec(".{0,12}", 0..4), 0..6), semicolons: bool) {
            let rows: Vec<(i64, Vec<String>)> = cells.into_iter().enumerate().map(|(at, row)| (at as i64, row)).collect();
            let _ = points_of(&rows, semicolons, NaiveDate::from_ymd_opt(2026, 11, 29).unwrap());
        }
    }
}
