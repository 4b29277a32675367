//! Password, e-mail address and sessions.

use sqlx::PgPool;

use super::links::{actions, mailed_token, mails, public};
use super::{PASSWORD, sign_in_from};
use crate::account::model::security::{LinkKind, LinkState, PasswordForm};
use crate::account::store::{NewPassword, links, security, token};
use crate::kernel::error::AppError;
use crate::server::request::Caller;
use crate::server::scope::Person;
use crate::testing::{TestDb, TestUser};

async fn person(db: &TestDb, user: &TestUser) -> Person {
    Person::open(&db.app, &user.caller).await.unwrap()
}

async fn confirm(db: &TestDb, user: &TestUser, password: &str) -> Result<(), AppError> {
    security::confirm(person(db, user).await, "current_password", password.into()).await
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_password_ends_other_sessions_and_open_links(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    let (email, settings) = ("admin@acme.test", db.state().settings);
    let other = Caller { token: Some(sign_in_from(&db, "192.0.2.1", email, PASSWORD).await.unwrap()), ..Default::default() };
    links::send_reset(public(&db).await, &settings, email).await.unwrap();
    let link = mailed_token(&db, email).await;
    let password = NewPassword::of("new_password", "four unrelated words".into()).await.unwrap();
    let token = security::set_password(person(&db, &admin).await, &settings, password).await.unwrap();
    let renewed = Caller { token: Some(token), ..Default::default() };
    assert_eq!(Person::open(&db.app, &renewed).await.unwrap().user().id, admin.id, "this session goes on");
    assert_eq!(Person::open(&db.app, &admin.caller).await.err(), Some(AppError::Unauthorized), "but not by the earlier token");
    assert_eq!(Person::open(&db.app, &other).await.err(), Some(AppError::Unauthorized));
    assert_eq!(token::state(public(&db).await.db(), LinkKind::Reset, &link).await.unwrap(), LinkState::Used);
    assert!(sign_in_from(&db, "192.0.2.1", email, "four unrelated words").await.is_ok());
    assert_eq!(mails(&db).await.last().unwrap().subject, "Your password was changed");
    let log: String = sqlx::query_scalar(r#"SELECT "AuditLog"::text FROM "AuditLog" WHERE action = 'user.password_changed'"#)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(!log.contains("argon2") && !log.contains("four unrelated"), "{log}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_current_password_is_asked_for_and_not_to_be_guessed(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let ada = db.sign_up("ada@example.com").await;
    confirm(&db, &ada, PASSWORD).await.unwrap();
    for _ in 0..10 {
        assert!(confirm(&db, &ada, "not my password").await.unwrap_err().of_field("current_password").is_some());
    }
    assert!(matches!(confirm(&db, &ada, PASSWORD).await, Err(AppError::RateLimited(_))));
    assert!(sign_in_from(&db, "192.0.2.1", "ada@example.com", PASSWORD).await.is_ok(), "signing in is counted apart");
    sqlx::query(r#"UPDATE "User" SET password = NULL"#).execute(&pool).await.unwrap();
    sqlx::query(r#"DELETE FROM "SignInFailure""#).execute(&pool).await.unwrap();
    assert!(confirm(&db, &ada, "").await.is_err(), "no password is not an empty one");
}

#[tokio::test]
async fn a_new_password_follows_the_rules_of_the_first() {
    let form = |new: &str| PasswordForm { new_password: new.into(), ..Default::default() };
    for wrong in ["short", "ada@example.com", &"x".repeat(201)] {
        assert!(form(wrong).validate("ada@example.com").unwrap_err().of_field("new_password").is_some(), "{wrong}");
    }
    let common = NewPassword::of("new_password", "Password123".into()).await.err().unwrap();
    assert!(common.of_field("new_password").is_some());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_address_changes_once_the_new_one_answers(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    let settings = db.state().settings;
    security::ask_email_change(person(&db, &admin).await, &settings, "first@example.com").await.unwrap();
    let first = mailed_token(&db, "first@example.com").await;
    security::ask_email_change(person(&db, &admin).await, &settings, "new@example.com").await.unwrap();
    let notice = mails(&db).await.into_iter().rev().find(|mail| mail.to == "admin@acme.test").unwrap();
    assert!(notice.paragraphs[0].contains("new@example.com"));
    assert_eq!(person(&db, &admin).await.user().email, "admin@acme.test", "not yet");
    assert!(matches!(links::confirm_email(public(&db).await, &first).await, Err(AppError::Gone(_))), "only the newest request counts");
    links::confirm_email(public(&db).await, &mailed_token(&db, "new@example.com").await).await.unwrap();
    assert_eq!(person(&db, &admin).await.user().email, "new@example.com");
    assert!(sign_in_from(&db, "192.0.2.1", "new@example.com", PASSWORD).await.is_ok());
    assert!(sign_in_from(&db, "192.0.2.1", "admin@acme.test", PASSWORD).await.is_err());
    assert_eq!(actions(&db).await.iter().filter(|action| *action == "user.email_changed").count(), 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_change_of_address_is_shown_and_can_be_cancelled(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let ada = db.sign_up("ada@example.com").await;
    let verify = mailed_token(&db, "ada@example.com").await;
    let pending = async || security::get(&mut person(&db, &ada).await).await.unwrap().pending_email;
    assert_eq!(pending().await, None, "the link for signing up is none of these");
    security::ask_email_change(person(&db, &ada).await, &db.state().settings, "new@example.com").await.unwrap();
    assert_eq!(pending().await.as_deref(), Some("new@example.com"));
    security::cancel_email_change(person(&db, &ada).await).await.unwrap();
    assert_eq!(pending().await, None);
    let link = mailed_token(&db, "new@example.com").await;
    assert!(matches!(links::confirm_email(public(&db).await, &link).await, Err(AppError::Gone(_))));
    links::confirm_email(public(&db).await, &verify).await.unwrap();
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_address_of_another_account_is_refused_then_and_later(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let ada = db.sign_up("ada@example.com").await;
    db.sign_up("bob@example.com").await;
    let settings = db.state().settings;
    let taken = security::ask_email_change(person(&db, &ada).await, &settings, "bob@example.com").await.unwrap_err();
    assert!(taken.of_field("email").is_some());
    security::ask_email_change(person(&db, &ada).await, &settings, "cid@example.com").await.unwrap();
    let link = mailed_token(&db, "cid@example.com").await;
    db.sign_up("cid@example.com").await;
    assert!(matches!(links::confirm_email(public(&db).await, &link).await, Err(AppError::Conflict(_))));
    assert_eq!(person(&db, &ada).await.user().email, "ada@example.com");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn sessions_are_listed_and_ended_by_their_owner_alone(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    let eve = db.sign_up("eve@example.com").await;
    for _ in 0..3 {
        sign_in_from(&db, "192.0.2.1", "admin@acme.test", PASSWORD).await.unwrap();
    }
    sqlx::query(r#"INSERT INTO "UserProfile" (id, "userId", timezone) VALUES ('p', $1, 'Asia/Kolkata')"#)
        .bind(&admin.id)
        .execute(&pool)
        .await
        .unwrap();
    sqlx::query(r#"UPDATE "Session" SET "lastUsedAt" = '2026-01-31T20:00:00Z', "userAgent" = 'Windows Firefox/1' WHERE "userId" = $1"#)
        .bind(&admin.id)
        .execute(&pool)
        .await
        .unwrap();
    // Looking is using: this session's own time is now.
    let page = security::get(&mut person(&db, &admin).await).await.unwrap();
    assert_eq!((page.sessions.len(), page.zone.as_str(), page.has_password), (4, "Asia/Kolkata", true));
    assert!(page.sessions[0].current && !page.sessions[1].current);
    let other = &page.sessions[1];
    assert_eq!(
        (other.device.as_str(), other.last_used.as_str(), other.ip_address.as_str()),
        ("Firefox on Windows", "1 Feb 2026, 01:30", "192.0.2.1")
    );

    assert_eq!(security::revoke(person(&db, &eve).await, &other.id).await, Err(AppError::NotFound), "not somebody else's");
    security::revoke(person(&db, &admin).await, &other.id).await.unwrap();
    assert_eq!(security::get(&mut person(&db, &admin).await).await.unwrap().sessions.len(), 3);
    security::revoke_others(person(&db, &admin).await).await.unwrap();
    assert_eq!(security::get(&mut person(&db, &admin).await).await.unwrap().sessions.len(), 1);
    assert!(Person::open(&db.app, &eve.caller).await.is_ok(), "others stay signed in");
    assert_eq!(actions(&db).await.iter().filter(|action| *action == "user.sessions_revoked").count(), 2);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_odd_time_zone_spoils_no_page(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let ada = db.sign_up("ada@example.com").await;
    sqlx::query(r#"INSERT INTO "UserProfile" (id, "userId", timezone) VALUES ('p', $1, 'Mars/Olympus')"#)
        .bind(&ada.id)
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(security::get(&mut person(&db, &ada).await).await.unwrap().zone, "UTC");
}
