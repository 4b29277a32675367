//! What the specification says of one route.

use std::any::type_name;

use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::body::Body;
use super::problem::Code;
use super::query::{Filter, ROWS_MAX};
use super::sample::sample;
use super::spec::{ETAG_READ, Spec, etag, value};
use crate::kernel::page::PAGE_SIZE;
use crate::kernel::role::Perm;
use crate::server::guard::Times;
use crate::server::guard::body::MAX;

/// What nearly every part of a path can be.
const WORD: &str = "^[A-Za-z0-9_-]{1,100}$";

/// What is specified of one route.
pub struct Told {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) about: &'static str,
    pub(super) id: String,
    pub(super) perm: Perm,
    pub(super) parameters: Vec<Value>,
    pub(super) body: Option<Value>,
    pub(super) answer: (u16, Value),
    /// Whether it can be said that the answer is still the one that is known.
    pub(super) conditional: bool,
    pub(super) further: Vec<Code>,
}

/// A header of entity tags.
fn tags(name: &str, about: &str) -> Value {
    let schema = json!({ "type": "string", "pattern": "^(\\*|(W/)?\"[!#-~]*\"( *, *(W/)?\"[!#-~]*\")*)$" });
    json!({ "name": name, "in": "header", "required": false, "description": about, "schema": schema })
}

/// The parts of a path in braces.
fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}

/// What stands in a part of a path.
fn about(name: &str) -> String {
    match name {
        "org" => "The organisation's address: its slug.".into(),
        "key" => "The product's key.".into(),
        "team" => "The team's address: its slug.".into(),
        "id" => "The thing's id.".into(),
        "quarter" => "The quarter, such as `2026-Q4`.".into(),
        "stage" => "The stage, such as `DISCOVERY`.".into(),
        "member" => "The member, by the id of the membership: `id` in the list of members, and not `userId`.".into(),
        "product" => "The product's id, and not its key.".into(),
        "blocker" => "The id of the feature that has to be done before.".into(),
        "bulk" => "The id of the change of many, as that was answered.".into(),
        "alert" => "The id of the rule.".into(),
        "point" => "The id of the value.".into(),
        "number" => "The version's number, from 1.".into(),
        "reference" => "The reference, such as `DEMO-123`, in whatever case.".into(),
        "result" => "The id of the result, or of the key result.".into(),
        other => format!("The id of the {other}."),
    }
}

/// What a part of a path can be, by its name.
fn pattern(name: &str) -> &'static str {
    match name {
        "quarter" => "^[0-9]{4}-Q[1-4]$",
        "number" => "^[1-9][0-9]{0,8}$",
        "stage" => "^[A-Z]{1,20}$",
        "reference" => "^[A-Za-z0-9]+(-[A-Za-z0-9]+)*-[1-9][0-9]{0,9}$",
        _ => WORD,
    }
}

/// A schema as that of a parameter, which is there or not but never null.
fn not_null(mut schema: Value) -> Value {
    // What is left out of an address has no value that could be named, and null is none.
    if let Some(fields) = schema.as_object_mut().filter(|fields| fields.get("default").is_some_and(Value::is_null)) {
        fields.remove("default");
    }
    if let Some(kinds) = schema.get("type").and_then(Value::as_array) {
        let kinds: Vec<Value> = kinds.iter().filter(|kind| *kind != "null").cloned().collect();
        if let [kind] = kinds.as_slice() {
            schema["type"] = kind.clone();
        }
    }
    let of = |kinds: &Vec<Value>| kinds.iter().find(|kind| kind.get("type") != Some(&json!("null"))).cloned();
    schema.get("oneOf").and_then(Value::as_array).and_then(of).unwrap_or(schema)
}

// What depends on a type is little: the rest is compiled once and not for each.
impl Told {
    /// What is known of a route from the first. It is called by the path of its handler.
    pub fn new<H>(method: &'static str, path: &'static str, told: &'static str, perm: Perm) -> Told {
        Told::of(type_name::<H>(), method, path, told, perm)
    }

    fn of(handler: &str, method: &'static str, path: &'static str, told: &'static str, perm: Perm) -> Told {
        let steps = handler.split("::").skip(1).filter(|step| !matches!(*step, "rest" | "rest_parts"));
        let parameter = |name: &str| json!({ "name": name, "in": "path", "required": true, "description": about(name), "schema": { "type": "string", "pattern": pattern(name) } });
        Told {
            method,
            path,
            about: told,
            id: steps.collect::<Vec<_>>().join("_"),
            perm,
            parameters: names(path).map(parameter).collect(),
            body: None,
            answer: (204, json!({ "description": "Done." })),
            conditional: false,
            further: Vec::new(),
        }
    }

    /// Says by which parameters it can be narrowed.
    pub fn filter<F: Filter>(self, spec: &mut Spec) -> Told {
        let mut parts = Vec::new();
        F::schemas(&mut parts);
        spec.take(parts);
        self.narrowed(spec, value(&F::schema()))
    }

    fn narrowed(mut self, spec: &Spec, schema: Value) -> Told {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            let outer = schema.get("description").cloned();
            let mut schema = not_null(schema.clone());
            let own = schema.as_object_mut().and_then(|schema| schema.remove("description")).or(outer);
            let description = own.or_else(|| spec.about_type(&schema)).unwrap_or_else(|| json!(""));
            self.parameters.push(json!({
                "name": name, "in": "query", "required": required.contains(&json!(name)), "description": description, "schema": schema,
            }));
        }
        self
    }

    /// Says that what is asked for may be in the bin.
    pub fn bin(mut self) -> Told {
        self.further.push(Code::Gone);
        self
    }

    /// Says that it comes in parts.
    pub fn pages(mut self) -> Told {
        let limit = json!({ "type": "integer", "minimum": 1, "maximum": ROWS_MAX, "default": PAGE_SIZE });
        let cursor = json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{1,100}$" });
        self.parameters.push(json!({ "name": "limit", "in": "query", "required": false, "description": "Rows at most.", "schema": limit }));
        let told = "Where to go on: `nextCursor` or `previousCursor` of an earlier answer with the same other parameters.";
        self.parameters.push(json!({ "name": "cursor", "in": "query", "required": false, "description": told, "schema": cursor }));
        self
    }

    /// Says that a request can name itself, so that it is done once.
    pub fn once(mut self) -> Told {
        let schema = json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" });
        let told =
            "A key of your own making, such as a UUID. The same request with the same key is done once within a day, and answered alike.";
        self.parameters
            .push(json!({ "name": "Idempotency-Key", "in": "header", "required": false, "description": told, "schema": schema }));
        self.further.extend([Code::Conflict, Code::Gone]);
        self
    }

    /// Says that a change can be bound to what was read.
    pub fn if_match(mut self) -> Told {
        let told =
            "The `ETag` of what was read: nothing is changed unless that is still what is stored. A weak one, `W/\"…\"`, never matches.";
        self.parameters.push(tags("If-Match", told));
        self.further.extend([Code::Conflict, Code::Gone, Code::PreconditionFailed]);
        self
    }

    /// Says that nothing is sent again to those who know it.
    pub fn if_none_match(mut self) -> Told {
        let told = "The `ETag` of an earlier answer, or several: if that is still the answer, it is `304` and nothing is sent.";
        self.parameters.push(tags("If-None-Match", told));
        self.answer.1["headers"]["ETag"] = etag(ETAG_READ);
        self.conditional = true;
        self
    }

    /// Says what its body is.
    pub fn body<B: Body>(self, spec: &mut Spec, kinds: &[&str]) -> Told {
        let schema = spec.schema::<B>();
        self.with_body(schema, kinds, B::example(), B::MAX)
    }

    /// The same of a body of which any field can be left out.
    pub fn patch<B: Body>(self, spec: &mut Spec, kinds: &[&str]) -> Told {
        spec.schema::<B>();
        let schema = spec.part_of(&B::name(), value(&B::schema()));
        self.with_body(schema, kinds, B::example(), B::MAX)
    }

    /// The body is of this schema, and of so many bytes at most.
    fn with_body(mut self, schema: Value, kinds: &[&str], example: Value, max: usize) -> Told {
        let content: Map<String, Value> =
            kinds.iter().map(|kind| ((*kind).to_owned(), json!({ "schema": schema, "example": example }))).collect();
        let mut body = json!({ "required": true, "content": content });
        if max > MAX {
            let told = format!(
                "At most {} MB. Of those larger than {} MB one of an organisation and one of a token's owner is taken at a time, and few \
                 on the whole: for another there is `503` with a `Retry-After`. Each megabyte has {} seconds to arrive.",
                max / 1_000_000,
                MAX / 1_000_000,
                Times::default().body.as_secs(),
            );
            body["description"] = json!(told);
        }
        self.body = Some(body);
        self.further.extend([Code::BadRequest, Code::RequestTimeout, Code::PayloadTooLarge, Code::UnsupportedMediaType]);
        self
    }

    /// Says what it answers; an example is made of the schema, with what the body's example says in it.
    pub fn answer<T: ToSchema>(self, spec: &mut Spec, status: u16, said: Option<Value>) -> Told {
        let schema = spec.schema::<T>();
        self.answered(spec, schema, status, said)
    }

    fn answered(mut self, spec: &Spec, schema: Value, status: u16, said: Option<Value>) -> Told {
        let example = sample(&schema, &spec.schemas, &said.unwrap_or_default());
        let mut answer = json!({
            "description": if status == 201 { "Made." } else { "Done." },
            "content": { "application/json": { "schema": schema, "example": example } },
            "headers": { "ETag": etag("What the thing is known by, where a PATCH changes it.") },
        });
        if status == 201 {
            answer["headers"]["Location"] = json!({ "description": "The address of what was made.", "schema": { "type": "string" } });
        }
        self.answer = (status, answer);
        self
    }

    /// Says that it answers a list of these.
    pub fn list<T: ToSchema>(self, spec: &mut Spec) -> Told {
        let row = spec.schema::<T>();
        self.listed(spec, row)
    }

    fn listed(mut self, spec: &Spec, row: Value) -> Told {
        let cursor = |told: &str| json!({ "type": ["string", "null"], "description": told });
        let schema = json!({
            "type": "object",
            "required": ["data", "nextCursor", "previousCursor"],
            "properties": {
                "data": { "type": "array", "items": row },
                "nextCursor": cursor("Where the list goes on, if it does."),
                "previousCursor": cursor("What comes before, if anything does."),
            },
        });
        let example = json!({ "data": [sample(&row, &spec.schemas, &Value::Null)], "nextCursor": null, "previousCursor": null });
        let content = json!({ "application/json": { "schema": schema, "example": example } });
        self.answer = (200, json!({ "description": "A part of the list.", "content": content }));
        self
    }

    /// Says that it answers a table, which begins like this.
    pub fn table(mut self, beginning: &str) -> Told {
        let content = json!({ "text/csv": { "schema": { "type": "string" }, "example": beginning } });
        let name = json!({ "description": "The name of the file.", "schema": { "type": "string" } });
        self.answer = (200, json!({ "description": "The table.", "content": content, "headers": { "Content-Disposition": name } }));
        self
    }

    /// Says that it answers nothing.
    pub fn nothing(mut self) -> Told {
        self.further.extend([Code::Conflict, Code::Gone]);
        self
    }
}
