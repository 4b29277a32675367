//! What is let through and what is not, at the router and over real connections.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use http::header::{ACCEPT, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER, SET_COOKIE, STRICT_TRANSPORT_SECURITY};
use http::{HeaderName, Request, Response, StatusCode};
use hyper::body::Frame;
use server_fn::ServerFn;
use sqlx::PgPool;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::rate::Limits;
use super::{Guard, Proxies, Times, body};
use crate::account::api::{SetTheme, SignIn, SignUp};
use crate::org::model::OrgForm;
use crate::server::config::Protection;
use crate::server::connections::accept;
use crate::server::serve::router;
use crate::server::tests::{Client, FORM, header, text};
use crate::testing::{TestDb, settings};

const HTTP: &str = "http://pm.example";
const PROXY: &str = "10.0.0.1:4711";
const STRANGER: &str = "203.0.113.9:4711";

fn from(request: http::request::Builder, peer: &str) -> http::request::Builder {
    request.extension(ConnectInfo(peer.parse::<SocketAddr>().unwrap()))
}

fn behind_a_proxy() -> Guard {
    Guard { proxies: Proxies::parse("10.0.0.0/8").unwrap(), ..Guard::default() }
}

fn limited(settings: Protection) -> Guard {
    Guard { limits: Limits::new(&settings), ..behind_a_proxy() }
}

/// The nonce in a response's policy, having looked at the rest of it.
fn nonce_of(response: &Response<Body>) -> String {
    let policy = header(response, CONTENT_SECURITY_POLICY);
    assert!(policy.starts_with("default-src 'none'; script-src 'self' 'nonce-") && !policy.contains("unsafe-inline"), "{policy}");
    for rule in ["style-src 'self';", "form-action 'self';", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"] {
        assert!(policy.contains(rule), "{rule} in {policy}");
    }
    policy.split_once("'nonce-").unwrap().1.split_once('\'').unwrap().0.to_owned()
}

/// Every script of the page bears the nonce; no style and no handler stands in the page itself.
fn expect_nonce(page: &str, nonce: &str) {
    let scripts: Vec<&str> = page.split("<script").skip(1).map(|rest| rest.split('>').next().unwrap()).collect();
    assert!(scripts.len() > 1, "{page}");
    for script in scripts {
        assert!(script.contains(&format!("nonce=\"{nonce}\"")), "{script}");
    }
    for inline in ["<style", " style=", " onclick=", " onload=", "javascript:"] {
        assert!(!page.contains(inline), "{inline} in {page}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn every_script_of_a_page_bears_the_nonce_of_its_policy(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let client = Client::of(db.state(), Some(&admin));
    let mut nonces = Vec::new();
    let pages =
        ["/", "/signin", "/signup", "/nowhere", "/orgs/acme/products", "/orgs/acme/products/rocket/ideas/new", "/orgs/acme/settings"];
    for path in pages.iter().chain(&pages) {
        let response = client.get(path).await;
        let nonce = nonce_of(&response);
        let is_redirect = response.status().is_redirection();
        let page = text(response).await;
        if !is_redirect {
            expect_nonce(&page, &nonce);
        }
        nonces.push(nonce);
    }
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 2 * pages.len(), "each response has a nonce of its own");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_refused_form_comes_back_with_a_policy_of_its_own(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let refused = Client::of(db.state(), None).submit("/signup", SignUp::PATH, "page=%2Fsignup&form[name]=Ada").await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let nonce = nonce_of(&refused);
    let page = text(refused).await;
    assert!(page.contains("history.replaceState"), "{page}");
    expect_nonce(&page, &nonce);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_not_a_page_may_load_nothing(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let client = Client::of(db.state(), None);
    for path in ["/healthz", "/accent/2563eb.css"] {
        assert_eq!(header(&client.get(path).await, CONTENT_SECURITY_POLICY), "default-src 'none'; frame-ancestors 'none'", "{path}");
    }
    let mut elsewhere = Guard::default();
    elsewhere.allow_forms_to("https://login.example.com/realms/a?b=c").unwrap();
    assert!(elsewhere.allow_forms_to("x; script-src *").is_err());
    let page = Client::of(db.guarded(HTTP, elsewhere), None).get("/signin").await;
    assert!(header(&page, CONTENT_SECURITY_POLICY).contains("form-action 'self' https://login.example.com;"));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_accent_is_a_style_sheet_of_its_own(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    let mut scope = db.scope("acme", &admin, crate::kernel::role::Perm::OrgManage).await.unwrap();
    let form = OrgForm { name: "Acme".into(), slug: "acme".into(), primary_color: "#2563EB".into(), ..Default::default() };
    crate::org::store::update(&mut scope, form.validate().unwrap()).await.unwrap();
    scope.commit(()).await.unwrap();
    let client = Client::of(db.state(), Some(&admin));
    let page = text(client.get("/orgs/acme/products").await).await.to_lowercase();
    assert!(page.contains(r#"<link rel="stylesheet" href="/accent/2563eb.css""#), "{page}");
    let sheet = client.get("/accent/2563EB.css").await;
    assert_eq!(header(&sheet, CONTENT_TYPE), "text/css; charset=utf-8");
    assert!(text(sheet).await.contains("--brand-fill:#2563eb"));
    assert_eq!(text(client.get("/accent/ffff99.css").await).await, "", "too pale to see");
    for wrong in ["/accent/nonsense.css", "/accent/2563e.css", "/accent/2563eb", "/accent/%7D%7D%7D%7D%7D%7D.css"] {
        assert_eq!(client.get(wrong).await.status(), StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn https_is_kept_to_once_it_was_used(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let hsts = |response: &Response<Body>| header(response, STRICT_TRANSPORT_SECURITY);
    let (plain, secure) =
        (Client::of(db.guarded(HTTP, behind_a_proxy()), None), Client::of(db.guarded("https://pm.example", Guard::default()), None));
    assert_eq!(hsts(&plain.get("/signin").await), "");
    assert_eq!(hsts(&secure.get("/signin").await), "max-age=31536000");
    let through = |peer: &str, scheme: &str| from(Request::get("/signin").header("x-forwarded-proto", scheme), peer);
    assert_eq!(hsts(&plain.send(through(PROXY, "https"), "").await), "max-age=31536000");
    assert_eq!(hsts(&plain.send(through(PROXY, "http"), "").await), "");
    assert_eq!(hsts(&plain.send(through(STRANGER, "https"), "").await), "", "a stranger is not believed");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_cookie_is_secure_but_on_this_machine_without_https(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let client = Client::of(db.guarded(HTTP, behind_a_proxy()), None);
    let secure = async |host: &str, peer: &str, scheme: &str| {
        // The first of two hosts counts.
        let request = Request::post(SetTheme::PATH).header("host", host).header("x-forwarded-proto", scheme);
        let request = from(request.header("sec-fetch-site", "same-origin").header(CONTENT_TYPE, FORM), peer);
        header(&client.send(request, "theme=dark").await, SET_COOKIE).contains("Secure")
    };
    assert!(secure("pm.example", STRANGER, "http").await);
    assert!(!secure("localhost:3000", STRANGER, "http").await);
    assert!(!secure("127.0.0.1:3000", STRANGER, "https").await, "a stranger is not believed");
    assert!(secure("127.0.0.1:3000", PROXY, "https").await);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_session_notes_the_address_that_can_be_believed(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.sign_up("ada@example.com").await;
    let client = Client::of(db.guarded(HTTP, behind_a_proxy()), None);
    for (peer, noted) in [(PROXY, "198.51.100.7"), (STRANGER, "203.0.113.9")] {
        let request = Request::post(SignIn::PATH).header("x-forwarded-for", "1.1.1.1, 198.51.100.7").header(CONTENT_TYPE, FORM);
        let body = "form[email]=ada@example.com&form[password]=a+long+enough+password";
        assert_eq!(client.send(from(request, peer), body).await.status(), StatusCode::OK);
        let found: i64 =
            sqlx::query_scalar(r#"SELECT count(*) FROM "Session" WHERE "ipAddress" = $1"#).bind(noted).fetch_one(&pool).await.unwrap();
        assert_eq!(found, 1, "{noted}");
    }
}

fn rates(response: &Response<Body>) -> [String; 3] {
    ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"].map(|name| header(response, HeaderName::from_static(name)))
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_address_has_so_many_requests(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let client = Client::of(db.guarded(HTTP, limited(Protection { rate_per_address: 2, ..Protection::default() })), None);
    let page = |peer| from(Request::get("/signin").header(ACCEPT, "text/html"), peer);
    assert_eq!(rates(&client.send(page(STRANGER), "").await), ["2", "1", "30"]);
    let theme = from(Request::post(SetTheme::PATH).header(CONTENT_TYPE, FORM), STRANGER);
    assert_eq!(rates(&client.send(theme, "theme=dark").await)[..2], ["2", "0"]);

    let refused = client.send(page(STRANGER), "").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!((header(&refused, RETRY_AFTER), rates(&refused)[1].as_str()), ("30".into(), "0"));
    assert_eq!(header(&refused, CONTENT_TYPE), "text/html; charset=utf-8");
    nonce_of(&refused);
    assert!(text(refused).await.contains("Too many tries. Please wait a minute"));
    let call = from(Request::post(SetTheme::PATH).header(ACCEPT, "application/json"), STRANGER);
    let refused = client.send(call, "theme=dark").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(text(refused).await, r#"{"code":"RATE_LIMITED","detail":30}"#);

    assert_eq!(client.send(page("203.0.113.10:1"), "").await.status(), StatusCode::OK, "others go on");
    for free in ["/healthz", "/readyz", "/accent/2563eb.css"] {
        let answer = client.send(from(Request::get(free), STRANGER), "").await;
        assert_eq!((answer.status(), rates(&answer)[0].as_str()), (StatusCode::OK, ""), "{free}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_account_has_so_many_requests_wherever_it_is(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let ada = db.sign_up("ada@example.com").await;
    let guard = limited(Protection { rate_per_account: 1, rate_per_address: 9, ..Protection::default() });
    let state = db.guarded(HTTP, guard);
    let (client, signed_out) = (Client::of(state.clone(), Some(&ada)), Client::of(state, None));
    let ask = |address: &str| from(Request::get("/orgs/new").header("x-forwarded-for", address), PROXY);
    let first = client.send(ask("198.51.100.1"), "").await;
    assert_eq!((first.status(), rates(&first)[..2].join(" ")), (StatusCode::OK, "1 0".to_owned()), "the scarcer is told");
    assert_eq!(client.send(ask("198.51.100.2"), "").await.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_ne!(signed_out.send(ask("198.51.100.1"), "").await.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn new_accounts_are_scarcer_than_requests(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let client = Client::of(db.guarded(HTTP, limited(Protection { rate_sign_ups: 1, ..Protection::default() })), None);
    let form =
        |name: &str| format!("page=%2Fsignup&form[name]={name}&form[email]={name}@example.com&form[password]=a+long+enough+password");
    assert_eq!(client.submit("/signup", SignUp::PATH, "form[name]=Ada").await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(client.submit("/signup", SignUp::PATH, &form("ada")).await.status(), StatusCode::SEE_OTHER, "a mistake counts nothing");
    let refused = client.submit("/signup", SignUp::PATH, &form("grace")).await;
    assert_eq!((refused.status(), header(&refused, RETRY_AFTER)), (StatusCode::TOO_MANY_REQUESTS, "3600".into()));
    let page = text(refused).await;
    assert!(page.contains("value=\"grace\"") && page.contains("Please wait 60 minutes"), "{page}");
    assert_eq!(client.call(SignUp::PATH, FORM, &form("grace")).await.status(), StatusCode::TOO_MANY_REQUESTS);
    let people: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "User""#).fetch_one(&pool).await.unwrap();
    assert_eq!(people, 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_form_that_is_too_large_is_told_so(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let client = Client::of(db.state(), None);
    let form = format!("theme=dark&more={}", "x".repeat(body::MAX));
    let page = client.submit("/", SetTheme::PATH, &form).await;
    assert_eq!(page.status(), StatusCode::PAYLOAD_TOO_LARGE);
    nonce_of(&page);
    assert!(text(page).await.contains("This is more than fits into one form (1 MB)."));
    let call = client.call(SetTheme::PATH, FORM, &form).await;
    assert_eq!(call.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert!(text(call).await.contains("VALIDATION_ERROR"));
}

// ---- Over real connections

/// A server on a port of its own; it stops when told to.
struct Running {
    addr: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

async fn run(app: Router, times: Times) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(accept(listener, app, times, async {
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

/// Short enough for a test to wait for.
fn impatient() -> Times {
    let time = Duration::from_millis(300);
    Times { headers: time, body: time, answer: time }
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
    let (settings, late) = (Arc::new(settings(HTTP, Guard { times: impatient(), ..Guard::default() })), Duration::from_millis(900));
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
