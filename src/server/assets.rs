//! The files of the site: script, WASM, style sheet, pictures. They are inside the binary, which puts them in here.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use http::{HeaderMap, StatusCode};
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

use crate::app::SitePaths;
use crate::kernel::color::{Color, accent_css};

/// A file of the site, as it is and in the encodings that browsers take.
pub struct Asset {
    pub path: &'static str,
    pub raw: &'static [u8],
    pub brotli: &'static [u8],
    pub gzip: &'static [u8],
}

static SITE: OnceLock<&[Asset]> = OnceLock::new();

/// Takes the files that are inside the program; to be called once, before anything is served.
pub fn put_in(files: &'static [Asset]) {
    let _ = SITE.set(files);
}

fn files() -> &'static [Asset] {
    SITE.get().copied().unwrap_or_default()
}

/// Paths under this folder carry a hash of their content.
const HASHED: &str = "/pkg/";
/// What is made of a name may be made otherwise by the next version.
const FOR_A_DAY: &str = "public, max-age=86400";

/// The addresses of script, WASM and style sheet, which change with their content.
pub fn paths() -> SitePaths {
    let find = |named: fn(&str) -> bool, otherwise: &str| {
        files()
            .iter()
            .map(|asset| asset.path)
            .find(|path| path.starts_with(HASHED) && path.rsplit('/').next().is_some_and(named))
            .unwrap_or(otherwise)
            .to_owned()
    };
    SitePaths {
        script: find(|name| name == "prodmatic.js", "/pkg/prodmatic.js"),
        wasm: find(|name| name == "prodmatic_bg.wasm", "/pkg/prodmatic.wasm"),
        style: find(|name| name.ends_with(".css"), "/pkg/prodmatic.css"),
    }
}

/// The file at this path, if there is one.
pub async fn serve(path: &str, headers: &HeaderMap) -> Option<Response> {
    if let Some(hex) = path.strip_prefix("/accent/").and_then(|name| name.strip_suffix(".css")) {
        return accent(hex);
    }
    match files().iter().find(|asset| asset.path == path) {
        Some(asset) => Some(embedded(asset, headers)),
        None if files().is_empty() => from_disk(path).await,
        None => None,
    }
}

/// The style sheet of an accent colour. Its name says all that is in it.
fn accent(hex: &str) -> Option<Response> {
    let color = Color::parse(&format!("#{hex}"))?;
    let css = accent_css(&color.hex()).unwrap_or_default();
    Some(([(CONTENT_TYPE, media_type(".css")), (CACHE_CONTROL, FOR_A_DAY)], css).into_response())
}

fn embedded(asset: &Asset, headers: &HeaderMap) -> Response {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts = |name: &str| accepted.split(',').any(|item| item.split(';').next().is_some_and(|n| n.trim() == name));
    let worth_it = |packed: &[u8]| (1..asset.raw.len()).contains(&packed.len());
    let (encoding, body) = if accepts("br") && worth_it(asset.brotli) {
        (Some("br"), asset.brotli)
    } else if accepts("gzip") && worth_it(asset.gzip) {
        (Some("gzip"), asset.gzip)
    } else {
        (None, asset.raw)
    };
    let lifetime = if asset.path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    let mut response =
        ([(CONTENT_TYPE, media_type(asset.path)), (CACHE_CONTROL, lifetime), (VARY, "accept-encoding")], body).into_response();
    if let Some(encoding) = encoding {
        response.headers_mut().insert(CONTENT_ENCODING, http::HeaderValue::from_static(encoding));
    }
    response
}

/// While developing, the files lie in the folder that the build tool names.
async fn from_disk(path: &str) -> Option<Response> {
    let root = std::env::var("LEPTOS_SITE_ROOT").unwrap_or_else(|_| "target/site".into());
    let relative = Path::new(path.trim_start_matches('/'));
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let file = tokio::fs::read(PathBuf::from(root).join(relative)).await.ok()?;
    Some((StatusCode::OK, [(CONTENT_TYPE, media_type(path)), (CACHE_CONTROL, "no-cache")], Body::from(file)).into_response())
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("txt") => "text/plain; charset=utf-8",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
