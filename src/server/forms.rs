//! Server functions as the browser reaches them: by script, or by a plain form.
//!
//! A plain form that is refused comes back as the page it was on, with every message beside its field and
//! everything typed still in place; the framework's own way would lose the typed text.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRef, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use leptos::nonce::Nonce;
use leptos::prelude::{LeptosOptions, provide_context, use_context};
use server_fn::redirect::REDIRECT_HEADER;
use url::form_urlencoded;

use super::guard::body;
use super::guard::refusal::referred;
use super::request::{AppState, cookie, header};
use super::session;
use crate::account::model::{Theme, own_path};
use crate::app::{self, SitePaths};
use crate::kernel::error::AppError;
use crate::kernel::text::query_value;
use crate::ui::form::{Returned, Told, VERSION};
use crate::ui::mail::MailGoesOut;

/// What somebody is told whose page sends a form that there is no more.
const UPDATED: &str = "This program was updated while the page was open. Copy what you still need, and load the page again.";

/// What is needed to answer a form: the state that pages are rendered with.
#[derive(Clone)]
pub struct Web {
    pub state: AppState,
    pub paths: SitePaths,
}

/// The framework asks for its own options; the address, the folder and the names in them are not used.
impl FromRef<Web> for LeptosOptions {
    fn from_ref(_: &Web) -> Self {
        LeptosOptions::builder().output_name("prodmatic").build()
    }
}

impl Web {
    /// Gives views and server functions what they look for.
    pub fn provide(&self) {
        if let Some(parts) = use_context::<Parts>() {
            // The one that the response's policy will name.
            if let Some(nonce) = parts.extensions.get::<Nonce>() {
                provide_context(nonce.clone());
            }
            provide_context(Theme::parse(&cookie(&parts, session::THEME_COOKIE).unwrap_or_default()));
        }
        provide_context(self.state.clone());
        provide_context(self.paths.clone());
        provide_context(MailGoesOut(self.state.settings.mail.is_smtp()));
    }

    /// Renders the page that the request asks for, with a refused form in it if there is one.
    pub async fn page(&self, request: Request<Body>, returned: Option<Returned>) -> Response {
        let (web, paths) = (self.clone(), self.paths.clone());
        let context = move || {
            web.provide();
            if let Some(returned) = returned.clone() {
                provide_context(returned);
            }
        };
        leptos_axum::render_app_async_with_context(context, move || app::shell(paths.clone()))(request).await.into_response()
    }

    /// After a plain form that was refused: its page once more, with what is wrong and what was typed.
    pub async fn refused(&self, parts: Parts, page: String, values: Vec<(String, String)>, error: AppError) -> Response {
        let page = match error {
            // The sign-in page shows what was typed, since it cannot be saved.
            AppError::Unauthorized => format!("/signin?next={}", query_value(&page)),
            _ => page,
        };
        let status = error.status();
        let retry_after = if let AppError::RateLimited(seconds) = error { Some(seconds) } else { None };
        let told = Told::default();
        let function = parts.uri.path().to_owned();
        let returned = Returned { function, page: page.clone(), values, error, homeless: false, told: told.clone() };
        let request = || {
            let mut request = Request::from_parts(parts.clone(), Body::empty());
            *request.method_mut() = Method::GET;
            *request.uri_mut() = page.parse().unwrap_or_default();
            request.headers_mut().remove(CONTENT_TYPE);
            request.headers_mut().remove(CONTENT_LENGTH);
            request
        };
        let mut response = self.page(request(), Some(returned.clone())).await;
        // Where the form has gone from its page meanwhile, the page itself tells of it.
        if !told.is_noted() {
            response = self.page(request(), Some(Returned { homeless: true, ..returned })).await;
        }
        if response.status() == StatusCode::OK {
            *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
        }
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl Web {
    /// After a form with a file in it, which no server function reads: leads to the address, or says on the form's page what is
    /// wrong and what was typed. Our script is told either, and does it by itself.
    pub async fn led(&self, parts: Parts, page: String, typed: Vec<(String, String)>, outcome: Result<String, AppError>) -> Response {
        match (outcome, is_plain(&parts)) {
            (Ok(to), true) => Redirect::to(&to).into_response(),
            (Ok(to), false) => [(REDIRECT_HEADER, String::new()), (LOCATION.as_str(), to)].into_response(),
            (Err(error), true) => self.refused(parts, page, typed, error).await,
            (Err(error), false) => refusal(&error),
        }
    }
}

/// Whether a browser sent the form by itself, and wants a page.
fn is_plain(parts: &Parts) -> bool {
    header(parts, &ACCEPT).contains("text/html")
}

/// Answers `/api/{function}`.
pub async fn handle(State(web): State<Web>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    // The guard has read and measured it.
    let body = to_bytes(body, body::MAX).await.unwrap_or_default();
    if parts.method != Method::POST {
        // Somebody has followed or reloaded a form's address.
        return web.page(Request::from_parts(parts, Body::empty()), None).await;
    }
    let plain = is_plain(&parts);
    let outcome = run(&web, &parts, body.clone(), plain).await;
    match outcome {
        Ok(response) if plain => onward(&page_of(&parts, &body), &response),
        Ok(response) => response,
        Err(error) if plain => {
            let page = page_of(&parts, &body);
            web.refused(parts, page, typed(&body), error).await
        }
        Err(error) => refusal(&error),
    }
}

/// Runs the server function; its own error is taken out of the response again, to get the status it deserves.
async fn run(web: &Web, parts: &Parts, body: Bytes, plain: bool) -> Result<Response, AppError> {
    let mut parts = parts.clone();
    if plain {
        // Else the framework answers with its own redirect.
        parts.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    }
    let web = web.clone();
    let request = Request::from_parts(parts, Body::from(body));
    let response = leptos_axum::handle_server_fns_with_context(move || web.provide(), request).await.into_response();
    // How the framework says that it knows no such function: the page was there before an update that has another in its place.
    if response.status() == StatusCode::BAD_REQUEST {
        return Err(AppError::Conflict(UPDATED.into()));
    }
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return Ok(response);
    }
    let body = to_bytes(response.into_body(), body::MAX).await.unwrap_or_default();
    Err(serde_json::from_slice(&body).unwrap_or_else(|_| AppError::field("", "The form did not arrive whole. Please try again.")))
}

/// The refusal as our script reads it.
fn refusal(error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_vec(error).unwrap_or_default();
    let mut response = (status, [(CONTENT_TYPE, "application/json")], body).into_response();
    if let AppError::RateLimited(seconds) = error {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}

/// After a plain form that was accepted: to where the function points, else to the page it came from.
fn onward(page: &str, done: &Response) -> Response {
    let target = done.headers().get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or(page);
    let mut response = Redirect::to(target).into_response();
    for cookie in done.headers().get_all(http::header::SET_COOKIE) {
        response.headers_mut().append(http::header::SET_COOKIE, cookie.clone());
    }
    response
}

/// The fields of the form by name, less passwords, which are never written into a page; and what it was filled from.
fn typed(body: &[u8]) -> Vec<(String, String)> {
    let key = |name: &str| match name {
        "version" => Some(VERSION.to_owned()),
        name => Some(name.strip_prefix("form[")?.strip_suffix(']')?.to_owned()),
    };
    form_urlencoded::parse(body)
        .filter_map(|(name, value)| Some((key(&name)?, value.into_owned())))
        .filter(|(name, _)| !name.contains("password"))
        .collect()
}

/// The page of ours that the form was on, by its path and query: as the form says, else as the browser does.
fn page_of(parts: &Parts, body: &[u8]) -> String {
    let said = form_urlencoded::parse(body).find(|(name, _)| name == "page").map(|(_, page)| own_path(&page));
    said.or_else(|| referred(&parts.headers)).filter(|page| !page.starts_with("/api/")).unwrap_or_else(|| "/".to_owned())
}

#[cfg(test)]
mod tests {
    use http::header::{HOST, REFERER};

    use super::*;

    #[test]
    fn passwords_are_not_given_back() {
        let typed = typed(b"form%5Bemail%5D=a%40b.c&form[password]=secret&org=demo&version=7");
        assert_eq!(typed, vec![("email".into(), "a@b.c".into()), (VERSION.into(), "7".into())]);
    }

    #[test]
    fn only_pages_of_ours_are_gone_back_to() {
        let page = |referer: &str| {
            let request = http::Request::builder().header(HOST, "pm.example").header(REFERER, referer).body(()).unwrap();
            page_of(&request.into_parts().0, b"")
        };
        assert_eq!(page("https://pm.example/orgs/a?x=1"), "/orgs/a?x=1");
        assert_eq!(page("https://evil.example/orgs/a"), "/");
        assert_eq!(page("https://pm.example//evil.example"), "/");
        assert_eq!(page("nonsense"), "/");
        let nowhere = http::Request::builder().body(()).unwrap().into_parts().0;
        assert_eq!(page_of(&nowhere, b"page=%2Forgs%2Fa%3Fx%3D1&org=a"), "/orgs/a?x=1");
        assert_eq!(page_of(&nowhere, b"page=%2F%2Fevil.example"), "/");
        assert_eq!(page_of(&nowhere, b"page=%2Fapi%2Fsign_up1"), "/");
    }
}
