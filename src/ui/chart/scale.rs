//! Where a value lies on an axis, and which values the axis names.
//!
//! Everything here gives the same on the server and in the browser: sums, products and Rust's own reading and writing of
//! numbers, and no function of the platform's mathematics library.

use chrono::{Datelike, NaiveDate};

use super::words;

/// Days from the beginning of the calendar to 1 January 1970.
const EPOCH: i64 = 719_163;

/// The days that an axis can show: the years 1 to 9999.
const DAYS: (f64, f64) = (-719_162.0, 2_932_896.0);

/// The date of a day that is counted from 1 January 1970.
pub fn date_of(day: f64) -> NaiveDate {
    let number = day.clamp(DAYS.0, DAYS.1) as i64 + EPOCH;
    i32::try_from(number).ok().and_then(NaiveDate::from_num_days_from_ce_opt).unwrap_or_default()
}

/// The number of a date's day, counted from 1 January 1970.
pub fn day_number(date: NaiveDate) -> f64 {
    (i64::from(date.num_days_from_ce()) - EPOCH) as f64
}

/// A named place on an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// How far along, from 0 to 1.
    pub at: f64,
    pub label: String,
}

/// From which value to which an axis goes; the second is the greater one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    pub low: f64,
    pub high: f64,
}

impl Scale {
    /// An axis for exactly these values, widened if they are one.
    pub fn of(low: f64, high: f64) -> Scale {
        if low < high {
            return Scale { low, high };
        }
        let room = (low.abs() / 2.0).max(0.5);
        Scale { low: low - room, high: low + room }
    }

    /// How far along a value lies, from 0 to 1; beyond the ends for those outside.
    pub fn at(self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }
}

/// The greatest of 1, 2 and 5 times a power of ten, or ten times it, that is not below `least`.
pub fn nice_step(least: f64) -> f64 {
    let written = format!("{least:e}");
    let (digits, power) = written.split_once('e').unwrap_or(("1", "0"));
    let (digits, power) = (digits.parse::<f64>().unwrap_or(1.0), power.parse::<i32>().unwrap_or(0));
    let (digit, power) = match digits {
        digits if digits <= 1.0 => (1, power),
        digits if digits <= 2.0 => (2, power),
        digits if digits <= 5.0 => (5, power),
        _ => (1, power + 1),
    };
    // Read and not multiplied, so that 0.1 is the number that is nearest to a tenth.
    format!("{digit}e{power}").parse().unwrap_or(1.0)
}

/// An axis from a round value to a round value that holds all these, and its ticks: about `count` of them.
pub fn nice(low: f64, high: f64, count: usize) -> (Scale, Vec<Tick>) {
    let (low, high) = if low < high { (low, high) } else { widened(low) };
    let step = nice_step((high - low) / count.max(1) as f64);
    let (mut first, mut last) = ((low / step).floor(), (high / step).ceil());
    // What is nothing beside a step is rounded away, and has to be held all the same.
    first -= f64::from(u8::from(first * step > low));
    last += f64::from(u8::from(last * step < high));
    let scale = Scale::of(first * step, last * step);
    let (steps, greatest) = ((last - first).clamp(1.0, 40.0) as i32, scale.low.abs().max(scale.high.abs()));
    let ticks = (0..=steps)
        .map(|number| {
            let value = (first + f64::from(number)) * step;
            Tick { at: scale.at(value), label: words::tick(value, step, greatest) }
        })
        .collect();
    (scale, ticks)
}

/// Room around a single value.
fn widened(value: f64) -> (f64, f64) {
    if value == 0.0 { (0.0, 1.0) } else { (value - value.abs() / 2.0, value + value.abs() / 2.0) }
}

/// How far apart the ticks of a time axis are.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Pace {
    Days(i64),
    Months(i32),
    Years(i32),
}

/// From the closest to the furthest apart, with the days that one takes at least.
const PACES: [(Pace, f64); 13] = [
    (Pace::Days(1), 1.0),
    (Pace::Days(2), 2.0),
    (Pace::Days(7), 7.0),
    (Pace::Days(14), 14.0),
    (Pace::Months(1), 28.0),
    (Pace::Months(3), 90.0),
    (Pace::Months(6), 181.0),
    (Pace::Years(1), 365.0),
    (Pace::Years(2), 730.0),
    (Pace::Years(5), 1826.0),
    (Pace::Years(10), 3652.0),
    (Pace::Years(50), 18_262.0),
    (Pace::Years(1000), 365_242.0),
];

/// The boundaries of days, weeks, months, quarters or years between two days: as many as fit, at most `count` or so. Weeks begin on
/// Monday.
pub fn day_ticks(scale: Scale, count: usize) -> Vec<Tick> {
    let least = (scale.high - scale.low) / count.max(1) as f64;
    let pace = PACES.iter().find(|(_, days)| *days >= least).map_or(Pace::Years(1000), |(pace, _)| *pace);
    let (mut ticks, mut place, mut year) = (Vec::new(), first_of(pace, scale.low), None);
    // Beyond the calendar there is nothing to name.
    while (scale.low..=scale.high).contains(&place) && ticks.len() < 60 {
        let date = date_of(place);
        let label = words::boundary(date, year, matches!(pace, Pace::Days(_)), matches!(pace, Pace::Years(_)));
        year = Some(date.year());
        ticks.push(Tick { at: scale.at(place), label });
        let following = after(pace, place);
        if following <= place {
            break;
        }
        place = following;
    }
    ticks
}

/// The first boundary that is not before the day.
fn first_of(pace: Pace, day: f64) -> f64 {
    let day = day.clamp(DAYS.0, DAYS.1).ceil();
    let date = date_of(day);
    let start = match pace {
        Pace::Days(1) => return day,
        // Every second day from the first one shown.
        Pace::Days(2) => return day,
        Pace::Days(_) => return day + (7 - i64::from(date.weekday().num_days_from_monday())).rem_euclid(7) as f64,
        Pace::Months(months) => month_start(date.year(), date.month0() as i32 / months * months),
        Pace::Years(years) => month_start(date.year().div_euclid(years) * years, 0),
    };
    if start < day { after(pace, start) } else { start }
}

/// The boundary after one.
fn after(pace: Pace, day: f64) -> f64 {
    let date = date_of(day);
    match pace {
        Pace::Days(days) => day + days as f64,
        Pace::Months(months) => month_start(date.year(), date.month0() as i32 + months),
        Pace::Years(years) => month_start(date.year() + years, 0),
    }
}

/// The first day of a month that is counted from a year's January, from 0 on and beyond 11.
fn month_start(year: i32, month0: i32) -> f64 {
    let (year, month) = (year + month0.div_euclid(12), month0.rem_euclid(12) as u32 + 1);
    match year {
        ..=0 => DAYS.0,
        10_000.. => DAYS.1 + 1.0,
        _ => NaiveDate::from_ymd_opt(year, month, 1).map_or(DAYS.1 + 1.0, day_number),
    }
}
