//! The REST API: what every route shares, and no entity. A slice's own routes are in its `rest.rs`.
//!
//! A slice says of each route what it asks and gives, and whom it is for; the same words make the route and its
//! specification, so that neither can be without the other:
//!
//! ```text
//! pub fn routes(api: Api) -> Api {
//!     api.tag("Epics", "Large pieces of work, each of several features.")
//!         .list("/orgs/{org}/products/{key}/epics", Perm::Read, "The product's epics, the newest first.", list)
//!         .create("/orgs/{org}/products/{key}/epics", Perm::PlanWrite, "Creates an epic.", create)
//! }
//! ```
//!
//! A handler gets a `Call`, in which the scope is open and the permission checked, and what was asked for, read and in shape.
//! It makes one call of its store and gives the call back with the answer; what was done is made last afterwards.

pub mod api;
pub mod body;
pub mod call;
pub mod docs;
mod gone;
mod json;
mod moves;
mod once;
mod perform;
pub mod problem;
pub mod query;
mod received;
mod sample;
mod shape;
pub mod spec;
mod store;
mod stream;
mod tag;
mod told;
pub mod value;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{Method, Uri};
use std::sync::{Arc, LazyLock};

pub use api::Api;
pub use body::{Body, Nothing, Patch};
pub use call::{Answered, Call, Listed, Resource, is_word, living};
pub use gone::Place;
pub use moves::may_follow;
pub use problem::{Problem, Wrong, both, itemized, named};
pub use query::Filter;
pub use shape::{TOLD_MAX, pointer};
pub use stream::Way;

use super::forms::Web;
use problem::Code;

/// The specification as it is served, and the page made of it.
pub struct Published {
    pub json: String,
    pub page: String,
}

/// Every route of the slices. A further slice is a line here.
fn all(api: Api) -> Api {
    let api = crate::token::rest::routes(api);
    let api = crate::org::rest::routes(api);
    let api = crate::member::rest::routes(api);
    let api = crate::team::rest::routes(api);
    let api = crate::product::rest::routes(api);
    let api = crate::product::lifecycle::rest::routes(api);
    let api = crate::idea::rest::routes(api);
    let api = crate::discuss::rest::routes(api);
    let api = crate::feature::epic::rest::routes(api);
    let api = crate::feature::rest::routes(api);
    let api = crate::task::rest::routes(api);
    let api = crate::board::rest::routes(api);
    let api = crate::release::rest::routes(api);
    let api = crate::release::rest_parts::routes(api);
    let api = crate::feedback::rest::routes(api);
    let api = crate::goal::okr::rest::routes(api);
    let api = crate::goal::kpi::rest::routes(api);
    let api = crate::experiment::rest::routes(api);
    let api = crate::document::rest::routes(api);
    let api = crate::webhook::rest::routes(api);
    let api = crate::transfer::rest::routes(api);
    let api = crate::reference::rest::routes(api);
    let api = crate::search::rest::routes(api);
    crate::audit::rest::routes(api)
}

/// What addresses lead through that can be in the bin. A further one is a line here.
static PLACES: [&Place; 2] = [&crate::product::rest::PLACE, &crate::team::rest::PLACE];

/// The specification and its page, made once.
pub static PUBLISHED: LazyLock<Arc<Published>> = LazyLock::new(|| {
    let document = all(Api::specified()).spec().unwrap_or_default().document();
    Arc::new(Published { page: docs::page(&document), json: document.to_string() })
});

/// The addresses of the API, of its specification and of the page that shows it.
pub fn routes() -> Router<Web> {
    all(Api::unspecified())
        .router()
        .route("/api/v1/openapi.json", get(specification))
        .route("/api/v1", get(nothing).fallback(nothing))
        .route("/api/v1/{*rest}", get(nothing).fallback(nothing))
        .route("/api/docs", get(docs::show))
        .method_not_allowed_fallback(other_method)
}

async fn specification() -> Response {
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-cache")], PUBLISHED.json.clone()).into_response()
}

async fn nothing(uri: Uri) -> Problem {
    Problem::new(Code::NotFound, format!("There is no route {} in this API. See /api/docs for those that there are.", uri.path()))
}

async fn other_method(State(_): State<Web>, method: Method) -> Problem {
    Problem::new(Code::MethodNotAllowed, format!("{method} cannot be used here. The header Allow names the methods that can."))
}
