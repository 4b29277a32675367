use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use http::{Request, Response, StatusCode};
use sqlx::PgPool;
use tower::ServiceExt;

use super::model::Problem;
use super::store;
use crate::account::store::sign_in as by_password;
use crate::account::tests::races::until_blocked;
use crate::kernel::error::AppError;
use crate::server::guard::Guard;
use crate::server::oidc::{Identity, Options, Providers, Tokens};
use crate::server::request::{AppState, Caller, Settings};
use crate::server::scope::{Person, Public};
use crate::server::seal::Key;
use crate::server::serve::router;
use crate::testing::{TestDb, TestUser};

const ISSUER: &str = "https://id.example";

fn key() -> Key {
    Key::parse(&"A".repeat(43)).unwrap()
}

fn identity(subject: &str, email: &str) -> Identity {
    Identity {
        issuer: ISSUER.into(),
        subject: subject.into(),
        email: Some(email.into()),
        email_verified: true,
        name: Some("Ada Lovelace".into()),
        tokens: Tokens {
            access: "secret-access".into(),
            refresh: Some("secret-refresh".into()),
            id: "secret-id".into(),
            ..Default::default()
        },
    }
}

async fn sign_in(db: &TestDb, identity: &Identity) -> Result<TestUser, Problem> {
    let caller = Caller { ip_address: "192.0.2.7".into(), user_agent: "Firefox".into(), ..Default::default() };
    let token = store::sign_in(Public::open(&db.app, caller).await.unwrap(), &key(), identity).await?;
    let caller = Caller { token: Some(token), ..Default::default() };
    let id = Person::open(&db.app, &caller).await.unwrap().user().id.clone();
    Ok(TestUser { caller, id })
}

async fn link(db: &TestDb, user: &TestUser, identity: &Identity) -> Result<(), Problem> {
    store::link(Person::open(&db.app, &user.caller).await.unwrap(), &key(), identity).await
}

async fn unlink(db: &TestDb, user: &TestUser, offered: &[&str]) -> Result<(), AppError> {
    let offered: Vec<_> = offered.iter().map(|issuer| (*issuer).to_owned()).collect();
    store::unlink(Person::open(&db.app, &user.caller).await.unwrap(), ISSUER, &offered).await
}

async fn count(db: &TestDb, table: &'static str) -> i64 {
    let query = match table {
        "User" => r#"SELECT count(*) FROM "User""#,
        _ => r#"SELECT count(*) FROM "Account""#,
    };
    sqlx::query_scalar(query).fetch_one(&db.owner).await.unwrap()
}

async fn events(db: &TestDb, user: &TestUser) -> Vec<(String, serde_json::Value, Option<String>)> {
    sqlx::query_as(
        r#"SELECT action, metadata, "ipAddress" FROM "AuditLog" WHERE "entityId" = $1 AND action LIKE 'user.%' ORDER BY "createdAt", id"#,
    )
    .bind(&user.id)
    .fetch_all(&db.owner)
    .await
    .unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_new_person_is_created_once_and_known_afterwards(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let ada = identity("1", "Ada@Example.com");
    let (one, other) = tokio::join!(sign_in(&db, &ada), sign_in(&db, &ada));
    let (first, second) = (one.unwrap(), other.unwrap());
    assert_eq!((first.id.as_str(), count(&db, "User").await, count(&db, "Account").await), (second.id.as_str(), 1, 1));
    let (name, email, verified, password): (String, String, bool, Option<String>) =
        sqlx::query_as(r#"SELECT name, email, "emailVerified" IS NOT NULL, password FROM "User""#).fetch_one(&pool).await.unwrap();
    assert_eq!((name.as_str(), email.as_str(), verified, password), ("Ada Lovelace", "ada@example.com", true, None));
    // The address may change at the provider, or lose its check: the subject is what counts.
    let moved = Identity { email: Some("else@example.com".into()), email_verified: false, ..ada };
    assert_eq!(sign_in(&db, &moved).await.unwrap().id, first.id);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn tokens_are_stored_sealed_and_renewed(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    sign_in(&db, &identity("1", "ada@example.com")).await.unwrap();
    let stored = async || -> (String, String, String, String) {
        sqlx::query_as(r#"SELECT access_token, refresh_token, id_token, "Account"::text FROM "Account" WHERE type = 'oidc'"#)
            .fetch_one(&pool)
            .await
            .unwrap()
    };
    let (access, refresh, id, row) = stored().await;
    assert!(!row.contains("secret"), "{row}");
    for (sealed, plain) in [(&access, "secret-access"), (&refresh, "secret-refresh"), (&id, "secret-id")] {
        assert_eq!(key().open(sealed).unwrap(), plain);
    }
    let mut again = identity("1", "ada@example.com");
    again.tokens.access = "secret-newer".into();
    sign_in(&db, &again).await.unwrap();
    assert_eq!(key().open(&stored().await.0).unwrap(), "secret-newer");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_existing_account_is_never_taken_over(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let ada = db.sign_up("ada@example.com").await;
    let stranger = identity("1", "ADA@example.com");
    assert_eq!(sign_in(&db, &stranger).await.err(), Some(Problem::LinkFirst));
    let unverified = Identity { email_verified: false, ..stranger.clone() };
    assert_eq!(sign_in(&db, &unverified).await.err(), Some(Problem::Unverified));
    assert_eq!(link(&db, &ada, &unverified).await, Err(Problem::Unverified));
    assert_eq!(count(&db, "Account").await, 0);
    link(&db, &ada, &stranger).await.unwrap();
    assert_eq!(sign_in(&db, &stranger).await.unwrap().id, ada.id);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn refused_people_leave_nothing_behind(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    for (told, problem) in
        [(None, Problem::NoEmail), (Some("no address"), Problem::NoEmail), (Some("eve@example.com"), Problem::Unverified)]
    {
        let eve = Identity { email: told.map(str::to_owned), email_verified: false, ..identity("9", "") };
        assert_eq!(sign_in(&db, &eve).await.err(), Some(problem));
    }
    assert_eq!((count(&db, "User").await, count(&db, "Account").await), (0, 0));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn only_ones_own_address_and_a_free_subject_are_linked(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (ada, bob) = (db.sign_up("ada@example.com").await, db.sign_up("bob@example.com").await);
    assert_eq!(link(&db, &bob, &identity("1", "ada@example.com")).await, Err(Problem::OtherEmail));
    assert_eq!(link(&db, &bob, &identity("1", "nobody@example.com")).await, Err(Problem::OtherEmail));
    link(&db, &ada, &identity("1", "ada@example.com")).await.unwrap();
    assert_eq!(link(&db, &bob, &identity("1", "bob@example.com")).await, Err(Problem::Taken));
    assert_eq!(sign_in(&db, &identity("1", "bob@example.com")).await.unwrap().id, ada.id);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn unlinking_locks_nobody_out(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let ada = sign_in(&db, &identity("1", "ada@example.com")).await.unwrap();
    assert!(unlink(&db, &ada, &[ISSUER]).await.unwrap_err().of_field("").unwrap().contains("Set a password"));
    let second = Identity { issuer: "https://other.example".into(), ..identity("1", "ada@example.com") };
    link(&db, &ada, &second).await.unwrap();
    assert!(unlink(&db, &ada, &[ISSUER]).await.is_err(), "a provider that is gone lets nobody in");
    unlink(&db, &ada, &[ISSUER, &second.issuer]).await.unwrap();
    assert_eq!(unlink(&db, &ada, &[ISSUER]).await, Err(AppError::NotFound));

    let bob = db.sign_up("bob@example.com").await;
    link(&db, &bob, &identity("2", "bob@example.com")).await.unwrap();
    unlink(&db, &bob, &[ISSUER]).await.unwrap();
    assert_eq!(sign_in(&db, &identity("2", "bob@example.com")).await.err(), Some(Problem::LinkFirst));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn one_link_of_two_stays_when_both_are_taken_away_at_once(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let ada = sign_in(&db, &identity("1", "ada@example.com")).await.unwrap();
    let second = Identity { issuer: "https://other.example".into(), ..identity("1", "ada@example.com") };
    link(&db, &ada, &second).await.unwrap();
    let offered = [ISSUER.to_owned(), second.issuer.clone()];
    let (one, other) = (Person::open(&db.app, &ada.caller).await.unwrap(), Person::open(&db.app, &ada.caller).await.unwrap());
    let (one, other) = tokio::join!(store::unlink(one, ISSUER, &offered), store::unlink(other, &second.issuer, &offered));
    assert_eq!((one.is_ok() as u8) + (other.is_ok() as u8), 1);
    assert_eq!(count(&db, "Account").await, 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_account_without_a_password_is_not_opened_by_any(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    sign_in(&db, &identity("1", "ada@example.com")).await.unwrap();
    for password in ["x", "secret-access", " "] {
        let form = crate::account::model::SignInForm { email: "ada@example.com".into(), password: password.into(), next: String::new() };
        let refused = by_password(Public::open(&db.app, Caller::default()).await.unwrap(), form).await.unwrap_err();
        assert!(refused.of_field("password").is_some());
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_log_of_their_organisation_tells_of_it(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    let known = identity("1", "admin@acme.test");
    link(&db, &admin, &known).await.unwrap();
    link(&db, &admin, &known).await.unwrap();
    sign_in(&db, &known).await.unwrap();
    unlink(&db, &admin, &[ISSUER]).await.unwrap();
    let told = events(&db, &admin).await;
    let actions: Vec<_> = told.iter().map(|(action, ..)| action.as_str()).filter(|action| *action != "user.signed_up").collect();
    assert_eq!(actions, ["user.provider_linked", "user.signed_in", "user.provider_unlinked"]);
    let (_, metadata, address) = told.iter().find(|(action, ..)| action == "user.signed_in").unwrap();
    assert_eq!((metadata["with"].as_str(), address.as_deref()), (Some(ISSUER), Some("192.0.2.7")));
    assert!(told.iter().all(|(_, metadata, _)| !metadata.to_string().contains("secret")));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_account_that_is_being_deleted_is_not_let_in(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let ada = identity("1", "ada@example.com");
    let first = sign_in(&db, &ada).await.unwrap();
    let mut delete = pool.begin().await.unwrap();
    for gone in [r#"DELETE FROM "Account""#, r#"DELETE FROM "Session""#, r#"UPDATE "User" SET email = 'x@deleted.invalid'"#] {
        sqlx::query(gone).execute(&mut *delete).await.unwrap();
    }
    let (second, ()) = tokio::join!(sign_in(&db, &ada), async {
        until_blocked(&pool).await;
        delete.commit().await.unwrap();
    });
    assert_ne!(second.unwrap().id, first.id, "whoever comes back is a new person");
}

/// The server with a provider at an address where nobody listens.
fn app(db: &TestDb) -> Router {
    let options = Options { oidc_issuer: Some("http://127.0.0.1:1".into()), oidc_client_id: Some("x".into()), ..Default::default() };
    let oidc = Providers::of(&options, "http://pm.example").unwrap();
    let settings = Settings { oidc, ..crate::testing::settings("http://pm.example", Guard::default()) };
    router(AppState { pool: db.app.clone(), settings: Arc::new(settings), live: Default::default() })
}

async fn send(app: &Router, request: http::request::Builder, body: &str) -> Response<Body> {
    app.clone().oneshot(request.header(HOST, "pm.example").body(Body::from(body.to_owned())).unwrap()).await.unwrap()
}

async fn start(app: &Router, body: &str) -> Response<Body> {
    send(app, Request::post("/oidc/start").header(CONTENT_TYPE, "application/x-www-form-urlencoded"), body).await
}

fn location(response: &Response<Body>) -> &str {
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    response.headers()[LOCATION].to_str().unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_journey_that_cannot_begin_says_so(pool: PgPool) {
    let app = app(&TestDb::new(&pool).await);
    let down = start(&app, "issuer=http%3A%2F%2F127.0.0.1%3A1&next=%2Forgs%2Facme").await;
    assert_eq!(location(&down), "/signin?problem=oidc-unreachable&next=%2Forgs%2Facme");
    let signed_out = start(&app, "issuer=http%3A%2F%2F127.0.0.1%3A1&next=%2Faccount&link=1").await;
    assert_eq!(location(&signed_out), "/signin?problem=oidc-signed-out&next=%2Faccount");
    let elsewhere = start(&app, "issuer=http%3A%2F%2F127.0.0.1%3A1&next=https%3A%2F%2Fevil.example").await;
    assert_eq!(location(&elsewhere), "/signin?problem=oidc-unreachable&next=%2F");
    for nonsense in ["issuer=https%3A%2F%2Fevil.example", "", "%ff%00=&&&"] {
        assert_eq!(start(&app, nonsense).await.status(), StatusCode::NOT_FOUND, "{nonsense}");
    }
    assert_eq!(send(&app, Request::get("/oidc/start"), "").await.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn nobody_arrives_without_a_ticket_of_theirs(pool: PgPool) {
    let app = app(&TestDb::new(&pool).await);
    for cookie in ["", "prodmatic_oidc=", "prodmatic_oidc=nonsense", "prodmatic_oidc=AAAA"] {
        let request = Request::get("/oidc/callback?code=x&state=y").header(COOKIE, cookie);
        let response = send(&app, request, "").await;
        assert_eq!(location(&response), "/signin?problem=oidc-expired&next=%2F");
        let used = response.headers()[SET_COOKIE].to_str().unwrap();
        assert!(used.starts_with("prodmatic_oidc=; Max-Age=0") && used.contains("HttpOnly") && used.contains("Secure"), "{used}");
    }
}
