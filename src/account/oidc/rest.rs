//! The journey to an identity provider and back. A browser makes it by itself, so it works with scripts off.

use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use http::header::{REFRESH, SET_COOKIE};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use url::form_urlencoded;

use super::model::{Offer, Problem};
use super::store;
use super::ticket::{self, Ticket};
use crate::account::model::own_path;
use crate::kernel::error::AppError;
use crate::kernel::text::query_value;
use crate::server::forms::Web;
use crate::server::oidc::{Identity, OidcError, Provider};
use crate::server::request::{AppState, Settings, caller_of, cookie};
use crate::server::scope::{Person, Public};
use crate::server::session;
use crate::ui::form::escaped_on_server;

/// The providers of these settings, for people to choose from.
pub fn offers(settings: &Settings) -> Vec<Offer> {
    settings.oidc.iter().map(|provider| Offer { issuer: provider.issuer.clone(), name: provider.name.clone() }).collect()
}

impl From<OidcError> for Problem {
    fn from(error: OidcError) -> Self {
        match error {
            OidcError::Unreachable => Problem::Unreachable,
            OidcError::Untrusted => Problem::Untrusted,
            OidcError::Internal => Problem::Failed,
        }
    }
}

/// `POST /oidc/start` with `issuer`, `next` and, to link instead of signing in, `link`: leads on to the provider.
pub async fn start(State(web): State<Web>, parts: Parts, body: String) -> Response {
    let next = own_path(&value(&body, "next").unwrap_or_default());
    let linking = value(&body, "link").is_some();
    let Some(provider) = web.state.settings.oidc.by_issuer(&value(&body, "issuer").unwrap_or_default()) else {
        return (StatusCode::NOT_FOUND, "This server knows no such identity provider.").into_response();
    };
    match leave(&web.state, &parts, provider, &next, linking).await {
        Ok((address, cookie)) => ([(SET_COOKIE, cookie)], onward(&web.paths.style, &provider.name, &address)).into_response(),
        Err(problem) => Redirect::to(&told(problem, &next, linking)).into_response(),
    }
}

/// The address at the provider, and the cookie to come back with.
async fn leave(state: &AppState, parts: &Parts, provider: &Provider, next: &str, linking: bool) -> Result<(String, HeaderValue), Problem> {
    let link = match linking {
        true => Some(Person::open(&state.pool, &caller_of(parts)).await?.user().id.clone()),
        false => None,
    };
    let (address, secrets) = provider.start().await?;
    let ticket = Ticket::new(&provider.issuer, secrets, next.to_owned(), link).seal(&state.settings.key)?;
    Ok((address, ticket_cookie(parts, &ticket, ticket::SECONDS)?))
}

/// A page that leads to the provider. Were it a redirect, a browser that is told to send forms to this site alone would not follow.
fn onward(style: &str, name: &str, address: &str) -> Response {
    let Ok(refresh) = HeaderValue::from_str(&format!("0; url={address}")) else {
        return Redirect::to("/signin").into_response();
    };
    let (name, href) = (escaped_on_server(name), escaped_on_server(address).replace('"', "&quot;"));
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{name} · ProdMatic</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\
         <link rel=\"icon\" href=\"/icon.svg\"><link rel=\"stylesheet\" href=\"{style}\"></head>\
         <body><main class=\"bare\"><h1>On to {name}</h1><p><a href=\"{href}\">Continue to {name}</a></p></main></body></html>"
    );
    ([(REFRESH, refresh)], Html(page)).into_response()
}

/// `GET /oidc/callback`: where the provider sends people back to.
pub async fn callback(State(web): State<Web>, parts: Parts) -> Response {
    let ticket = cookie(&parts, ticket::COOKIE).and_then(|sealed| Ticket::open(&web.state.settings.key, &sealed));
    let mut response = match ticket {
        None => Redirect::to(&told(Problem::Expired, "/", false)).into_response(),
        Some(ticket) => match arrive(&web.state, &parts, &ticket).await {
            Ok(response) => response,
            Err(problem) => Redirect::to(&told(problem, &ticket.next, ticket.link.is_some())).into_response(),
        },
    };
    // A ticket is good for one journey, whatever came of it.
    if let Ok(used) = ticket_cookie(&parts, "", 0) {
        response.headers_mut().append(SET_COOKIE, used);
    }
    response
}

async fn arrive(state: &AppState, parts: &Parts, ticket: &Ticket) -> Result<Response, Problem> {
    let identity = identify(&state.settings, parts.uri.query().unwrap_or_default(), ticket).await?;
    let caller = caller_of(parts);
    let Some(user) = &ticket.link else {
        let token = store::sign_in(Public::open(&state.pool, caller).await?, &state.settings.key, &identity).await?;
        return Ok(([(SET_COOKIE, session::start_cookie(parts, &token)?)], Redirect::to(&ticket.next)).into_response());
    };
    let person = Person::open(&state.pool, &caller).await?;
    if person.user().id != *user {
        return Err(Problem::SignedOut);
    }
    store::link(person, &state.settings.key, &identity).await?;
    Ok(Redirect::to(&with_query(&ticket.next, "linked=1")).into_response())
}

/// Who came back, as the provider says to us alone.
async fn identify(settings: &Settings, query: &str, ticket: &Ticket) -> Result<Identity, Problem> {
    if value(query, "state").as_ref() != Some(&ticket.state) {
        return Err(Problem::Expired);
    }
    // With several providers, one could send people back with a code of another's (RFC 9207).
    if value(query, "iss").is_some_and(|issuer| issuer != ticket.issuer) {
        return Err(Problem::Untrusted);
    }
    let code = value(query, "code").ok_or(Problem::Declined)?;
    let provider = settings.oidc.by_issuer(&ticket.issuer).ok_or(Problem::Failed)?;
    Ok(provider.finish(code, &ticket.nonce, ticket.verifier.clone()).await?)
}

/// The page that tells of the problem: the one that the person came from to link, else the sign-in page.
fn told(problem: Problem, next: &str, linking: bool) -> String {
    match linking && problem != Problem::SignedOut {
        true => with_query(next, &format!("problem={}", problem.word())),
        false => format!("/signin?problem={}&next={}", problem.word(), query_value(next)),
    }
}

/// The path with this query in place of its own.
fn with_query(path: &str, query: &str) -> String {
    format!("{}?{query}", path.split('?').next().unwrap_or_default())
}

fn ticket_cookie(parts: &Parts, ticket: &str, seconds: i64) -> Result<HeaderValue, AppError> {
    session::cookie(parts, ticket::COOKIE, ticket, seconds, "; Path=/oidc; HttpOnly")
}

/// The first field of that name in a form or a query.
fn value(encoded: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(encoded.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
