//! What somebody is told whose request was not let through: a page for a person, an error for a script.

use axum::response::{Html, IntoResponse, Response};
use http::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::kernel::error::AppError;
use crate::server::assets;

/// Refuses the request with these headers.
pub fn refuse(asked: &HeaderMap, status: StatusCode, heading: &str, told: &AppError) -> Response {
    let for_a_person = asked.get(ACCEPT).and_then(|kinds| kinds.to_str().ok()).is_some_and(|kinds| kinds.contains("text/html"));
    let mut response = match for_a_person {
        true => (status, Html(page(heading, &words(told)))).into_response(),
        false => (status, [(CONTENT_TYPE, "application/json")], serde_json::to_vec(told).unwrap_or_default()).into_response(),
    };
    if let AppError::RateLimited(seconds) = told {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}

fn words(error: &AppError) -> String {
    error.of_field("").unwrap_or_else(|| error.to_string())
}

/// A page of its own: rendering the application's is what there may be no room for. The texts are ours and need no escaping.
fn page(heading: &str, text: &str) -> String {
    let style = assets::paths().style;
    format!(
        r#"<!DOCTYPE html>
<html lang="en" data-theme="system">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="{style}">
<title>{heading} · ProdMatic</title>
</head>
<body>
<main class="bare">
<section class="empty">
<h1>{heading}</h1>
<p>{text} If you came from a form, go back to send it again.</p>
<a class="button" href="/">Go to the start page</a>
</section>
</main>
</body>
</html>
"#
    )
}
