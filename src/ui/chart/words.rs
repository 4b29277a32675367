//! What stands at the axes of charts.

use chrono::{Datelike, NaiveDate};

use super::scale::date_of;
use crate::kernel::number::{HUGE, in_threes, trimmed, with_power};
use crate::kernel::time::MONTHS;

/// A value of an axis whose ticks are this far apart and at most so great, short: `0.05`, `250`, `12k`, `1.5M`.
pub(super) fn tick(value: f64, step: f64, greatest: f64) -> String {
    let (divisor, sign) = match greatest {
        size if !(1e-6..HUGE).contains(&size) => return with_power(value),
        size if size >= 1e12 => (1e12, "T"),
        size if size >= 1e9 => (1e9, "B"),
        size if size >= 1e6 => (1e6, "M"),
        size if size >= 1e4 => (1e3, "k"),
        _ => (1.0, ""),
    };
    if value == 0.0 {
        return "0".to_owned();
    }
    let digits = digits_of(step / divisor);
    format!("{}{sign}", in_threes(&trimmed(format!("{:.digits$}", value / divisor))))
}

/// How many digits behind the point it takes to tell steps of this size apart.
fn digits_of(step: f64) -> usize {
    let written = format!("{step:e}");
    let power = written.split_once('e').and_then(|(_, power)| power.parse::<i32>().ok()).unwrap_or(0);
    usize::try_from(-power).unwrap_or(0).min(9)
}

/// The day as `12 Nov 2026`, by its number.
pub fn day_words(day: f64) -> String {
    let date = date_of(day);
    format!("{} {} {}", date.day(), month(date), date.year())
}

fn month(date: NaiveDate) -> &'static str {
    MONTHS.get(date.month0() as usize).copied().unwrap_or_default()
}

/// What a tick at this date says after one of the year `before`: the year where it begins, else no more than is new.
pub(super) fn boundary(date: NaiveDate, before: Option<i32>, days: bool, years: bool) -> String {
    let is_new = before != Some(date.year());
    match (years, days, is_new) {
        (true, _, _) => date.year().to_string(),
        (_, true, true) => format!("{} {} {}", date.day(), month(date), date.year()),
        (_, true, false) => format!("{} {}", date.day(), month(date)),
        (_, false, true) if date.month() == 1 => date.year().to_string(),
        (_, false, true) => format!("{} {}", month(date), date.year()),
        (_, false, false) => month(date).to_owned(),
    }
}
