//! What is let through and what is not.

mod connections;

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::header::{ACCEPT, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER, SET_COOKIE, STRICT_TRANSPORT_SECURITY};
use http::{HeaderName, Request, Response, StatusCode};
use server_fn::ServerFn;
use sqlx::PgPool;

use super::rate::Limits;
use super::{Guard, Proxies, body};
use crate::account::api::{SetTheme, SignIn, SignUp};
use crate::member::api::JoinOrg;
use crate::org::model::OrgForm;
use crate::server::config::Protection;
use crate::server::tests::{Client, FORM, header, text};
use crate::testing::TestDb;

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
    crate::org::store::update(&mut scope, "*", form.validate().unwrap()).await.unwrap();
    scope.commit(()).await.unwrap();
    let client = Client::of(db.state(), Some(&admin));
    let page = text(client.get("/orgs/acme/products").await).await.to_lowercase();
    assert!(page.contains(r#"<link rel="stylesheet" href="/accent/2563eb.css""#), "{page}");
    let sheet = client.get("/accent/2563EB.css").await;
    assert_eq!(header(&sheet, CONTENT_TYPE), "text/css; charset=utf-8");
    assert!(text(sheet).await.contains("--brand-fill-light:#2563eb"));
    assert!(text(client.get("/accent/ffff99.css").await).await.contains("--brand-fill-dark:#ffff99"));
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
async fn an_account_made_by_an_invitation_is_an_account_too(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.org("acme").await;
    for token in ["one", "two"] {
        sqlx::query(
            r#"INSERT INTO "Invitation" (id, email, "organizationId", "tokenHash", "expiresAt")
               SELECT $1, $1 || '@example.com', id, $2, now() + interval '1 day' FROM "Organization""#,
        )
        .bind(token)
        .bind(crate::server::id::hash(token))
        .execute(&pool)
        .await
        .unwrap();
    }
    let client = Client::of(db.guarded(HTTP, limited(Protection { rate_sign_ups: 1, ..Protection::default() })), None);
    let form = |token: &str| format!("token={token}&form[name]=Ada&form[password]=a+long+enough+password");
    assert_eq!(client.submit("/invitations/one", JoinOrg::PATH, &form("one")).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(client.submit("/invitations/two", JoinOrg::PATH, &form("two")).await.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_form_that_is_too_large_is_told_so(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let client = Client::of(db.state(), None);
    let form = format!("theme=dark&more={}", "x".repeat(body::MAX));
    let page = client.submit("/orgs/acme?a=1&b=\"x", SetTheme::PATH, &form).await;
    assert_eq!(page.status(), StatusCode::PAYLOAD_TOO_LARGE);
    nonce_of(&page);
    let page = text(page).await;
    assert!(page.contains("This is more than fits into one form (1 MB)."));
    assert!(page.contains("href=\"/orgs/acme?a=1&amp;b=%22x\""), "there is a way back: {page}");
    let call = client.call(SetTheme::PATH, FORM, &form).await;
    assert_eq!(call.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert!(text(call).await.contains("VALIDATION_ERROR"));
}
