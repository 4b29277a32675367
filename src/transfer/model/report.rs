//! What was found in a file.

use serde::{Deserialize, Serialize};

/// Errors that are told one by one; the others are counted.
pub const ERRORS_MAX: usize = 100;

/// Something that is wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = ImportError))]
pub struct RowError {
    /// The line of the file in which the row begins.
    pub line: i64,
    /// The heading of the column; nothing for the row as a whole.
    pub column: String,
    /// A sentence for the person whose file it is.
    pub message: String,
}

impl RowError {
    /// The whole of it in words.
    pub fn told(&self) -> String {
        match self.column.as_str() {
            "" => format!("Line {}: {}", self.line, self.message),
            column => format!("Line {}, “{column}”: {}", self.line, self.message),
        }
    }
}

/// What was found in a file, and where reading it ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = ImportReport))]
pub struct Report {
    /// Rows without an error.
    pub good: i64,
    /// Rows with at least one.
    pub bad: i64,
    /// How many errors there are.
    pub wrong: i64,
    /// The first of them.
    pub errors: Vec<RowError>,
    /// Why it could not be taken in although no row was wrong.
    pub failure: Option<String>,
}

impl Report {
    /// Notes a row without errors.
    pub fn right(&mut self) {
        self.good += 1;
    }

    /// Notes a row's errors.
    pub fn note(&mut self, errors: Vec<RowError>) {
        self.bad += 1;
        self.wrong += errors.len() as i64;
        let room = ERRORS_MAX.saturating_sub(self.errors.len());
        self.errors.extend(errors.into_iter().take(room));
    }

    /// The rows that were read.
    pub fn rows(&self) -> i64 {
        self.good + self.bad
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_errors_are_counted_and_few_are_kept() {
        let mut report = Report::default();
        report.right();
        for line in 0..60 {
            let error = RowError { line, column: "Title".into(), message: "Wrong.".into() };
            report.note(vec![error.clone(), error]);
        }
        assert_eq!((report.good, report.bad, report.wrong, report.errors.len(), report.rows()), (1, 60, 120, ERRORS_MAX, 61));
    }
}
