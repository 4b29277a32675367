//! A change as it is told.

use axum::body::Bytes;
use serde::Serialize;

/// What the log says of a change; or of several of one transaction, when they are too many to be told one by one.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Change {
    /// Of the log's row. A change that the log does not keep has none.
    pub id: Option<String>,
    pub organization: String,
    pub entity: String,
    /// Nothing for many.
    pub item: Option<String>,
    pub action: String,
    pub person: Option<String>,
    pub many: bool,
}

/// The data of an event.
#[derive(Serialize)]
struct Told<'a> {
    entity: &'a str,
    id: Option<&'a str>,
    action: &'a str,
    by: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    many: bool,
}

impl Change {
    /// Adds the change to a stream of events. The product that a thing is in is not told: the log's row does not know it.
    pub fn write(&self, out: &mut String) {
        let told =
            Told { entity: &self.entity, id: self.item.as_deref(), action: &self.action, by: self.person.as_deref(), many: self.many };
        if let Some(id) = &self.id {
            out.push_str(&format!("id: {id}\n"));
        }
        // JSON on one line, as an event's data has to be.
        out.push_str(&format!("data: {}\n\n", serde_json::to_string(&told).unwrap_or_default()));
    }
}

/// All of these as they go out.
pub fn written<'a>(changes: impl IntoIterator<Item = &'a Change>) -> Bytes {
    let mut out = String::new();
    for change in changes {
        change.write(&mut out);
    }
    out.into()
}

/// An event of another name than that of a change.
pub fn event(name: &str, data: &impl Serialize) -> Bytes {
    format!("event: {name}\ndata: {}\n\n", serde_json::to_string(data).unwrap_or_default()).into()
}

/// More has happened than can be told: everything is to be read anew.
pub fn reset() -> Bytes {
    Bytes::from_static(b"event: reset\ndata: {}\n\n")
}

/// The listener may hear no more.
pub fn end() -> Bytes {
    Bytes::from_static(b"event: end\ndata: {}\n\n")
}

/// Nothing has happened, and the line is open.
pub fn beat() -> Bytes {
    Bytes::from_static(b":\n\n")
}
