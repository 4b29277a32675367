//! The periods by which a KPI is measured.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::kernel::time::MONTHS;

/// How often a KPI has a value, and how a chart gathers values. From the shortest to the longest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "\"Frequency\"", rename_all = "SCREAMING_SNAKE_CASE"), schema(as = KpiFrequency))]
pub enum Frequency {
    Daily,
    Weekly,
    #[default]
    Monthly,
    Quarterly,
}

crate::words!(Frequency {
    Daily: "DAILY", "Daily";
    Weekly: "WEEKLY", "Weekly";
    Monthly: "MONTHLY", "Monthly";
    Quarterly: "QUARTERLY", "Quarterly";
});

impl Frequency {
    /// One period of it.
    pub fn noun(self) -> &'static str {
        match self {
            Frequency::Daily => "day",
            Frequency::Weekly => "week",
            Frequency::Monthly => "month",
            Frequency::Quarterly => "quarter",
        }
    }

    /// The first day of the period that holds this day. Weeks begin on Monday.
    pub fn start(self, day: NaiveDate) -> NaiveDate {
        let start = match self {
            Frequency::Daily => Some(day),
            Frequency::Weekly => day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))),
            Frequency::Monthly => day.with_day(1),
            Frequency::Quarterly => day.with_day(1).and_then(|first| first.with_month0(first.month0() / 3 * 3)),
        };
        start.unwrap_or(day)
    }

    /// The first day of the period so many periods away from the one that begins on this day.
    pub fn step(self, start: NaiveDate, periods: i32) -> NaiveDate {
        let (back, count) = (periods < 0, periods.unsigned_abs());
        let days = |each: u64| {
            let days = Days::new(each * u64::from(count));
            if back { start.checked_sub_days(days) } else { start.checked_add_days(days) }
        };
        let months = |each: u32| {
            let months = Months::new(each.saturating_mul(count));
            if back { start.checked_sub_months(months) } else { start.checked_add_months(months) }
        };
        let stepped = match self {
            Frequency::Daily => days(1),
            Frequency::Weekly => days(7),
            Frequency::Monthly => months(1),
            Frequency::Quarterly => months(3),
        };
        stepped.unwrap_or(start)
    }

    /// The beginning of the last period that is over on this day.
    pub fn last_closed(self, today: NaiveDate) -> NaiveDate {
        self.step(self.start(today), -1)
    }

    /// What the period that begins on this day is called: `12 Nov 2026`, `week of 9 Nov 2026`, `Nov 2026`, `Q4 2026`.
    pub fn name(self, start: NaiveDate) -> String {
        let month = MONTHS.get(start.month0() as usize).copied().unwrap_or_default();
        match self {
            Frequency::Daily => format!("{} {month} {}", start.day(), start.year()),
            Frequency::Weekly => format!("week of {} {month} {}", start.day(), start.year()),
            Frequency::Monthly => format!("{month} {}", start.year()),
            Frequency::Quarterly => format!("Q{} {}", start.month0() / 3 + 1, start.year()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn periods_begin_where_people_begin_them() {
        let starts = |of: &str| Frequency::ALL.map(|frequency| frequency.start(day(of)).to_string());
        assert_eq!(starts("2026-11-29"), ["2026-11-29", "2026-11-23", "2026-11-01", "2026-10-01"]);
        assert_eq!(starts("2024-02-29"), ["2024-02-29", "2024-02-26", "2024-02-01", "2024-01-01"]);
        let closed = Frequency::ALL.map(|frequency| frequency.last_closed(day("2026-01-01")).to_string());
        assert_eq!(closed, ["2025-12-31", "2025-12-22", "2025-12-01", "2025-10-01"]);
        let names = Frequency::ALL.map(|frequency| frequency.name(frequency.start(day("2026-11-29"))));
        assert_eq!(names, ["29 Nov 2026", "week of 23 Nov 2026", "Nov 2026", "Q4 2026"]);
    }

    proptest! {
        #[test]
        fn periods_follow_one_another(days in 0i32..2_000_000, which in 0usize..4, periods in -50i32..50) {
            let frequency = Frequency::ALL[which];
            let start = frequency.start(NaiveDate::from_num_days_from_ce_opt(400_000 + days).unwrap());
            prop_assert_eq!(frequency.start(start), start);
            let next = frequency.step(start, 1);
            prop_assert!(next > start && frequency.start(next) == next && frequency.start(next.pred_opt().unwrap()) == start);
            prop_assert_eq!(frequency.step(frequency.step(start, periods), -periods), start);
        }
    }
}
