//! `/events?org=SLUG`: a stream of what changes in an organisation, for its members.
//!
//! Each change is an event with the id of the log's row and, as JSON, the kind of thing, its id, the action and who did it. Beside
//! them come `hello` with the stream's own number, `here` with the names of others who look at the same page, `reset` when
//! everything is to be read anew, and `end` when the session or the membership is over. After a break, a client says which id it
//! has heard last, by `Last-Event-ID` or by `last=`, and is told what came later; it may be told again what it knows. A page that
//! was just loaded says by `ago=` how many milliseconds old it is.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Query, Request, State};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc::Receiver;

use super::catch_up::{Since, catch_up};
use super::change::event;
use super::hub::{Seat, Who};
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::server::forms::Web;
use crate::server::id::hash;
use crate::server::request::{caller_of, cookie_in};
use crate::server::scope::Scope;
use crate::server::session;

/// The longest name of a page that is kept.
const PAGE_LENGTH: usize = 300;

/// Which organisation, and from where on.
#[derive(Debug, Deserialize)]
pub struct Asked {
    org: String,
    /// The page that the person looks at, if others who do are to know.
    #[serde(default)]
    at: String,
    last: Option<String>,
    /// Milliseconds.
    ago: Option<u64>,
}

impl Asked {
    fn since(&self, parts: &Parts) -> Since {
        let header = parts.headers.get("last-event-id").and_then(|id| id.to_str().ok());
        match (self.last.as_deref().or(header).filter(|id| !id.is_empty()), self.ago) {
            (Some(id), _) => Since::id(id),
            (None, Some(age)) => Since::age(Duration::from_millis(age)),
            (None, None) => Since::Now,
        }
    }
}

/// What is still to be said to a listener, and their place.
struct Said {
    first: Option<Bytes>,
    then: Receiver<Bytes>,
    _seat: Seat,
}

impl Said {
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Said)> {
        let said = match self.first.take() {
            Some(first) => first,
            None => self.then.recv().await?,
        };
        Some((Ok(said), self))
    }
}

/// Opens a stream.
pub async fn listen(State(web): State<Web>, Query(asked): Query<Asked>, request: Request) -> Response {
    match begin(web, asked, &request.into_parts().0).await {
        Ok(said) => {
            let headers = [
                (CONTENT_TYPE.as_str(), "text/event-stream"),
                (CACHE_CONTROL.as_str(), "no-store"),
                // A proxy that collects what it passes on would keep changes back.
                ("x-accel-buffering", "no"),
            ];
            (headers, Body::from_stream(stream::unfold(said, Said::next))).into_response()
        }
        Err(error) => refused(&error),
    }
}

fn refused(error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, error.to_string()).into_response();
    if let AppError::RateLimited(seconds) = error {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}

async fn begin(web: Web, asked: Asked, parts: &Parts) -> Result<Said, AppError> {
    let (caller, since) = (caller_of(parts), asked.since(parts));
    // Postgres takes no NUL byte, not even to say that nothing has that name.
    let org = asked.org.replace('\0', "\u{FFFD}");
    let mut scope = Scope::open(&web.state.pool, &caller, &org, Perm::Read).await?;
    let user = scope.user().clone();
    let who = Who {
        organization: scope.organization().id.clone(),
        session: user.session_id,
        user: user.id,
        name: user.name.filter(|name| !name.is_empty()).unwrap_or(user.email),
        token: caller.token.as_deref().map(hash).unwrap_or_default(),
    };
    // Listening first: what is committed from here on comes by itself, what was before is read now.
    let (seat, then) = web.state.live.join(who, shortened(asked.at))?;
    let missed = catch_up(&mut scope, since).await?;
    scope.commit(()).await?;
    let mut first = event("hello", &json!({ "stream": seat.key })).to_vec();
    first.extend(missed.unwrap_or_default());
    Ok(Said { first: Some(first.into()), then, _seat: seat })
}

fn shortened(at: String) -> String {
    if at.chars().count() > PAGE_LENGTH { String::new() } else { at }
}

/// That the listener of a stream looks at another page.
#[derive(Debug, Deserialize)]
pub struct Moved {
    stream: u64,
    at: String,
}

/// Notes it, so that those who look at the same page learn of each other. Only whoever opened the stream knows its session.
pub async fn moved(State(web): State<Web>, headers: http::HeaderMap, Json(moved): Json<Moved>) -> StatusCode {
    let Some(token) = cookie_in(&headers, session::COOKIE) else { return StatusCode::UNAUTHORIZED };
    // A stream that has ended meanwhile is no failure: its successor says where it is.
    web.state.live.moved(moved.stream, &hash(&token), shortened(moved.at));
    StatusCode::NO_CONTENT
}
