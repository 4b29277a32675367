//! Quarters of the calendar, and whether an objective keeps pace with its own.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::OkrStatus;
use crate::kernel::time::Timestamp;

/// The years that can be written: 0 to 9999.
const LAST: i32 = 9999 * 4 + 3;

/// How far an objective may be behind the elapsed share of its quarter before it is at risk, in percentage points.
pub const TOLERANCE: f64 = 10.0;

/// A quarter of a year: its year times four and its place in it, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Quarter(i32);

impl Quarter {
    /// Reads `2026-Q4`.
    pub fn parse(word: &str) -> Option<Quarter> {
        let (year, place) = word.split_once("-Q")?;
        let digits = |text: &str, length: usize| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
        let place: i32 = place.parse().ok().filter(|number| digits(place, 1) && (1..=4).contains(number))?;
        digits(year, 4).then(|| year.parse().ok().map(|year: i32| Quarter(year * 4 + place - 1)))?
    }

    /// The quarter in which a day lies.
    pub fn of(day: Timestamp) -> Quarter {
        Quarter::at(day.year() * 4 + day.month0() as i32 / 3)
    }

    /// The quarter with this number, or the nearest that can be written.
    pub fn at(number: i32) -> Quarter {
        Quarter(number.clamp(0, LAST))
    }

    /// Whether its year is from 2000 to 2099, as it is of all that can be planned; another client may have written another.
    pub fn is_of_our_time(self) -> bool {
        (2000..2100).contains(&(self.0 / 4))
    }

    /// Quarters since the year 0.
    pub fn number(self) -> i32 {
        self.0
    }

    /// The quarter so many later.
    pub fn plus(self, quarters: i32) -> Quarter {
        Quarter::at(self.0.saturating_add(quarters))
    }

    /// Its name in the database and in addresses: `2026-Q4`.
    pub fn word(self) -> String {
        format!("{:04}-Q{}", self.0 / 4, self.0 % 4 + 1)
    }

    /// Its name on the screen: `Q4 2026`.
    pub fn label(self) -> String {
        format!("Q{} {}", self.0 % 4 + 1, self.0 / 4)
    }

    fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.0 / 4, (self.0 % 4 * 3 + 1) as u32, 1).unwrap_or_default()
    }

    /// The beginning of its first day, in UTC.
    pub fn begins(self) -> Timestamp {
        self.first_day().and_time(chrono::NaiveTime::MIN).and_utc()
    }

    /// How much of it has gone by on the morning of a day, in percent: 0 on its first day and before, 100 after its last.
    pub fn elapsed(self, today: Timestamp) -> f64 {
        let (start, end) = (self.first_day(), Quarter(self.0 + 1).first_day());
        let (gone, all) = ((today.date_naive() - start).num_days(), (end - start).num_days());
        gone.clamp(0, all.max(1)) as f64 / all.max(1) as f64 * 100.0
    }

    /// By how many points an objective of this quarter is behind the elapsed share, if it is at risk: it is worked on, and its
    /// progress in percent is below that share by more than the tolerance.
    pub fn behind(self, status: OkrStatus, progress: f64, today: Timestamp) -> Option<i64> {
        let elapsed = self.elapsed(today);
        (status == OkrStatus::Active && progress < elapsed - TOLERANCE).then(|| (elapsed - progress).round() as i64)
    }

    /// What a field offers: a year back and a year on from the one in which a day lies, and this one.
    pub fn options(today: Timestamp, also: Option<Quarter>) -> Vec<(String, String)> {
        let now = Quarter::of(today);
        let mut all: Vec<Quarter> = (-4..=4).map(|step| now.plus(step)).chain(also).collect();
        all.sort();
        all.dedup();
        all.into_iter().map(|quarter| (quarter.word(), quarter.label())).collect()
    }
}

impl TryFrom<String> for Quarter {
    type Error = String;

    fn try_from(word: String) -> Result<Quarter, String> {
        Quarter::parse(&word).ok_or_else(|| format!("“{word}” is no quarter."))
    }
}

impl From<Quarter> for String {
    fn from(quarter: Quarter) -> String {
        quarter.word()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::day;
    use proptest::prelude::*;

    fn on(text: &str) -> Timestamp {
        day::parse(text).unwrap().unwrap()
    }

    fn quarter(word: &str) -> Quarter {
        Quarter::parse(word).unwrap()
    }

    #[test]
    fn a_quarter_is_written_in_one_way() {
        assert_eq!((quarter("2026-Q4").word(), quarter("2026-Q4").label()), ("2026-Q4".into(), "Q4 2026".into()));
        for wrong in ["", "2026-Q0", "2026-Q5", "2026Q1", "26-Q1", "2026-q1", "2026-Q1\n", "2026-Q+1", "+026-Q1", "2026-Q11", "２０２６-Q1"]
        {
            assert_eq!(Quarter::parse(wrong), None, "{wrong:?}");
        }
        assert_eq!(
            [Quarter::of(on("2026-01-01")), Quarter::of(on("2026-03-31")), Quarter::of(on("2026-12-31"))].map(Quarter::word),
            ["2026-Q1", "2026-Q1", "2026-Q4"]
        );
        assert_eq!((quarter("2026-Q4").plus(1).word(), quarter("2026-Q1").plus(-1).word()), ("2027-Q1".into(), "2025-Q4".into()));
        assert!(quarter("2026-Q4") < quarter("2027-Q1"));
        let ours = ["0000-Q1", "1999-Q4", "2000-Q1", "2099-Q4", "2100-Q1", "9999-Q4"].map(|word| quarter(word).is_of_our_time());
        assert_eq!(ours, [false, false, true, true, false, false]);
    }

    #[test]
    fn a_quarter_goes_by_day_by_day() {
        let q4 = quarter("2026-Q4");
        assert_eq!([q4.elapsed(on("2026-09-30")), q4.elapsed(on("2026-10-01")), q4.elapsed(on("2027-01-01"))], [0.0, 0.0, 100.0]);
        assert_eq!(q4.elapsed(on("2026-11-16")), 50.0, "46 of 92 days");
        assert_eq!(q4.elapsed(on("2026-12-31")), 91.0 / 92.0 * 100.0);
        assert_eq!(quarter("9999-Q4").elapsed(on("9999-12-31")), 91.0 / 92.0 * 100.0);
    }

    #[test]
    fn what_is_behind_by_more_than_the_tolerance_is_at_risk() {
        let (q4, half) = (quarter("2026-Q4"), on("2026-11-16"));
        let behind = |progress: f64| q4.behind(OkrStatus::Active, progress, half);
        assert_eq!([behind(40.0), behind(39.9), behind(0.0), behind(100.0)], [None, Some(10), Some(50), None]);
        for status in [OkrStatus::Draft, OkrStatus::Completed, OkrStatus::Cancelled] {
            assert_eq!(q4.behind(status, 0.0, half), None, "only what is worked on can be late");
        }
        assert_eq!(quarter("2026-Q3").behind(OkrStatus::Active, 85.0, half), Some(15), "the quarter is over");
        assert_eq!(quarter("2027-Q1").behind(OkrStatus::Active, 0.0, half), None, "it has not begun");
    }

    proptest! {
        #[test]
        fn every_quarter_reads_back(number in 0..=LAST) {
            let quarter = Quarter::at(number);
            prop_assert_eq!(Quarter::parse(&quarter.word()), Some(quarter));
            prop_assert_eq!(Quarter::of(quarter.begins()), quarter);
        }

        #[test]
        fn time_only_goes_on(number in 7_880..8_300, day in 0..800_i64) {
            let (quarter, today) = (Quarter::at(number), on("2026-11-16"));
            let (before, after) = (quarter.elapsed(today), quarter.elapsed(today + chrono::TimeDelta::days(day)));
            prop_assert!((0.0..=100.0).contains(&before) && before <= after && after <= 100.0);
        }

        #[test]
        fn any_text_is_a_quarter_or_none(text in ".{0,9}") {
            prop_assert!(Quarter::parse(&text).is_none_or(|quarter| quarter.word() == text));
        }
    }
}
