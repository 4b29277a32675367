//! What happens between two looks at an account: a hash takes its time, and a lock is waited for.

use std::time::Duration;

use sqlx::PgPool;

use super::links::{mailed_token, public};
use super::{PASSWORD, sign_in_from};
use crate::account::store::{NewPassword, leaving, links, security};
use crate::kernel::error::AppError;
use crate::server::scope::Person;
use crate::testing::TestDb;

/// Waits until the application waits for a lock that the test holds; not for ever, so that a test fails that waits in vain.
pub async fn until_blocked(pool: &PgPool) {
    for _ in 0..200 {
        let blocked: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')",
        )
        .fetch_one(pool)
        .await
        .unwrap();
        if blocked {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn no_session_begins_with_a_password_that_was_changed_meanwhile(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.sign_up("ada@example.com").await;
    let mut change = pool.begin().await.unwrap();
    sqlx::query(r#"UPDATE "User" SET password = 'another'"#).execute(&mut *change).await.unwrap();
    sqlx::query(r#"DELETE FROM "Session""#).execute(&mut *change).await.unwrap();
    let (late, ()) = tokio::join!(sign_in_from(&db, "192.0.2.1", "ada@example.com", PASSWORD), async {
        until_blocked(&pool).await;
        change.commit().await.unwrap();
    });
    let wrong = sign_in_from(&db, "192.0.2.1", "ada@example.com", "not the password").await;
    assert_eq!((late.clone(), late.is_err()), (wrong, true));
    let sessions: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "Session""#).fetch_one(&pool).await.unwrap();
    assert_eq!(sessions, 0);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_session_that_has_just_begun_ends_with_its_account(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let ada = db.sign_up("ada@example.com").await;
    let mut begin = pool.begin().await.unwrap();
    sqlx::query(r#"SELECT id FROM "User" FOR SHARE"#).execute(&mut *begin).await.unwrap();
    sqlx::query(r#"INSERT INTO "Session" (id, "sessionToken", "userId", expires) VALUES ('s', 't', $1, now() + interval '1 day')"#)
        .bind(&ada.id)
        .execute(&mut *begin)
        .await
        .unwrap();
    let person = Person::open(&db.app, &ada.caller).await.unwrap();
    let (deleted, ()) = tokio::join!(leaving::delete(person), async {
        until_blocked(&pool).await;
        begin.commit().await.unwrap();
    });
    deleted.unwrap();
    let sessions: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "Session""#).fetch_one(&pool).await.unwrap();
    assert_eq!(sessions, 0);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_session_that_was_ended_meanwhile_sets_no_password(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let ada = db.sign_up("ada@example.com").await;
    let settings = db.state().settings;
    let mut reset = pool.begin().await.unwrap();
    sqlx::query(r#"UPDATE "User" SET password = 'another'"#).execute(&mut *reset).await.unwrap();
    sqlx::query(r#"DELETE FROM "Session""#).execute(&mut *reset).await.unwrap();
    let password = NewPassword::of("new_password", "four unrelated words".into()).await.unwrap();
    let person = Person::open(&db.app, &ada.caller).await.unwrap();
    let (late, ()) = tokio::join!(security::set_password(person, &settings, password), async {
        until_blocked(&pool).await;
        reset.commit().await.unwrap();
    });
    assert_eq!(late.err(), Some(AppError::Unauthorized));
    let stored: String = sqlx::query_scalar(r#"SELECT password FROM "User""#).fetch_one(&pool).await.unwrap();
    assert_eq!(stored, "another");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_address_that_was_left_resets_no_password(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.sign_up("old@example.com").await;
    let settings = db.state().settings;
    links::send_reset(public(&db).await, &settings, "old@example.com").await.unwrap();
    let link = mailed_token(&db, "old@example.com").await;
    // As a client would that knows nothing of links.
    sqlx::query(r#"UPDATE "User" SET email = 'new@example.com'"#).execute(&pool).await.unwrap();
    let password = NewPassword::of("new_password", "another long password".into()).await.unwrap();
    let late = links::reset_password(public(&db).await, &settings, &link, password).await;
    assert!(matches!(late, Err(AppError::Gone(_))), "{late:?}");
    assert!(sign_in_from(&db, "192.0.2.1", "new@example.com", PASSWORD).await.is_ok());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_address_that_is_being_left_gets_no_link(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.sign_up("old@example.com").await;
    let settings = db.state().settings;
    let mut change = pool.begin().await.unwrap();
    sqlx::query(r#"UPDATE "User" SET email = 'new@example.com'"#).execute(&mut *change).await.unwrap();
    let (late, ()) = tokio::join!(links::send_reset(public(&db).await, &settings, "old@example.com"), async {
        until_blocked(&pool).await;
        change.commit().await.unwrap();
    });
    assert!(matches!(late, Err(AppError::Conflict(_))), "{late:?}");
    let links: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "AccountToken" WHERE purpose = 'RESET'"#).fetch_one(&pool).await.unwrap();
    assert_eq!(links, 0);
}
