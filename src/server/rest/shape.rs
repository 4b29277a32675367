//! What is wrong with the shape of what was sent, all of it at once and in plain words. Reading into a type tells of the first
//! mistake alone and in the words of programmers; so whatever could not be read is held to the type's schema here.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::problem::Wrong;
use crate::kernel::text::percent_encoded;

/// Mistakes that are told at once; whoever has made more has made one all through.
pub const TOLD_MAX: usize = 20;
/// Characters of a name that was sent which are told again.
const NAME_MAX: usize = 100;
/// Steps that a pointer has: what is nested deeper is pointed to by what it is in, for no body that is taken is as deep.
const STEPS_MAX: usize = 10;

/// A schema with those that it refers to.
pub struct Shape {
    schema: Value,
    parts: BTreeMap<String, Value>,
}

/// Something that is wrong: the steps to it, and what is wrong with it in words that go on from its name.
type Fault = (Vec<String>, String);

impl Shape {
    /// The shape of a type.
    pub fn of<T: ToSchema>() -> Shape {
        let mut parts = Vec::new();
        T::schemas(&mut parts);
        let value = |schema| serde_json::to_value(schema).unwrap_or_default();
        Shape { schema: value(T::schema()), parts: parts.into_iter().map(|(name, schema)| (name, value(schema))).collect() }
    }

    /// The same of which any field can be left out.
    pub fn partial<T: ToSchema>() -> Shape {
        let mut shape = Shape::of::<T>();
        if let Some(schema) = shape.schema.as_object_mut() {
            schema.remove("required");
        }
        shape
    }

    /// All that is wrong with what a body says.
    pub fn of_body(&self, value: &Value) -> Vec<Wrong> {
        self.faults(value).into_iter().map(|(steps, told)| wrong(&steps, &told)).collect()
    }

    /// All that is wrong with the parameters of an address, by name.
    pub fn of_query(&self, pairs: &[(String, String)]) -> Vec<(String, String)> {
        let fields: Map<String, Value> = pairs.iter().map(|(name, text)| (name.clone(), self.typed(name, text))).collect();
        let told = self.faults(&Value::Object(fields)).into_iter();
        // A parameter is there or not, and never null.
        told.map(|(steps, told)| (steps.join("/"), told.replace(" or null", ""))).collect()
    }

    fn faults(&self, value: &Value) -> Vec<Fault> {
        let mut faults = Vec::new();
        self.look(&self.schema, value, &mut Vec::new(), &mut faults);
        faults.truncate(TOLD_MAX);
        faults
    }

    /// The text of a parameter as what its schema says that it is, if it can be that.
    fn typed(&self, name: &str, text: &str) -> Value {
        let schema = self.present(&self.schema["properties"][name]);
        let digits = text.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit());
        let plain = match kinds(schema).into_iter().find(|kind| *kind != "null") {
            Some("boolean") => text.parse().ok().map(Value::Bool),
            Some("integer" | "number") if digits => serde_json::from_str(text).ok(),
            _ => None,
        };
        plain.unwrap_or_else(|| text.into())
    }

    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let name = schema["$ref"].as_str().and_then(|way| way.rsplit('/').next());
        name.and_then(|name| self.parts.get(name)).unwrap_or(schema)
    }

    /// The schema of what is there, of something that can also be null.
    fn present<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let schema = self.resolved(schema);
        choices(schema).into_iter().find(|choice| choice["type"] != "null").map_or(schema, |choice| self.resolved(choice))
    }

    fn look(&self, schema: &Value, value: &Value, at: &mut Vec<String>, faults: &mut Vec<Fault>) {
        let schema = self.resolved(schema);
        if faults.len() >= TOLD_MAX {
            return;
        }
        let choices = choices(schema);
        if !choices.is_empty() {
            self.choose(&choices, value, at, faults);
            return;
        }
        let kinds = kinds(schema);
        if !kinds.is_empty() && !kinds.iter().any(|kind| is(kind, value)) {
            let kinds: Vec<&str> = kinds.iter().map(|kind| named(kind)).collect();
            faults.push((at.clone(), format!("has to be {}.", kinds.join(" or "))));
            return;
        }
        if let Some(values) = schema["enum"].as_array().filter(|values| !value.is_null() && !values.contains(value)) {
            let words: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
            faults.push((at.clone(), format!("has to be one of {}.", words.join(", "))));
            return;
        }
        if let Some(told) = unformatted(schema, value).or_else(|| unbounded(schema, value)) {
            faults.push((at.clone(), told));
        }
        match value {
            Value::Object(fields) => self.fields(schema, fields, at, faults),
            Value::Array(items) if schema["items"].is_object() => {
                for (index, item) in items.iter().enumerate() {
                    self.below(&schema["items"], item, index.to_string(), at, faults);
                }
            }
            _ => {}
        }
    }

    /// One of these, and if it is none then as the first of them is told.
    fn choose(&self, choices: &[&Value], value: &Value, at: &mut Vec<String>, faults: &mut Vec<Fault>) {
        let mut first = None;
        for choice in choices {
            let mut of_it = Vec::new();
            self.look(choice, value, at, &mut of_it);
            if of_it.is_empty() {
                return;
            }
            // What may be null is something else first.
            if first.is_none() && choice["type"] != "null" {
                first = Some(of_it);
            }
        }
        faults.extend(first.unwrap_or_default());
    }

    fn fields(&self, schema: &Value, fields: &Map<String, Value>, at: &mut Vec<String>, faults: &mut Vec<Fault>) {
        let Some(known) = schema["properties"].as_object() else { return };
        for (name, value) in fields {
            match known.get(name) {
                Some(schema) => self.below(schema, value, name.clone(), at, faults),
                None if schema["additionalProperties"] == false => {
                    faults.push((with(at, shortened(name)), "is not known here.".into()));
                }
                None => {}
            }
        }
        let needed = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        for name in needed.filter(|name| !fields.contains_key(*name)) {
            faults.push((with(at, name.to_owned()), "is needed.".into()));
        }
    }

    fn below(&self, schema: &Value, value: &Value, step: String, at: &mut Vec<String>, faults: &mut Vec<Fault>) {
        at.push(step);
        self.look(schema, value, at, faults);
        at.pop();
    }
}

/// What is wrong with a part of the body, in a sentence that begins with its name.
pub fn wrong(steps: &[String], told: &str) -> Wrong {
    let name = shortened(&steps.join("/"));
    let name = if name.is_empty() { "The body".to_owned() } else { format!("`{name}`") };
    Wrong::at(pointer(steps), format!("{name} {told}"))
}

/// As much of a name that was sent as is told again.
pub fn shortened(name: &str) -> String {
    name.chars().take(NAME_MAX).collect()
}

/// The steps as a JSON Pointer in an address's fragment (RFC 6901, sections 3 and 6).
pub fn pointer(steps: &[String]) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let escaped = |step: &String| percent_encoded(&shortened(step).replace('~', "~0").replace('/', "~1"), kept);
    let steps: String = steps.iter().take(STEPS_MAX).map(|step| format!("/{}", escaped(step))).collect();
    format!("#{steps}")
}

fn with(at: &[String], step: String) -> Vec<String> {
    at.iter().cloned().chain([step]).collect()
}

fn choices(schema: &Value) -> Vec<&Value> {
    schema["oneOf"].as_array().or(schema["anyOf"].as_array()).into_iter().flatten().collect()
}

fn kinds(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(kind) => vec![kind.as_str()],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => true,
    }
}

fn named(kind: &str) -> &str {
    match kind {
        "object" => "an object",
        "array" => "a list",
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        other => other,
    }
}

/// What a text or a number lacks to be of its format.
fn unformatted(schema: &Value, value: &Value) -> Option<String> {
    let (format, text) = (schema["format"].as_str()?, value.as_str().unwrap_or_default());
    let told = match format {
        "date" if value.is_string() && (text.len() != 10 || NaiveDate::parse_from_str(text, "%Y-%m-%d").is_err()) => {
            "has to be a day such as 2026-11-23."
        }
        "date-time" if value.is_string() && DateTime::parse_from_rfc3339(text).is_err() => {
            "has to be a point in time such as 2026-11-23T09:30:00Z."
        }
        "int32" if value.is_number() && value.as_i64().and_then(|number| i32::try_from(number).ok()).is_none() => {
            "is too large a number, or too small."
        }
        "int64" if value.is_number() && value.as_i64().is_none() => "is too large a number, or too small.",
        _ => return None,
    };
    Some(told.into())
}

/// Beyond which of its bounds something is.
fn unbounded(schema: &Value, value: &Value) -> Option<String> {
    let (least, most, has, of, size) = match value {
        Value::Number(number) => ("minimum", "maximum", "be", "", number.as_f64()?),
        Value::String(text) => ("minLength", "maxLength", "have", " characters", text.chars().count() as f64),
        Value::Array(items) => ("minItems", "maxItems", "have", " items", items.len() as f64),
        _ => return None,
    };
    if let Some(bound) = schema[least].as_f64().filter(|bound| size < *bound) {
        return Some(format!("has to {has} at least {bound}{of}."));
    }
    let bound = schema[most].as_f64().filter(|bound| size > *bound)?;
    Some(format!("has to {has} at most {bound}{of}."))
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};
    use serde_json::json;

    use super::*;
    use crate::server::rest::value::Day;

    #[derive(Serialize, Deserialize, ToSchema)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Note {
        #[schema(min_length = 1, max_length = 3)]
        title: String,
        #[schema(minimum = 0, maximum = 10)]
        story_points: Option<i32>,
        #[serde(default)]
        tags: Vec<String>,
        due: Option<Day>,
        #[serde(default)]
        done: bool,
        kind: Option<Kind>,
    }

    #[derive(Serialize, Deserialize, ToSchema)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        One,
        Two,
    }

    fn told(value: &Value) -> Vec<(String, String)> {
        let all = Shape::of::<Note>().of_body(value).into_iter();
        let mut all: Vec<_> = all.map(|wrong| (wrong.pointer.unwrap_or_default(), wrong.detail)).collect();
        all.sort();
        all
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let value = json!({
            "title": 1, "storyPoints": "5", "tags": ["a", 7], "due": "soon", "done": "yes", "kind": "three", "no/such": 1,
        });
        let expected = [
            ("#/done", "`done` has to be true or false."),
            ("#/due", "`due` has to be a day such as 2026-11-23."),
            ("#/kind", "`kind` has to be one of one, two."),
            ("#/no~1such", "`no/such` is not known here."),
            ("#/storyPoints", "`storyPoints` has to be a whole number or null."),
            ("#/tags/1", "`tags/1` has to be a text."),
            ("#/title", "`title` has to be a text."),
        ];
        assert_eq!(told(&value), expected.map(|(pointer, detail)| (pointer.to_owned(), detail.to_owned())));
    }

    #[test]
    fn what_breaks_a_bound_is_told_beside_it() {
        let pointers = |value: Value| told(&value).into_iter().map(|(pointer, _)| pointer).collect::<Vec<_>>();
        assert_eq!(pointers(json!({ "title": "long", "storyPoints": 11 })), ["#/storyPoints", "#/title"]);
        assert_eq!(pointers(json!({ "storyPoints": 99_999_999_999_i64 })), ["#/storyPoints", "#/title"]);
        assert_eq!(pointers(json!([])), ["#"]);
        assert_eq!(told(&json!("x"))[0].1, "The body has to be an object.");
        let many = json!({ "title": "T", "tags": vec![1; 100] });
        assert_eq!(told(&many).len(), TOLD_MAX);
    }

    #[test]
    fn what_is_right_is_let_through() {
        for value in [
            json!({ "title": "T" }),
            json!({ "title": "T", "storyPoints": null, "due": null, "kind": null }),
            json!({ "title": "T", "storyPoints": 3, "tags": ["a"], "due": "2026-11-23T09:30:00Z", "kind": "two", "done": true }),
        ] {
            assert!(told(&value).is_empty(), "{value}");
        }
        assert!(Shape::partial::<Note>().of_body(&json!({})).is_empty());
    }

    #[test]
    fn parameters_are_what_their_texts_say() {
        let query = |pairs: &[(&str, &str)]| {
            let pairs: Vec<_> = pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
            Shape::partial::<Note>().of_query(&pairs)
        };
        assert!(query(&[("title", "5"), ("storyPoints", "5"), ("done", "true"), ("due", "2026-11-23"), ("kind", "one")]).is_empty());
        let mut wrong = query(&[("storyPoints", "five"), ("done", "yes"), ("kind", "3"), ("nonsense", "1")]);
        wrong.sort();
        let names: Vec<&str> = wrong.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["done", "kind", "nonsense", "storyPoints"]);
    }
}
