//! Points in time, as programs write them into tables.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime};

use crate::kernel::time::Timestamp;

/// Dates without a time of day.
const DAYS: [&str; 1] = ["%Y-%m-%d"];

/// Dates with a time of day that say no zone; taken as UTC. The third is Jira's: `23/Nov/26 3:04 PM`.
const TIMES: [&str; 3] = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S%.f", "%d/%b/%y %I:%M %p"];

/// What a cell says of a point in time.
///
/// # Errors
/// A sentence for the person whose file it is; also for a year in which no page would show it.
pub fn moment(cell: &str) -> Result<Timestamp, String> {
    let cell = cell.trim();
    let read = DateTime::parse_from_rfc3339(cell).map(|at| at.to_utc()).ok().or_else(|| scripted(cell)).or_else(|| plain(cell));
    match read {
        Some(at) if (1970..=9999).contains(&at.year()) => Ok(at),
        Some(_) => Err("Enter a date from the years 1970 to 9999.".into()),
        None => Err("Enter a date, such as 2026-11-23 or 2026-11-23T10:00:00Z.".into()),
    }
}

/// As a script of a browser writes it, and so Linear: `Mon Nov 23 2026 10:00:00 GMT+0000 (Coordinated Universal Time)`.
fn scripted(cell: &str) -> Option<Timestamp> {
    let bare = cell.split_once(" (").map_or(cell, |(bare, _)| bare);
    DateTime::parse_from_str(bare, "%a %b %d %Y %H:%M:%S GMT%z").ok().map(|at| at.to_utc())
}

fn plain(cell: &str) -> Option<Timestamp> {
    let time = TIMES.iter().find_map(|shape| NaiveDateTime::parse_from_str(cell, shape).ok());
    let day = || DAYS.iter().find_map(|shape| NaiveDate::parse_from_str(cell, shape).ok()?.and_hms_opt(0, 0, 0));
    time.or_else(day).map(|at| at.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_known_way_of_writing_is_read() {
        for (cell, expected) in [
            ("2026-11-23T10:00:00.123Z", "2026-11-23 10:00:00.123 UTC"),
            ("2026-11-23T11:00:00+01:00", "2026-11-23 10:00:00 UTC"),
            (" 2026-11-23 ", "2026-11-23 00:00:00 UTC"),
            ("2026-11-23 10:00", "2026-11-23 10:00:00 UTC"),
            ("2026-11-23 10:00:30", "2026-11-23 10:00:30 UTC"),
            ("23/Nov/26 3:04 PM", "2026-11-23 15:04:00 UTC"),
            ("03/Jan/26 12:04 AM", "2026-01-03 00:04:00 UTC"),
            ("Mon Nov 23 2026 10:00:00 GMT+0000 (Coordinated Universal Time)", "2026-11-23 10:00:00 UTC"),
            ("Mon Nov 23 2026 10:00:00 GMT+0100 (CET)", "2026-11-23 09:00:00 UTC"),
        ] {
            assert_eq!(moment(cell).map(|at| at.to_string()), Ok(expected.into()), "{cell}");
        }
        for wrong in ["", "yesterday", "11/23/2026", "2026-02-30", "2026-13-01", "0001-01-01", "1969-12-31T23:59:59Z", "23/Foo/26 3:04 PM"]
        {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_date_or_none(cell in ".{0,40}") {
            let _ = moment(&cell);
        }
    }
}
