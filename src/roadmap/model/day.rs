//! Days and months of the calendar, as whole numbers.

use serde::{Deserialize, Serialize};

use crate::kernel::time::MONTHS;

/// The months that can be asked for: of the years 1970 to 9999.
const MONTHS_KNOWN: std::ops::RangeInclusive<i32> = 1970 * 12..=9999 * 12 + 11;

/// A day, counted from 1 January 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(transparent))]
pub struct Day(pub i32);

impl Day {
    /// Year, month from 1, and day of the month from 1, in the Gregorian calendar. After Howard Hinnant's `civil_from_days`.
    pub fn parts(self) -> (i64, i64, i64) {
        let days = i64::from(self.0) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        // Counted from March, so that a leap year's day is the last.
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        (year + era * 400 + i64::from(month <= 2), month, day)
    }

    /// The day in so many days.
    pub fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }

    /// How many days it is after another.
    pub fn since(self, other: Day) -> i32 {
        self.0.saturating_sub(other.0)
    }

    /// Whether it is a Monday.
    pub fn is_monday(self) -> bool {
        // 5 January 1970 was one.
        (i64::from(self.0) - 4).rem_euclid(7) == 0
    }

    /// Reads what a date field holds: `2026-11-23`, of the years 1970 to 9999.
    pub fn parse(text: &str) -> Option<Day> {
        let (month, day) = text.rsplit_once('-')?;
        let month = Month::parse(month)?;
        let day: i32 = digits(day, 2)?;
        (1..=month.days()).contains(&day).then(|| month.first().plus(day - 1))
    }

    /// As a date field holds it.
    pub fn text(self) -> String {
        let (year, month, day) = self.parts();
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// As it is read: `23 Nov 2026`.
    pub fn words(self) -> String {
        let (year, month, day) = self.parts();
        format!("{day} {} {year}", name(month))
    }
}

/// The short name of a month, counted from 1.
fn name(month: i64) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or_default()
}

/// A number of just so many digits.
fn digits(text: &str, count: usize) -> Option<i32> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// A month, counted from January of the year 0; always one of the years 1970 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Month(i32);

impl Month {
    /// The month that a day lies in, or the nearest that is known.
    pub fn of(day: Day) -> Month {
        let (year, month, _) = day.parts();
        Month((year * 12 + month - 1).clamp(i64::from(*MONTHS_KNOWN.start()), i64::from(*MONTHS_KNOWN.end())) as i32)
    }

    /// The month in so many months, or the nearest that is known.
    pub fn plus(self, months: i32) -> Month {
        Month(self.0.saturating_add(months).clamp(*MONTHS_KNOWN.start(), *MONTHS_KNOWN.end()))
    }

    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// From 0.
    pub fn of_year(self) -> i32 {
        self.0.rem_euclid(12)
    }

    /// Its first day. After Howard Hinnant's `days_from_civil`.
    pub fn first(self) -> Day {
        Day(first_of(self.0))
    }

    /// How many days it has.
    pub fn days(self) -> i32 {
        first_of(self.0.saturating_add(1)) - first_of(self.0)
    }

    /// Its short name without the year.
    pub fn name(self) -> &'static str {
        name(i64::from(self.of_year()) + 1)
    }

    /// Reads what an address holds: `2026-11`.
    pub fn parse(text: &str) -> Option<Month> {
        let (year, month) = text.split_once('-')?;
        let (year, month) = (digits(year, 4)?, digits(month, 2)?);
        let index = year * 12 + month - 1;
        ((1..=12).contains(&month) && MONTHS_KNOWN.contains(&index)).then_some(Month(index))
    }

    /// As an address holds it.
    pub fn text(self) -> String {
        format!("{:04}-{:02}", self.year(), self.of_year() + 1)
    }
}

fn first_of(month: i32) -> i32 {
    let (year, month) = (i64::from(month.div_euclid(12)), i64::from(month.rem_euclid(12)) + 1);
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * from_march + 2) / 5;
    (era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468) as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Datelike, NaiveDate, Weekday};
    use proptest::prelude::*;

    #[test]
    fn months_are_as_long_as_they_are() {
        let days = |text: &str| Month::parse(text).unwrap().days();
        assert_eq!(["2026-01", "2026-02", "2026-04", "2024-02", "2100-02", "2000-02", "9999-12"].map(days), [31, 28, 30, 29, 28, 29, 31]);
        assert_eq!(
            (Month::parse("2026-11").unwrap().plus(2).text(), Month::parse("2026-01").unwrap().plus(-1).text()),
            ("2027-01".into(), "2025-12".into())
        );
        assert_eq!(
            (Month::parse("1970-01").unwrap().plus(-5).text(), Month::parse("9999-12").unwrap().plus(5).text()),
            ("1970-01".into(), "9999-12".into())
        );
        for wrong in ["", "2026", "2026-13", "2026-00", "2026-1", "1969-12", "02026-1", "x-01", "2026-+1"] {
            assert_eq!(Month::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_day_is_read_and_written() {
        let day = Day::parse("2026-11-23").unwrap();
        assert_eq!((day.words(), day.text(), day.is_monday()), ("23 Nov 2026".into(), "2026-11-23".into(), true));
        for wrong in ["", "2026-11", "2026-02-29", "2026-11-31", "2026-11-00", "2026-11-1", "1969-12-31", "2026-11-023", "23.11.2026"] {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Month::of(Day(i32::MAX)).text(), "9999-12");
        assert_eq!(Month::of(Day(i32::MIN)).text(), "1970-01");
    }

    proptest! {
        #[test]
        fn the_calendar_is_the_usual_one(days in -90_000_000..90_000_000_i32) {
            let day = Day(days);
            let theirs = NaiveDate::from_epoch_days(days).unwrap();
            let (year, month, of_month) = day.parts();
            prop_assert_eq!((year, month, of_month), (i64::from(theirs.year()), i64::from(theirs.month()), i64::from(theirs.day())));
            prop_assert_eq!(day.is_monday(), theirs.weekday() == Weekday::Mon);
        }

        #[test]
        fn every_day_of_a_field_is_read_back(days in 0..2_932_896_i32) {
            let day = Day(days);
            prop_assert_eq!(Day::parse(&day.text()), Some(day));
            let month = Month::of(day);
            prop_assert_eq!(Month::parse(&month.text()), Some(month));
            prop_assert!(month.first() <= day && day < month.first().plus(month.days()));
            prop_assert_eq!(month.plus(1).first(), if month.text() == "9999-12" { month.first() } else { month.first().plus(month.days()) });
        }

        #[test]
        fn any_text_is_a_day_or_none(text in ".{0,12}") {
            let _ = Day::parse(&text);
        }
    }
}
