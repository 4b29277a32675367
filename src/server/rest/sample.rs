//! Examples of answers, made of their schemas.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// A value of this schema, in which what `said` says of its fields stands.
pub fn sample(schema: &Value, schemas: &BTreeMap<String, Value>, said: &Value) -> Value {
    of("", schema, schemas, said, 0)
}

/// Schemas within schemas that are looked into.
const DEPTH_MAX: u8 = 16;

fn of(name: &str, schema: &Value, schemas: &BTreeMap<String, Value>, said: &Value, depth: u8) -> Value {
    if depth > DEPTH_MAX {
        return Value::Null;
    }
    let deeper = |name: &str, schema: &Value| of(name, schema, schemas, said, depth + 1);
    if let Some(example) = schema.get("example").or_else(|| schema.get("examples")?.get(0)) {
        return example.clone();
    }
    if let Some(known) = schema.get("$ref").and_then(Value::as_str).and_then(|way| schemas.get(way.rsplit('/').next()?)) {
        return deeper(name, known);
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        let fields = parts.iter().map(|part| deeper(name, part)).filter_map(|part| part.as_object().cloned()).flatten();
        return Value::Object(fields.collect());
    }
    let choices = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array);
    if let Some(choice) = choices.and_then(|choices| choices.iter().find(|choice| is_null(choice)).or_else(|| choices.first())) {
        return if is_null(choice) { Value::Null } else { deeper(name, choice) };
    }
    if let Some(first) = schema.get("enum").and_then(|values| values.get(0)) {
        return first.clone();
    }
    match schema.get("type") {
        Some(Value::Array(kinds)) if kinds.contains(&json!("null")) => Value::Null,
        Some(Value::String(kind)) => match kind.as_str() {
            "object" => {
                let fields = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
                let value = |name: &String, schema: &Value| match said.get(name) {
                    // A day is answered as a point in time, and parts that are sent are answered with ids of their own.
                    Some(value) if depth < 2 && !name.to_lowercase().ends_with("date") && !has_parts(value) => value.clone(),
                    _ => deeper(name, schema),
                };
                Value::Object(fields.map(|(name, schema)| (name.clone(), value(name, schema))).collect::<Map<_, _>>())
            }
            "array" => json!([deeper(name, schema.get("items").unwrap_or(&Value::Null))]),
            "integer" => json!(3),
            "number" => json!(787.5),
            "boolean" => json!(false),
            _ => json!(text(name, schema.get("format").and_then(Value::as_str).unwrap_or_default())),
        },
        _ => Value::Null,
    }
}

fn has_parts(value: &Value) -> bool {
    value.as_array().is_some_and(|parts| parts.iter().any(Value::is_object))
}

fn is_null(schema: &Value) -> bool {
    schema.get("type") == Some(&json!("null"))
}

fn text(name: &str, format: &str) -> &'static str {
    match (format, name) {
        ("date-time", _) => "2026-11-23T09:30:00.000Z",
        ("date", _) => "2026-11-23",
        (_, "email" | "userEmail") => "ada@example.com",
        (_, "slug" | "organizationSlug") => "demo",
        (_, "key" | "productKey") => "demo-product",
        (_, "version") => "1.4.0",
        (_, "title") => "Mobile App",
        (_, name) if name == "id" || name.ends_with("Id") => "cmig3k2p40001qw8h5x7y2z9a",
        _ => "Text",
    }
}
