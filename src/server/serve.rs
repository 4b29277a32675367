//! The HTTP server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Extension, Router};
use http::{Method, StatusCode};
use leptos_axum::{LeptosRoutes, generate_route_list_with_exclusions};
use tokio::net::TcpListener;

use super::assets;
use super::connections::accept;
use super::db::Opened;
use super::forms::{self, Web};
use super::guard;
use super::images;
use super::live::{self, Live};
use super::mail::worker;
use super::metrics;
use super::peers::Peers;
use super::ready::{self, Answered};
use super::request::{AppState, Settings};
use super::rest;
use super::sealed;
use crate::account::oidc::rest as oidc;
use crate::account::picture;
use crate::app;
use crate::audit::export;
use crate::experiment::upload as experiments;
use crate::goal::kpi;
use crate::org::logo;
use crate::release::feed;
use crate::transfer;
use crate::webhook::deliver;

/// How long requests under way may take once the server is told to stop.
const GRACE: Duration = Duration::from_secs(10);
/// How long a mail may take that is on its way then.
const LAST_MAIL: Duration = Duration::from_secs(5);

/// Takes the address to serve on.
///
/// The error is one sentence for the person at the command line.
pub async fn listen(addr: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(addr).await.map_err(|error| format!("Cannot listen on {addr}: {error}. Choose another address with --addr."))
}

/// Serves until the process is told to stop, then finishes what is under way.
pub async fn serve(listener: TcpListener, opened: Opened, settings: Settings) -> Result<(), String> {
    let shown = listener.local_addr().map_err(|error| error.to_string())?;
    let (times, peers) = (settings.guard.times, Peers::new(&settings.guard));
    sealed::warn(&opened.pool, &settings.key).await;
    let state = AppState { pool: opened.pool.clone(), settings: Arc::new(settings), live: Live::default() };
    let (stopped, stopping) = tokio::sync::watch::channel(false);
    let mut mails = tokio::spawn(worker::run(state.pool.clone(), state.settings.clone(), stopping.clone()));
    let sweeps = tokio::spawn(transfer::sweep::run(state.pool.clone()));
    let deliveries = tokio::spawn(deliver::run(state.pool.clone(), state.settings.clone(), stopping));
    let (live, changes) = (state.live.clone(), tokio::spawn(live::run(state.pool.clone(), state.live.clone())));
    let router = router(state);
    let stop = async move {
        told_to_stop().await;
        tracing::info!("stopping: what is under way is finished first");
        // Streams do not end by themselves.
        live.close();
    };
    println!("ProdMatic is ready: http://{shown}");
    tokio::select! {
        () = accept(listener, router, times, peers, stop) => {}
        () = overdue() => {}
    }
    // What goes out at this moment is noted, lest it go out again.
    let _ = stopped.send(true);
    let _ = tokio::join!(deliveries, tokio::time::timeout(LAST_MAIL, &mut mails));
    mails.abort();
    sweeps.abort();
    changes.abort();
    opened.close().await;
    Ok(())
}

/// Every address that the server answers.
pub fn router(state: AppState) -> Router {
    let settings = state.settings.clone();
    let web = Web { state, paths: assets::paths() };
    let (context, paths) = (web.clone(), web.paths.clone());
    // Server functions are answered by our own handler, so the framework is told to leave them out.
    let functions = server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    // The list is made once, before listening: making it again leaks.
    let pages = generate_route_list_with_exclusions(app::App, Some(functions));
    // They look after the size themselves, and take longer than others.
    let uploads = transfer::upload::routes()
        .layer(middleware::from_fn_with_state(settings.clone(), guard::origin::same_origin))
        .layer(middleware::from_fn_with_state(settings.clone(), guard::body::in_time_for_files));
    // A layer stands around those before it. Neither files nor the probes of whoever looks after the server count as requests.
    let application = Router::new()
        .route("/api/{*function}", any(forms::handle))
        .route("/events", get(live::route::listen))
        .route("/events/at", post(live::route::moved))
        .route("/oidc/start", post(oidc::start))
        .route("/oidc/callback", get(oidc::callback))
        .route("/orgs/{org}/audit/export.csv", get(export::as_csv))
        .route("/orgs/{org}/audit/export.jsonl", get(export::as_json_lines))
        .route("/orgs/{org}/products/{key}/export/{file}", get(transfer::export::as_csv))
        .route("/p/{org}/{key}/changelog.atom", get(feed::as_atom))
        .leptos_routes_with_context(&web, pages, move || context.provide(), move || app::shell(paths.clone()))
        .fallback(other)
        .layer(middleware::from_fn_with_state(settings.clone(), guard::body::whole))
        // These look after the size of what they read themselves, to say it beside the field.
        .merge(images::routes(picture::routes().merge(logo::routes()).merge(kpi::upload::routes()).merge(experiments::routes())))
        .layer(middleware::from_fn_with_state(settings.clone(), guard::origin::same_origin))
        .layer(middleware::from_fn_with_state(settings.clone(), guard::body::in_time))
        .merge(uploads)
        // It takes tokens and no cookies, so no other site can send anything in somebody's name; and it says by itself what it
        // refuses.
        .merge(rest::routes())
        .layer(middleware::from_fn_with_state(settings.clone(), guard::rate::limit))
        .layer(middleware::from_fn(files));
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready::answer).layer(Extension(Arc::new(Answered::default()))))
        .route("/metrics", get(metrics::answer).layer(Extension(Arc::new(metrics::Counted::default()))))
        .merge(application)
        .with_state(web)
        .layer(middleware::from_fn_with_state(settings.clone(), guard::headers::write))
        .layer(middleware::from_fn_with_state(settings, guard::address::find))
        .layer(middleware::from_fn(metrics::count))
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// A file of the site, if there is one at this address.
async fn files(request: Request, next: Next) -> Response {
    let file = if is_read(request.method()) { assets::serve(request.uri().path(), request.headers()).await } else { None };
    match file {
        Some(file) => file,
        None => next.run(request).await,
    }
}

/// The page that says there is nothing.
async fn other(State(web): State<Web>, request: Request) -> Response {
    if is_read(request.method()) { web.page(request, None).await } else { StatusCode::METHOD_NOT_ALLOWED.into_response() }
}

/// Waits until the process is told to end, by a signal or by Ctrl-C.
pub async fn told_to_stop() {
    let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else { return };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

/// Ends the wait for requests that do not end by themselves, also when it is told to stop once more.
async fn overdue() {
    told_to_stop().await;
    tokio::select! {
        () = tokio::time::sleep(GRACE) => tracing::warn!("requests that took too long were cut off"),
        () = told_to_stop() => tracing::warn!("told to stop once more: requests under way were cut off"),
    }
}
