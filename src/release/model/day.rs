//! Days as a form has them.

use chrono::{Datelike, NaiveDate, NaiveTime};

use crate::kernel::time::Timestamp;

/// The first year that a list can begin with.
const YEAR_MIN: i32 = 1970;

/// The day that was typed, as its beginning in UTC; nothing for an empty field.
pub fn typed(text: &str) -> Result<Option<Timestamp>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<NaiveDate>() {
        Ok(day) if text.len() == 10 && day.year() >= YEAR_MIN => Ok(Some(day.and_time(NaiveTime::MIN).and_utc())),
        _ => Err("Enter a day such as 2026-11-23.".into()),
    }
}

/// The day as a field for days wants it, such as `2026-11-23`.
pub fn in_field(at: Option<Timestamp>) -> String {
    at.map(|at| format!("{:04}-{:02}-{:02}", at.year(), at.month(), at.day())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_reads_back() {
        assert_eq!(in_field(typed(" 2026-02-28 ").unwrap()), "2026-02-28");
        assert_eq!((typed(""), in_field(None)), (Ok(None), String::new()));
        for wrong in ["2026-02-31", "tomorrow", "2026-1-1", "+12026-01-01", "1969-12-31"] {
            assert!(typed(wrong).is_err(), "{wrong}");
        }
    }
}
