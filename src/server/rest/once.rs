//! What is to be done once, however often it is sent.

use axum::body::Bytes;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};

use super::perform::told;
use super::problem::{Code, Problem};
use super::store::Kept;
use crate::server::id::hash;
use crate::server::request::Settings;
use crate::server::scope::Scope;

/// A header by which a client says that a request is the same as an earlier one.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Says of an answer that it is the one of that earlier request.
const REPLAYED: &str = "idempotency-replayed";

/// A request that is to be done once, however often it is sent.
pub struct Once {
    pub token_id: String,
    pub key: String,
    /// Of what was sent, to tell another request with the same key.
    pub hash: String,
}

impl Once {
    /// What is said of that, if it is; only of what changes something, by a token.
    ///
    /// # Errors
    /// Of the header, for what is no key.
    pub fn of(parts: &Parts, body: &Bytes, scope: &Scope) -> Result<Option<Once>, Problem> {
        let Some(header) = parts.headers.get(IDEMPOTENCY_KEY).filter(|_| parts.method == Method::POST) else { return Ok(None) };
        let visible = |key: &&str| (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        let key = header.to_str().ok().filter(visible);
        let key = key.ok_or_else(|| Problem::header("Idempotency-Key", "Use 1 to 255 visible characters of ASCII."))?;
        let Some(grant) = scope.grant() else { return Ok(None) };
        let address = parts.uri.path_and_query().map(|address| address.as_str()).unwrap_or_default();
        let hash = hash(&format!("{address}\n{}", String::from_utf8_lossy(body)));
        Ok(Some(Once { token_id: grant.token_id.clone(), key: key.to_owned(), hash }))
    }

    /// The answer that was given the first time.
    ///
    /// # Errors
    /// Of the header where something else was sent then; `CONFLICT` while there is no answer yet.
    pub fn again(&self, settings: &Settings, kept: Kept) -> Result<Response, Problem> {
        if kept.request_hash != self.hash {
            let told = "Another request was sent with this key already. Use a new key for each request.";
            return Err(Problem::header("Idempotency-Key", told));
        }
        let status = kept.status.and_then(|status| StatusCode::from_u16(u16::try_from(status).ok()?).ok());
        let status = status.ok_or_else(|| Problem::new(Code::Conflict, "The first request with this key is still under way."))?;
        let body = kept.body.map(|body| settings.key.open(&body)).transpose()?;
        let mut response = told(status, kept.location, kept.etag, body);
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        Ok(response)
    }
}
