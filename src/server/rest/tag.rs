//! Entity tags (RFC 9110, section 8.8.3): what an answer is known by, and what a request is bound to by them.

use http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH};
use http::request::Parts;
use http::{HeaderValue, Method};

use super::problem::Problem;
use crate::server::id::hash;

/// What an answer is known by: before the point what a `PATCH` changes of it, behind the point all that it says.
pub fn etag(method: &Method, version: Option<String>, body: Option<&str>) -> Option<String> {
    let whole: String = hash(body?).chars().take(16).collect();
    match version {
        Some(version) => Some(format!("\"{version}.{whole}\"")),
        None if is_read(method) => Some(format!("\"{whole}\"")),
        None => None,
    }
}

/// Whether a request of this method only reads.
pub fn is_read(method: &Method) -> bool {
    *method == Method::GET || *method == Method::HEAD
}

/// What a request is bound to: the versions of which a change may be made, and the answers that its sender knows.
type Conditions = (Option<Vec<String>>, Option<Vec<Tag>>);

/// Reads what a request is bound to.
pub fn conditions(parts: &Parts) -> Result<Conditions, Problem> {
    if is_read(&parts.method) {
        return Ok((None, tags(parts, IF_NONE_MATCH, "If-None-Match")?));
    }
    if parts.method != Method::PATCH && parts.headers.contains_key(IF_MATCH) {
        // What cannot be held to must not be passed over.
        return Err(Problem::header("If-Match", "Only a PATCH is bound to an ETag. Leave this header out."));
    }
    let versions = |tags: Vec<Tag>| tags.iter().filter(|tag| !tag.weak).map(|tag| tag.version().to_owned()).collect();
    Ok((tags(parts, IF_MATCH, "If-Match")?.map(versions), None))
}

/// An entity tag that was sent, or `*` for any.
#[derive(Debug, PartialEq, Eq)]
pub struct Tag {
    /// A weak one is good enough to know an answer by, and not to change what it is of (RFC 9110, section 13.1).
    weak: bool,
    text: String,
}

impl Tag {
    /// What it says of what a `PATCH` changes.
    fn version(&self) -> &str {
        self.text.split('.').next().unwrap_or_default()
    }

    /// Whether it stands for the answer with this tag.
    pub fn is(&self, etag: &str) -> bool {
        self.text == "*" || self.text == etag.trim_matches('"')
    }
}

/// The entity tags in a header, if it is there.
///
/// # Errors
/// Of the header, for what is no list of them.
fn tags(parts: &Parts, header: HeaderName, name: &str) -> Result<Option<Vec<Tag>>, Problem> {
    let Some(value) = parts.headers.get(header) else { return Ok(None) };
    let told = "Send the ETag as it was answered, in its quotes, or *.";
    read_tags(value).map(Some).ok_or_else(|| Problem::header(name, told))
}

fn read_tags(header: &HeaderValue) -> Option<Vec<Tag>> {
    let list = header.to_str().ok()?.trim();
    if list == "*" {
        return Some(vec![Tag { weak: false, text: list.to_owned() }]);
    }
    let read = |tag: &str| {
        let quoted = tag.strip_prefix("W/").unwrap_or(tag);
        let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
        let plain = inner.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
        plain.then(|| Tag { weak: quoted != tag, text: inner.to_owned() })
    };
    list.split(',').map(|tag| read(tag.trim())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_as_they_are_written() {
        let read = |text: &'static str| read_tags(&HeaderValue::from_static(text));
        let tag = |weak, text: &str| Tag { weak, text: text.to_owned() };
        assert_eq!(read(r#""a", W/"b.c""#), Some(vec![tag(false, "a"), tag(true, "b.c")]));
        assert_eq!(read("*"), Some(vec![tag(false, "*")]));
        for wrong in ["", "x", "\"x", "W/x", "*, \"x\"", "\"a b\""] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!((tag(false, "b.c").version(), tag(false, "a").version()), ("b", "a"));
        assert!(tag(true, "b.c").is("\"b.c\"") && tag(false, "*").is("\"b.c\"") && !tag(false, "b").is("\"b.c\""));
    }

    #[test]
    fn an_answer_has_a_tag_of_what_it_says() {
        let of = |method: Method, version: Option<&str>, body| etag(&method, version.map(str::to_owned), body);
        let (one, other) = (of(Method::GET, Some("v"), Some("{}")).unwrap(), of(Method::GET, Some("v"), Some("[]")).unwrap());
        assert!(one.starts_with("\"v.") && one != other, "{one} {other}");
        assert_eq!(of(Method::PATCH, Some("v"), Some("{}")), Some(one));
        assert!(of(Method::HEAD, None, Some("{}")).is_some());
        assert_eq!((of(Method::POST, None, Some("{}")), of(Method::DELETE, None, None)), (None, None));
    }
}
