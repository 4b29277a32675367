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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_without_a_locale() {
        let written = [0.0, -0.0, 1_234.5, 0.1 + 0.2, 9_999_999.999, -41.0, 1e20, f64::NAN, 0.000_001].map(amount);
        assert_eq!(written, ["0", "0", "1,234.5", "0.3", "10,000,000", "-41", "1e20", "–", "1e-6"]);
        assert_eq!([with_unit(-3.0, "€"), with_unit(41.0, "%"), with_unit(5.0, "")], ["-€3", "41 %", "5"]);
    }
}
