//! Numbers and dates as they stand in charts, written without a locale so that server and browser agree.

use chrono::{Datelike, NaiveDate};

use super::scale::date_of;
use crate::kernel::time::MONTHS;

/// From here on a number is written with a power of ten.
const HUGE: f64 = 1e15;

/// Digits in threes, before the point: `12,345.6`.
fn grouped(text: &str) -> String {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, part) = rest.split_once('.').map_or((rest, None), |(whole, part)| (whole, Some(part)));
    let mut written = sign.to_owned();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    part.into_iter().for_each(|part| written.extend(['.'].into_iter().chain(part.chars())));
    written
}

/// Without the zeros at a fraction's end, and without a minus before zero.
fn trimmed(text: String) -> String {
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
    if text == "-0" { "0".to_owned() } else { text }
}

/// A number in full, to four digits behind the point below 10 and to two from there on: `1,204.5`. A dash for none.
pub fn amount(value: f64) -> String {
    match value {
        value if !value.is_finite() => "–".to_owned(),
        value if value.abs() >= HUGE || (value != 0.0 && value.abs() < 0.000_05) => small_power(value),
        value if value.abs() < 10.0 => trimmed(format!("{value:.4}")),
        value => grouped(&trimmed(format!("{value:.2}"))),
    }
}

/// Three digits and a power of ten: `1.25e16`.
fn small_power(value: f64) -> String {
    let written = format!("{value:.2e}");
    match written.split_once('e') {
        Some((digits, power)) => format!("{}e{power}", trimmed(digits.to_owned())),
        None => written,
    }
}

/// The number and its unit: `1,204 users`, `41 %`, `$1,204`.
pub fn with_unit(value: f64, unit: &str) -> String {
    let amount = amount(value);
    match unit.trim() {
        "" => amount,
        unit @ ("$" | "€" | "£" | "¥") => match amount.strip_prefix('-') {
            Some(amount) => format!("-{unit}{amount}"),
            None => format!("{unit}{amount}"),
        },
        unit => format!("{amount} {unit}"),
    }
}

/// A value of an axis whose ticks are this far apart and at most so great, short: `0.05`, `250`, `12k`, `1.5M`.
pub(super) fn tick(value: f64, step: f64, greatest: f64) -> String {
    let (divisor, sign) = match greatest {
        size if size >= HUGE || size < 1e-6 => return small_power(value),
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
    format!("{}{sign}", grouped(&trimmed(format!("{:.digits$}", value / divisor))))
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
