//! Numbers as they stand on a page, written without a locale so that server and browser agree.

/// From here on a number is written with a power of ten.
pub const HUGE: f64 = 1e15;

/// Digits in threes, before the point: `12,345.6`.
pub fn in_threes(text: &str) -> String {
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
pub fn trimmed(text: String) -> String {
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
    if text == "-0" { "0".to_owned() } else { text }
}

/// A number in full, to four digits behind the point below 10 and to two from there on: `1,204.5`. A dash for none.
pub fn amount(value: f64) -> String {
    match value {
        value if !value.is_finite() => "–".to_owned(),
        value if value.abs() >= HUGE || (value != 0.0 && value.abs() < 0.000_05) => with_power(value),
        value if value.abs() < 10.0 => trimmed(format!("{value:.4}")),
        value => in_threes(&trimmed(format!("{value:.2}"))),
    }
}

/// Whether any digit of a written number is not zero.
fn tells(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
}

/// Digits behind the point for numbers that are read together: `usual`, or as many more, four at most, as it takes for none but zero to
/// read as zero.
pub fn places_for(values: &[f64], usual: usize) -> usize {
    let all_tell = |places: usize| values.iter().all(|value| *value == 0.0 || tells(&format!("{value:.places$}")));
    (usual..usual + 4).find(|places| all_tell(*places)).unwrap_or(usual + 4)
}

/// A number to so many digits behind the point, without a minus before zero: `1,204.50`.
pub fn fixed(value: f64, places: usize) -> String {
    let text = in_threes(&format!("{value:.places$}"));
    if tells(&text) { text } else { text.trim_start_matches('-').to_owned() }
}

/// Writes numbers that are read together, such as a value and its bounds: as `amount`, but all of them to as many digits behind the
/// point as the one that takes the most.
pub fn alike(values: &[f64]) -> impl Fn(f64) -> String + use<> {
    let known: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    let size = known.iter().fold(0.0_f64, |size, value| size.max(value.abs()));
    let places = (size == 0.0 || (0.000_05..HUGE).contains(&size)).then(|| {
        let most = places_for(&known, if size < 10.0 { 4 } else { 2 });
        let digits = |value: &f64| trimmed(format!("{value:.most$}")).split_once('.').map_or(0, |(_, part)| part.len());
        known.iter().map(digits).max().unwrap_or(0)
    });
    move |value| match places {
        Some(places) if value.is_finite() => fixed(value, places),
        _ => amount(value),
    }
}

/// Three digits and a power of ten: `1.25e16`.
pub fn with_power(value: f64) -> String {
    let written = format!("{value:.2e}");
    match written.split_once('e') {
        Some((digits, power)) => format!("{}e{power}", trimmed(digits.to_owned())),
        None => written,
    }
}

/// The number and its unit: `1,204 users`, `41 %`, `$1,204`.
pub fn with_unit(value: f64, unit: &str) -> String {
    in_unit(amount(value), unit)
}

/// A number that is written already, and its unit.
pub fn in_unit(amount: String, unit: &str) -> String {
    match unit.trim() {
        "" => amount,
        unit @ ("$" | "€" | "£" | "¥") => match amount.strip_prefix('-') {
            Some(amount) => format!("-{unit}{amount}"),
            None => format!("{unit}{amount}"),
        },
        unit => format!("{amount} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_written_without_a_locale() {
        let written = [0.0, -0.0, 1_234.5, 0.1 + 0.2, 9_999_999.999, -41.0, 1e20, f64::NAN, 0.000_001].map(amount);
        assert_eq!(written, ["0", "0", "1,234.5", "0.3", "10,000,000", "-41", "1e20", "–", "1e-6"]);
        assert_eq!([with_unit(-3.0, "€"), with_unit(41.0, "%"), with_unit(5.0, "")], ["-€3", "41 %", "5"]);
    }

    #[test]
    fn what_is_read_together_ends_at_one_place() {
        let written = |values: [f64; 3]| values.map(alike(&values));
        assert_eq!(written([0.1, 0.2769, 0.4538]), ["0.1000", "0.2769", "0.4538"]);
        assert_eq!(written([-4.0, 2.0, 8.0]), ["-4", "2", "8"]);
        assert_eq!(written([-3.5, 70.732, 1449.0]), ["-3.50", "70.73", "1,449.00"]);
        assert_eq!(written([0.001, 12.0, 30.0]), ["0.001", "12.000", "30.000"], "what is not zero does not read as zero");
        assert_eq!(written([-1e-12, 0.0, 30.0]), ["0", "0", "30"]);
        assert_eq!(written([1e20, 1.0, f64::NAN]), ["1e20", "1", "–"]);
    }

    proptest! {
        #[test]
        fn numbers_read_together_have_as_many_digits_behind_the_point(values in prop::array::uniform3(-1e9..1e9_f64)) {
            let digits = values.map(alike(&values)).map(|text| text.split_once('.').map_or(0, |(_, part)| part.len()));
            prop_assert!(digits.iter().all(|count| *count == digits[0]), "{values:?} {digits:?}");
        }
    }
}
