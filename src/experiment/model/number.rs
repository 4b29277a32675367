//! Numbers as people type them, and as they are shown: without a locale, so that server and browser agree.

use crate::experiment::model::analysis::{Interval, MetricKind};
use crate::kernel::text::grouped;

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
    let places = if size >= 100.0 {
        1
    } else if size >= 10.0 {
        2
    } else if size >= 0.1 {
        3
    } else {
        5
    };
    format!("{value:.places$}")
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
