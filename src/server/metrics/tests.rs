use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::header::HOST;
use http::{Request, Response, StatusCode};
use server_fn::ServerFn;
use sqlx::PgPool;
use tower::ServiceExt;

use super::Readers;
use super::text::Text;
use crate::account::api::SetTheme;
use crate::server::guard::Guard;
use crate::server::guard::address::Proxies;
use crate::server::serve::router;
use crate::server::tests::{FORM, text};
use crate::testing::TestDb;

const HERE: &str = "127.0.0.1:4711";

/// The answer for a request from this peer with these headers.
async fn ask(db: &TestDb, guard: Guard, peer: &str, headers: &[(&str, &str)]) -> Response<Body> {
    let mut request = Request::get("/metrics").extension(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    router(db.guarded("http://pm.example", guard)).oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

fn guard(readers: &str, proxies: &str) -> Guard {
    Guard { metrics: Readers::parse(readers).unwrap(), proxies: Proxies::parse(proxies).unwrap(), ..Guard::default() }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn numbers_are_for_this_machine_or_for_whom_it_is_said(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let own = &[("host", "127.0.0.1:3000")][..];
    let forwarded = [own[0], ("x-forwarded-for", "198.51.100.1")];
    for (readers, proxies, peer, headers, let_in) in [
        ("", "", HERE, own, true),
        ("", "", "[::1]:4711", own, true),
        ("", "127.0.0.1", HERE, own, true),
        ("", "", "203.0.113.9:4711", own, false),
        // Through a proxy of this machine, whether it is known or not.
        ("", "127.0.0.1", HERE, &forwarded[..], false),
        ("", "", HERE, &forwarded[..], false),
        ("", "127.0.0.1", HERE, &[own[0], ("x-forwarded-for", "127.0.0.1")], false),
        ("", "", HERE, &[own[0], ("via", "1.1 proxy")], false),
        ("", "", HERE, &[("host", "pm.example")], false),
        ("10.0.0.0/8", "", "10.1.2.3:4711", own, true),
        ("10.0.0.0/8", "", HERE, own, false),
        ("10.0.0.0/8", "127.0.0.1", HERE, &forwarded[..], false),
        ("198.51.100.1", "127.0.0.1", HERE, &forwarded[..], true),
        ("198.51.100.1", "", HERE, &forwarded[..], false),
        ("public", "", "203.0.113.9:4711", own, true),
    ] {
        let status = ask(&db, guard(readers, proxies), peer, headers).await.status();
        let expected = if let_in { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(status, expected, "{readers:?} {proxies:?} {peer} {headers:?}");
    }
    assert!(Readers::parse("nonsense").unwrap_err().contains("PRODMATIC_METRICS"));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn requests_are_counted_by_the_pattern_of_their_route(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.org("secret-tenant").await;
    sqlx::query(r#"INSERT INTO "Mail" (id, sealed) VALUES ('m', 'x')"#).execute(&pool).await.unwrap();
    let app = router(db.guarded("http://pm.example", guard("public", "")));
    for path in ["/orgs/secret-tenant/products", "/orgs/secret-tenant/products", "/secret-nowhere", "/healthz"] {
        app.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
    }
    let form = Request::post(SetTheme::PATH).header("content-type", FORM).header(HOST, "pm.example");
    let refused = form.header("origin", "https://evil.example").body(Body::from("theme=dark")).unwrap();
    app.clone().oneshot(refused).await.unwrap();
    let odd = Request::builder().method("BREW").uri("/healthz").body(Body::empty()).unwrap();
    app.clone().oneshot(odd).await.unwrap();
    let page = text(app.oneshot(Request::get("/metrics").body(Body::empty()).unwrap()).await.unwrap()).await;
    for line in [
        r#"prodmatic_http_requests_total{route="/orgs/{org}/products",method="GET",status="401"} 2"#,
        r#"prodmatic_http_requests_total{route="other",method="GET",status="404"} 1"#,
        r#"prodmatic_http_requests_total{route="/api/set_theme",method="POST",status="403"} 1"#,
        r#"prodmatic_http_requests_total{route="/healthz",method="other",status="405"} 1"#,
        r#"prodmatic_http_request_duration_seconds_bucket{route="/orgs/{org}/products",method="GET",le="+Inf"} 2"#,
        r#"prodmatic_http_request_duration_seconds_count{route="/healthz",method="GET"} 1"#,
        "prodmatic_http_requests_in_flight 1",
        "prodmatic_database_up 1",
        "prodmatic_database_connections_max 4",
        r#"prodmatic_webhook_deliveries{status="PENDING"} 0"#,
        "prodmatic_live_listeners 0",
        "prodmatic_mails 2", // one welcomes the administrator
    ] {
        assert!(page.lines().any(|said| said == line), "{line} in\n{page}");
    }
    assert!(!page.contains("secret"), "{page}");
    // Each line is a comment or a name, labels and a number.
    for line in page.lines().filter(|line| !line.starts_with("# ")) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(value.parse::<f64>().is_ok() && name.starts_with(|c: char| c.is_ascii_lowercase()), "{line}");
    }
}

#[test]
fn labels_are_escaped() {
    let mut written = Text::default();
    written.line("name", &[("a", "\"\\\n"), ("b", "")], 1.5);
    assert_eq!(written.finish(), "name{a=\"\\\"\\\\\\n\",b=\"\"} 1.5\n");
}
