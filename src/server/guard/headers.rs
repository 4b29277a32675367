//! What every response says to the browser about safety.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, STRICT_TRANSPORT_SECURITY};
use http::{HeaderMap, HeaderValue};
use leptos::nonce::Nonce;

use super::address::Visitor;
use crate::server::request::Settings;

/// The same for every response. A permission that the browser does not know would be a warning in its console.
const ALWAYS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// What is not a page loads nothing and runs nothing, even when it is opened by itself, as an uploaded picture may be.
const NOT_A_PAGE: &str = "default-src 'none'; frame-ancestors 'none'";

/// A year, as the lists of browsers ask for. Nothing is said of other names under ours, which are not ours to bind.
const HTTPS_ONLY: &str = "max-age=31536000";

/// Writes the headers of every response; pages are for one person and are never kept by a cache between. The request gets the
/// nonce that the page's own scripts bear, new each time.
pub async fn write(State(settings): State<Arc<Settings>>, mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    request.extensions_mut().insert(nonce.clone());
    let https = request.extensions().get::<Visitor>().is_some_and(|visitor| visitor.https);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if https {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HTTPS_ONLY));
    }
    let page = is_page(headers);
    let policy = page.then(|| HeaderValue::from_str(&policy(&nonce, &settings.guard.form_origins)).ok()).flatten();
    headers.insert(CONTENT_SECURITY_POLICY, policy.unwrap_or(HeaderValue::from_static(NOT_A_PAGE)));
    if page || !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    response
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// What a page may load and run: our own files, and the scripts in it that bear the nonce. Styles come from files alone.
///
/// Chromium holds the redirect after a form to `form-action` too, hence the other origins that forms may lead to.
fn policy(nonce: &str, form_origins: &[String]) -> String {
    let forms: String = form_origins.iter().map(|origin| format!(" {origin}")).collect();
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'{forms}; frame-ancestors 'none'; base-uri 'none'; \
         object-src 'none'"
    )
}
