//! What a request brings, read strictly: what is not asked for is refused and not passed over.

use std::marker::PhantomData;
use std::time::Duration;

use axum::body::{Body as Stream, Bytes};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::time::timeout;
use utoipa::ToSchema;

use super::problem::{Code, Problem};
use crate::kernel::text::percent_encoded;
use crate::server::guard::body::MAX;

/// What the body of a request says: a struct that refuses unknown fields.
pub trait Body: Serialize + DeserializeOwned + ToSchema + Send + 'static {
    /// The fields of the slice's form that the body calls something else than the same in camel case.
    const NAMES: &'static [(&'static str, &'static str)] = &[];

    /// For the specification: a body that could be sent.
    fn example() -> Value;
}

/// The body of a request that asks for nothing further.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Nothing {}

impl Body for Nothing {
    fn example() -> Value {
        json!({})
    }
}

/// Some fields of a body; those that are left out stay as they are stored (RFC 7396, for one level).
pub struct Patch<B> {
    given: Map<String, Value>,
    of: PhantomData<B>,
}

impl<B: Body> Patch<B> {
    /// Reads what was sent.
    pub fn read(bytes: &[u8]) -> Result<Patch<B>, Problem> {
        let given: Map<String, Value> = strict(bytes)?;
        Ok(Patch { given, of: PhantomData })
    }

    /// What is stored, with the given fields in it.
    pub fn over(&self, stored: impl Into<B>) -> Result<B, Problem> {
        let Ok(Value::Object(mut whole)) = serde_json::to_value(stored.into()) else {
            return Err(Problem::new(Code::InternalError, "What is stored could not be read."));
        };
        whole.extend(self.given.clone());
        in_shape(Value::Object(whole))
    }

    /// Whether any of these fields is given.
    pub fn names(&self, fields: &[&str]) -> bool {
        fields.iter().any(|field| self.given.contains_key(*field))
    }
}

/// Reads a body.
pub fn strict<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| misshapen(error.path().clone(), error.into_inner()))?;
    reader.end().map_err(|error| misshapen_at("", &error))?;
    Ok(value)
}

fn in_shape<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value).map_err(|error| misshapen(error.path().clone(), error.into_inner()))
}

fn misshapen(path: serde_path_to_error::Path, error: serde_json::Error) -> Problem {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => pointer += &format!("/{index}"),
            Segment::Map { key } => pointer += &format!("/{}", escaped(key)),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    misshapen_at(&pointer, &error)
}

/// A name as a step of a JSON Pointer in an address's fragment (RFC 6901, sections 3 and 6).
fn escaped(name: &str) -> String {
    let name: String = name.chars().take(100).collect();
    percent_encoded(&name.replace('~', "~0").replace('/', "~1"), |byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

fn misshapen_at(pointer: &str, error: &serde_json::Error) -> Problem {
    let told = error.to_string();
    if !error.is_data() {
        return Problem::new(Code::BadRequest, format!("The body is not JSON that can be read: {told}."));
    }
    // Where it stands in the text is of less use than where in the body, and of one that was put together it says nothing.
    let told = told.split(" at line ").next().unwrap_or_default();
    let pointer = match named(told, "missing field `") {
        Some(field) => format!("{pointer}/{}", escaped(field)),
        None => match named(told, "unknown field `") {
            Some(field) if !pointer.ends_with(&format!("/{}", escaped(field))) => format!("{pointer}/{}", escaped(field)),
            _ => pointer.to_owned(),
        },
    };
    let mut sentence = told.to_owned();
    if let Some(first) = sentence.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    Problem::at(format!("#{pointer}"), format!("{sentence}."))
}

/// The name behind these words.
fn named<'a>(told: &'a str, words: &str) -> Option<&'a str> {
    told.strip_prefix(words)?.split('`').next()
}

/// The whole body, if it is JSON by what its header says, not too large, and there in time.
pub async fn received(headers: &HeaderMap, body: Stream, time: Duration, kinds: &[&str]) -> Result<Bytes, Problem> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let (kind, rest) = kind.split_once(';').unwrap_or((kind, ""));
    let charset = rest.trim().to_ascii_lowercase();
    let is_text = charset.is_empty() || charset == "charset=utf-8" || charset == "charset=\"utf-8\"";
    if !is_text || !kinds.iter().any(|known| kind.trim().eq_ignore_ascii_case(known)) {
        return Err(Problem::new(Code::UnsupportedMediaType, format!("Send the body as {}.", kinds.join(" or "))));
    }
    match timeout(time, read(body)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Problem::new(Code::RequestTimeout, "The body did not arrive in time.")),
    }
}

async fn read(mut body: Stream) -> Result<Bytes, Problem> {
    let mut kept = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Problem::new(Code::BadRequest, "The body did not arrive whole."))?;
        let Ok(data) = frame.into_data() else { continue };
        if kept.len() + data.len() > MAX {
            return Err(Problem::new(Code::PayloadTooLarge, "The body is larger than 1 MB."));
        }
        kept.extend_from_slice(&data);
    }
    Ok(kept.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Serialize, Deserialize, ToSchema)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Note {
        title: String,
        #[serde(default)]
        story_points: Option<i32>,
        #[serde(default)]
        tags: Vec<String>,
    }

    impl Body for Note {
        fn example() -> Value {
            json!({ "title": "T" })
        }
    }

    fn refusal(text: &str) -> (u16, Option<String>) {
        let problem = strict::<Note>(text.as_bytes()).unwrap_err();
        (problem.code.texts().1, problem.errors.first().and_then(|wrong| wrong.pointer.clone()))
    }

    #[test]
    fn what_is_wrong_is_told_by_where_it_stands() {
        let at = |pointer: &str| (422, Some(pointer.to_owned()));
        assert_eq!(refusal(r#"{"title":1}"#), at("#/title"));
        assert_eq!(refusal(r#"{"title":"T","storyPoints":"5"}"#), at("#/storyPoints"));
        assert_eq!(refusal(r#"{"title":"T","storyPoints":5.5}"#), at("#/storyPoints"));
        assert_eq!(refusal(r#"{"title":"T","storyPoints":99999999999}"#), at("#/storyPoints"));
        assert_eq!(refusal(r#"{"title":"T","tags":["a",1]}"#), at("#/tags/1"));
        assert_eq!(refusal(r#"{"title":"T","story_points":5}"#), at("#/story_points"));
        assert_eq!(refusal(r#"{"title":"T","a/b~ü":5}"#), at("#/a~1b~0%C3%BC"));
        assert_eq!(refusal(r#"{}"#), at("#/title"));
        assert_eq!(refusal(r#"[]"#).0, 422);
        assert_eq!(refusal(r#"{"title":"T","title":"U"}"#).0, 422);
        let deep = format!(r#"{{"title":{}}}"#, "[".repeat(100_000));
        assert!(matches!(refusal(&deep).0, 400 | 422));
        for text in ["", "{", "{\"title\":\"\\ud800\"}", "{\"title\":\"T\"} x", "\u{FEFF}{}", "nonsense"] {
            assert_eq!(refusal(text), (400, None), "{text}");
        }
    }

    #[test]
    fn what_a_patch_leaves_out_stays() {
        let stored = || Note { title: "One".into(), story_points: Some(5), tags: vec!["a".into()] };
        let patched = |text: &str| Patch::<Note>::read(text.as_bytes()).unwrap().over(stored());
        let note = patched(r#"{"title":"Two"}"#).unwrap();
        assert_eq!((note.title.as_str(), note.story_points, note.tags.len()), ("Two", Some(5), 1));
        assert_eq!(patched(r#"{"storyPoints":null}"#).unwrap().story_points, None);
        assert_eq!(patched("{}").unwrap().title, "One");
        for (text, pointer) in [(r#"{"title":null}"#, "#/title"), (r#"{"nonsense":1}"#, "#/nonsense")] {
            assert_eq!(patched(text).unwrap_err().errors[0].pointer.as_deref(), Some(pointer));
        }
        assert!(Patch::<Note>::read(b"[]").is_err());
        assert!(Patch::<Note>::read(br#"{"title":"x"}"#).unwrap().names(&["tags", "title"]));
    }
}
