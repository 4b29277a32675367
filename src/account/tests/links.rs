//! Links in mails, from the mail that brings them to the last click.

use std::time::{Duration, Instant};

use axum::body::Body;
use http::header::{ACCEPT, CONTENT_TYPE, HOST};
use http::{Request, Response, StatusCode};
use server_fn::ServerFn;
use sqlx::PgPool;
use tower::ServiceExt;

use super::{PASSWORD, sign_in_from};
use crate::account::api::links::ForgotPassword;
use crate::account::model::security::{LinkKind, LinkState};
use crate::account::store::{NewPassword, links, security, token};
use crate::kernel::error::AppError;
use crate::server::mail::Message;
use crate::server::request::Caller;
use crate::server::scope::{Person, Public};
use crate::server::serve::router;
use crate::testing::TestDb;

/// Every mail in the queue, oldest first.
pub async fn mails(db: &TestDb) -> Vec<Message> {
    let sealed: Vec<String> = sqlx::query_scalar(r#"SELECT sealed FROM "Mail" ORDER BY id"#).fetch_all(&db.owner).await.unwrap();
    let key = &db.state().settings.key;
    sealed.iter().map(|sealed| serde_json::from_str(&key.open(sealed).unwrap()).unwrap()).collect()
}

/// The token in the newest mail to this address.
pub async fn mailed_token(db: &TestDb, to: &str) -> String {
    let mail = mails(db).await.into_iter().rev().find(|mail| mail.to == to).unwrap();
    mail.button.unwrap().1.rsplit_once('/').unwrap().1.to_owned()
}

pub async fn public(db: &TestDb) -> Public {
    Public::open(&db.app, Caller { ip_address: "192.0.2.7".into(), user_agent: "Firefox/1".into(), ..Default::default() }).await.unwrap()
}

async fn state(db: &TestDb, kind: LinkKind, token: &str) -> LinkState {
    token::state(public(db).await.db(), kind, token).await.unwrap()
}

async fn reset(db: &TestDb, token: &str) -> Result<String, AppError> {
    let password = NewPassword::of("new_password", "another long password".into()).await.unwrap();
    links::reset_password(public(db).await, &db.state().settings, token, password).await
}

async fn is_verified(db: &TestDb, email: &str) -> bool {
    let query = sqlx::query_scalar(r#"SELECT "emailVerified" IS NOT NULL FROM "User" WHERE email = $1"#);
    query.bind(email).fetch_one(&db.owner).await.unwrap()
}

pub async fn actions(db: &TestDb) -> Vec<String> {
    let sql = r#"SELECT action FROM "AuditLog" WHERE action LIKE 'user.%' ORDER BY id"#;
    sqlx::query_scalar(sql).fetch_all(&db.owner).await.unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_new_address_is_confirmed_by_its_link_once(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.sign_up("ada@example.com").await;
    let token = mailed_token(&db, "ada@example.com").await;
    let stored: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "AccountToken" t WHERE t::text LIKE '%' || $1 || '%'"#)
        .bind(&token)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(stored, 0, "only a hash is stored");
    for _ in 0..2 {
        assert_eq!(state(&db, LinkKind::Confirm, &token).await, LinkState::Valid { email: "ada@example.com".into() });
    }
    assert!(!is_verified(&db, "ada@example.com").await, "looking at a link does nothing");
    assert_eq!(state(&db, LinkKind::Reset, &token).await, LinkState::Unknown, "a link opens its own page alone");
    links::confirm_email(public(&db).await, &token).await.unwrap();
    assert!(is_verified(&db, "ada@example.com").await);
    assert_eq!(state(&db, LinkKind::Confirm, &token).await, LinkState::Used);
    assert!(matches!(links::confirm_email(public(&db).await, &token).await, Err(AppError::Gone(told)) if told.contains("used")));
    assert_eq!(links::confirm_email(public(&db).await, "no-such-token").await, Err(AppError::NotFound));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_link_expires(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.sign_up("ada@example.com").await;
    let token = mailed_token(&db, "ada@example.com").await;
    sqlx::query(r#"UPDATE "AccountToken" SET "expiresAt" = now()"#).execute(&pool).await.unwrap();
    assert_eq!(state(&db, LinkKind::Confirm, &token).await, LinkState::Expired);
    assert!(matches!(links::confirm_email(public(&db).await, &token).await, Err(AppError::Gone(told)) if told.contains("expired")));
    assert!(!is_verified(&db, "ada@example.com").await);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_forgotten_password_is_set_anew_and_every_session_ends(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    let email = "admin@acme.test";
    links::send_reset(public(&db).await, &db.state().settings, email).await.unwrap();
    let token = mailed_token(&db, email).await;
    let minutes: f64 = sqlx::query_scalar(
        r#"SELECT extract(epoch FROM "expiresAt" - "createdAt")::float8 / 60 FROM "AccountToken" WHERE purpose = 'RESET'"#,
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(minutes, 60.0);

    let session = reset(&db, &token).await.unwrap();
    assert_eq!(Person::open(&db.app, &admin.caller).await.err(), Some(AppError::Unauthorized), "the earlier session has ended");
    let caller = Caller { token: Some(session), ..Default::default() };
    assert_eq!(Person::open(&db.app, &caller).await.unwrap().user().id, admin.id);
    assert!(is_verified(&db, email).await, "whoever follows the link has the address");
    assert!(sign_in_from(&db, "192.0.2.1", email, PASSWORD).await.is_err());
    assert!(sign_in_from(&db, "192.0.2.1", email, "another long password").await.is_ok());
    assert_eq!(state(&db, LinkKind::Reset, &token).await, LinkState::Used);
    assert!(matches!(reset(&db, &token).await, Err(AppError::Gone(_))));
    assert_eq!(actions(&db).await.iter().filter(|action| *action == "user.password_reset").count(), 1);
    let (user, address): (String, String) =
        sqlx::query_as(r#"SELECT "userId", "ipAddress" FROM "AuditLog" WHERE action = 'user.password_reset'"#)
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!((user, address.as_str()), (admin.id, "192.0.2.7"));
    assert_eq!(mails(&db).await.last().unwrap().subject, "Your password was changed");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn of_two_resets_at_once_one_counts(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.sign_up("ada@example.com").await;
    links::send_reset(public(&db).await, &db.state().settings, "ada@example.com").await.unwrap();
    let token = mailed_token(&db, "ada@example.com").await;
    let (one, other) = tokio::join!(reset(&db, &token), reset(&db, &token));
    assert!(one.is_ok() != other.is_ok());
    let sessions: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "Session""#).fetch_one(&pool).await.unwrap();
    assert_eq!(sessions, 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn mails_are_few_within_an_hour(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let ada = db.sign_up("ada@example.com").await;
    let settings = db.state().settings;
    // The first was that for signing up.
    for _ in 0..4 {
        links::verify_again(Person::open(&db.app, &ada.caller).await.unwrap(), &settings).await.unwrap();
    }
    let person = Person::open(&db.app, &ada.caller).await.unwrap();
    let Err(AppError::RateLimited(wait)) = links::verify_again(person, &settings).await else { panic!("a sixth mail") };
    assert!((3500..=3600).contains(&wait), "{wait}");
    // Another purpose is counted for itself.
    for _ in 0..5 {
        links::send_reset(public(&db).await, &settings, "ada@example.com").await.unwrap();
    }
    assert!(matches!(links::send_reset(public(&db).await, &settings, "ada@example.com").await, Err(AppError::RateLimited(_))));
    assert_eq!(mails(&db).await.len(), 10);
    sqlx::query(r#"UPDATE "AccountToken" SET "createdAt" = now() - interval '61 minutes'"#).execute(&pool).await.unwrap();
    links::send_reset(public(&db).await, &settings, "ada@example.com").await.unwrap();
    assert_eq!(mails(&db).await.len(), 11);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_strangers_ask_for_keeps_nobody_from_an_account(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (eve, settings) = (db.sign_up("eve@example.com").await, db.state().settings);
    for _ in 0..5 {
        let person = Person::open(&db.app, &eve.caller).await.unwrap();
        security::ask_email_change(person, &settings, "ada@example.com").await.unwrap();
    }
    let ada = db.sign_up("ada@example.com").await;
    assert_eq!(mails(&db).await.last().unwrap().subject, "Confirm your e-mail address");
    for _ in 0..5 {
        links::send_reset(public(&db).await, &settings, "ada@example.com").await.unwrap();
    }
    links::verify_again(Person::open(&db.app, &ada.caller).await.unwrap(), &settings).await.unwrap();
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_address_that_had_enough_mail_signs_up_without(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let eve = db.sign_up("eve@example.com").await;
    sqlx::query(
        r#"INSERT INTO "AccountToken" (id, "userId", purpose, "tokenHash", email, "expiresAt")
           SELECT n::text, $1, 'VERIFY', n::text, 'ada@example.com', now() FROM generate_series(1, 5) n"#,
    )
    .bind(&eve.id)
    .execute(&pool)
    .await
    .unwrap();
    db.sign_up("ada@example.com").await;
    assert_eq!(mails(&db).await.len(), 1, "the one to Eve");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_confirmed_address_is_not_asked_again(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let ada = db.sign_up("ada@example.com").await;
    links::confirm_email(public(&db).await, &mailed_token(&db, "ada@example.com").await).await.unwrap();
    links::verify_again(Person::open(&db.app, &ada.caller).await.unwrap(), &db.state().settings).await.unwrap();
    assert_eq!(mails(&db).await.len(), 1);
}

async fn forgot(db: &TestDb, email: &str) -> Response<Body> {
    let request = Request::post(ForgotPassword::PATH)
        .header(HOST, "pm.example")
        .header(ACCEPT, "text/html")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("page=%2Fforgot&form[email]={email}")))
        .unwrap();
    router(db.state()).oneshot(request).await.unwrap()
}

/// The answer comes while nobody can read who has an account: so it cannot depend on that, nor can its time.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_answer_tells_nothing_of_who_has_an_account(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.sign_up("ada@example.com").await;
    let mut lock = pool.begin().await.unwrap();
    sqlx::query(r#"LOCK TABLE "User" IN ACCESS EXCLUSIVE MODE"#).execute(&mut *lock).await.unwrap();
    let begin = Instant::now();
    let (known, unknown) = (forgot(&db, "ada@example.com").await, forgot(&db, "nobody@example.com").await);
    assert!(begin.elapsed() < Duration::from_secs(5));
    assert_eq!(known.status(), StatusCode::SEE_OTHER);
    assert_eq!((known.status(), known.headers()), (unknown.status(), unknown.headers()));
    lock.rollback().await.unwrap();
    for _ in 0..100 {
        if mails(&db).await.len() > 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let resets: Vec<String> =
        mails(&db).await.into_iter().filter(|mail| mail.subject == "Set a new password").map(|mail| mail.to).collect();
    assert_eq!(resets, ["ada@example.com"]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_link_that_is_dead_says_so_with_its_status(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.sign_up("ada@example.com").await;
    let token = mailed_token(&db, "ada@example.com").await;
    let page = async |path: String| {
        let request = Request::get(path).header(HOST, "pm.example").header(ACCEPT, "text/html").body(Body::empty()).unwrap();
        let response = router(db.state()).oneshot(request).await.unwrap();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    };
    let (status, text) = page(format!("/verify/{token}")).await;
    assert!(status == StatusCode::OK && text.contains("Confirm this address") && text.contains("ada@example.com"), "{status}");
    let (status, text) = page(format!("/reset/{token}")).await;
    assert!(status == StatusCode::NOT_FOUND && text.contains("no such link"), "{status}");
    sqlx::query(r#"UPDATE "AccountToken" SET "expiresAt" = now()"#).execute(&pool).await.unwrap();
    let (status, text) = page(format!("/verify/{token}")).await;
    assert!(status == StatusCode::GONE && text.contains("expired"), "{status}");
    sqlx::query(r#"UPDATE "AccountToken" SET "usedAt" = now()"#).execute(&pool).await.unwrap();
    let (status, text) = page(format!("/verify/{token}")).await;
    assert!(status == StatusCode::GONE && text.contains("used already"), "{status}");
    assert!(!is_verified(&db, "ada@example.com").await);
}
