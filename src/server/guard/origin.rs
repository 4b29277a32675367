//! Whether a request that changes something was sent from a page of ours: Leptos has no such defence of its own.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{HOST, ORIGIN, REFERER};
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use super::refusal::refuse;
use crate::kernel::error::AppError;
use crate::server::request::{Settings, cookie_in};
use crate::server::session;

/// Whether a request of this method changes nothing.
pub fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Refuses an unsafe request that another site's page has made the browser send.
pub async fn same_origin(State(settings): State<Arc<Settings>>, request: Request, next: Next) -> Response {
    if is_safe(request.method()) || comes_from_here(request.headers(), Own::of(&settings)) {
        return next.run(request).await;
    }
    let told = AppError::Conflict("This request came from another site, so nothing was done.".into());
    refuse(request.headers(), StatusCode::FORBIDDEN, "Not from here", &told)
}

/// `Sec-Fetch-Site` where the browser sends it, else `Origin`, else `Referer`. A request with none of them is a program's and may
/// pass, but not with a session's cookie: a browser that hides where it comes from is not told from one that was made to send it.
fn comes_from_here(headers: &HeaderMap, own: Own<'_>) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match text(ORIGIN.as_str()).or_else(|| text(REFERER.as_str())) {
        Some(from) => is_ours(from, text(HOST.as_str()), own),
        None => cookie_in(headers, session::COOKIE).is_none(),
    }
}

/// What is known of this server's own address.
#[derive(Debug, Clone, Copy)]
enum Own<'a> {
    /// The person who runs the server has given it.
    Given(&'a str),
    /// It was not given: then a page is ours that is at the host that was asked.
    Asked,
}

impl Own<'_> {
    fn of(settings: &Settings) -> Own<'_> {
        if settings.url_is_given { Own::Given(&settings.url) } else { Own::Asked }
    }
}

/// Whether an address is of this server. Where its own is known, scheme, host and port have to be the same: a page at the same
/// host by plain http may be anybody's who sits between.
fn is_ours(from: &str, host: Option<&str>, own: Own<'_>) -> bool {
    let Ok(from) = Url::parse(from) else { return false };
    match own {
        Own::Given(own) => Url::parse(own).is_ok_and(|own| own.origin() == from.origin()),
        Own::Asked => matches!(from.scheme(), "http" | "https") && host.is_some_and(|host| from.authority().eq_ignore_ascii_case(host)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    fn passes_at(own: Own<'_>, pairs: &[(&'static str, &'static str)]) -> bool {
        let host = [("host", "pm.example")];
        let all = host.iter().chain(pairs);
        let headers = all.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect();
        comes_from_here(&headers, own)
    }

    fn passes(pairs: &[(&'static str, &'static str)]) -> bool {
        passes_at(Own::Asked, pairs)
    }

    #[test]
    fn another_site_is_refused() {
        assert!(!passes(&[("sec-fetch-site", "cross-site")]));
        assert!(!passes(&[("sec-fetch-site", "same-site")]));
        assert!(!passes(&[("sec-fetch-site", "cross-site"), ("origin", "https://pm.example")]));
        for origin in ["https://evil.example", "null", "", "https://pm.example.evil.example", "https://evil.example/pm.example"] {
            assert!(!passes(&[("origin", origin)]), "{origin}");
        }
        assert!(!passes(&[("origin", "https://pm.example@evil.example")]));
        assert!(!passes(&[("origin", "ftp://pm.example")]));
        assert!(!passes(&[("origin", "https://pm.example:8443")]));
        assert!(!passes(&[("origin", "https://public.example")]));
        assert!(!passes(&[("referer", "https://evil.example/pm.example")]));
    }

    #[test]
    fn our_own_pages_pass() {
        assert!(passes(&[("sec-fetch-site", "same-origin")]));
        assert!(passes(&[("origin", "https://pm.example")]));
        assert!(passes(&[("referer", "https://pm.example/orgs/demo"), ("cookie", "prodmatic_session=x")]));
    }

    #[test]
    fn where_the_address_is_given_it_alone_is_ours() {
        let passes = |origin: &'static str| passes_at(Own::Given("https://public.example"), &[("origin", origin)]);
        assert!(passes("https://public.example") && passes("https://public.example:443"), "a proxy may keep the host to itself");
        assert!(!passes("http://public.example"), "another scheme is another origin");
        assert!(!passes("https://public.example:8443") && !passes("null") && !passes("https://evil.example"));
        assert!(!passes("https://pm.example"), "what the request says of the host does not count");
        assert!(passes_at(Own::Given("https://public.example"), &[("sec-fetch-site", "same-origin")]), "the browser's word comes first");
    }

    #[test]
    fn a_program_passes_but_not_with_a_browsers_session() {
        assert!(passes(&[]));
        assert!(passes(&[("authorization", "Bearer pm_x")]));
        assert!(passes(&[("cookie", "prodmatic_theme=dark")]));
        assert!(!passes(&[("cookie", "prodmatic_theme=dark; prodmatic_session=x")]));
        assert!(passes(&[("cookie", "prodmatic_session=x"), ("origin", "https://pm.example")]));
    }
}
