//! The connections that requests come by: how many, how long one may take to say what it wants, and how they end.
//!
//! HTTP/1.1 alone: browsers speak HTTP/2 with the proxy that does the encryption, and proxies speak HTTP/1.1 behind it.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

use super::guard::Times;
use super::peers::{PLACES, Peers, Seat};

/// Lines of headers; more of them are answered with 431.
const HEADER_LINES: usize = 100;
/// Bytes of the request's line and headers together; more of them are answered with 431.
const HEADER_BYTES: usize = 64 * 1_024;
/// How long to wait when the operating system gives no connection, as when it has no more files to open.
const PAUSE: Duration = Duration::from_millis(500);

/// A connection's place, and its peer's seat: taken for as long as there is a copy of this, which comes with each request.
#[derive(Clone)]
pub struct Held {
    _taken: Arc<(Option<OwnedSemaphorePermit>, Seat)>,
}

/// Serves until told to stop, then takes nothing new and finishes what is under way.
pub async fn accept(listener: TcpListener, app: Router, times: Times, peers: Peers, stop: impl Future<Output = ()>) {
    let mut builder = Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(times.headers);
    builder.max_headers(HEADER_LINES).max_header_size(HEADER_BYTES).max_buf_size(HEADER_BYTES);
    let (places, under_way) = (Arc::new(Semaphore::new(PLACES)), GracefulShutdown::new());
    let mut stop = pin!(stop);
    loop {
        let next = async {
            let place = places.clone().acquire_owned().await;
            (place, next_connection(&listener).await)
        };
        let (place, (stream, peer)) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        // Closed at once: whoever has so many waits for none of them.
        let Some(seat) = peers.seat(peer.ip(), places.available_permits()) else { continue };
        give_up_after(&stream, times.unread);
        // An answer's last piece, or an event's only one, is not to wait until the client has told that it took the one before.
        let _ = stream.set_nodelay(true);
        let app = app.clone();
        let held = Held { _taken: Arc::new((place.ok(), seat)) };
        let service = service_fn(move |request| answer(app.clone(), request, peer, held.clone()));
        let connection = under_way.watch(builder.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // Its failure is the client's going away, or having said nothing for too long.
            let _ = connection.await;
        });
    }
    drop(listener);
    under_way.shutdown().await;
}

/// Has the operating system end a connection whose client takes nothing of what is sent for so long, where it knows how to.
fn give_up_after(stream: &TcpStream, unread: Duration) {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::net::sockopt::set_tcp_user_timeout(stream, u32::try_from(unread.as_millis()).unwrap_or(u32::MAX)) {
        tracing::warn!(%error, "a connection has no limit on how slowly it is read");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (stream, unread);
}

async fn next_connection(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(connection) => return connection,
            Err(error) => {
                tracing::warn!(%error, "no connection could be taken");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

async fn answer(app: Router, mut request: Request<Incoming>, peer: SocketAddr, held: Held) -> Result<Response, Infallible> {
    request.extensions_mut().insert(ConnectInfo(peer));
    request.extensions_mut().insert(held);
    app.oneshot(request.map(Body::new)).await
}
