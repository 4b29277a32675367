//! Which entries are asked for, and how that stands in an address.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::kernel::error::AppError;
use crate::kernel::page::Cursor;
use crate::kernel::text::query_value;

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
    /// First day, in the reader's time zone, as `2026-11-23`.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
    pub cursor: Option<Cursor>,
}

/// The days of a query: from the beginning of the first up to that of the second, wherever the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub since: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
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

    /// The days that bound it.
    ///
    /// # Errors
    /// A field error for what is no day, and for days that are the wrong way round: leaving one out would show more than was
    /// asked for.
    pub fn bounds(&self) -> Result<Bounds, AppError> {
        let (since, last) = (day(("from", "From"), self.from.as_deref())?, day(("to", "To"), self.to.as_deref())?);
        if since.zip(last).is_some_and(|(since, last)| last < since) {
            return Err(AppError::field("to", "The day in “To” lies before the one in “From”."));
        }
        Ok(Bounds { since, until: last.map(|last| last.checked_add_days(Days::new(1)).unwrap_or(last)) })
    }
}

fn day((field, label): (&str, &str), text: Option<&str>) -> Result<Option<NaiveDate>, AppError> {
    let Some(text) = text else { return Ok(None) };
    let shaped = text.len() == 10;
    match text.parse::<NaiveDate>() {
        Ok(day) if shaped => Ok(Some(day)),
        _ => Err(AppError::field(field, format!("What stands in “{label}” is no day. Use one such as 2026-11-23."))),
    }
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
        assert_eq!((bounds.since, bounds.until), (NaiveDate::from_ymd_opt(2026, 2, 28), NaiveDate::from_ymd_opt(2026, 3, 1)));
        let turned = AuditQuery { from: Some("2026-03-01".into()), to: Some("2026-02-28".into()), ..Default::default() };
        assert!(turned.bounds().unwrap_err().told().contains("lies before"));
        for wrong in ["2026-02-31", "yesterday", "2026-1-1", "+12026-01-01", "1' OR '1"] {
            let query = AuditQuery { to: Some(wrong.into()), ..Default::default() };
            let error = query.bounds().unwrap_err();
            assert!(error.of_field("to").is_some() && error.told().contains("“To”"), "{wrong}");
        }
    }
}
