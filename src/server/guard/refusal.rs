//! What somebody is told whose request was not let through: a page for a person, an error for a script.

use axum::response::{Html, IntoResponse, Response};
use http::header::{ACCEPT, CONTENT_TYPE, HOST, REFERER, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use url::Url;

use crate::account::model::own_path;
use crate::kernel::error::AppError;
use crate::server::assets;

/// Refuses the request with these headers.
pub fn refuse(asked: &HeaderMap, status: StatusCode, heading: &str, told: &AppError) -> Response {
    let for_a_person = asked.get(ACCEPT).and_then(|kinds| kinds.to_str().ok()).is_some_and(|kinds| kinds.contains("text/html"));
    let mut response = match for_a_person {
        true => (status, Html(page(heading, &words(told), form_page(asked).as_deref()))).into_response(),
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

/// The page of ours that the request came from, by its path and query, as the browser says.
pub fn referred(asked: &HeaderMap) -> Option<String> {
    let said = |name| asked.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let url = Url::parse(said(REFERER)).ok().filter(|url| url.authority() == said(HOST))?;
    Some(own_path(&url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))))
}

/// The page with the form that was sent, if it was one.
fn form_page(asked: &HeaderMap) -> Option<String> {
    let is_form = asked.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_some_and(|kind| kind.contains("form"));
    referred(asked).filter(|path| is_form && !path.starts_with("/api/"))
}

/// A page of its own: rendering the application's is what there may be no room for. The texts are ours and need no escaping;
/// the way back is escaped.
fn page(heading: &str, text: &str, back: Option<&str>) -> String {
    let style = assets::paths().style;
    let way = back.map_or_else(
        || r#"<p><a class="button" href="/">Go to the start page</a></p>"#.to_owned(),
        |path| {
            let path = path.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
            format!(
                "<p>Your browser's Back button leads to the form, as a rule with the long texts still in it.</p>
<p><a class=\"button\" href=\"{path}\">Open the form's page anew</a></p>"
            )
        },
    );
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
<p>{text}</p>
{way}
</section>
</main>
</body>
</html>
"#
    )
}
