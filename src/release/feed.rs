//! The published changelog as an Atom feed (RFC 4287): `/p/{org}/{key}/changelog.atom`.

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use chrono::SecondsFormat;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LAST_MODIFIED};
use http::request::Parts;
use http::{HeaderMap, StatusCode};

use super::model::{PublicChangelog, PublicRelease, by_kind};
use super::store::changelog;
use crate::kernel::error::AppError;
use crate::kernel::text::query_value;
use crate::kernel::time::Timestamp;
use crate::server::forms::Web;
use crate::server::id::hash_bytes;
use crate::server::request::caller_of;
use crate::server::scope::Public;

/// Whoever keeps the feed asks again after a minute.
const KEPT: &str = "public, max-age=60";

/// The feed, or nothing for a product whose changelog is not public.
pub async fn as_atom(State(web): State<Web>, Path((org, key)): Path<(String, String)>, request: Request) -> Response {
    let parts = request.into_parts().0;
    // Postgres takes no NUL byte, not even to say that nothing has that name.
    let (org, key) = (org.replace('\0', "\u{FFFD}"), key.replace('\0', "\u{FFFD}"));
    match read(&web, &parts, &org, &key).await {
        Ok(log) => answer(&parts.headers, &log, &page_of(&web.state.settings.url, &org, &key)),
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, error.to_string()).into_response()
        }
    }
}

async fn read(web: &Web, parts: &Parts, org: &str, key: &str) -> Result<PublicChangelog, AppError> {
    let mut public = Public::open(&web.state.pool, caller_of(parts)).await?;
    changelog::published(&mut public, org, key).await
}

fn page_of(url: &str, org: &str, key: &str) -> String {
    format!("{url}/p/{}/{}/changelog", query_value(org), query_value(key))
}

fn answer(asked: &HeaderMap, log: &PublicChangelog, page: &str) -> Response {
    let feed = feed(log, page);
    let tag = format!("\"{}\"", &hash_bytes(feed.as_bytes())[..32]);
    let headers = [
        (CONTENT_TYPE, "application/atom+xml; charset=utf-8".to_owned()),
        (CACHE_CONTROL, KEPT.to_owned()),
        (ETAG, tag.clone()),
        // RFC 9110, 5.6.7. What was taken back leaves no date, so only the tag says that nothing has changed.
        (LAST_MODIFIED, log.updated.format("%a, %d %b %Y %H:%M:%S GMT").to_string()),
    ];
    let known = asked.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let same = known.split(',').map(|one| one.trim().trim_start_matches("W/")).any(|one| one == tag || one == "*");
    if same { (StatusCode::NOT_MODIFIED, headers).into_response() } else { (headers, feed).into_response() }
}

/// The feed's text.
fn feed(log: &PublicChangelog, page: &str) -> String {
    let entries: String = log.releases.iter().map(|release| entry(log, release, page)).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <id>{page}</id>\n<title>{} changelog</title>\n<updated>{}</updated>\n<author><name>{}</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{page}.atom\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"{page}\"/>\n\
         {entries}</feed>\n",
        xml(&log.product),
        instant(log.updated),
        xml(&log.organization),
        page = xml(page),
    )
}

fn entry(log: &PublicChangelog, release: &PublicRelease, page: &str) -> String {
    format!(
        "<entry>\n<id>{}</id>\n<title>{} {}</title>\n<published>{}</published>\n<updated>{}</updated>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{}#{}\"/>\n<content type=\"html\">{}</content>\n</entry>\n",
        name_of(&release.id),
        xml(&log.product),
        xml(&release.version),
        instant(release.released),
        instant(release.updated),
        xml(page),
        xml(&release.id),
        xml(&content(release)),
    )
}

/// The changes of a release as HTML.
fn content(release: &PublicRelease) -> String {
    let mut html = String::new();
    for (kind, changes) in by_kind(release.changes.clone(), |change| change.kind) {
        html += &format!("<h3>{}</h3><ul>", kind.label());
        for change in changes {
            html += &format!("<li><p><strong>{}</strong></p>{}</li>", xml(&change.title), change.html.as_str());
        }
        html += "</ul>";
    }
    html
}

/// A name for a release that is the same wherever the server stands: a UUID made of its id (RFC 9562, 5.8).
fn name_of(id: &str) -> String {
    let hash = hash_bytes(id.as_bytes());
    format!("urn:uuid:{}-{}-8{}-8{}-{}", &hash[..8], &hash[8..12], &hash[13..16], &hash[17..20], &hash[20..32])
}

/// RFC 3339, as RFC 4287 wants it.
fn instant(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A text inside of XML: escaped, and without what XML 1.0 (2.2) cannot hold at all.
fn xml(text: &str) -> String {
    let allowed = |c: &char| matches!(c, '\t' | '\n' | '\r') || (*c >= ' ' && !matches!(c, '\u{FFFE}' | '\u{FFFF}'));
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars().filter(allowed) {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_place() {
        assert_eq!(xml("a<b>&\"'\u{1}\u{FFFF}é🚀\n"), "a&lt;b&gt;&amp;&quot;&#39;é🚀\n");
    }

    #[test]
    fn a_release_keeps_its_name() {
        let name = name_of("cabc");
        assert_eq!(name, name_of("cabc"));
        assert_ne!(name, name_of("cabd"));
        let groups: Vec<usize> = name.trim_start_matches("urn:uuid:").split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12]);
    }
}
