//! The HTTP server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use http::{Method, StatusCode};
use leptos_axum::{LeptosRoutes, generate_route_list_with_exclusions};
use tokio::net::TcpListener;
use tower_http::limit::RequestBodyLimitLayer;

use super::assets;
use super::db::Opened;
use super::forms::{self, Web};
use super::guard;
use super::request::{AppState, Settings};
use crate::account::oidc::rest as oidc;
use crate::app;

/// Takes the address to serve on.
///
/// The error is one sentence for the person at the command line.
pub async fn listen(addr: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(addr).await.map_err(|error| format!("Cannot listen on {addr}: {error}. Choose another address with --addr."))
}

/// Serves until the process is told to stop, then finishes what is under way.
pub async fn serve(listener: TcpListener, opened: Opened, settings: Settings) -> Result<(), String> {
    let shown = listener.local_addr().map_err(|error| error.to_string())?;
    let router = router(AppState { pool: opened.pool.clone(), settings: Arc::new(settings) });
    println!("ProdMatic is ready: http://{shown}");
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(told_to_stop());
    let outcome = tokio::select! {
        outcome = served => outcome.map_err(|error| error.to_string()),
        () = overdue() => Ok(()),
    };
    opened.close().await;
    outcome
}

/// Every address that the server answers.
pub fn router(state: AppState) -> Router {
    let web = Web { state, paths: assets::paths() };
    let (context, paths) = (web.clone(), web.paths.clone());
    // Server functions are answered by our own handler, so the framework is told to leave them out.
    let functions = server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    // The list is made once, before listening: making it again leaks.
    let pages = generate_route_list_with_exclusions(app::App, Some(functions));
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route("/api/{*function}", any(forms::handle))
        .route("/oidc/start", post(oidc::start))
        .route("/oidc/callback", get(oidc::callback))
        .leptos_routes_with_context(&web, pages, move || context.provide(), move || app::shell(paths.clone()))
        .fallback(other)
        .with_state(web)
        .layer(RequestBodyLimitLayer::new(guard::BODY_MAX))
        .layer(middleware::from_fn(guard::same_origin))
        .layer(middleware::from_fn(guard::headers))
}

/// Whether the database answers.
async fn ready(State(web): State<Web>) -> Response {
    match sqlx::query("SELECT 1").execute(&web.state.pool).await {
        Ok(_) => "ready".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "The database does not answer.").into_response(),
    }
}

/// A file of the site, else the page that says there is nothing.
async fn other(State(web): State<Web>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    match assets::serve(request.uri().path(), request.headers()).await {
        Some(file) => file,
        None => web.page(request, None).await,
    }
}

async fn told_to_stop() {
    let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else { return };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

/// Ends the wait for requests that do not end by themselves.
async fn overdue() {
    told_to_stop().await;
    tokio::time::sleep(Duration::from_secs(10)).await;
}
