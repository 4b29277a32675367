//! What a request brings, read strictly: what is not asked for is refused and not passed over.

use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::json::{Json, TOO_MANY, VALUES_MAX, unstorable};
use super::problem::{Code, Problem, Wrong};
use super::shape::{Shape, TOLD_MAX, pointer, wrong};
use crate::kernel::text::grouped;
use crate::server::guard::body::MAX;

/// What the body of a request says: a struct that refuses unknown fields.
pub trait Body: Serialize + DeserializeOwned + ToSchema + Send + 'static {
    /// The fields of the slice's form that the body calls something else than the same in camel case.
    const NAMES: &'static [(&'static str, &'static str)] = &[];

    /// The largest that is taken, in bytes.
    const MAX: usize = MAX;

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
        Ok(Patch { given: object(bytes)?, of: PhantomData })
    }

    /// What is stored, with the given fields in it.
    pub fn over(&self, stored: impl Into<B>) -> Result<B, Problem> {
        let Ok(Value::Object(mut whole)) = serde_json::to_value(stored.into()) else {
            return Err(Problem::new(Code::InternalError, "What is stored could not be read."));
        };
        whole.extend(self.given.clone());
        readable(&Value::Object(whole), &Value::Object(self.given.clone()), Shape::partial::<B>)
    }

    /// Whether any of these fields is given.
    pub fn names(&self, fields: &[&str]) -> bool {
        fields.iter().any(|field| self.given.contains_key(*field))
    }
}

/// Reads a body.
///
/// # Errors
/// `BAD_REQUEST` with the place where it stops being JSON; `VALIDATION_ERROR` with all that is of another shape, or for more values
/// than are read.
pub fn strict<T: DeserializeOwned + ToSchema>(bytes: &[u8]) -> Result<T, Problem> {
    let given = Value::Object(object(bytes)?);
    let nul = nul_in(&given);
    // Its texts are taken over and not copied, for a table is large. What is refused is read once more, to tell all that is wrong.
    match in_shape(given) {
        Ok(read) if nul.is_empty() => Ok(read),
        Ok(_) => Err(Problem::of(nul)),
        Err(first) => {
            let given = Value::Object(object(bytes)?);
            Err(all_of(first, Shape::of::<T>().of_body(&given).into_iter().chain(nul).collect()))
        }
    }
}

/// A value as this type, or all that is wrong with what was given of it, which has this shape.
fn readable<T: DeserializeOwned>(value: &Value, given: &Value, shape: fn() -> Shape) -> Result<T, Problem> {
    let nul = nul_in(given);
    match in_shape(value) {
        Ok(read) if nul.is_empty() => Ok(read),
        Ok(_) => Err(Problem::of(nul)),
        Err(first) => Err(all_of(first, shape().of_body(given).into_iter().chain(nul).collect())),
    }
}

/// Texts that hold a character that cannot be stored.
fn nul_in(given: &Value) -> Vec<Wrong> {
    let told = |steps: Vec<String>| wrong(&steps, "holds a character that cannot be stored: NUL.");
    unstorable(given).into_iter().map(told).collect()
}

/// The text as an object, whatever is asked for: what breaks off is told as such, however wrong what came before it is. A list
/// would be read into a type as well, field by field.
fn object(bytes: &[u8]) -> Result<Map<String, Value>, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let Json(value) = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let steps = steps(error.path());
        let error = error.into_inner();
        match error.is_data() {
            true => Problem::of(vec![misshapen(steps, &error)]),
            false => unreadable(&steps, &error),
        }
    })?;
    reader.end().map_err(|error| unreadable(&[], &error))?;
    match value {
        Value::Object(fields) => Ok(fields),
        _ => Err(Problem::of(vec![wrong(&[], "has to be an object.")])),
    }
}

/// What is no JSON, and where that begins.
fn unreadable(steps: &[String], error: &serde_json::Error) -> Problem {
    let told = error.to_string();
    let told = told.split(" at line ").next().unwrap_or_default();
    let is_deep = told == "recursion limit exceeded";
    let why = if is_deep {
        "it is nested too deeply"
    } else if error.is_eof() {
        "it ends too early"
    } else {
        told
    };
    let detail = format!("The body is not JSON that can be read: {why}, at line {}, column {}.", error.line(), error.column());
    // Of what is nested a hundredfold the outermost is the one that is meant.
    let steps = if is_deep { steps.get(..1).unwrap_or_default() } else { steps };
    Problem { errors: vec![Wrong::at(pointer(steps), detail.clone())], ..Problem::new(Code::BadRequest, detail) }
}

fn in_shape<'de, T: DeserializeOwned>(value: impl Deserializer<'de, Error = serde_json::Error>) -> Result<T, Wrong> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let steps = steps(error.path());
        misshapen(steps, error.inner())
    })
}

/// All that is wrong, with what was seen first among it.
fn all_of(first: Wrong, mut all: Vec<Wrong>) -> Problem {
    if !all.iter().any(|wrong| wrong.pointer == first.pointer) {
        all.insert(0, first);
    }
    all.truncate(TOLD_MAX);
    Problem::of(all)
}

fn steps(path: &serde_path_to_error::Path) -> Vec<String> {
    use serde_path_to_error::Segment;
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    path.iter().filter_map(step).collect()
}

/// The first mistake, by where it stands.
fn misshapen(mut steps: Vec<String>, error: &serde_json::Error) -> Wrong {
    let told = error.to_string();
    // Where it stands in the text is of less use than where in the body, and of one that was put together it says nothing.
    let told = told.split(" at line ").next().unwrap_or_default();
    if told == TOO_MANY {
        steps.truncate(1);
        return wrong(&steps, &format!("holds too many values: a body has {} at most.", grouped(VALUES_MAX as i64)));
    }
    let named = ["missing field `", "unknown field `", "duplicate field `"].into_iter().find_map(|words| named(told, words));
    // The way to an unknown field ends in it already.
    if let Some(field) = named.filter(|field| steps.last().is_none_or(|last| last != field)) {
        steps.push(field.to_owned());
    }
    wrong(&steps, &plain(told))
}

/// The name behind these words.
fn named<'a>(told: &'a str, words: &str) -> Option<&'a str> {
    told.strip_prefix(words)?.split('`').next()
}

/// What a reader of types says, in words that go on from the name of what is wrong.
pub(super) fn plain(told: &str) -> String {
    for (begin, words) in
        [("missing field `", "is needed."), ("unknown field `", "is not known here."), ("duplicate field `", "is there twice.")]
    {
        if told.starts_with(begin) {
            return words.into();
        }
    }
    let Some((begin, expected)) = told.rsplit_once(", expected ") else {
        return if told.contains('`') { "has another shape than is asked for.".into() } else { format!("cannot be read: {told}.") };
    };
    if begin.starts_with("unknown variant") {
        return format!("has to be {}.", expected.replace('`', ""));
    }
    let is_whole = expected.len() <= 5 && expected.starts_with(['i', 'u']) && expected[1..].starts_with(|c: char| c.is_ascii_digit());
    let kind = match expected {
        _ if is_whole && begin.starts_with("invalid value") => return "is too large a number, or too small.".into(),
        _ if is_whole => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        text if text.contains("string") => "a text",
        list if list.contains("sequence") || list.contains("array") => "a list",
        object if object.starts_with("struct") || object.contains("map") => "an object",
        _ => return "has another shape than is asked for.".into(),
    };
    format!("has to be {kind}.")
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
        assert_eq!(refusal(r#"["T",5,[]]"#), at("#"), "fields have names");
        assert_eq!(refusal(r#"{"title":"T","title":"U"}"#).0, 422);
        assert_eq!(refusal(r#"{"title":"T","tags":[{"a":1,"a":2}]}"#), at("#/tags/0/a"));
        let problem = strict::<Note>(br#"{"storyPoints":"5","tags":[1],"nonsense":{}}"#).unwrap_err();
        let mut pointers: Vec<_> = problem.errors.iter().filter_map(|wrong| wrong.pointer.as_deref()).collect();
        pointers.sort_unstable();
        assert_eq!(pointers, ["#/nonsense", "#/storyPoints", "#/tags/0", "#/title"]);
        for word in ["i32", "struct", "expected", "Note"] {
            assert!(!problem.detail.contains(word), "{}", problem.detail);
        }
    }

    #[test]
    fn what_is_no_json_is_told_by_where_it_breaks_off() {
        let deep = format!(r#"{{"title":{}}}"#, "[".repeat(100_000));
        for (text, pointer) in [
            ("", "#"),
            ("{", "#"),
            (r#"{"title":1"#, "#"),
            (r#"{"title":1,"tags":["#, "#/tags"),
            ("{\"title\":\"\\ud800\"}", "#/title"),
            ("{\"title\":\"T\"} x", "#"),
            ("\u{FEFF}{}", "#"),
            ("nonsense", "#"),
            (&deep, "#/title"),
        ] {
            let shown: String = text.chars().take(40).collect();
            assert_eq!(refusal(text), (400, Some(pointer.to_owned())), "{shown}");
            assert!(strict::<Note>(text.as_bytes()).unwrap_err().detail.contains(" at line 1, column "), "{shown}");
        }
    }

    /// It is put together in memory before its shape is looked at, so what comes behind is not even read.
    #[test]
    fn a_body_of_too_many_values_is_refused_before_its_end() {
        let begun = |tags: usize| format!(r#"{{"title":"T","tags":[{}"#, vec![r#""a""#; tags].join(","));
        // The body, its title and the list are values too.
        let most = VALUES_MAX - 3;
        assert_eq!(strict::<Note>(format!("{}]}}", begun(most)).as_bytes()).unwrap().tags.len(), most);
        assert_eq!(refusal(&begun(most)).0, 400, "it breaks off");
        let problem = strict::<Note>(begun(most + 1).as_bytes()).unwrap_err();
        assert_eq!((problem.code, problem.errors[0].pointer.as_deref()), (Code::ValidationError, Some("#/tags")));
        assert_eq!(problem.detail, "`tags` holds too many values: a body has 50,000 at most.");
        let objects = format!(r#"{{"title":[{}"#, r#"{"":0},"#.repeat(VALUES_MAX));
        assert_eq!(refusal(&objects), (422, Some("#/title".to_owned())));
        assert_eq!(Patch::<Note>::read(objects.as_bytes()).err().map(|problem| problem.code), Some(Code::ValidationError));
    }

    #[test]
    fn what_is_told_again_of_a_body_is_short_however_long_its_names_are() {
        let name = "A".repeat(150_000);
        let nul = vec![r#""\u0000""#; 2_000].join(",");
        let deep = (0..100).fold(format!("[{nul}]"), |inner, _| format!(r#"{{"{}":{inner}}}"#, "ü".repeat(1_000)));
        let values = vec!["0"; VALUES_MAX].join(",");
        for text in [
            format!(r#"{{"title":"T","{name}":[{nul}]}}"#),
            format!(r#"{{"title":"T","{name}":1,"{name}":2}}"#),
            format!(r#"{{"title":"T","{name}":[{values}]}}"#),
            format!(r#"{{"title":"T","{name}":"#),
            format!(r#"{{"title":"T","more":{deep}}}"#),
        ] {
            let patched = Patch::<Note>::read(text.as_bytes());
            let patched = patched.and_then(|patch| patch.over(Note { title: "T".into(), story_points: None, tags: Vec::new() }));
            for problem in [strict::<Note>(text.as_bytes()).unwrap_err(), patched.unwrap_err()] {
                let told = problem.detail.len() + serde_json::to_string(&problem.errors).unwrap().len();
                let begin: String = text.chars().take(30).collect();
                assert!(told < 200_000, "{begin} is told in {told} bytes");
                assert!(problem.errors.len() <= TOLD_MAX, "{begin} is told by {} mistakes", problem.errors.len());
            }
        }
    }

    #[test]
    fn nobody_is_told_of_types_of_ours() {
        for (told, plainly) in [
            ("invalid type: string \"5\", expected i32", "has to be a whole number."),
            ("invalid type: floating point `5.5`, expected u32", "has to be a whole number."),
            ("invalid value: integer `99999999999`, expected i32", "is too large a number, or too small."),
            ("invalid type: null, expected f64", "has to be a number."),
            ("invalid type: integer `1`, expected a string", "has to be a text."),
            ("invalid type: sequence, expected struct IdeaForm", "has to be an object."),
            ("invalid type: map, expected a sequence", "has to be a list."),
            ("unknown variant `X`, expected one of `A`, `B`", "has to be one of A, B."),
            ("invalid length 1, expected struct Two with 2 elements", "has to be an object."),
            ("something `Else`", "has another shape than is asked for."),
            ("not a day such as 2026-11-23", "cannot be read: not a day such as 2026-11-23."),
        ] {
            assert_eq!(plain(told), plainly);
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
        let nul = patched(r#"{"title":"T\u0000","tags":["a","\u0000"],"storyPoints":"5"}"#).unwrap_err();
        let mut pointers: Vec<_> = nul.errors.iter().filter_map(|wrong| wrong.pointer.as_deref()).collect();
        pointers.sort_unstable();
        assert_eq!(pointers, ["#/storyPoints", "#/tags/1", "#/title"]);
        assert!(Patch::<Note>::read(b"[]").is_err());
        assert!(Patch::<Note>::read(br#"{"title":"x"}"#).unwrap().names(&["tags", "title"]));
    }
}
