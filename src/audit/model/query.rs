//! Which entries are asked for, and how that stands in an address.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::kernel::error::AppError;
use crate::kernel::page::Cursor;
use crate::kernel::text::query_value;
use crate::kernel::time::Timestamp;

/// A part of the log. Nothing means everything.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditQuery {
    /// Who did it: the id of an account.
    pub person: Option<String>,
    /// The type of thing that it was done to, such as `Idea`.
    pub entity: Option<String>,
    /// The id of one thing.
    pub item: Option<String>,
    /// What was done, such as `idea.created`.
    pub action: Option<String>,
    /// First day, in UTC, as `2026-11-23`.
    pub from: Option<String>,
    /// Last day, in UTC.
    pub to: Option<String>,
    pub cursor: Option<Cursor>,
}

/// The days of a query as points in time: from the first, up to and without the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

impl AuditQuery {
    /// Reads the parameters of an address; an empty one is none.
    pub fn of_params(get: impl Fn(&str) -> Option<String>) -> AuditQuery {
        let text = |name| get(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty() && !value.contains('\0'));
        AuditQuery {
            person: text("person"),
            entity: text("entity"),
            item: text("item"),
            action: text("action"),
            from: text("from"),
            to: text("to"),
            cursor: get("at").and_then(|word| Cursor::decode(&word)),
        }
    }

    /// The same as parameters of an address, led by `?`; nothing for the whole log from its newest entry on.
    pub fn params(&self) -> String {
        let fields = [
            ("person", &self.person),
            ("entity", &self.entity),
            ("item", &self.item),
            ("action", &self.action),
            ("from", &self.from),
            ("to", &self.to),
        ];
        let mut pairs: Vec<String> =
            fields.iter().filter_map(|(name, value)| value.as_ref().map(|value| format!("{name}={}", query_value(value)))).collect();
        pairs.extend(self.cursor.as_ref().map(|cursor| format!("at={}", cursor.encode())));
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// Whether only a part of the log is asked for.
    pub fn is_filtered(&self) -> bool {
        *self != AuditQuery { cursor: self.cursor.clone(), ..Default::default() }
    }

    /// The days as points in time.
    ///
    /// # Errors
    /// A field error for what is no day: leaving it out would show more than was asked for.
    pub fn bounds(&self) -> Result<Bounds, AppError> {
        let last = day("to", self.to.as_deref())?;
        let until = last.map(|last| last.checked_add_days(Days::new(1)).unwrap_or(last));
        Ok(Bounds { since: day("from", self.from.as_deref())?.map(midnight), until: until.map(midnight) })
    }
}

fn day(field: &str, text: Option<&str>) -> Result<Option<NaiveDate>, AppError> {
    let Some(text) = text else { return Ok(None) };
    let shaped = text.len() == 10;
    match text.parse::<NaiveDate>() {
        Ok(day) if shaped => Ok(Some(day)),
        _ => Err(AppError::field(field, "Use a day such as 2026-11-23.")),
    }
}

fn midnight(day: NaiveDate) -> Timestamp {
    day.and_time(chrono::NaiveTime::MIN).and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reread(text: &str) -> AuditQuery {
        let pairs: Vec<(&str, String)> = text
            .trim_start_matches('?')
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(k, v)| (k, v.replace("%26", "&").replace("%20", " ")))
            .collect();
        AuditQuery::of_params(|name| pairs.iter().find(|(k, _)| *k == name).map(|(_, v)| v.clone()))
    }

    #[test]
    fn an_address_reads_back() {
        let query = AuditQuery {
            person: Some("c1".into()),
            entity: Some("Idea".into()),
            item: Some("a & b".into()),
            action: Some("idea.created".into()),
            from: Some("2026-01-01".into()),
            to: Some("2026-12-31".into()),
            cursor: Some(Cursor { key: 1_795_132_800_000.0, id: "cabc".into(), place: 20, back: true }),
        };
        assert_eq!(reread(&query.params()), query);
        assert!(query.is_filtered());
        assert_eq!(AuditQuery::default().params(), "");
        assert!(!reread("person=&entity=&from=").is_filtered(), "an empty field of the form filters nothing");
    }

    #[test]
    fn both_days_are_inside() {
        let bounds = AuditQuery { from: Some("2026-02-28".into()), to: Some("2026-02-28".into()), ..Default::default() }.bounds().unwrap();
        let hours = bounds.until.unwrap() - bounds.since.unwrap();
        assert_eq!((hours.num_hours(), bounds.since.unwrap().to_rfc3339().as_str()), (24, "2026-02-28T00:00:00+00:00"));
        for wrong in ["2026-02-31", "yesterday", "2026-1-1", "+12026-01-01", "1' OR '1"] {
            let query = AuditQuery { to: Some(wrong.into()), ..Default::default() };
            assert!(query.bounds().unwrap_err().of_field("to").is_some(), "{wrong}");
        }
    }
}
