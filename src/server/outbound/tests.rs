use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Redirect;
use axum::routing::post;
use http::HeaderMap;
use http::header::CONNECTION;

use super::networks::Networks;
use super::resolve::Lookup;
use super::{ANSWER_MAX, LINE_MAX, Outbound, line};

const SHORT: Duration = Duration::from_millis(400);

/// A site at a loopback address, and how often it was asked. Each connection is for one request.
async fn site(address: &str) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind((address, 0)).await.unwrap();
    let (addr, asked) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let count = asked.clone();
    let router = Router::new()
        .route("/here", post(|body: String| async move { ([(CONNECTION, "close")], format!("got {body}\0")) }))
        .route("/away", post(|| async { Redirect::temporary("/here") }))
        .route("/large", post(|| async { "x".repeat(ANSWER_MAX * 40) }))
        .route("/bytes", post(|| async { vec![0xff_u8; ANSWER_MAX] }))
        .route("/never", post(std::future::pending::<()>))
        .layer(axum::middleware::map_request(move |request: Request| {
            count.fetch_add(1, Ordering::Relaxed);
            async move { request }
        }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (addr, asked)
}

/// A resolver that gives these answers in turn, and the last one from then on.
fn answers(answers: &[&[&str]]) -> Lookup {
    let answers: Vec<Vec<IpAddr>> = answers.iter().map(|one| one.iter().map(|address| address.parse().unwrap()).collect()).collect();
    let turn = Arc::new(AtomicUsize::new(0));
    Arc::new(move |_| {
        let at = turn.fetch_add(1, Ordering::Relaxed).min(answers.len() - 1);
        let answer = answers[at].clone();
        Box::pin(async move { Ok(answer) })
    })
}

fn outbound(allowed: &str, lookup: Lookup) -> Outbound {
    Outbound::with(Networks::parse(allowed).unwrap(), lookup, SHORT)
}

async fn ask(outbound: &Outbound, url: &str) -> Result<super::Answer, String> {
    outbound.post(url, HeaderMap::new(), "body".into()).await
}

#[tokio::test]
async fn a_name_whose_address_changes_after_it_was_looked_at_leads_nowhere() {
    let (good, asked) = site("127.0.0.1").await;
    let url = format!("http://hook.example:{}/here", good.port());
    // The second answer is loopback too, and a server listens there, but nobody has allowed it.
    let other = tokio::net::TcpListener::bind(("127.0.0.2", good.port())).await.unwrap();
    let outbound =
        outbound("127.0.0.1", answers(&[&["127.0.0.1"], &["127.0.0.2"], &["::ffff:127.0.0.2", "10.0.0.1"], &["127.0.0.2", "127.0.0.1"]]));
    assert_eq!(ask(&outbound, &url).await.unwrap().status, 200);
    for _ in 0..2 {
        let refused = ask(&outbound, &url).await.unwrap_err();
        assert!(refused.contains("hook.example does not lead to a public address") && !refused.contains("127.0"), "{refused}");
    }
    assert_eq!(ask(&outbound, &url).await.unwrap().status, 200, "of several addresses the allowed one is taken");
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    let nobody = tokio::time::timeout(Duration::from_millis(50), other.accept()).await;
    assert!(nobody.is_err(), "somebody has come to the other address");
}

#[tokio::test]
async fn names_of_the_inside_and_numbers_are_refused() {
    let (site, asked) = site("127.0.0.1").await;
    let closed = outbound("", answers(&[&["127.0.0.1"], &["169.254.169.254", "fd00::1", "64:ff9b::7f00:1", "2002:7f00:1::"]]));
    for _ in 0..2 {
        let refused = ask(&closed, &format!("https://localhost:{}/here", site.port())).await.unwrap_err();
        assert!(refused.contains("does not lead to a public address"), "{refused}");
    }
    for typed in [
        "http://example.com/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://8.8.8.8/",
        "https://[::ffff:7f00:1]/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https://user:word@example.com/",
        "example.com",
        "",
    ] {
        assert!(closed.address(typed).is_err() && ask(&closed, typed).await.is_err(), "{typed}");
    }
    assert!(closed.address("https://example.com:8443/hook?x=1").is_ok());
    let open = outbound("127.0.0.0/8", answers(&[&["8.8.8.8"]]));
    assert!(open.address("https://127.0.0.1/").is_ok() && open.address("https://10.0.0.1/").is_err());
    // Plain http is for what is allowed alone, wherever the name leads.
    let refused = ask(&open, "http://example.com/here").await.unwrap_err();
    assert!(refused.contains("does not lead to"), "{refused}");
    assert_eq!(asked.load(Ordering::Relaxed), 0);
}

#[test]
fn what_the_other_side_has_written_can_be_stored() {
    assert_eq!(line("not valid for \0.example"), "not valid for \u{FFFD}.example");
    assert_eq!(line(&"ä".repeat(LINE_MAX * 2)).chars().count(), LINE_MAX);
}

/// Whoever may add webhooks must not find out by their failures which names a private zone knows.
#[tokio::test]
async fn a_name_that_is_not_known_is_refused_as_one_of_the_inside() {
    let unknown: Lookup = Arc::new(|_| Box::pin(async { Err(std::io::Error::other("no such name")) }));
    let refused = ask(&outbound("", unknown), "https://hook.example/here").await.unwrap_err();
    assert_eq!(refused, ask(&outbound("", answers(&[&["10.0.0.1"]])), "https://hook.example/here").await.unwrap_err());
    assert!(!refused.contains("no such name"), "{refused}");
}

#[tokio::test]
async fn no_redirect_is_followed_and_little_is_read() {
    let (site, asked) = site("127.0.0.1").await;
    let outbound = outbound("127.0.0.1", answers(&[&["127.0.0.1"]]));
    let here = ask(&outbound, &format!("http://{site}/here")).await.unwrap();
    assert_eq!((here.status, here.body.as_str()), (200, "got body\u{FFFD}"));
    assert_eq!(ask(&outbound, &format!("http://{site}/away")).await.unwrap().status, 307);
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    let large = ask(&outbound, &format!("http://{site}/large")).await.unwrap();
    assert_eq!((large.status, large.body.len()), (200, ANSWER_MAX));
    let bytes = ask(&outbound, &format!("http://{site}/bytes")).await.unwrap();
    assert!((ANSWER_MAX - 2..=ANSWER_MAX).contains(&bytes.body.len()), "{}", bytes.body.len());
    let never = ask(&outbound, &format!("http://{site}/never")).await.unwrap_err();
    assert!(never.starts_with("No answer within"), "{never}");
    let nobody = ask(&outbound, "http://127.0.0.1:1/here").await.unwrap_err();
    assert!(nobody.starts_with("No connection: "), "{nobody}");
}
