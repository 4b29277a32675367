mod leaving;
mod links;
mod profile;
pub mod races;
mod security;

use std::time::{Duration, Instant};

use sqlx::PgPool;

use crate::account::model::{SignInForm, SignUpForm};
use crate::account::store;
use crate::kernel::error::AppError;
use crate::server::request::Caller;
use crate::server::scope::{Person, Public};
use crate::testing::TestDb;

const PASSWORD: &str = "a long enough password";

fn sign_in_form(email: &str, password: &str) -> SignInForm {
    SignInForm { email: email.into(), password: password.into(), next: String::new() }.validate().unwrap()
}

async fn sign_in_from(db: &TestDb, address: &str, email: &str, password: &str) -> Result<String, AppError> {
    let caller = Caller { ip_address: address.into(), ..Default::default() };
    store::sign_in(Public::open(&db.app, caller).await.unwrap(), sign_in_form(email, password)).await
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_person_signs_up_in_and_out(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.sign_up("ada@example.com").await;
    let token = sign_in_from(&db, "192.0.2.1", " ADA@example.com", PASSWORD).await.unwrap();
    let caller = Caller { token: Some(token.clone()), ..Default::default() };
    let person = Person::open(&db.app, &caller).await.unwrap();
    assert_eq!(person.user().email, "ada@example.com");
    store::sign_out(person).await.unwrap();
    assert_eq!(Person::open(&db.app, &caller).await.err(), Some(AppError::Unauthorized));

    let (stored, kept): (String, i64) =
        sqlx::query_as(r#"SELECT (SELECT password FROM "User"), (SELECT count(*) FROM "Session" WHERE "sessionToken" = $1 OR id = $1)"#)
            .bind(&token)
            .fetch_one(&pool)
            .await
            .unwrap();
    assert!(stored.starts_with("$argon2id$"));
    assert_eq!(kept, 0, "a token is never stored as it is");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_session_ends_with_its_time(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let user = db.sign_up("ada@example.com").await;
    sqlx::query(r#"UPDATE "Session" SET expires = now() - interval '1 second'"#).execute(&pool).await.unwrap();
    assert_eq!(Person::open(&db.app, &user.caller).await.err(), Some(AppError::Unauthorized));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_address_has_one_account_two_at_once_included(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let attempt = async || {
        let form = SignUpForm { name: "A".into(), email: "Ada@example.com".into(), password: PASSWORD.into() }.validate().unwrap();
        let person = store::NewPerson::of(form).await?;
        store::sign_up(Public::open(&db.app, Caller::default()).await.unwrap(), &db.state().settings, person).await
    };
    let (one, other) = tokio::join!(attempt(), attempt());
    let (won, lost): (Vec<_>, Vec<_>) = [one, other].into_iter().partition(Result::is_ok);
    assert_eq!((won.len(), lost.len()), (1, 1));
    assert!(lost[0].as_ref().unwrap_err().of_field("email").is_some());
}

#[tokio::test]
async fn common_passwords_are_refused() {
    for password in ["1234567890", "Password123", "aaaaaaaaaaaa", "iloveyou2024!"] {
        let form = SignUpForm { name: "A".into(), email: "ada@example.com".into(), password: password.into() }.validate().unwrap();
        let error = store::NewPerson::of(form).await.err();
        assert!(error.is_some_and(|error| error.of_field("password").is_some()), "{password}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn unknown_address_and_wrong_password_are_told_alike(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.sign_up("ada@example.com").await;
    // The shortest of several, since other tests want the processor too: a hash takes many times what all the rest does.
    let mut shortest = [Duration::MAX; 2];
    let mut told = Vec::new();
    for _ in 0..8 {
        for (time, email) in shortest.iter_mut().zip(["ada@example.com", "nobody@example.com"]) {
            let begin = Instant::now();
            told.push(sign_in_from(&db, "192.0.2.1", email, "not the password").await.unwrap_err());
            *time = begin.elapsed().min(*time);
        }
    }
    assert!(told.iter().all(|error| *error == told[0]), "{told:?}");
    let [known, unknown] = shortest;
    assert!(unknown * 2 > known && known * 2 > unknown, "{known:?} {unknown:?}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn guessing_is_limited_but_locks_nobody_out(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.sign_up("ada@example.com").await;
    let token = sign_in_from(&db, "192.0.2.1", "ada@example.com", PASSWORD).await.unwrap();
    let caller = Caller { token: Some(token), ..Default::default() };
    store::sign_out(Person::open(&db.app, &caller).await.unwrap()).await.unwrap();
    // An attacker's failures, spread over addresses, as they would be counted.
    sqlx::query(
        r#"INSERT INTO "SignInFailure" ("emailHash", "ipAddress") SELECT $1, '198.51.100.' || n % 6 FROM generate_series(1, 54) n"#,
    )
    .bind(crate::server::id::hash("ada@example.com"))
    .execute(&pool)
    .await
    .unwrap();
    let at_new_address = sign_in_from(&db, "203.0.113.9", "ada@example.com", PASSWORD).await;
    assert!(matches!(at_new_address, Err(AppError::RateLimited(_))), "the account as a whole is limited");
    assert!(sign_in_from(&db, "192.0.2.1", "ada@example.com", PASSWORD).await.is_ok(), "its owner's own address is not");
    sqlx::query(r#"UPDATE "KnownAddress" SET "seenAt" = now() - interval '91 days'"#).execute(&pool).await.unwrap();
    let long_ago = sign_in_from(&db, "192.0.2.1", "ada@example.com", PASSWORD).await;
    assert!(matches!(long_ago, Err(AppError::RateLimited(_))), "nor is it known for ever");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_address_that_tries_many_accounts_is_limited(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    for email in ["ada@example.com", "bob@example.com"] {
        db.sign_up(email).await;
    }
    let (guessing, other) = ("198.51.100.7", "198.51.100.8");
    assert!(sign_in_from(&db, guessing, "ada@example.com", PASSWORD).await.is_ok());
    sqlx::query(r#"INSERT INTO "SignInFailure" ("emailHash", "ipAddress") SELECT 'somebody' || n, $1 FROM generate_series(1, 50) n"#)
        .bind(guessing)
        .execute(&pool)
        .await
        .unwrap();
    let refused = sign_in_from(&db, guessing, "bob@example.com", PASSWORD).await;
    assert!(matches!(refused, Err(AppError::RateLimited(_))), "{refused:?}");
    assert!(sign_in_from(&db, guessing, "ada@example.com", PASSWORD).await.is_ok(), "who has signed in there before still may");
    assert!(sign_in_from(&db, other, "bob@example.com", PASSWORD).await.is_ok(), "nor is another address limited");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_network_of_ipv6_is_one_address(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.sign_up("ada@example.com").await;
    for n in 1..=10 {
        let failure = sign_in_from(&db, &format!("2001:db8::{n}"), "ada@example.com", "not the password").await.unwrap_err();
        assert!(failure.of_field("password").is_some());
    }
    assert!(matches!(sign_in_from(&db, "2001:db8::ffff:11", "ada@example.com", PASSWORD).await, Err(AppError::RateLimited(_))));
    assert!(sign_in_from(&db, "2001:db8:0:1::1", "ada@example.com", PASSWORD).await.is_ok());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn failures_that_no_longer_count_are_forgotten(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    sqlx::query(
        r#"INSERT INTO "SignInFailure" ("emailHash", "ipAddress", "createdAt")
           SELECT 'somebody' || n, '198.51.100.1', now() - make_interval(mins => n) FROM generate_series(14, 16) n"#,
    )
    .execute(&pool)
    .await
    .unwrap();
    sign_in_from(&db, "192.0.2.1", "nobody@example.com", PASSWORD).await.unwrap_err();
    let kept: Vec<String> = sqlx::query_scalar(r#"SELECT "emailHash" FROM "SignInFailure" ORDER BY id"#).fetch_all(&pool).await.unwrap();
    assert_eq!(kept, ["somebody14".to_owned(), crate::server::id::hash("nobody@example.com")]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn ten_failures_of_one_address_are_enough(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.sign_up("ada@example.com").await;
    for _ in 0..10 {
        let failure = sign_in_from(&db, "203.0.113.9", "ada@example.com", "not the password").await.unwrap_err();
        assert!(failure.of_field("password").is_some());
    }
    assert!(matches!(sign_in_from(&db, "203.0.113.9", "ada@example.com", PASSWORD).await, Err(AppError::RateLimited(_))));
    assert!(sign_in_from(&db, "203.0.113.10", "ada@example.com", PASSWORD).await.is_ok());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_first_organization_is_the_oldest_live_one(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let user = db.org("acme").await;
    let mut person = Person::open(&db.app, &user.caller).await.unwrap();
    assert_eq!(store::first_organization(&mut person).await.unwrap().as_deref(), Some("acme"));
    sqlx::query(r#"UPDATE "Organization" SET "deletedAt" = now()"#).execute(&pool).await.unwrap();
    assert_eq!(store::first_organization(&mut person).await.unwrap(), None);
}
