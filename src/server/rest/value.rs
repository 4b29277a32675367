//! Values that bodies share.

use chrono::{DateTime, NaiveDate};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::kernel::day;
use crate::kernel::time::Timestamp;

/// A day: `2026-11-23`; or a point in time as answers have it, of which the day in UTC is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Day(String);

impl Day {
    /// What a form's field holds for it; nothing for none.
    pub fn typed(day: Option<Day>) -> String {
        day.map(|day| day.0).unwrap_or_default()
    }

    /// The day of a point in time, if there is one.
    pub fn of(at: Option<Timestamp>) -> Option<Day> {
        at.map(Day::at)
    }

    /// The day of a point in time.
    pub fn at(at: Timestamp) -> Day {
        Day(day::typed(Some(at)))
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        let text = String::deserialize(deserializer)?;
        let day = match NaiveDate::parse_from_str(&text, "%Y-%m-%d") {
            Ok(day) if text.len() == 10 => Some(day),
            _ => DateTime::parse_from_rfc3339(&text).ok().map(|at| at.to_utc().date_naive()),
        };
        day.map(|day| Day(day.to_string())).ok_or_else(|| D::Error::custom("it is no day such as 2026-11-23"))
    }
}

impl PartialSchema for Day {
    fn schema() -> RefOr<Schema> {
        let schema = json!({
            "description": "A day, or a point in time of which the day in UTC is meant; from 1970 on.",
            "examples": ["2026-11-23"],
            "anyOf": [{ "type": "string", "format": "date" }, { "type": "string", "format": "date-time" }],
        });
        serde_json::from_value(schema).unwrap_or_else(|_| String::schema())
    }
}

impl ToSchema for Day {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_from_both_ways_to_write_it() {
        let read = |text: &str| serde_json::from_value::<Day>(json!(text)).ok().map(|day| Day::typed(Some(day)));
        assert_eq!(read("2026-11-23").as_deref(), Some("2026-11-23"));
        assert_eq!(read("2026-11-23T00:00:00Z").as_deref(), Some("2026-11-23"));
        assert_eq!(read("2026-11-23T23:30:00-02:00").as_deref(), Some("2026-11-24"));
        for wrong in ["", "2026-1-2", "2026-02-30", "23.11.2026", "2026-11-23T00:00:00", "+12026-11-23"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        let schema = serde_json::to_value(Day::schema()).unwrap();
        assert!(schema.to_string().contains("\"date-time\""), "{schema}");
    }
}
