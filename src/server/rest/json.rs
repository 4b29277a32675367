//! JSON as it was sent: whole, and with no name twice in an object.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};

use super::shape::{TOLD_MAX, shortened};

/// Values in a text, each list and object counted as one more: the longest list that is asked for has 30,000. A value can take a
/// hundred times the room of its text, so the text's own length bounds nothing.
pub const VALUES_MAX: usize = 50_000;
/// What is told of a text with more.
pub const TOO_MANY: &str = "too many values";

/// A value of which it is known that no object in it has a name twice, and that it is made of so many at most.
pub struct Json(pub Value);

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
        Anything { left: &Cell::new(VALUES_MAX) }.deserialize(deserializer).map(Json)
    }
}

/// The ways to texts that cannot be stored, for they hold the character NUL: as many as are told, and of each name as much.
pub fn unstorable(value: &Value) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    gather(value, &mut Vec::new(), &mut found);
    found
}

/// Names are borrowed until something is found below them: one can be as long as the body, and have thousands of texts below it.
fn gather<'a>(value: &'a Value, way: &mut Vec<Step<'a>>, found: &mut Vec<Vec<String>>) {
    if found.len() >= TOLD_MAX {
        return;
    }
    let mut below = |step: Step<'a>, value: &'a Value| {
        way.push(step);
        gather(value, way, found);
        way.pop();
    };
    match value {
        Value::String(text) if text.contains('\0') => found.push(way.iter().map(Step::told).collect()),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, item)| below(Step::Place(at), item)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| below(Step::Name(name), value)),
        _ => {}
    }
}

/// What leads from a value to one in it.
enum Step<'a> {
    Name(&'a str),
    Place(usize),
}

impl Step<'_> {
    fn told(&self) -> String {
        match self {
            Step::Name(name) => shortened(name),
            Step::Place(at) => at.to_string(),
        }
    }
}

/// Reads a value, while there may be more of them.
#[derive(Clone, Copy)]
struct Anything<'a> {
    left: &'a Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for Anything<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.left.set(self.left.get().checked_sub(1).ok_or_else(|| D::Error::custom(TOO_MANY))?);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Anything<'_> {
    type Value = Value;

    fn expecting(&self, text: &mut fmt::Formatter) -> fmt::Result {
        text.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            all.push(item);
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some((name, value)) = fields.next_entry_seed(PhantomData::<String>, self)? {
            if all.contains_key(&name) {
                return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
            }
            all.insert(name, value);
        }
        Ok(Value::Object(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_cannot_be_stored_are_found_wherever_they_are() {
        let value = serde_json::json!({ "a": "x\0", "b": ["y", { "c": "\0" }], "d": { "e": "z" } });
        assert_eq!(unstorable(&value), [vec!["a"], vec!["b", "1", "c"]]);
    }

    #[test]
    fn no_more_is_kept_of_what_cannot_be_stored_than_is_told() {
        let size = |value: &Value| {
            let found = unstorable(value);
            (found.len(), found.iter().flatten().map(|step| step.chars().count()).max().unwrap())
        };
        let texts = || Value::from(vec!["\0"; 2_000]);
        assert_eq!(size(&serde_json::json!({ "A".repeat(150_000): texts() })), (TOLD_MAX, 100));
        let deep = (0..100).fold(texts(), |value, _| serde_json::json!({ "ü".repeat(5_000): value }));
        assert_eq!(size(&deep), (TOLD_MAX, 100));
        let places: Vec<String> = unstorable(&deep).into_iter().filter_map(|way| way.last().cloned()).collect();
        assert_eq!(places, (0..TOLD_MAX).map(|at| at.to_string()).collect::<Vec<_>>(), "the first are told");
    }

    #[test]
    fn a_value_is_read_as_it_is() {
        let text = r#"{"a":[1,-2,2.5,18446744073709551615,true,null,"ü\n"],"b":{"a":{}}}"#;
        let read = |text: &str| serde_json::from_str::<Json>(text).map(|json| json.0);
        assert_eq!(read(text).unwrap(), serde_json::from_str::<Value>(text).unwrap());
        assert!(read(r#"{"a":1,"b":{"c":1,"c":1}}"#).unwrap_err().to_string().contains("duplicate field `c`"));
        assert!(read(r#"{"a":"#).unwrap_err().is_eof());
    }
}
