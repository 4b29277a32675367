//! JSON as it was sent: whole, and with no name twice in an object.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};

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

/// The ways to texts that cannot be stored, for they hold the character NUL.
pub fn unstorable(value: &Value) -> Vec<Vec<String>> {
    let below = |(step, value): (String, &Value)| {
        let led = |way: Vec<String>| -> Vec<String> { [step.clone()].into_iter().chain(way).collect() };
        unstorable(value).into_iter().map(led).collect::<Vec<_>>()
    };
    match value {
        Value::String(text) if text.contains('\0') => vec![Vec::new()],
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).flat_map(below).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).flat_map(below).collect(),
        _ => Vec::new(),
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
    fn a_value_is_read_as_it_is() {
        let text = r#"{"a":[1,-2,2.5,18446744073709551615,true,null,"ü\n"],"b":{"a":{}}}"#;
        let read = |text: &str| serde_json::from_str::<Json>(text).map(|json| json.0);
        assert_eq!(read(text).unwrap(), serde_json::from_str::<Value>(text).unwrap());
        assert!(read(r#"{"a":1,"b":{"c":1,"c":1}}"#).unwrap_err().to_string().contains("duplicate field `c`"));
        assert!(read(r#"{"a":"#).unwrap_err().is_eof());
    }
}
