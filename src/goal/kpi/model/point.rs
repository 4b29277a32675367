//! Values as they are entered.

use chrono::{Days, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::{DataPoint, Kpi};
use crate::kernel::day;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::role::Role;
use crate::kernel::time::Timestamp;
use crate::kernel::version::{Edited, Shown, shown};
use crate::product::model::ProductName;

/// The greatest value that can be entered, either side of zero: so far every whole number is one that a chart can tell.
const VALUE_MAX: f64 = 1e15;
/// What is nearer to zero than this is zero, in the database's sums as well.
const VALUE_MIN: f64 = 1e-150;

/// A number as a person types it: `1204.5`, `-3`, `1.2e6`.
///
/// # Errors
/// A sentence for whoever typed something else, or a number beyond a quadrillion.
pub fn number(typed: &str) -> Result<f64, String> {
    match typed.trim().parse::<f64>() {
        Ok(value) if value.abs() < VALUE_MIN => Ok(0.0),
        Ok(value) if value.is_finite() && value.abs() <= VALUE_MAX => Ok(value),
        Ok(value) if value.is_finite() => Err("This number is too great; the limit is a quadrillion.".into()),
        _ => Err("Enter a number, such as 1204.5.".into()),
    }
}

/// The number as `number` reads it back, to the bit.
pub fn typed_number(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { value.to_string() }
}

/// A value to be kept for a moment. There is one for each moment: what is written later takes the place of what is there.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NewPoint {
    pub date: Timestamp,
    pub value: f64,
}

/// What became of points that were written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = KpiRecorded))]
pub struct Recorded {
    pub added: u64,
    /// Those whose moment had another value.
    pub changed: u64,
}

/// What is filled in to enter a value or to put one right.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PointForm {
    pub date: String,
    pub value: String,
}

/// A value's fields, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PointFields {
    pub date: Timestamp,
    pub value: f64,
}

impl From<&DataPoint> for PointFields {
    fn from(point: &DataPoint) -> Self {
        PointFields { date: point.date, value: point.value }
    }
}

impl From<PointFields> for NewPoint {
    fn from(fields: PointFields) -> Self {
        NewPoint { date: fields.date, value: fields.value }
    }
}

impl Edited for PointFields {
    fn shown(&self) -> Vec<Shown> {
        vec![shown("date", "Date", day::typed(Some(self.date))), shown("value", "Value", typed_number(self.value))]
    }
}

/// The beginning of the day that was typed, which is not behind tomorrow: for some it is tomorrow already.
pub(super) fn moment(typed: &str, today: NaiveDate) -> Result<Timestamp, String> {
    let latest = today.checked_add_days(Days::new(1)).unwrap_or(today).and_time(NaiveTime::MIN).and_utc();
    match day::parse(typed)? {
        None => Err("Enter a date, such as 2026-11-23.".into()),
        Some(date) if date > latest => Err("This day has not come yet.".into()),
        Some(date) => Ok(date),
    }
}

impl PointForm {
    /// The fields in stored shape, or what is wrong with the form, as of this day.
    pub fn validate(self, today: NaiveDate) -> Result<PointFields, AppError> {
        let mut checks = Checks::default();
        let fields = PointFields { date: checks.take("date", moment(&self.date, today)), value: checks.take("value", number(&self.value)) };
        checks.finish(fields)
    }
}

/// The form for putting a value right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PointPage {
    pub role: Role,
    pub product: ProductName,
    pub kpi: Kpi,
    pub point: DataPoint,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_value_has_a_day_that_has_come() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 29).unwrap();
        let form = |date: &str, value: &str| PointForm { date: date.into(), value: value.into() }.validate(today);
        assert!(form("2026-11-29", "-3").is_ok() && form("2026-11-30", "0").is_ok());
        for (date, value, field) in
            [("2026-12-01", "1", "date"), ("", "1", "date"), ("2026-11-29", "", "value"), ("2026-11-29", "NaN", "value")]
        {
            assert!(form(date, value).unwrap_err().of_field(field).is_some(), "{date} {value}");
        }
    }

    #[test]
    fn what_is_next_to_nothing_is_nothing() {
        assert_eq!(["5e-324", "-1e-151", "-0", "1e-150"].map(number), [Ok(0.0), Ok(0.0), Ok(0.0), Ok(1e-150)]);
    }

    proptest! {
        #[test]
        fn a_number_reads_back_to_the_bit(value in -1e15..1e15_f64) {
            prop_assert_eq!(number(&typed_number(value)), Ok(value));
        }
    }
}
