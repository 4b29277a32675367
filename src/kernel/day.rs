//! Days, as a date field holds them.

use chrono::{Datelike, NaiveDate};

use super::time::{Timestamp, day};

/// What stands in a date field for this day, in UTC: `2026-11-23`; nothing for none.
pub fn typed(at: Option<Timestamp>) -> String {
    at.map(|at| format!("{:04}-{:02}-{:02}", at.year(), at.month(), at.day())).unwrap_or_default()
}

/// The beginning of the day that was typed or chosen, in UTC; nothing for an empty field.
///
/// # Errors
/// A sentence for the person who filled it in.
pub fn parse(typed: &str) -> Result<Option<Timestamp>, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let numbers: Vec<&str> = typed.split('-').collect();
    let shaped = numbers.iter().map(|number| number.len()).eq([4, 2, 2]) && numbers.iter().all(|n| n.bytes().all(|b| b.is_ascii_digit()));
    let number = |at: usize| numbers.get(at).and_then(|number| number.parse::<u32>().ok());
    let date = match (shaped, number(0), number(1), number(2)) {
        (true, Some(year @ 1970..=9999), Some(month), Some(day)) => NaiveDate::from_ymd_opt(year as i32, month, day),
        _ => None,
    };
    let start = date.and_then(|date| date.and_hms_opt(0, 0, 0)).ok_or("Enter a date, such as 2026-11-23.")?;
    Ok(Some(start.and_utc()))
}

/// From when to when, in words.
pub fn span(start: Option<Timestamp>, end: Option<Timestamp>) -> String {
    match (start, end) {
        (Some(start), Some(end)) => format!("{} – {}", day(start), day(end)),
        (Some(start), None) => format!("From {}", day(start)),
        (None, Some(end)) => format!("Until {}", day(end)),
        (None, None) => "No dates".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_typed_is_a_day_or_nothing() {
        assert_eq!((parse(""), parse("  ")), (Ok(None), Ok(None)));
        assert_eq!(parse(" 2028-02-29 ").map(typed), Ok("2028-02-29".into()));
        for wrong in ["x", "2026-2-3", "2026-02-30", "2026-13-01", "1969-12-31", "0001-01-01", "02026-1-1", "+026-01-01", "23.11.2026"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        let at = |day: &str| parse(day).unwrap();
        assert_eq!(span(at("2026-11-02"), at("2026-11-23")), "2 Nov 2026 – 23 Nov 2026");
        assert_eq!((span(at("2026-11-02"), None), span(None, at("2026-11-02"))), ("From 2 Nov 2026".into(), "Until 2 Nov 2026".into()));
    }

    proptest! {
        #[test]
        fn every_day_is_read_back(days in 0..2_932_896_i64) {
            let at = chrono::DateTime::from_timestamp(days * 86_400, 0);
            prop_assert_eq!(parse(&typed(at)), Ok(at));
        }

        #[test]
        fn any_text_is_a_day_or_none(text in ".{0,12}") {
            let _ = parse(&text);
        }
    }
}
