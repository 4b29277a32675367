//! Numbers as people type them, and as they are shown: without a locale, so that server and browser agree.

use crate::experiment::model::analysis::{Interval, MetricKind};
use crate::kernel::number::{fixed, places_for};
use crate::kernel::text::grouped;

/// What shares are told in: people type per cent, programs send parts of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    PerCent,
    One,
}

impl Unit {
    /// All of it.
    pub fn whole(self) -> f64 {
        match self {
            Unit::PerCent => 100.0,
            Unit::One => 1.0,
        }
    }

    /// A number of this unit, as it is told: `12.5 %` or `0.125`.
    pub fn told(self, number: f64) -> String {
        match self {
            Unit::PerCent => format!("{} %", plain(number)),
            Unit::One => plain(number),
        }
    }
}

/// The finite number that was typed.
///
/// # Errors
/// A sentence for the person who filled it in; `NaN` and `inf` are words to a person, and no numbers.
pub fn number(typed: &str) -> Result<f64, String> {
    let typed = typed.trim();
    let plain = typed.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    match typed.parse::<f64>() {
        Ok(number) if plain && number.is_finite() => Ok(number),
        _ => Err("Enter a number, such as 12.5.".into()),
    }
}

/// As `number`, within these bounds.
pub fn between(typed: &str, low: f64, high: f64) -> Result<f64, String> {
    let within = number(typed).ok().filter(|number| (low..=high).contains(number));
    within.ok_or_else(|| format!("Enter a number from {} to {}.", plain(low), plain(high)))
}

/// As `between`, but an empty field is no number and no error.
pub fn optional(typed: &str, low: f64, high: f64) -> Result<Option<f64>, String> {
    if typed.trim().is_empty() { Ok(None) } else { between(typed, low, high).map(Some) }
}

/// The whole number that was typed, from `low` to `high`.
pub fn whole(typed: &str, low: i64, high: i64) -> Result<i64, String> {
    let within = typed.trim().parse::<i64>().ok().filter(|number| (low..=high).contains(number));
    within.ok_or_else(|| format!("Enter a whole number from {} to {}.", grouped(low), grouped(high)))
}

/// As `whole`, but an empty field is no number and no error.
pub fn optional_whole(typed: &str, low: i64, high: i64) -> Result<Option<i64>, String> {
    if typed.trim().is_empty() { Ok(None) } else { whole(typed, low, high).map(Some) }
}

/// A number as it stands in a field: nine digits are more than anybody types, and hide what halves and thirds leave behind.
pub fn plain(value: f64) -> String {
    format!("{value:.8e}").parse::<f64>().map_or_else(|_| String::new(), |value| value.to_string())
}

/// A number in so many places that four of them tell something.
pub fn shown(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 {
        return "0".into();
    }
    if !(1e-4..1e9).contains(&size) {
        return format!("{value:.2e}");
    }
    if size >= 1000.0 {
        // Never more than a thousand million.
        return grouped(value.round() as i64);
    }
    let places = places_of(size);
    format!("{value:.places$}")
}

/// The digits behind the point that tell something of a number of this size.
fn places_of(size: f64) -> usize {
    match size {
        1000.0.. => 0,
        100.0.. => 1,
        10.0.. => 2,
        0.1.. => 3,
        _ => 5,
    }
}

/// In what an effect is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Per cent of the control's mean.
    Relative,
    /// Percentage points.
    Points,
    /// The metric's own unit.
    Own,
}

impl Scale {
    /// That of the difference of two means of a metric of this kind.
    pub fn absolute(kind: MetricKind) -> Scale {
        if kind == MetricKind::Proportion { Scale::Points } else { Scale::Own }
    }

    /// An estimate and its interval, with their signs and all to the same place behind the point.
    pub fn told(self, estimate: f64, of: &Interval) -> (String, String) {
        let together: Vec<f64> = [Some(estimate), of.low, of.high].into_iter().flatten().collect();
        let write = |value: f64| self.written(value, &together);
        (write(estimate), interval(of, write))
    }

    /// A value by itself, without its sign.
    pub fn alone(self, value: f64) -> String {
        self.written(value, &[value]).trim_start_matches('+').to_owned()
    }

    /// A value as one of those that it is read with.
    fn written(self, value: f64, together: &[f64]) -> String {
        let (factor, unit) = match self {
            Scale::Relative => (100.0, " %"),
            Scale::Points => (100.0, " pp"),
            Scale::Own => (1.0, ""),
        };
        let together: Vec<f64> = together.iter().map(|value| value * factor).collect();
        let (size, number) = (together.iter().fold(0.0_f64, |size, value| size.max(value.abs())), value * factor);
        let sign = if value > 0.0 { "+" } else { "" };
        let text = match self {
            Scale::Own if size == 0.0 => "0".to_owned(),
            Scale::Own if !(1e-4..1e9).contains(&size) => format!("{number:.2e}"),
            Scale::Own => fixed(number, places_for(&together, places_of(size))),
            _ if size >= 100_000.0 => format!("{number:.2e}"),
            _ => fixed(number, places_for(&together, if size >= 1000.0 { 0 } else { 2 })),
        };
        format!("{sign}{text}{unit}")
    }
}

/// A share as per cent: `12.5 %`.
pub fn percent(share: f64) -> String {
    let value = share * 100.0;
    if value.abs() >= 100_000.0 {
        return format!("{value:.2e} %");
    }
    let places = if value.abs() >= 100.0 { 0 } else { 2 };
    format!("{value:.places$} %")
}

/// As `percent`, with its sign: `+12.5 %`.
pub fn signed_percent(share: f64) -> String {
    let text = percent(share);
    if share > 0.0 { format!("+{text}") } else { text }
}

/// As `shown`, with its sign.
pub fn signed(value: f64) -> String {
    let text = shown(value);
    if value > 0.0 { format!("+{text}") } else { text }
}

/// A mean of a metric of this kind: a proportion as per cent.
pub fn mean(kind: MetricKind, value: f64) -> String {
    if kind == MetricKind::Proportion { percent(value) } else { shown(value) }
}

/// A difference of two such means; that of two proportions in percentage points.
pub fn difference(kind: MetricKind, value: f64) -> String {
    match kind {
        MetricKind::Proportion => format!("{} pp", signed_percent(value).trim_end_matches(" %")),
        _ => signed(value),
    }
}

/// From where to where, each end as `end` writes it.
pub fn interval(of: &Interval, end: impl Fn(f64) -> String) -> String {
    match (of.low, of.high) {
        (Some(low), Some(high)) => format!("{} to {}", end(low), end(high)),
        (Some(low), None) => format!("{} or more", end(low)),
        (None, Some(high)) => format!("{} or less", end(high)),
        (None, None) => "Anything".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_finite_numbers_are_numbers() {
        assert_eq!((number(" 12.5 "), number("-1e3"), number("0")), (Ok(12.5), Ok(-1000.0), Ok(0.0)));
        for wrong in ["", "NaN", "nan", "inf", "-Infinity", "1e999", "1,5", "0x10", "1 000", "e", "--1", "١"] {
            assert!(number(wrong).is_err(), "{wrong}");
        }
        assert!(between("0.5", 0.0, 0.5).is_ok() && between("0.51", 0.0, 0.5).is_err());
        assert_eq!((optional(" ", 0.0, 1.0), optional_whole("", 1, 9)), (Ok(None), Ok(None)));
        assert_eq!(whole("1.5", 1, 9), Err("Enter a whole number from 1 to 9.".into()));
    }

    #[test]
    fn numbers_are_shown_in_a_few_places() {
        assert_eq!(
            [0.0, 0.05, 0.41, 12.3456, 123.456, 1234.5, 2e9, 1e-7].map(shown),
            ["0", "0.05000", "0.410", "12.35", "123.5", "1,235", "2.00e9", "1.00e-7"]
        );
        assert_eq!((signed_percent(0.0421), signed_percent(-0.5), percent(1.5)), ("+4.21 %".into(), "-50.00 %".into(), "150 %".into()));
        assert_eq!(difference(MetricKind::Proportion, -0.012), "-1.20 pp");
        let of = |low, high| interval(&Interval { low, high }, percent);
        assert_eq!(of(Some(0.01), Some(0.02)), "1.00 % to 2.00 %");
        assert_eq!((of(Some(0.01), None), of(None, Some(0.02))), ("1.00 % or more".into(), "2.00 % or less".into()));
    }

    #[test]
    fn an_estimate_and_its_interval_end_at_one_place() {
        let told = |scale: Scale, low, estimate, high| scale.told(estimate, &Interval { low, high });
        let pair = |estimate: &str, interval: &str| (estimate.to_owned(), interval.to_owned());
        assert_eq!(told(Scale::Own, Some(0.04538), 0.29, Some(0.53462)), pair("+0.290", "+0.045 to +0.535"));
        assert_eq!(told(Scale::Relative, Some(-0.03526), 0.70732, Some(1.44989)), pair("+70.73 %", "-3.53 % to +144.99 %"));
        assert_eq!(told(Scale::Points, None, -0.012, Some(0.0)), pair("-1.20 pp", "0.00 pp or less"));
        assert_eq!(
            told(Scale::Own, Some(0.0002), 0.4, Some(0.8)),
            pair("+0.4000", "+0.0002 to +0.8000"),
            "no end reads as zero that is none"
        );
        assert_eq!(told(Scale::Own, Some(-12.5), 1500.0, None), pair("+1,500", "-12 or more"));
        assert_eq!(told(Scale::Own, Some(1.0), 2e9, Some(4e9)), pair("+2.00e9", "+1.00e0 to +4.00e9"));
        assert_eq!((Scale::Relative.alone(0.0123), Scale::Own.alone(0.0)), ("1.23 %".into(), "0".into()));
    }

    proptest! {
        #[test]
        fn what_is_shown_is_never_long(value in proptest::num::f64::NORMAL) {
            prop_assert!(shown(value).len() < 16 && percent(value).len() < 16);
        }

        #[test]
        fn any_text_is_a_number_or_none(text in ".{0,12}") {
            prop_assert!(number(&text).is_ok_and(f64::is_finite) || number(&text).is_err());
        }
    }
}
