//! Key results, and what is said of them from week to week.

use serde::{Deserialize, Serialize};

use super::measure::{Direction, Measure, amount, number, typed};
use super::{Okr, named};
use crate::kernel::entry::Entry;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::page::Page;
use crate::kernel::role::Role;
use crate::kernel::text::{self, DESCRIPTION_MAX, TITLE_MAX};
use crate::kernel::time::Timestamp;
use crate::kernel::version::{Edited, Shown, shown};
use crate::product::model::ProductName;

/// The longest unit and the longest note, in characters.
const UNIT_MAX: usize = 40;
const NOTE_MAX: usize = 5_000;
/// The highest confidence: that the target will be reached.
pub const CONFIDENCE_MAX: i32 = 10;

/// What an objective is measured by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct KeyResult {
    pub id: String,
    pub okr_id: String,
    pub title: String,
    pub description: Option<String>,
    pub target_value: f64,
    pub current_value: f64,
    pub unit: String,
    pub start_value: f64,
    pub direction: Direction,
    /// The band to stay in, where the direction is to maintain.
    pub lower_bound: Option<f64>,
    pub upper_bound: Option<f64>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// The values of the last 26 check-ins, oldest first.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    #[serde(default)]
    pub values: Vec<f64>,
    /// The confidence of the last check-in, from 0 to 10, if it said one.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    #[serde(default)]
    pub confidence: Option<i32>,
    /// When that was.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    #[serde(default)]
    pub checked_in_at: Option<Timestamp>,
}

impl KeyResult {
    /// What it is measured by.
    pub fn measure(&self) -> Measure {
        let band = (self.lower_bound.unwrap_or(self.target_value), self.upper_bound.unwrap_or(self.target_value));
        Measure { direction: self.direction, start: self.start_value, target: self.target_value, band }
    }

    /// From 0 to 100.
    pub fn progress(&self) -> f64 {
        self.measure().progress(self.current_value)
    }

    /// Where it is to get to: `from 20 to 60 %`, or `between 90 and 100 %`.
    pub fn goal(&self) -> String {
        let measure = self.measure();
        match self.direction {
            Direction::Maintain => format!("between {} and {}", amount(measure.band.0, ""), amount(measure.band.1, &self.unit)),
            _ => format!("from {} to {}", amount(measure.start, ""), amount(measure.target, &self.unit)),
        }
    }

    /// Where it stands.
    pub fn current(&self) -> String {
        amount(self.current_value, &self.unit)
    }

    /// How it went, from its start to where it stands.
    pub fn points(&self) -> Vec<f64> {
        let mut points = vec![self.start_value];
        points.extend(&self.values);
        // Another client may have written where it stands without a check-in.
        if points.last() != Some(&self.current_value) {
            points.push(self.current_value);
        }
        points
    }
}

/// What is filled in to add or change a key result.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ResultForm {
    pub title: String,
    pub description: String,
    /// The word of a `Direction`.
    pub direction: String,
    pub unit: String,
    pub start: String,
    /// For what is to go up or down.
    pub target: String,
    /// For what is to be maintained.
    pub lower: String,
    pub upper: String,
}

/// A key result's fields, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultFields {
    pub title: String,
    pub description: Option<String>,
    pub unit: String,
    pub measure: Measure,
}

impl ResultFields {
    /// The bounds of the band; nothing where there is none.
    pub fn band(&self) -> Option<(f64, f64)> {
        (self.measure.direction == Direction::Maintain).then_some(self.measure.band)
    }
}

impl From<&KeyResult> for ResultFields {
    fn from(result: &KeyResult) -> Self {
        ResultFields {
            title: result.title.clone(),
            description: result.description.clone(),
            unit: result.unit.clone(),
            measure: result.measure(),
        }
    }
}

impl Edited for ResultFields {
    fn shown(&self) -> Vec<Shown> {
        let band = self.band();
        let target = if band.is_none() { typed(self.measure.target) } else { String::new() };
        vec![
            shown("title", "Key result", self.title.as_str()),
            shown("description", "Description", self.description.clone().unwrap_or_default()),
            shown("direction", "Direction", self.measure.direction.word()),
            shown("unit", "Unit", self.unit.as_str()),
            shown("start", "Start value", typed(self.measure.start)),
            shown("target", "Target value", target),
            shown("lower", "Lowest value", band.map(|band| typed(band.0)).unwrap_or_default()),
            shown("upper", "Highest value", band.map(|band| typed(band.1)).unwrap_or_default()),
        ]
    }
}

impl ResultForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<ResultFields, AppError> {
        let mut checks = Checks::default();
        let direction = Direction::parse(&self.direction).ok_or_else(|| "Choose one of the directions.".to_owned());
        let known = direction.is_ok();
        let direction = checks.take("direction", direction);
        let start = checks.take("start", number(&self.start));
        let measure = if direction == Direction::Maintain {
            let lower = checks.take("lower", number(&self.lower));
            let upper = number(&self.upper).and_then(|upper| match upper >= lower {
                true => Ok(upper),
                false => Err("The highest value is below the lowest.".to_owned()),
            });
            let band = (lower, checks.take("upper", upper));
            // For a client that knows no bands.
            Measure { direction, start, target: band.0 / 2.0 + band.1 / 2.0, band }
        } else {
            let target = number(&self.target).and_then(|target| match direction {
                Direction::Increase if known && target <= start => Err("The target has to be above the start.".to_owned()),
                Direction::Decrease if target >= start => Err("The target has to be below the start.".to_owned()),
                _ => Ok(target),
            });
            let target = checks.take("target", target);
            Measure { direction, start, target, band: (target, target) }
        };
        let unit = if self.unit.trim().is_empty() { Ok(String::new()) } else { text::line(&self.unit, "a unit", UNIT_MAX) };
        let fields = ResultFields {
            title: checks.take("title", text::line(&self.title, "a key result", TITLE_MAX)),
            description: checks.take("description", text::optional(&self.description, DESCRIPTION_MAX)),
            unit: checks.take("unit", unit),
            measure,
        };
        checks.finish(fields)
    }
}

/// What somebody said of a key result at some time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"), schema(as = KeyResultCheckIn))]
#[serde(rename_all = "camelCase")]
pub struct CheckIn {
    pub id: String,
    pub value: f64,
    pub note: Option<String>,
    /// That the target will be reached, from 0 to 10.
    pub confidence: Option<i32>,
    pub author_name: Option<String>,
    /// Whether its author has an account still.
    pub has_author: bool,
    pub created_at: Timestamp,
}

impl CheckIn {
    /// Who said it.
    pub fn author(&self) -> String {
        if self.has_author { named(self.author_name.as_deref()) } else { "A former member".to_owned() }
    }
}

/// What is filled in to check in.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckInForm {
    pub value: String,
    pub note: String,
    pub confidence: Entry,
}

/// A check-in, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckInFields {
    pub value: f64,
    pub note: Option<String>,
    pub confidence: Option<i32>,
}

impl CheckInForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<CheckInFields, AppError> {
        let mut checks = Checks::default();
        let fields = CheckInFields {
            value: checks.take("value", number(&self.value)),
            note: checks.take("note", text::optional(&self.note, NOTE_MAX)),
            confidence: checks.take("confidence", self.confidence.optional(0, CONFIDENCE_MAX)),
        };
        checks.finish(fields)
    }
}

/// What is filled in to remove a key result for good.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RemoveForm {
    /// `on` when it is ticked.
    pub confirmed: String,
}

/// A key result's own page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResultPage {
    pub role: Role,
    pub product: ProductName,
    pub okr: Okr,
    pub result: KeyResult,
    /// The newest first.
    pub check_ins: Page<CheckIn>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(direction: Direction, start: &str, target: &str, band: [&str; 2]) -> ResultForm {
        let [lower, upper] = band.map(str::to_owned);
        let (start, target) = (start.to_owned(), target.to_owned());
        ResultForm { title: "R".into(), direction: direction.word().into(), start, target, lower, upper, ..Default::default() }
    }

    #[test]
    fn a_key_result_goes_the_way_that_it_says() {
        use Direction::{Decrease, Increase, Maintain};
        let wrong = |form: ResultForm, field: &str| assert!(form.clone().validate().unwrap_err().of_field(field).is_some(), "{form:?}");
        let fields = form(Increase, "10", "40.5", ["", "x"]).validate().unwrap();
        assert_eq!((fields.measure.target, fields.band()), (40.5, None));
        wrong(form(Increase, "10", "10", ["", ""]), "target");
        wrong(form(Decrease, "10", "10", ["", ""]), "target");
        wrong(form(Increase, "10", "NaN", ["", ""]), "target");
        wrong(form(Increase, "", "10", ["", ""]), "start");
        assert_eq!(form(Decrease, "10", "2", ["", ""]).validate().unwrap().measure.progress(6.0), 50.0);
        let kept = form(Maintain, "95", "not looked at", ["90", "100"]).validate().unwrap();
        assert_eq!((kept.measure.target, kept.band()), (95.0, Some((90.0, 100.0))));
        wrong(form(Maintain, "95", "", ["100", "90"]), "upper");
        wrong(form(Maintain, "95", "", ["", "90"]), "lower");
        wrong(ResultForm { direction: "UP".into(), ..form(Increase, "1", "2", ["", ""]) }, "direction");
        wrong(ResultForm { unit: "x".repeat(41), ..form(Increase, "1", "2", ["", ""]) }, "unit");
    }

    #[test]
    fn a_form_that_changes_nothing_is_the_version_that_is_stored() {
        for form in [form(Direction::Decrease, "0.1", "-3e-7", ["", ""]), form(Direction::Maintain, "1", "9", ["0.3", "1e15"])] {
            let fields = form.validate().unwrap();
            let shown = |name: &str| fields.shown().into_iter().find(|shown| shown.field == name).map(|shown| shown.value).unwrap();
            let again = ResultForm {
                title: shown("title"),
                direction: shown("direction"),
                start: shown("start"),
                target: shown("target"),
                lower: shown("lower"),
                upper: shown("upper"),
                ..Default::default()
            };
            assert_eq!(again.validate().unwrap().version(), fields.version());
        }
    }

    #[test]
    fn a_check_in_has_a_number_and_perhaps_a_confidence() {
        let form =
            |value: &str, confidence: &str| CheckInForm { value: value.into(), confidence: Entry(confidence.into()), ..Default::default() };
        assert_eq!(form("-2.5", "").validate().unwrap(), CheckInFields { value: -2.5, note: None, confidence: None });
        assert_eq!(form("0", "10").validate().unwrap().confidence, Some(10));
        assert!(form("", "").validate().unwrap_err().of_field("value").is_some());
        for wrong in ["-1", "11", "high"] {
            assert!(form("1", wrong).validate().unwrap_err().of_field("confidence").is_some(), "{wrong}");
        }
    }
}
