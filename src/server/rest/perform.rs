//! From a request to its answer: what is the same for every route.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body as Stream, Bytes};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request};
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use http::header::{CONTENT_TYPE, ETAG, LOCATION};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use sqlx::PgPool;
use tokio::time::timeout;

use super::body::Body;
use super::call::{Call, is_word};
use super::gone::{Named, explained};
use super::once::Once;
use super::problem::{Code, Problem};
use super::query::Slice;
use super::received::{Limit, Received, Sender, received};
use super::store::{self, Kept};
use super::tag::{Tag, conditions, etag, is_read};
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::server::forms::Web;
use crate::server::guard::body::MAX;
use crate::server::request::{Caller, Settings, bearer_of};
use crate::server::scope::Scope;

/// The part of a path that names a product.
const PRODUCT: &str = "key";

/// What a route asks of a request.
#[derive(Debug, Clone)]
pub struct Kind {
    pub perm: Perm,
    /// The media types of its body; none for a route without one.
    pub takes: &'static [&'static str],
    /// The fields of the slice's form that the body calls otherwise.
    pub names: &'static [(&'static str, &'static str)],
    /// The largest body that it takes, in bytes.
    max: usize,
}

impl Kind {
    /// A route without a body.
    pub fn bare(perm: Perm) -> Kind {
        Kind { perm, takes: &[], names: &[], max: 0 }
    }

    /// A route that takes this body, sent as one of these media types.
    pub fn of<B: Body>(perm: Perm, takes: &'static [&'static str]) -> Kind {
        Kind { perm, takes, names: B::NAMES, max: B::MAX }
    }
}

/// What was sent, and what comes before it.
pub struct Sent {
    pub path: String,
    pub query: String,
    pub body: Bytes,
    pub open: Open,
}

/// The way in, open, until it is known which part of a list is asked for.
pub struct Open {
    scope: Scope,
    settings: Arc<Settings>,
    params: Vec<(String, String)>,
    if_match: Option<Vec<String>>,
    neighbourhood: String,
}

impl Open {
    pub fn call(mut self, slice: Slice) -> Call {
        self.scope.show(slice.rows);
        let Open { scope, settings, params, if_match, neighbourhood } = self;
        Call { scope, settings, slice, params, if_match, neighbourhood }
    }
}

/// What is to be answered once it is done for good.
pub struct Ready {
    pub scope: Scope,
    pub status: StatusCode,
    /// What the thing is called below the address of its list.
    pub below: Option<String>,
    pub version: Option<String>,
    /// Nothing for an answer without a body.
    pub body: Option<String>,
}

/// What a route does. Boxed, so that what is the same for every route is compiled once and not for each.
pub type Work = Arc<dyn Fn(Sent) -> BoxFuture<'static, Result<Ready, Problem>> + Send + Sync>;

/// Answers a request by `work`, which gets what was sent with the way in open, the permission checked.
pub async fn perform(
    web: Web,
    kind: Kind,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
    work: Work,
) -> Response {
    let names = kind.names;
    match answer(web, kind, params, request, work).await {
        Ok(response) => response,
        Err(problem) => problem.located(names).into_response(),
    }
}

/// What comes of this, if it does in time.
async fn within<T>(time: Duration, work: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    timeout(time, work).await.unwrap_or_else(|_| Err(late()))
}

/// What is told when the answer does not come in time.
pub(super) fn late() -> Problem {
    tracing::warn!("a request to the API took too long");
    Problem::new(Code::Unavailable, "The server could not answer in time. Please try again in a moment.")
}

async fn answer(
    web: Web,
    kind: Kind,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
    work: Work,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let (caller, params) = bearing(&parts, params)?;
    let times = web.state.settings.guard.times;
    // More than anybody may send is taken of those alone who may come in.
    let sender = match kind.max > MAX {
        true => within(times.answer, sender(&web.state.pool, &caller, &params, kind.perm)).await?,
        false => Sender::default(),
    };
    // The body first: nobody is to hold a connection while they send slowly.
    let limit = Limit { bytes: kind.max, time: times.body };
    let received = match kind.takes {
        [] => Ok(Received::default()),
        kinds => received(&parts.headers, body, limit, kinds, &sender).await,
    };
    within(times.answer, arrived((web, kind.perm), (parts, caller, params), received, work)).await
}

/// Answers what has arrived, or tells why it has not.
async fn arrived(
    (web, perm): (Web, Perm),
    (parts, caller, params): (Parts, Caller, Vec<(String, String)>),
    received: Result<Received, Problem>,
    work: Work,
) -> Result<Response, Problem> {
    let (settings, pool) = (web.state.settings.clone(), &web.state.pool);
    let mut scope = enter(pool, &caller, &params, perm).await?;
    let slug = scope.organization().slug.clone();
    // A token for some products changes nothing that is of none.
    if !is_read(&parts.method) && !scope.is_whole() && !params.iter().any(|(name, _)| name == PRODUCT) {
        drop(scope);
        let problem = Problem::narrow();
        refused(&web, &caller, &slug, perm, &problem).await?;
        return Err(problem);
    }
    // Whoever may not come in is not told what is wrong with what they sent.
    let Received { bytes: body, room: _room } = received?;
    let once = Once::of(&parts, &body, &scope)?;
    if let Some(once) = &once
        && let Some(kept) = store::take(&mut scope, &once.token_id, &once.key, &once.hash).await?
    {
        return once.again(&settings, kept);
    }
    let (if_match, known) = conditions(&parts)?;
    let place = Named::of(&params);
    let open = Open { scope, settings: settings.clone(), params, if_match, neighbourhood: caller.neighbourhood() };
    let (path, query) = (parts.uri.path().to_owned(), parts.uri.query().unwrap_or_default().to_owned());
    let sent = Sent { path, query, body, open };
    match work(sent).await {
        Ok(ready) => last(&settings, &parts, ready, once, known).await,
        Err(problem) => {
            refused(&web, &caller, &slug, perm, &problem).await?;
            Err(explained(pool, &caller, &slug, place, problem).await)
        }
    }
}

/// The way into the organisation of the address, or that of the token where the address names none.
async fn enter(pool: &PgPool, caller: &Caller, params: &[(String, String)], perm: Perm) -> Result<Scope, AppError> {
    match params.iter().find(|(name, _)| name == "org") {
        Some((_, org)) => Scope::open(pool, caller, org, perm).await,
        None => Scope::of_token(pool, caller, perm).await,
    }
}

/// Whose way in that is.
async fn sender(pool: &PgPool, caller: &Caller, params: &[(String, String)], perm: Perm) -> Result<Sender, Problem> {
    let scope = enter(pool, caller, params, perm).await?;
    let sender = Sender { org: scope.organization().id.clone(), person: scope.user().id.clone() };
    scope.leave().await?;
    Ok(sender)
}

/// A refusal that came once the thing was known goes into the audit log, now that all of it is undone.
async fn refused(web: &Web, caller: &Caller, slug: &str, perm: Perm, problem: &Problem) -> Result<(), Problem> {
    if problem.code == Code::Forbidden {
        Scope::refuse(&web.state.pool, caller, slug, perm).await?;
    }
    Ok(())
}

/// Makes what was done last, together with what keeps it from being done again, and answers; of what is known already it is said
/// that it is still so. What reads has done nothing.
async fn last(settings: &Settings, parts: &Parts, ready: Ready, once: Option<Once>, known: Option<Vec<Tag>>) -> Result<Response, Problem> {
    let Ready { mut scope, status, below, version, body } = ready;
    let location = below.map(|key| format!("{}/{key}", parts.uri.path().trim_end_matches('/')));
    let etag = etag(&parts.method, version, body.as_deref());
    if let Some(once) = &once {
        let sealed = body.as_deref().map(|body| settings.key.seal(body)).transpose()?;
        let (status, request_hash) = (Some(i32::from(status.as_u16())), once.hash.clone());
        let kept = Kept { request_hash, status, location: location.clone(), etag: etag.clone(), body: sealed };
        store::keep(&mut scope, &once.token_id, &once.key, &kept).await?;
    }
    match is_read(&parts.method) {
        true => scope.leave().await?,
        false => scope.commit(()).await?,
    }
    match etag {
        Some(etag) if known.iter().flatten().any(|tag| tag.is(&etag)) => Ok(told(StatusCode::NOT_MODIFIED, None, Some(etag), None)),
        etag => Ok(told(status, location, etag, body)),
    }
}

/// An answer with these headers.
pub(super) fn told(status: StatusCode, location: Option<String>, etag: Option<String>, body: Option<String>) -> Response {
    let mut response = match body {
        Some(body) => (status, [(CONTENT_TYPE, "application/json")], body).into_response(),
        None => (status, Stream::empty()).into_response(),
    };
    for (name, value) in [(LOCATION, location), (ETAG, etag)] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Who asks, by the token that the request bears, and the parts of the path.
pub(super) fn bearing(
    parts: &Parts,
    params: Result<RawPathParams, RawPathParamsRejection>,
) -> Result<(Caller, Vec<(String, String)>), Problem> {
    let caller = bearer_of(parts);
    if caller.bearer.is_none() {
        return Err(Problem::unauthorized(false));
    }
    Ok((caller, words(params)?))
}

/// The parts of the path. What could be the name of nothing is not looked for.
fn words(params: Result<RawPathParams, RawPathParamsRejection>) -> Result<Vec<(String, String)>, Problem> {
    let nothing = || Problem::new(Code::NotFound, "There is nothing here, or the token does not reach it.");
    let params: Vec<(String, String)> =
        params.map_err(|_| nothing())?.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    if params.iter().all(|(_, value)| is_word(value)) { Ok(params) } else { Err(nothing()) }
}
