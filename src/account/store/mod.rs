//! SQL for people and their sessions.

pub mod leaving;
pub mod links;
pub mod profile;
pub mod security;
pub mod token;

use std::sync::LazyLock;

use serde_json::json;
use sqlx::PgConnection;

use crate::account::model::{SignInForm, SignUpForm};
use crate::audit::store as audit;
use crate::kernel::error::AppError;
use crate::server::id::{hash, new_id, new_token};
use crate::server::request::Settings;
use crate::server::scope::{Person, Public};
use crate::server::{password, session};

/// Failures within `WINDOW_MINUTES` from one address, whatever the account.
const FAILURES_PER_ADDRESS: i64 = 50;
/// Failures for one account from one address.
const FAILURES_PER_PAIR: i64 = 10;
/// Failures for one account from all addresses where its owner has not signed in before.
const FAILURES_PER_ACCOUNT: i64 = 50;
const WINDOW_MINUTES: i32 = 15;
/// Failures that no longer count and are forgotten with each new one: more than are added, so that they do not pile up.
const FORGOTTEN_AT_ONCE: i64 = 100;
/// For so long it is known where somebody has signed in.
const KNOWN_DAYS: i32 = 90;

static COMMON_PASSWORDS: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("../common_passwords.txt").lines().collect());

/// A person to be created, with a password that has been hashed: slow work, for which no connection is held.
pub struct NewPerson {
    name: String,
    email: String,
    password_hash: String,
}

impl NewPerson {
    /// # Errors
    /// A field error for a common password.
    pub async fn of(form: SignUpForm) -> Result<NewPerson, AppError> {
        let password = NewPassword::of("password", form.password).await?;
        Ok(NewPerson { name: form.name, email: form.email, password_hash: password.hash })
    }
}

/// A password to be stored, hashed as slowly as that of a `NewPerson`.
pub struct NewPassword {
    hash: String,
}

impl NewPassword {
    /// # Errors
    /// An error of the named field for a common password.
    pub async fn of(field: &str, password: String) -> Result<NewPassword, AppError> {
        if is_common(&password) {
            return Err(AppError::field(field, "This password is on the lists that attackers try first. Please choose another."));
        }
        Ok(NewPassword { hash: password::hash(password).await? })
    }
}

/// Creates the person and their first session, and mails them a link to confirm their address; gives the session's token.
///
/// # Errors
/// A field error for a known address.
pub async fn sign_up(mut public: Public, settings: &Settings, person: NewPerson) -> Result<String, AppError> {
    let (name, email) = (person.name.clone(), person.email.clone());
    let id = create(public.db(), person).await?;
    match links::send_verification(public.db(), settings, &id, &name, &email).await {
        // Others may have had mail sent to this address; that keeps nobody from an account. The link can be asked for later.
        Ok(()) | Err(AppError::RateLimited(_)) => {}
        Err(error) => return Err(error),
    }
    let token = start_session(&mut public, &id).await?;
    public.commit(token).await
}

/// Creates the person; gives their id.
pub async fn create(db: &mut PgConnection, person: NewPerson) -> Result<String, AppError> {
    let id = new_id();
    sqlx::query(r#"INSERT INTO "User" (id, name, email, password) VALUES ($1, $2, $3, $4)"#)
        .bind(&id)
        .bind(person.name)
        .bind(person.email)
        .bind(person.password_hash)
        .execute(db)
        .await?;
    Ok(id)
}

/// Whether the password, or the word in it that is repeated or followed by digits, is among the common ones.
fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let word = lower.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_ascii_punctuation());
    let mut letters = lower.chars();
    let first = letters.next();
    letters.all(|c| Some(c) == first) || COMMON_PASSWORDS.iter().any(|common| *common == lower || *common == word)
}

/// Checks the password and creates a session; gives its token.
///
/// # Errors
/// The same field error, after the same time, for an unknown address and a wrong password. `RateLimited` after too many failures;
/// an account is never locked for its owner at an address where they have signed in before.
pub async fn sign_in(mut public: Public, form: SignInForm) -> Result<String, AppError> {
    let key = hash(&form.email);
    let found: Option<(String, Option<String>)> =
        sqlx::query_as(r#"SELECT id, password FROM "User" WHERE lower(email) = $1"#).bind(&form.email).fetch_optional(public.db()).await?;
    let (id, stored) = found.unzip();
    let stored = stored.flatten();
    if is_limited(&mut public, &key, id.as_deref()).await? {
        return Err(AppError::RateLimited(WINDOW_MINUTES as u32 * 60));
    }
    // Counted and committed before the hash is computed, so that many tries at the same moment do not slip past the limit together.
    let address = public.caller.neighbourhood();
    let failure = count_failure(public.db(), &key, &address).await?;
    let public = public.pause().await?;
    let right = password::verify(form.password, stored.clone()).await?;
    let mut public = public.go_on().await?;
    let id = id.as_deref().unwrap_or_default();
    if !right || !is_still(public.db(), id, stored.as_deref()).await? {
        // The log's statement runs for an unknown address too, and writes nothing, so that neither takes longer.
        audit::about_person(public.db(), id, "user.sign_in_failed", json!({})).await?;
        public.commit(()).await?;
        return Err(AppError::field("password", "This e-mail address and password do not belong together."));
    }
    sqlx::query(r#"DELETE FROM "SignInFailure" WHERE id = $1"#).bind(failure).execute(public.db()).await?;
    let token = start_session(&mut public, id).await?;
    audit::about_person(public.db(), id, "user.signed_in", json!({})).await?;
    public.commit(token).await
}

/// Whether the account still has the password that was checked. It was, without a connection, some time ago: meanwhile another
/// may have been set, or the account deleted. Held, so that either waits for the session that begins now, and ends it.
async fn is_still(db: &mut PgConnection, user: &str, stored: Option<&str>) -> Result<bool, AppError> {
    let held: Option<String> = sqlx::query_scalar(r#"SELECT id FROM "User" WHERE id = $1 AND password IS NOT DISTINCT FROM $2 FOR SHARE"#)
        .bind(user)
        .bind(stored)
        .fetch_optional(db)
        .await?;
    Ok(held.is_some())
}

async fn is_limited(public: &mut Public, key: &str, user: Option<&str>) -> Result<bool, AppError> {
    let address = public.caller.neighbourhood();
    let (by_address, by_pair, by_account, known): (i64, i64, i64, bool) = sqlx::query_as(
        r#"SELECT count(*) FILTER (WHERE "ipAddress" = $2),
                  count(*) FILTER (WHERE "emailHash" = $1 AND "ipAddress" = $2),
                  count(*) FILTER (WHERE "emailHash" = $1),
                  EXISTS (SELECT FROM "KnownAddress" WHERE "userId" = $4 AND "ipAddress" = $2
                                                       AND "seenAt" > now() - make_interval(days => $5))
           FROM "SignInFailure"
           WHERE ("emailHash" = $1 OR "ipAddress" = $2) AND "createdAt" > now() - make_interval(mins => $3)"#,
    )
    .bind(key)
    .bind(address)
    .bind(WINDOW_MINUTES)
    .bind(user)
    .bind(KNOWN_DAYS)
    .fetch_one(public.db())
    .await?;
    let by_others = by_address >= FAILURES_PER_ADDRESS || by_account >= FAILURES_PER_ACCOUNT;
    Ok(by_pair >= FAILURES_PER_PAIR || (by_others && !known))
}

/// Notes a failure, to be struck out again on success; forgets some that no longer count, whoever they were about. Those that
/// somebody else is forgetting are passed over, so that nobody waits.
async fn count_failure(db: &mut PgConnection, key: &str, address: &str) -> Result<i64, AppError> {
    sqlx::query(
        r#"DELETE FROM "SignInFailure" WHERE id IN (
             SELECT id FROM "SignInFailure" WHERE "createdAt" < now() - make_interval(mins => $1)
             ORDER BY "createdAt" LIMIT $2 FOR UPDATE SKIP LOCKED)"#,
    )
    .bind(WINDOW_MINUTES)
    .bind(FORGOTTEN_AT_ONCE)
    .execute(&mut *db)
    .await?;
    Ok(sqlx::query_scalar(r#"INSERT INTO "SignInFailure" ("emailHash", "ipAddress") VALUES ($1, $2) RETURNING id"#)
        .bind(key)
        .bind(address)
        .fetch_one(db)
        .await?)
}

/// Creates a session and gives its token; only the token's hash is stored. Sessions that have run out are cleared away.
pub(crate) async fn start_session(public: &mut Public, user: &str) -> Result<String, AppError> {
    let token = new_token()?;
    remember_address(public, user).await?;
    let caller = public.caller.clone();
    sqlx::query(r#"DELETE FROM "Session" WHERE "userId" = $1 AND expires < now()"#).bind(user).execute(public.db()).await?;
    sqlx::query(
        r#"INSERT INTO "Session" (id, "sessionToken", "userId", expires, "ipAddress", "userAgent")
           VALUES ($1, $2, $3, now() + make_interval(days => $4), $5, $6)"#,
    )
    .bind(new_id())
    .bind(hash(&token))
    .bind(user)
    .bind(session::DAYS as i32)
    .bind(caller.ip_address)
    .bind(caller.user_agent)
    .execute(public.db())
    .await?;
    Ok(token)
}

/// Notes where somebody has signed in. It outlives the session: who signs out is not locked out by others either.
async fn remember_address(public: &mut Public, user: &str) -> Result<(), AppError> {
    let address = public.caller.neighbourhood();
    sqlx::query(r#"DELETE FROM "KnownAddress" WHERE "userId" = $1 AND "seenAt" < now() - make_interval(days => $2)"#)
        .bind(user)
        .bind(KNOWN_DAYS)
        .execute(public.db())
        .await?;
    sqlx::query(
        r#"INSERT INTO "KnownAddress" ("userId", "ipAddress") VALUES ($1, $2)
           ON CONFLICT ("userId", "ipAddress") DO UPDATE SET "seenAt" = now()"#,
    )
    .bind(user)
    .bind(address)
    .execute(public.db())
    .await?;
    Ok(())
}

/// Ends the session that the person came with.
pub async fn sign_out(mut person: Person) -> Result<(), AppError> {
    let (session, user) = (person.user().session_id.clone(), person.user().id.clone());
    audit::about_person(person.db(), &user, "user.signed_out", json!({})).await?;
    sqlx::query(r#"DELETE FROM "Session" WHERE id = $1"#).bind(session).execute(person.db()).await?;
    person.commit(()).await
}

/// The organisation that the person belongs to longest, by its slug.
pub async fn first_organization(person: &mut Person) -> Result<Option<String>, AppError> {
    let user = person.user().id.clone();
    Ok(sqlx::query_scalar(
        r#"SELECT o.slug FROM "Membership" m JOIN "Organization" o ON o.id = m."organizationId"
           WHERE m."userId" = $1 AND o."deletedAt" IS NULL ORDER BY m."createdAt" LIMIT 1"#,
    )
    .bind(user)
    .fetch_optional(person.db())
    .await?)
}
