//! The specification: OpenAPI 3.1, made of the very types that are read and written.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use super::problem::{Code, PROBLEM_JSON, Told as ProblemBody};
use super::told::Told;
use crate::kernel::role::TokenScope;

/// Below which address every route is.
pub const BASE: &str = "/api/v1";

const ABOUT: &str = include_str!("about.md");

/// Everything that is specified so far.
#[derive(Default)]
pub struct Spec {
    paths: BTreeMap<String, Map<String, Value>>,
    pub(super) schemas: BTreeMap<String, Value>,
    tags: Vec<Value>,
    tag: &'static str,
    /// What the names of this group's operations end with.
    pub(super) word: &'static str,
}

impl Spec {
    /// Begins a group of routes.
    pub fn tag(&mut self, name: &'static str, about: &'static str) {
        self.tags.push(json!({ "name": name, "description": about }));
        (self.tag, self.word) = (name, "");
    }

    /// Takes in a type and all that it is made of; gives the way to it.
    pub(super) fn schema<T: ToSchema>(&mut self) -> Value {
        let mut parts = Vec::new();
        T::schemas(&mut parts);
        let name = T::name();
        parts.push((name.clone().into_owned(), T::schema()));
        self.take(parts);
        reference("schemas", &name)
    }

    /// Takes in schemas, but for those that are there.
    pub(super) fn take(&mut self, parts: Vec<(String, RefOr<Schema>)>) {
        for (name, schema) in parts {
            self.schemas.entry(name).or_insert_with(|| value(&schema));
        }
    }

    /// Takes in the schema of a part of a thing, of which any field can be left out; gives the way to it.
    pub(super) fn part_of(&mut self, name: &str, mut schema: Value) -> Value {
        if let Some(schema) = schema.as_object_mut() {
            schema.remove("required");
            schema.insert("description".into(), json!("What is left out stays as it is."));
            let fields = schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flat_map(|fields| fields.values_mut());
            fields.filter_map(Value::as_object_mut).for_each(|field| {
                field.remove("default");
            });
        }
        let name = format!("{name}Patch");
        self.schemas.insert(name.clone(), schema);
        reference("schemas", &name)
    }

    /// What is said of the type that a schema refers to.
    pub(super) fn about_type(&self, schema: &Value) -> Option<Value> {
        let name = schema.get("$ref")?.as_str()?.rsplit('/').next()?;
        self.schemas.get(name)?.get("description").cloned()
    }

    /// Takes in a route.
    pub fn add(&mut self, told: Told) {
        let scope = TokenScope::needed_for(told.perm);
        let roles: Vec<&str> = told.perm.roles().iter().map(|role| role.word()).collect();
        let description = format!(
            "{}\n\nFor tokens of scope {} whose owner may {} (role {}).",
            told.about,
            TokenScope::ALL.iter().skip_while(|known| **known != scope).map(|scope| scope.word()).collect::<Vec<_>>().join(" or "),
            told.perm.label(),
            roles.join(", "),
        );
        let mut responses = Map::new();
        let always = [Code::Unauthorized, Code::Forbidden, Code::NotFound, Code::ValidationError, Code::RateLimited, Code::InternalError];
        for code in always.into_iter().chain([Code::Unavailable]).chain(told.further) {
            responses.insert(code.texts().1.to_string(), reference("responses", code.texts().0));
        }
        responses.insert(told.answer.0.to_string(), told.answer.1);
        if told.conditional {
            let known = "It is still what the `ETag` in `If-None-Match` stands for, and is not sent again.";
            responses.insert("304".into(), json!({ "description": known, "headers": { "ETag": etag(ETAG_READ) } }));
        }
        // What stands below the first line is for those who read on.
        let summary = told.about.lines().next().unwrap_or_default().trim_end_matches('.');
        let mut operation = json!({
            "operationId": if self.word.is_empty() { told.id } else { format!("{}_{}", told.id, self.word) },
            "tags": [self.tag],
            "summary": summary,
            "description": description,
            "parameters": told.parameters,
            "responses": responses,
            "security": [{ "token": [] }],
        });
        if let Some(body) = told.body {
            operation["requestBody"] = body;
        }
        self.paths.entry(format!("{BASE}{}", told.path)).or_default().insert(told.method.to_owned(), operation);
    }

    /// The whole document.
    pub fn document(mut self) -> Value {
        let problem = self.schema::<ProblemBody>();
        let mut responses = Map::new();
        for code in Code::ALL {
            let (word, status, meaning) = code.texts();
            let example =
                json!({ "type": format!("/api/docs#{word}"), "title": title(status), "status": status, "code": word, "detail": meaning });
            let content = json!({ PROBLEM_JSON: { "schema": problem, "example": example } });
            let mut response = json!({ "description": format!("`{word}`: {meaning}"), "content": content });
            if matches!(code, Code::RateLimited | Code::Unavailable) {
                response["headers"] =
                    json!({ "Retry-After": { "description": "Seconds.", "schema": { "type": "integer", "minimum": 0 } } });
            }
            responses.insert(word.to_owned(), response);
        }
        json!({
            "openapi": "3.1.0",
            "info": { "title": "ProdMatic", "version": env!("CARGO_PKG_VERSION"), "description": ABOUT },
            "servers": [{ "url": "/" }],
            "tags": self.tags,
            "paths": self.paths,
            "components": {
                "schemas": self.schemas,
                "responses": responses,
                "securitySchemes": { "token": { "type": "http", "scheme": "bearer", "description": "A token, `pm_…`." } },
            },
        })
    }
}

/// Of an answer to a `GET`.
pub(super) const ETAG_READ: &str =
    "What this answer is known by, for `If-None-Match`; and what a PATCH of it can be bound to, by `If-Match`.";

pub(super) fn etag(about: &str) -> Value {
    json!({ "description": about, "schema": { "type": "string" } })
}

fn title(status: u16) -> &'static str {
    http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default()
}

pub(super) fn value(schema: &impl Serialize) -> Value {
    serde_json::to_value(schema).unwrap_or_default()
}

fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}
