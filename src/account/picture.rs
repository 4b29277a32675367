//! The address that takes a person's picture: a plain form with a file in it, which no server function reads.

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{Redirect, Response};
use axum::routing::get;

use super::store::profile;
use crate::kernel::error::AppError;
use crate::server::forms::Web;
use crate::server::images::{self, Picture};
use crate::server::request::caller_of;
use crate::server::scope::Person;

const PAGE: &str = "/account";

/// `POST /account/image`; whoever follows or reloads that address sees the page.
pub fn routes() -> Router<Web> {
    Router::new().route("/account/image", get(|| async { Redirect::to(PAGE) }).post(upload))
}

async fn upload(State(web): State<Web>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let outcome = keep(&web, Request::from_parts(parts.clone(), body)).await;
    images::answer(&web, parts, PAGE, outcome).await
}

async fn keep(web: &Web, request: Request) -> Result<(), AppError> {
    let (parts, body) = request.into_parts();
    let caller = caller_of(&parts);
    // A stranger's picture is not worth drawing.
    let person = Person::open(&web.state.pool, &caller).await?.user().id.clone();
    let bytes = images::receive(Request::from_parts(parts, body)).await?;
    let picture = Picture::of(bytes, &person, &web.state.settings.guard.limits).await?;
    profile::set_picture(Person::open(&web.state.pool, &caller).await?, Some(picture)).await
}
