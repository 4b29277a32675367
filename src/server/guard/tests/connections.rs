//! What is let through and what is not, over real connections.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get};
use hyper::body::Frame;
use server_fn::ServerFn;
use sqlx::PgPool;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::HTTP;
use crate::account::api::SetTheme;
use crate::server::connections::accept;
use crate::server::guard::{Guard, Times, body};
use crate::server::peers::Peers;
use crate::server::serve::router;
use crate::server::tests::FORM;
use crate::testing::{TestDb, settings};

/// A server on a port of its own; it stops when told to.
struct Running {
    addr: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

async fn run(app: Router, times: Times) -> Running {
    run_guarded(app, times, &Guard::default()).await
}

async fn run_guarded(app: Router, times: Times, guard: &Guard) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(accept(listener, app, times, Peers::new(guard), async {
        let _ = stopped.await;
    }));
    Running { addr, stop, ended }
}

impl Running {
    /// What comes back for these bytes until the connection is closed, and how long it took.
    async fn say(&self, bytes: &[u8]) -> (String, Duration) {
        let begin = Instant::now();
        let mut stream = TcpStream::connect(self.addr).await.unwrap();
        let _ = stream.write_all(bytes).await;
        let mut answer = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await.expect("the connection is closed");
        (String::from_utf8_lossy(&answer).into_owned(), begin.elapsed())
    }
}

/// Short enough for a test to wait for. As in earnest, a body's time is up well before its answer's, whoever looks first.
fn impatient() -> Times {
    let time = Duration::from_millis(300);
    Times { headers: time, body: time, upload: time, answer: 2 * time, unread: time }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_slow_client_is_cut_off(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let server = run(router(db.guarded(HTTP, Guard { times: impatient(), ..Guard::default() })), impatient()).await;
    for half in ["", "GET / HT", "GET / HTTP/1.1\r\nHost: pm.example\r\nX-Slow: "] {
        let (answer, time) = server.say(half.as_bytes()).await;
        assert!(!answer.contains("200 OK") && time < Duration::from_secs(5), "{half}: {time:?} {answer}");
    }
    let head = format!("POST {} HTTP/1.1\r\nHost: pm.example\r\nContent-Type: {FORM}\r\nContent-Length: 100\r\n", SetTheme::PATH);
    let (answer, _) = server.say(format!("{head}\r\ntheme=").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    let (answer, _) = server.say(b"GET /healthz HTTP/1.1\r\nHost: pm.example\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("ok"), "an idle connection is closed after its answer: {answer}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn large_requests_are_refused_before_they_are_held(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let server = run(router(db.state()), Times { headers: Duration::from_secs(2), ..Times::default() }).await;
    let status = async |head: String| {
        let (answer, _) = server.say(head.as_bytes()).await;
        answer.split(' ').nth(1).unwrap_or_default().to_owned()
    };
    let request = |path: &str, more: &str| format!("GET {path} HTTP/1.1\r\nHost: pm.example\r\nConnection: close\r\n{more}\r\n");
    assert_eq!(status(request("/healthz", "")).await, "200");
    assert_eq!(status(request("/healthz", &"X-Many: 1\r\n".repeat(200))).await, "431");
    // The connection may be closed before a client that still sends gets to read why.
    for large in [request("/healthz", &format!("X-Large: {}\r\n", "x".repeat(100_000))), request(&format!("/{}", "x".repeat(100_000)), "")]
    {
        assert!(["", "414", "431"].contains(&status(large).await.as_str()));
    }
    let large = format!("theme={}", "x".repeat(3 * body::MAX));
    let head =
        format!("POST {} HTTP/1.1\r\nHost: pm.example\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", SetTheme::PATH, large.len());
    assert_eq!(status(head + &large).await, "413", "the whole is taken, so that the answer is heard");
}

/// A body that goes on for longer than an answer may take to begin.
struct Late(Pin<Box<tokio::time::Sleep>>, bool);

impl hyper::body::Body for Late {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.1 {
            return Poll::Ready(None);
        }
        self.0.as_mut().poll(context).map(|()| {
            self.1 = true;
            Some(Ok(Frame::data(Bytes::from_static(b"late"))))
        })
    }
}

#[tokio::test]
async fn an_answer_begins_in_time_and_may_go_on() {
    let (settings, late) = (Arc::new(settings(HTTP, Guard { times: impatient(), ..Guard::default() })), Duration::from_millis(1_500));
    let app = Router::new()
        .route("/slow", get(async move || tokio::time::sleep(late).await))
        .route("/stream", get(async move || Body::new(Late(Box::pin(tokio::time::sleep(late)), false))))
        .layer(from_fn_with_state(settings, body::in_time));
    let server = run(app, impatient()).await;
    let ask = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: pm.example\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
    let (slow, _) = server.say(ask("/slow").as_bytes()).await;
    assert!(slow.starts_with("HTTP/1.1 503 ") && slow.contains("This took too long"), "{slow}");
    let (stream, _) = server.say(ask("/stream").as_bytes()).await;
    assert!(stream.starts_with("HTTP/1.1 200 ") && stream.contains("late"), "{stream}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn who_does_not_read_is_cut_off() {
    let app = Router::new().route("/", get(async || vec![b'x'; 50_000_000]));
    let Running { addr, stop, ended } = run(app, impatient()).await;
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: pm.example\r\n\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(10), ended).await.expect("the connection is ended").unwrap();
}

/// Sends a request of this method and goes away, while it is worked on: whether the work comes to its end.
async fn is_done_though_nobody_waits(method: &str) -> bool {
    let (done, mut seen) = tokio::sync::mpsc::unbounded_channel();
    let work = async move || {
        tokio::time::sleep(Duration::from_millis(300)).await;
        done.send(()).unwrap();
    };
    let settings = Arc::new(settings(HTTP, Guard::default()));
    let app = Router::new().route("/", any(work)).layer(from_fn_with_state(settings, body::in_time));
    let server = run(app, Times::default()).await;
    let mut stream = TcpStream::connect(server.addr).await.unwrap();
    let ask = format!("{method} / HTTP/1.1\r\nHost: pm.example\r\nContent-Length: 0\r\n\r\n");
    stream.write_all(ask.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    drop(stream);
    tokio::time::timeout(Duration::from_secs(2), seen.recv()).await == Ok(Some(()))
}

#[tokio::test]
async fn what_changes_something_is_done_though_its_sender_has_gone() {
    assert!(is_done_though_nobody_waits("POST").await);
    assert!(!is_done_though_nobody_waits("GET").await, "what nobody reads is not made");
}

#[tokio::test]
async fn what_is_under_way_is_finished_before_the_server_stops() {
    let work = Duration::from_millis(500);
    let app = Router::new().route(
        "/",
        get(async move |ConnectInfo(peer): ConnectInfo<SocketAddr>| {
            tokio::time::sleep(work).await;
            format!("done for {}", peer.ip())
        }),
    );
    let Running { addr, stop, ended } = run(app, Times::default()).await;
    let idle = TcpStream::connect(addr).await.unwrap();
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: pm.example\r\n\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.send(()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("done for 127.0.0.1"), "{answer}");
    tokio::time::timeout(Duration::from_secs(5), ended).await.expect("idle connections do not keep it").unwrap();
    drop(idle);
    assert!(TcpStream::connect(addr).await.is_err());
}

#[tokio::test]
async fn an_address_has_so_many_connections_at_a_time() {
    let app = Router::new().route("/", get(async || "here"));
    let guard = Guard { connections: 2, ..Guard::default() };
    let Running { addr, stop: _until_the_end, .. } = run_guarded(app, Times::default(), &guard).await;
    let ask = async |stream: &mut TcpStream| {
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: pm.example\r\n\r\n").await;
        let mut answer = [0; 1_000];
        let length = stream.read(&mut answer).await.unwrap_or_default();
        String::from_utf8_lossy(&answer[..length]).ends_with("here")
    };
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(addr).await.unwrap();
        assert!(ask(&mut stream).await);
        held.push(stream);
    }
    assert!(!ask(&mut TcpStream::connect(addr).await.unwrap()).await, "closed at once");
    held.pop();
    let mut let_in = false;
    for _ in 0..50 {
        let_in = let_in || ask(&mut TcpStream::connect(addr).await.unwrap()).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(let_in && ask(&mut held[0]).await, "the place of one that has ended is free");
}
