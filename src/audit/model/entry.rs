//! From a row of the log to words.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::words::{FORMER, field_label, person_words, value_words};
use super::{AuditEntry, Change, Origin, browser, entity_label, verb_label};
use crate::kernel::time::Timestamp;

/// A row of the log as it is stored.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct AuditRow {
    pub id: String,
    pub created_at: Timestamp,
    /// The same for the reader: in their time zone, as written on the page.
    #[serde(skip)]
    pub local: String,
    pub action: String,
    pub entity_type: String,
    pub entity_id: String,
    pub user_id: Option<String>,
    pub user_name: Option<String>,
    pub user_email: Option<String>,
    pub ip_address: Option<String>,
    pub user_agent: Option<String>,
    #[cfg_attr(feature = "ssr", schema(value_type = Option<Object>))]
    pub metadata: Option<Value>,
}

/// What things are called, and where their pages are, by their ids.
pub type Names = BTreeMap<String, (String, Option<String>)>;

/// Fields that name a person.
const PEOPLE: [&str; 6] = ["userId", "creatorId", "ownerId", "authorId", "assigneeId", "invitedById"];

/// What is stored of an experiment's end for programs alone: ids beside the names, and all that was known, which its page tells.
const UNTOLD: [&str; 3] = ["results.analysis", "results.variantId", "results.decidedById"];

/// A field's value before and after.
type Sides = BTreeMap<String, (Value, Value)>;

impl AuditRow {
    /// Who did it.
    pub fn who(&self) -> String {
        let name = self.user_name.as_deref().filter(|name| !name.trim().is_empty()).or(self.user_email.as_deref());
        match name {
            Some(name) => person_words(name).to_owned(),
            // Only a request has an address, so somebody sent it whose account is gone since.
            None if self.ip_address.is_some() || self.user_id.is_some() => FORMER.into(),
            None => "The system".into(),
        }
    }

    /// The key by which the log is paged, in milliseconds, and what orders rows of the same one.
    pub fn key(&self) -> (f64, String) {
        (self.created_at.timestamp_millis() as f64, self.id.clone())
    }

    /// One side of the diff: `before` or `after`.
    pub fn side(&self, name: &str) -> Option<&Value> {
        self.metadata.as_ref()?.get(name)
    }

    /// The ids of all that the entry speaks of.
    pub fn mentions(&self) -> BTreeSet<String> {
        let of_side = |name| self.side(name).and_then(Value::as_object).into_iter().flatten();
        let fields = of_side("before").chain(of_side("after"));
        let ids = fields.filter(|(field, _)| field.ends_with("Id")).filter_map(|(_, value)| value.as_str().map(str::to_owned));
        ids.chain([self.entity_id.clone()]).collect()
    }

    /// The entry in words; where it came from only for those who may know.
    pub fn in_words(&self, names: &Names, with_origin: bool) -> AuditEntry {
        let known = names.get(&self.entity_id);
        let origin = || Origin { address: self.ip_address.clone(), browser: self.user_agent.as_deref().and_then(browser) };
        AuditEntry {
            id: self.id.clone(),
            at: format!("{:?}", self.created_at),
            when: self.local.clone(),
            who: self.who(),
            user_id: self.user_id.clone(),
            what: verb_label(&self.action),
            entity: entity_label(&self.entity_type),
            name: known.map(|(name, _)| name.clone()).or_else(|| self.own_name(names)),
            path: known.and_then(|(_, path)| path.clone()),
            changes: self.changes(names),
            origin: with_origin.then(origin).filter(|origin| origin.address.is_some() || origin.browser.is_some()),
        }
    }

    /// What a thing that is gone was called, as its last or first entry tells.
    fn own_name(&self, names: &Names) -> Option<String> {
        let side = self.side("before").or(self.side("after"))?;
        let told = ["title", "name", "email"].iter().find_map(|field| side.get(field)?.as_str()).map(str::to_owned);
        told.or_else(|| names.get(side.get("userId")?.as_str()?).map(|(name, _)| name.clone()))
    }

    fn changes(&self, names: &Names) -> Vec<Change> {
        let mut sides = Sides::new();
        for (name, value) in self.metadata.as_ref().and_then(Value::as_object).into_iter().flatten() {
            match name.as_str() {
                "before" => spread(&mut sides, "", value, |sides| &mut sides.0),
                "after" => spread(&mut sides, "", value, |sides| &mut sides.1),
                // An event's own facts.
                _ => spread(&mut sides, name, value, |sides| &mut sides.1),
            }
        }
        let thing = self.action.split_once('.').map_or("", |(thing, _)| thing);
        let told = |field: &str, value: &Value| match (names_one(field), value.as_str()) {
            (Some(kind), Some(id)) => Some(names.get(id).map_or_else(|| kind.to_owned(), |(name, _)| name.clone())),
            _ => value_words(thing, field, value),
        };
        sides
            .into_iter()
            .filter(|(field, (before, after))| before != after && !is_untold(field))
            .map(|(field, (before, after))| Change {
                before: told(&field, &before),
                after: told(&field, &after),
                field: field_label(&field),
            })
            .filter(|change| change.before != change.after)
            .collect()
    }
}

/// Whether a field is one of `UNTOLD` or lies in one.
fn is_untold(field: &str) -> bool {
    UNTOLD.iter().any(|untold| field.strip_prefix(untold).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
}

/// What a field names by id, for when the name is not known any more.
fn names_one(field: &str) -> Option<&'static str> {
    if PEOPLE.contains(&field) { Some(FORMER) } else { field.ends_with("Id").then_some("Something that is gone") }
}

/// Puts a value into one of the sides, an object field by field, so that of settings only what changed is shown.
fn spread(sides: &mut Sides, path: &str, value: &Value, side: fn(&mut (Value, Value)) -> &mut Value) {
    match value {
        Value::Object(fields) if !fields.is_empty() || path.is_empty() => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                spread(sides, &path, value, side);
            }
        }
        _ => *side(sides.entry(path.to_owned()).or_default()) = value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(action: &str, metadata: Value) -> AuditRow {
        AuditRow {
            id: "c1".into(),
            created_at: Timestamp::from_timestamp_nanos(1_795_132_800_123_000_000),
            local: "20 Nov 2026, 00:00 UTC".into(),
            action: action.into(),
            entity_type: "Idea".into(),
            entity_id: "i1".into(),
            user_id: None,
            user_name: None,
            user_email: None,
            ip_address: None,
            user_agent: None,
            metadata: Some(metadata),
        }
    }

    fn change(field: &str, before: Option<&str>, after: Option<&str>) -> Change {
        Change { field: field.into(), before: before.map(str::to_owned), after: after.map(str::to_owned) }
    }

    #[test]
    fn a_change_is_told_in_words() {
        let names = Names::from([("i1".into(), ("Mobile App".into(), None)), ("u1".into(), ("Ada".into(), None))]);
        let diff = json!({
            "before": {"status": "SUBMITTED", "assigneeId": "u1", "settings": {"a": {"b": 1}, "c": 2}},
            "after": {"status": "UNDER_REVIEW", "assigneeId": "gone", "settings": {"a": {"b": 3}, "c": 2}},
        });
        let entry = row("idea.status_changed", diff).in_words(&names, true);
        assert_eq!((entry.name.as_deref(), entry.what.as_str(), entry.who.as_str()), (Some("Mobile App"), "Status changed", "The system"));
        let expected = [
            change("Assignee", Some("Ada"), Some("A former member")),
            change("Settings a b", Some("1"), Some("3")),
            change("Status", Some("Submitted"), Some("Under review")),
        ];
        assert_eq!(entry.changes, expected);
        assert_eq!(entry.origin, None);
    }

    #[test]
    fn an_experiments_end_is_told_without_what_is_for_programs() {
        let end = json!({ "decision": "SHIP", "variantId": "v1", "variant": "Green", "decidedById": "u1", "decidedBy": "Ada",
                          "analysis": { "settings": { "sides": "TWO" }, "metrics": [{ "n": 1 }] } });
        let diff = json!({ "before": { "results": null, "sides": "ONE" }, "after": { "results": end, "sides": "TWO" } });
        let entry = row("experiment.updated", diff).in_words(&Names::new(), false);
        let expected = [
            change("Results decided by", None, Some("Ada")),
            change("Results decision", None, Some("Ship")),
            change("Results variant", None, Some("Green")),
            change("Sides", Some("One-sided"), Some("Two-sided")),
        ];
        assert_eq!(entry.changes, expected);
    }

    #[test]
    fn a_switch_is_told_as_one() {
        let off = json!({ "before": { "settings": {} }, "after": { "settings": { "switches": { "wsjf": false } } } });
        let entry = row("organization.updated", off).in_words(&Names::new(), false);
        assert_eq!(entry.changes, [change("Feature WSJF", Some("On"), Some("Off"))]);
    }

    #[test]
    fn no_internal_address_is_shown() {
        let diff = json!({ "before": { "email": "ada@example.com" }, "after": { "email": "c123@deleted.invalid" } });
        let entry = row("user.updated", diff).in_words(&Names::new(), false);
        assert_eq!(entry.changes, [change("Email", Some("ada@example.com"), Some("A former member"))]);
    }

    #[test]
    fn a_thing_that_is_gone_has_the_name_it_had() {
        let entry = row("idea.deleted", json!({"before": {"title": "Gone", "tags": []}})).in_words(&Names::new(), false);
        assert_eq!(entry.name.as_deref(), Some("Gone"));
        assert_eq!(entry.changes, [change("Title", Some("Gone"), None)]);
    }

    #[test]
    fn whoever_sent_a_request_was_somebody() {
        let mut row = row("idea.created", json!({}));
        row.ip_address = Some("192.0.2.1".into());
        assert_eq!(row.who(), "A former member");
        row.user_email = Some("ada@example.com".into());
        assert_eq!(row.who(), "ada@example.com");
        row.user_email = Some("c123@deleted.invalid".into());
        assert_eq!(row.who(), "A former member");
    }

    #[test]
    fn odd_metadata_does_no_harm() {
        for odd in [json!(null), json!("text"), json!([1]), json!({"before": 1, "after": [2]}), json!({"x": {"y": null}})] {
            let _ = row("x", odd.clone()).in_words(&Names::new(), true);
            let _ = row("x", odd).mentions();
        }
    }
}
