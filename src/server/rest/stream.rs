//! Answers that are no JSON: tables, which are read and sent part by part.

use std::future::Future;

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request};
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;

use super::gone::{Named, explained};
use super::perform::{bearing, late};
use super::problem::Problem;
use super::query::{self, Whole};
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::server::forms::Web;
use crate::server::request::Caller;
use crate::server::scope::Scope;

/// The way in of a caller who may do what is asked, to be opened anew for each part of the answer.
pub struct Way {
    pub web: Web,
    pub caller: Caller,
    params: Vec<(String, String)>,
}

impl Way {
    /// A part of the path, such as `key`.
    pub fn at(&self, name: &str) -> String {
        self.params.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }
}

/// Answers a request by `work`, which gets the way in, the permission checked.
pub async fn stream<W, F>(
    web: Web,
    perm: Perm,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
    work: W,
) -> Response
where
    W: FnOnce(Way) -> F,
    F: Future<Output = Result<Response, AppError>>,
{
    let time = web.state.settings.guard.times.answer;
    match timeout(time, begun(web, perm, params, request, work)).await {
        Ok(Ok(response)) => response,
        Ok(Err(problem)) => problem.into_response(),
        Err(_) => late().into_response(),
    }
}

async fn begun<W, F>(
    web: Web,
    perm: Perm,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
    work: W,
) -> Result<Response, Problem>
where
    W: FnOnce(Way) -> F,
    F: Future<Output = Result<Response, AppError>>,
{
    let parts = request.into_parts().0;
    let (caller, params) = bearing(&parts, params)?;
    let way = Way { web, caller, params };
    // Whoever may not come in is not told what is wrong with what they sent.
    drop(Scope::open(&way.web.state.pool, &way.caller, &way.at("org"), perm).await?);
    let (_, Whole {}) = query::read(parts.uri.query().unwrap_or_default(), None)?;
    let (pool, caller, org) = (way.web.state.pool.clone(), way.caller.clone(), way.at("org"));
    let place = Named::of(&way.params);
    match work(way).await {
        Ok(response) => Ok(response),
        Err(error) => Err(explained(&pool, &caller, &org, place, error.into()).await),
    }
}
