//! The address that takes an organisation's logo: a plain form with a file in it, which no server function reads.

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::response::{Redirect, Response};
use axum::routing::get;

use super::store;
use crate::account::model::own_path;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::server::forms::Web;
use crate::server::images::{self, Picture};
use crate::server::request::caller_of;
use crate::server::scope::Scope;

fn page(org: &str) -> String {
    own_path(&format!("/orgs/{org}/settings"))
}

/// `POST /orgs/{org}/settings/image`; whoever follows or reloads that address sees the page.
pub fn routes() -> Router<Web> {
    Router::new().route("/orgs/{org}/settings/image", get(back).post(upload))
}

async fn back(Path(org): Path<String>) -> Redirect {
    Redirect::to(&page(&org))
}

async fn upload(State(web): State<Web>, Path(org): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let outcome = keep(&web, &org, Request::from_parts(parts.clone(), body)).await;
    images::answer(&web, parts, &page(&org), outcome).await
}

async fn keep(web: &Web, org: &str, request: Request) -> Result<(), AppError> {
    let (parts, body) = request.into_parts();
    let caller = caller_of(&parts);
    // A picture of somebody who may not set it is not worth drawing.
    let person = Scope::open(&web.state.pool, &caller, org, Perm::OrgManage).await?.user().id.clone();
    let bytes = images::receive(Request::from_parts(parts, body)).await?;
    let picture = Picture::of(bytes, &person, &web.state.settings.guard.limits).await?;
    let mut scope = Scope::open(&web.state.pool, &caller, org, Perm::OrgManage).await?;
    store::set_logo(&mut scope, Some(picture)).await?;
    scope.commit(()).await
}
