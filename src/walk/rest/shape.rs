//! Whether an answer is what the specification says.

use http::StatusCode;
use serde_json::{Value, json};

use super::Answer;
use super::routes::Route;
use crate::document::model::DocumentStatus;
use crate::experiment::model::ExperimentStatus;
use crate::feature::epic::model::EpicStatus;
use crate::goal::okr::model::OkrStatus;
use crate::idea::model::IdeaStatus;
use crate::release::model::ReleaseStatus;
use crate::server::rest::PUBLISHED;

/// What is wrong with the answer, if anything.
pub fn differs(document: &Value, route: &Route, answer: &Answer) -> Option<String> {
    let told = &document["paths"][route.pattern()][route.method.to_lowercase()]["responses"][answer.status.as_str()];
    let told = match told["$ref"].as_str() {
        Some(way) => document.pointer(way.trim_start_matches('#')).unwrap(),
        None => told,
    };
    if told.is_null() {
        return Some(format!("nothing is said of {}", answer.status));
    }
    if answer.status == StatusCode::NO_CONTENT {
        return (!answer.body.is_null()).then(|| "it has a body".to_owned());
    }
    let kind = answer.header("content-type").split(';').next().unwrap_or_default();
    let Some(content) = told["content"].get(kind) else {
        return Some(format!("nothing is said of {kind}"));
    };
    if kind == "text/csv" {
        return answer.text.is_empty().then(|| "it has no headings".to_owned());
    }
    wrong(document, &content["schema"], &answer.body)
}

/// Where a value is not of the schema, or says more than that.
fn wrong(document: &Value, schema: &Value, value: &Value) -> Option<String> {
    let whole = json!({ "allOf": [schema], "components": document["components"] });
    let validator = jsonschema::validator_for(&whole).unwrap();
    let first = validator.iter_errors(value).next().map(|error| format!("{} at {}", error, error.instance_path()));
    first.or_else(|| more(document, schema, value))
}

/// A field that the schema does not know.
fn more(document: &Value, schema: &Value, value: &Value) -> Option<String> {
    match value {
        Value::Object(fields) => {
            let mut known = Vec::new();
            collect(document, schema, &mut known);
            if known.is_empty() {
                return None;
            }
            fields.iter().find_map(|(name, value)| match known.iter().find(|(known, _)| known == name) {
                Some((_, schema)) => more(document, schema, value),
                None => Some(format!("nothing is said of the field {name}")),
            })
        }
        Value::Array(items) => {
            let schema = resolved(document, schema);
            items.iter().find_map(|item| more(document, &schema["items"], item))
        }
        _ => None,
    }
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(way) => document.pointer(way.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

fn collect(document: &Value, schema: &Value, known: &mut Vec<(String, Value)>) {
    let schema = resolved(document, schema);
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        known.push((name.clone(), field.clone()));
    }
    for kind in ["allOf", "oneOf", "anyOf"] {
        schema[kind].as_array().into_iter().flatten().for_each(|part| collect(document, part, known));
    }
}

/// The examples are of their schemas, operations have names of their own, and the library reads the document as OpenAPI.
#[test]
fn the_specification_holds_together() {
    let document: Value = serde_json::from_str(&PUBLISHED.json).unwrap();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        type Known = utoipa::openapi::RefOr<utoipa::openapi::Schema>;
        assert!(serde_json::from_value::<Known>(schema.clone()).is_ok(), "{name}: {schema}");
    }
    for (path, methods) in document["paths"].as_object().unwrap() {
        let known = serde_json::from_value::<utoipa::openapi::PathItem>(methods.clone());
        assert!(known.is_ok(), "{path}: {:?}", known.err());
    }
    serde_json::from_value::<utoipa::openapi::OpenApi>(document.clone()).expect("OpenAPI");
    let mut names = std::collections::BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            assert!(names.insert(operation["operationId"].as_str().unwrap()), "{method} {path}: {}", operation["operationId"]);
            let bodies = [&operation["requestBody"]].into_iter().chain(operation["responses"].as_object().unwrap().values());
            for content in bodies.filter_map(|body| body["content"].as_object()).flat_map(|content| content.values()) {
                assert_eq!(wrong(&document, &content["schema"], &content["example"]), None, "{method} {path}");
            }
        }
    }
    let text = document.to_string();
    for way in text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(document.pointer(way).is_some(), "{way}");
    }
}

/// Every schema anywhere in the document that has a default, with the way to it.
fn with_defaults<'a>(value: &'a Value, way: &str, found: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Object(fields) => {
            if fields.contains_key("default")
                && ["type", "$ref", "oneOf", "anyOf", "allOf", "enum"].iter().any(|key| fields.contains_key(*key))
            {
                found.push((way.to_owned(), value));
            }
            fields.iter().for_each(|(name, value)| with_defaults(value, &format!("{way}/{name}"), found));
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(at, item)| with_defaults(item, &format!("{way}/{at}"), found)),
        _ => {}
    }
}

#[test]
fn no_default_is_refused_by_its_own_schema() {
    let document: Value = serde_json::from_str(&PUBLISHED.json).unwrap();
    let mut found = Vec::new();
    with_defaults(&document, "#", &mut found);
    assert!(found.iter().any(|(way, _)| way.contains("/parameters/")), "limit has one");
    for (way, schema) in found {
        // A parameter is there or not, and never null.
        assert!(!(way.contains("/parameters/") && schema["default"].is_null()), "{way}: {schema}");
        let whole = json!({ "allOf": [schema], "components": document["components"] });
        let validator = jsonschema::validator_for(&whole).unwrap();
        assert!(validator.is_valid(&schema["default"]), "{way}: {schema}");
    }
}

#[test]
fn the_page_shows_every_route_and_is_text() {
    let document: Value = serde_json::from_str(&PUBLISHED.json).unwrap();
    for path in document["paths"].as_object().unwrap().keys() {
        assert!(PUBLISHED.page.contains(&format!("<code>{path}</code>")), "{path}");
    }
    assert!(PUBLISHED.page.contains("<em>Tokens</em>") && !PUBLISHED.page.contains("*Tokens*"));
    for inline in ["<script", "<style", " style=", "http://", " onclick="] {
        assert!(!PUBLISHED.page.contains(inline), "{inline}");
    }
}

#[test]
fn every_parameter_is_explained_and_in_no_words_of_the_code() {
    let document: Value = serde_json::from_str(&PUBLISHED.json).unwrap();
    let mut silent = std::collections::BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let unexplained = parameters.filter(|parameter| parameter["description"].as_str().unwrap_or_default().is_empty());
            silent.extend(unexplained.map(|parameter| format!("{method} {path}: {}", parameter["name"])));
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
    for words in ["::", "the query", "migration"] {
        assert!(!PUBLISHED.json.contains(words), "{words}");
    }
}

/// For whoever looks at the specification beside a test: `PRODMATIC_SPEC=FILE`.
#[test]
fn the_specification_can_be_written_down() {
    if let Some(file) = std::env::var_os("PRODMATIC_SPEC") {
        std::fs::write(file, &PUBLISHED.json).unwrap();
    }
}

/// What may follow each status is told as it is.
#[test]
fn the_moves_that_are_told_are_those_that_are_allowed() {
    type Next = (String, Vec<&'static str>);
    fn next<S: Copy + 'static>(all: &[S], word: fn(S) -> &'static str, next: impl Fn(S) -> &'static [S]) -> Vec<Next> {
        all.iter().map(|from| (format!("`{}`", word(*from)), next(*from).iter().map(|to| word(*to)).collect())).collect()
    }
    // One status that goes on differently with something and without it.
    fn split(with: Vec<Next>, without: Vec<Next>, what: &str) -> Vec<Next> {
        let both = with.into_iter().zip(without).flat_map(|(with, without)| match with == without {
            true => vec![with],
            false => vec![(format!("{} with {what}", with.0), with.1), (format!("{} without one", without.0), without.1)],
        });
        both.collect()
    }
    let okrs = || next(&OkrStatus::ALL, OkrStatus::word, OkrStatus::next);
    let experiments = |begun| next(&ExperimentStatus::ALL, ExperimentStatus::word, |from| from.next(begun));
    let documents = |newer| next(&DocumentStatus::ALL, DocumentStatus::word, |from| from.next(newer));
    let document: Value = serde_json::from_str(&PUBLISHED.json).unwrap();
    for (things, allowed) in [
        ("products/{key}/ideas", next(&IdeaStatus::ALL, IdeaStatus::word, IdeaStatus::next)),
        ("products/{key}/epics", next(&EpicStatus::ALL, EpicStatus::word, EpicStatus::next)),
        ("products/{key}/releases", next(&ReleaseStatus::ALL, ReleaseStatus::word, ReleaseStatus::moves)),
        ("products/{key}/okrs", okrs()),
        ("objectives", okrs()),
        ("products/{key}/experiments", split(experiments(true), experiments(false), "a `startDate`")),
        ("products/{key}/documents", split(documents(true), documents(false), "a newer text")),
        ("documents", split(documents(true), documents(false), "a newer text")),
    ] {
        let operation = &document["paths"][format!("/api/v1/orgs/{{org}}/{things}/{{id}}/status")]["post"];
        let told = operation["description"].as_str().unwrap_or_default().lines().filter(|line| line.starts_with("- "));
        let allowed = allowed.into_iter().map(|(from, to)| match to.is_empty() {
            true => format!("- {from}: nothing"),
            false => format!("- {from}: `{}`", to.join("`, `")),
        });
        assert_eq!(told.collect::<Vec<_>>(), allowed.collect::<Vec<_>>(), "{things}");
        assert!(!operation["summary"].as_str().unwrap_or_default().contains('\n'), "{things}");
    }
}
