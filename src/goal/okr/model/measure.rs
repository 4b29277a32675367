//! How far a key result is, and numbers as they are typed and shown.

use serde::{Deserialize, Serialize};

/// The furthest number that a form takes, either way.
pub const NUMBER_MAX: f64 = 1e15;

/// Further than this no number counts, and less than its inverse is nothing: so no sum or quotient leaves what a double holds.
const FURTHEST: f64 = 1e150;
const NEAREST: f64 = 1e-150;

/// Which way a key result is to go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "\"KeyResultDirection\"", rename_all = "SCREAMING_SNAKE_CASE"), schema(as = KeyResultDirection))]
pub enum Direction {
    #[default]
    Increase,
    Decrease,
    /// Stay between two numbers.
    Maintain,
}

crate::words!(Direction {
    Increase: "INCREASE", "Increase";
    Decrease: "DECREASE", "Decrease";
    Maintain: "MAINTAIN", "Maintain within a band";
});

/// What a key result is measured by.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    pub direction: Direction,
    pub start: f64,
    pub target: f64,
    /// The band to stay in, where the direction is to maintain.
    pub band: (f64, f64),
}

impl Measure {
    /// How far it is at this value, from 0 to 100; the database has the same as `key_result_progress`. Up or down it is the share
    /// of the way from the start to the target. Within its band what is to be maintained is at 100, and loses from there on what
    /// it is outside by, measured by the band's width; of a band without width it is at 0 outside. A target that the start has
    /// passed already is reached or it is not.
    pub fn progress(self, value: f64) -> f64 {
        let kept = |number: f64| number.clamp(-FURTHEST, FURTHEST);
        let (start, target, value) = (kept(self.start), kept(self.target), kept(value));
        let (lower, upper) = (kept(self.band.0), kept(self.band.1));
        match self.direction {
            Direction::Increase if value >= target => 100.0,
            Direction::Increase => share(value - start, target - start),
            Direction::Decrease if value <= target => 100.0,
            Direction::Decrease => share(start - value, start - target),
            Direction::Maintain if value >= lower && value <= upper => 100.0,
            Direction::Maintain => {
                let (outside, width) = ((lower - value).max(value - upper), upper - lower);
                if outside >= width { 0.0 } else { 100.0 - share(outside, width) }
            }
        }
    }
}

/// Which share of the whole a part is, in percent. The part is less than the whole.
fn share(part: f64, whole: f64) -> f64 {
    if part <= 0.0 || part < NEAREST { 0.0 } else { part / whole * 100.0 }
}

/// An objective's progress: the mean of its key results', each from 0 to 100; 0 without any.
pub fn mean(progress: &[f64]) -> f64 {
    if progress.is_empty() { 0.0 } else { progress.iter().sum::<f64>() / progress.len() as f64 }
}

/// Progress in whole percent, rounded down, so that 100 means all of it.
pub fn percent(progress: f64) -> i64 {
    progress.clamp(0.0, 100.0).floor() as i64
}

/// The number that was typed.
///
/// # Errors
/// A sentence for the person who filled it in.
pub fn number(typed: &str) -> Result<f64, String> {
    match typed.trim().parse::<f64>() {
        Ok(number) if number.abs() <= NUMBER_MAX => Ok(number + 0.0),
        Ok(number) if number.is_finite() => Err("Enter a number between -1e15 and 1e15.".into()),
        _ => Err("Enter a number, such as 42 or 3.5.".into()),
    }
}

/// A number as it stands in a field: it reads back to the bit.
pub fn typed(number: f64) -> String {
    if number.abs() < 1e21 { format!("{number}") } else { format!("{number:e}") }
}

/// A number with its unit as it is read: at most four digits behind the point.
pub fn amount(number: f64, unit: &str) -> String {
    let number = if number.abs() < NUMBER_MAX {
        let text = format!("{number:.4}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        format!("{number:e}")
    };
    let number = if number == "-0" { "0".to_owned() } else { number };
    if unit.is_empty() { number } else { format!("{number} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn way(direction: Direction, start: f64, target: f64) -> Measure {
        Measure { direction, start, target, band: (0.0, 0.0) }
    }

    fn band(lower: f64, upper: f64) -> Measure {
        Measure { direction: Direction::Maintain, start: 0.0, target: 0.0, band: (lower, upper) }
    }

    #[test]
    fn progress_is_the_share_of_the_way() {
        let up = way(Direction::Increase, 20.0, 60.0);
        assert_eq!([10.0, 20.0, 30.0, 60.0, 90.0].map(|at| up.progress(at)), [0.0, 0.0, 25.0, 100.0, 100.0]);
        let down = way(Direction::Decrease, 8.0, 2.0);
        assert_eq!([9.0, 8.0, 5.0, 2.0, 1.0].map(|at| down.progress(at)), [0.0, 0.0, 50.0, 100.0, 100.0]);
        let kept = band(90.0, 100.0);
        assert_eq!([90.0, 95.0, 100.0, 85.0, 105.0, 80.0, 200.0].map(|at| kept.progress(at)), [100.0, 100.0, 100.0, 50.0, 50.0, 0.0, 0.0]);
    }

    #[test]
    fn a_way_without_length_is_gone_or_not() {
        for direction in [Direction::Increase, Direction::Decrease] {
            assert_eq!(way(direction, 5.0, 5.0).progress(5.0), 100.0);
        }
        assert_eq!(way(Direction::Increase, 5.0, 5.0).progress(4.0), 0.0);
        assert_eq!(way(Direction::Increase, 5.0, 1.0).progress(3.0), 100.0, "the target was passed already");
        assert_eq!((band(5.0, 5.0).progress(5.0), band(5.0, 5.0).progress(5.1)), (100.0, 0.0));
    }

    #[test]
    fn a_mean_is_of_something() {
        assert_eq!((mean(&[]), mean(&[50.0]), mean(&[0.0, 50.0, 100.0, 50.0])), (0.0, 50.0, 50.0));
        assert_eq!((percent(99.99), percent(100.0), percent(0.4)), (99, 100, 0));
    }

    #[test]
    fn numbers_are_typed_and_shown() {
        assert_eq!([number(" 3.5 "), number("-0"), number("1e3")], [Ok(3.5), Ok(0.0), Ok(1000.0)]);
        for wrong in ["", "x", "NaN", "inf", "-Infinity", "1e16", "1,5", "1e999"] {
            assert!(number(wrong).is_err(), "{wrong}");
        }
        assert_eq!([amount(0.1 + 0.2, ""), amount(1200.0, "users"), amount(-0.00001, "%")], ["0.3", "1200 users", "0 %"]);
    }

    fn any() -> impl Strategy<Value = f64> {
        prop_oneof![-1e3..1e3, proptest::num::f64::NORMAL, proptest::num::f64::SUBNORMAL, Just(0.0), Just(f64::MAX), Just(f64::MIN)]
    }

    proptest! {
        #[test]
        fn progress_is_from_0_to_100_and_grows_towards_the_target(start in any(), target in any(), one in any(), other in any(), down: bool) {
            let measure = way(if down { Direction::Decrease } else { Direction::Increase }, start, target);
            let (nearer, further) = if (one > other) != down { (one, other) } else { (other, one) };
            let (most, least) = (measure.progress(nearer), measure.progress(further));
            prop_assert!((0.0..=100.0).contains(&most) && (0.0..=100.0).contains(&least) && most >= least, "{most} {least}");
            prop_assert_eq!(measure.progress(target), 100.0);
        }

        #[test]
        fn up_and_down_mirror_each_other(start in any(), target in any(), value in any()) {
            prop_assert_eq!(way(Direction::Increase, start, target).progress(value), way(Direction::Decrease, -start, -target).progress(-value));
        }

        #[test]
        fn a_band_is_kept_or_missed(lower in any(), width in 0.0..1e6, value in any()) {
            let progress = band(lower, lower + width).progress(value);
            prop_assert!((0.0..=100.0).contains(&progress), "{progress}");
        }

        #[test]
        fn a_typed_number_reads_back(value in -1e15..1e15) {
            prop_assert_eq!(number(&typed(value)), Ok(value));
        }
    }
}
