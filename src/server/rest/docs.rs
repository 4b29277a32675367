//! The specification as a page, made on the server and served with our own style sheet. It needs no scripts.

use axum::response::{Html, IntoResponse, Response};
use http::HeaderMap;
use http::header::COOKIE;
use serde_json::Value;

use super::PUBLISHED;
use super::problem::Code;
use crate::account::model::Theme;
use crate::server::assets;
use crate::server::markdown::render;
use crate::server::request::cookie_in;
use crate::server::session::THEME_COOKIE;

/// Where the page's theme and style sheet are filled in.
const THEME: &str = "{{theme}}";
const STYLE: &str = "{{style}}";

/// The page.
pub async fn show(headers: HeaderMap) -> Response {
    let theme = headers.contains_key(COOKIE).then(|| cookie_in(&headers, THEME_COOKIE)).flatten();
    let theme = Theme::parse(&theme.unwrap_or_default()).word();
    Html(PUBLISHED.page.replacen(THEME, theme, 1).replacen(STYLE, &assets::paths().style, 1)).into_response()
}

/// The page of a specification.
pub fn page(document: &Value) -> String {
    let text = |value: &Value| escaped(value.as_str().unwrap_or_default());
    let tags: Vec<&Value> = document["tags"].as_array().into_iter().flatten().collect();
    let link = |name: String| format!(r##"<li><a href="#{}">{name}</a></li>"##, anchor(&name));
    let links: String = tags.iter().map(|tag| link(text(&tag["name"]))).collect();
    let contents = format!(r##"<ul>{links}<li><a href="#problems">Problems</a></li><li><a href="#schemas">Schemas</a></li></ul>"##);
    let groups: String = tags.iter().map(|tag| group(document, tag)).collect();
    let codes: String = Code::ALL
        .into_iter()
        .map(|code| {
            let (word, status, meaning) = code.texts();
            format!(r#"<tr id="{word}"><th scope="row"><code>{word}</code></th><td>{status}</td><td>{}</td></tr>"#, inline(meaning))
        })
        .collect();
    let about = render(document["info"]["description"].as_str().unwrap_or_default());
    let about = about.as_str();
    let schemas: String =
        document["components"]["schemas"].as_object().into_iter().flatten().map(|(name, schema)| schema_block(name, schema)).collect();
    format!(
        r##"<!DOCTYPE html>
<html lang="en" data-theme="{THEME}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="{STYLE}">
<title>REST API · ProdMatic</title>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<div class="api">
<nav class="api-nav" aria-label="Contents"><a href="/">ProdMatic</a><div class="api-wide">{contents}</div><details class="api-narrow"><summary>Contents</summary>{contents}</details></nav>
<main id="content" class="stack" tabindex="-1">
<h1>REST API</h1>
{about}
<p><a href="/api/v1/openapi.json">The specification as OpenAPI 3.1</a></p>
<pre tabindex="0" role="region" aria-label="Example">curl -H "Authorization: Bearer pm_…" "{server}/api/v1/orgs/demo/products/demo-product/ideas?limit=5"</pre>
{groups}
<section aria-labelledby="problems"><h2 id="problems">Problems</h2>
<div class="table-scroll" tabindex="0" role="region" aria-label="Table of problems"><table class="table"><thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Meaning</th></tr></thead><tbody>{codes}</tbody></table></div></section>
<section aria-labelledby="schemas"><h2 id="schemas">Schemas</h2>{schemas}</section>
</main>
</div>
</body>
</html>
"##,
        server = "https://pm.example.com",
    )
}

/// Markdown of one paragraph, without that paragraph's own element.
fn inline(markdown: &str) -> String {
    let html = render(markdown);
    let html = html.as_str().trim();
    let inner = html.strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>"));
    inner.filter(|inner| !inner.contains("<p>")).unwrap_or(html).to_owned()
}

/// Where a group is found: an id is one word.
fn anchor(name: &str) -> String {
    name.replace(' ', "-")
}

/// A group of routes.
fn group(document: &Value, tag: &Value) -> String {
    let name = escaped(tag["name"].as_str().unwrap_or_default());
    let mut routes = String::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            if operation["tags"][0] == tag["name"] {
                routes += &route(path, method, operation);
            }
        }
    }
    let about = inline(tag["description"].as_str().unwrap_or_default());
    let id = anchor(&name);
    format!(r#"<section aria-labelledby="{id}"><h2 id="{id}">{name}</h2><p class="muted">{about}</p>{routes}</section>"#)
}

/// One route, folded until it is looked at.
fn route(path: &str, method: &str, operation: &Value) -> String {
    let verb = method.to_uppercase();
    let parameters: String = operation["parameters"].as_array().into_iter().flatten().map(parameter).collect();
    let parameters = match parameters.is_empty() {
        true => parameters,
        false => format!(
            r#"<div class="table-scroll" tabindex="0" role="region" aria-label="Parameters"><table class="table"><thead><tr><th scope="col">Parameter</th><th scope="col">In</th><th scope="col">Meaning</th></tr></thead><tbody>{parameters}</tbody></table></div>"#
        ),
    };
    let body = &operation["requestBody"]["content"]["application/json"];
    let body = if body.is_object() { example("Body", body) } else { String::new() };
    let mut answers = String::new();
    for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
        let content = ["application/json", "text/csv"].into_iter().map(|kind| &answer["content"][kind]).find(|content| content.is_object());
        if let Some(content) = content {
            answers += &example(&format!("Answer {status}"), content);
        } else if status.starts_with('2') {
            answers += &format!("<h3>Answer {status}</h3><p>Without a body.</p>");
        }
    }
    let refusals = operation["responses"].as_object().into_iter().flatten().filter_map(|(status, answer)| {
        let code = answer["$ref"].as_str()?.rsplit('/').next()?;
        Some(format!(r##"<a href="#{code}">{status}</a>"##))
    });
    let refusals = refusals.collect::<Vec<_>>().join(", ");
    let summary = inline(operation["summary"].as_str().unwrap_or_default());
    let description = render(operation["description"].as_str().unwrap_or_default());
    let description = description.as_str();
    format!(
        r#"<details class="card api-route"><summary><span class="api-verb" data-verb="{verb}">{verb}</span> <code>{}</code> <span class="muted">{summary}</span></summary>
<div class="stack">{description}{parameters}{body}{answers}<p class="muted">Refusals: {refusals}</p></div></details>"#,
        escaped(path)
    )
}

fn parameter(parameter: &Value) -> String {
    let text = |value: &Value| escaped(value.as_str().unwrap_or_default());
    let schema = escaped(&parameter["schema"].to_string());
    let needed = if parameter["required"] == Value::Bool(true) { " (needed)" } else { "" };
    format!(
        r#"<tr><th scope="row"><code>{}</code>{needed}</th><td>{}</td><td>{} <code>{schema}</code></td></tr>"#,
        text(&parameter["name"]),
        text(&parameter["in"]),
        inline(parameter["description"].as_str().unwrap_or_default())
    )
}

fn example(heading: &str, content: &Value) -> String {
    let name = content["schema"]["$ref"].as_str().and_then(|way| way.rsplit('/').next()).map(escaped);
    let name = name.map(|name| format!(r##" <a href="#schema-{name}">{name}</a>"##)).unwrap_or_default();
    let text = match content["example"].as_str() {
        Some(text) => escaped(text),
        None => escaped(&serde_json::to_string_pretty(&content["example"]).unwrap_or_default()),
    };
    format!(r#"<h3>{heading}{name}</h3><pre tabindex="0" role="region" aria-label="{heading}, an example">{text}</pre>"#)
}

fn schema_block(name: &str, schema: &Value) -> String {
    let (name, text) = (escaped(name), escaped(&serde_json::to_string_pretty(schema).unwrap_or_default()));
    format!(
        r#"<details class="card" id="schema-{name}"><summary>{name}</summary><pre tabindex="0" role="region" aria-label="Schema {name}">{text}</pre></details>"#
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_read_as_markdown() {
        for (text, html) in [
            ("On the page *Tokens*.", "On the page <em>Tokens</em>."),
            ("**Lists** of `limit` rows", "<strong>Lists</strong> of <code>limit</code> rows"),
            ("Everything (`*`), groups such as `idea.*`", "Everything (<code>*</code>), groups such as <code>idea.*</code>"),
            ("2 * 3 < 7, and a ` alone", "2 * 3 &lt; 7, and a ` alone"),
            ("", ""),
        ] {
            assert_eq!(inline(text), html);
        }
        assert_eq!(inline("One.\n\nTwo."), "<p>One.</p>\n<p>Two.</p>");
    }
}
