//! SQL for the password, the e-mail address and the sessions of somebody signed in.

use super::token::{self, Purpose};
use super::{FAILURES_PER_PAIR, NewPassword, WINDOW_MINUTES, count_failure};
use crate::account::device;
use crate::account::mails;
use crate::account::model::security::{Security, SessionEntry};
use crate::audit::store::about_person;
use crate::kernel::error::AppError;
use crate::server::id::{hash, new_token};
use crate::server::mail::queue_under;
use crate::server::request::Settings;
use crate::server::scope::{Person, SignedInUser};
use crate::server::zone::common_zone;
use crate::server::{password, session};

/// Sessions that are listed.
const SESSIONS: i64 = 100;

/// What stands on the page.
pub async fn get(person: &mut Person) -> Result<Security, AppError> {
    let SignedInUser { id, email, session_id, .. } = person.user().clone();
    let (has_password, zone): (bool, Option<String>) = sqlx::query_as(
        r#"SELECT u.password IS NOT NULL, p.timezone FROM "User" u LEFT JOIN "UserProfile" p ON p."userId" = u.id WHERE u.id = $1"#,
    )
    .bind(&id)
    .fetch_one(person.db())
    .await?;
    let zone = common_zone(zone.as_deref());
    // The month's name without the prefix TM is English, whatever the database's locale.
    let mut sessions: Vec<SessionEntry> = sqlx::query_as(
        r#"SELECT s.id, coalesce(s."userAgent", '') AS "userAgent", coalesce(s."ipAddress", '') AS "ipAddress",
                  to_char(coalesce(s."lastUsedAt", s."createdAt", now()) AT TIME ZONE $4, 'FMDD Mon YYYY, HH24:MI') AS "lastUsed",
                  s.id = $2 AS current
           FROM "Session" s WHERE s."userId" = $1 AND s.expires > now()
           ORDER BY s.id = $2 DESC, coalesce(s."lastUsedAt", s."createdAt", now()) DESC, s.id LIMIT $3"#,
    )
    .bind(&id)
    .bind(&session_id)
    .bind(SESSIONS)
    .bind(zone)
    .fetch_all(person.db())
    .await?;
    for session in &mut sessions {
        session.device = device::in_words(&session.device);
    }
    let pending_email = token::open_for(person.db(), &id, Purpose::Change).await?;
    Ok(Security { email, pending_email, has_password, zone: zone.to_owned(), sessions })
}

/// Holds the person's row until the transaction ends. What begins a session holds it too, so one comes after the other.
///
/// # Errors
/// As `goes_on`.
pub async fn hold(person: &mut Person) -> Result<(), AppError> {
    let id = person.user().id.clone();
    sqlx::query(r#"SELECT id FROM "User" WHERE id = $1 FOR NO KEY UPDATE"#).bind(id).execute(person.db()).await?;
    goes_on(person).await
}

/// To be asked once the person's row is held: somebody else may have ended the session while this request waited for it.
///
/// # Errors
/// `Unauthorized` for a session that has ended.
pub async fn goes_on(person: &mut Person) -> Result<(), AppError> {
    let session = person.user().session_id.clone();
    let goes_on: bool =
        sqlx::query_scalar(r#"SELECT EXISTS (SELECT FROM "Session" WHERE id = $1)"#).bind(session).fetch_one(person.db()).await?;
    if goes_on { Ok(()) } else { Err(AppError::Unauthorized) }
}

/// Whether the person has a password at all.
pub async fn has_password(person: &mut Person) -> Result<bool, AppError> {
    let id = person.user().id.clone();
    Ok(sqlx::query_scalar(r#"SELECT password IS NOT NULL FROM "User" WHERE id = $1"#).bind(id).fetch_one(person.db()).await?)
}

/// Checks the person's current password, without a connection while it is hashed. A session that was left open is no reason to
/// let somebody guess on, so tries are counted as they are for signing in, but apart from those.
///
/// # Errors
/// An error of the named field for a wrong password; `RateLimited` after too many.
pub async fn confirm(mut person: Person, field: &str, password: String) -> Result<(), AppError> {
    let (user, address) = (person.user().id.clone(), person.caller.neighbourhood());
    let key = hash(&format!("session of {user}"));
    let (stored, failures): (Option<String>, i64) = sqlx::query_as(
        r#"SELECT password, (SELECT count(*) FROM "SignInFailure"
                              WHERE "emailHash" = $2 AND "createdAt" > now() - make_interval(mins => $3))
           FROM "User" WHERE id = $1"#,
    )
    .bind(&user)
    .bind(&key)
    .bind(WINDOW_MINUTES)
    .fetch_one(person.db())
    .await?;
    if failures >= FAILURES_PER_PAIR {
        return Err(AppError::RateLimited(WINDOW_MINUTES as u32 * 60));
    }
    let failure = count_failure(person.db(), &key, &address).await?;
    let paused = person.pause().await?;
    if !password::verify(password, stored).await? {
        return Err(AppError::field(field, "This is not your current password."));
    }
    let mut person = paused.go_on().await?;
    sqlx::query(r#"DELETE FROM "SignInFailure" WHERE id = $1"#).bind(failure).execute(person.db()).await?;
    person.commit(()).await
}

/// Sets another password and ends every other session; gives the new token of this one. Whoever has copied the earlier token is
/// out as well.
pub async fn set_password(mut person: Person, settings: &Settings, password: NewPassword) -> Result<String, AppError> {
    hold(&mut person).await?;
    let SignedInUser { id, email, session_id, .. } = person.user().clone();
    sqlx::query(r#"UPDATE "User" SET password = $2 WHERE id = $1"#).bind(&id).bind(password.hash).execute(person.db()).await?;
    sqlx::query(r#"DELETE FROM "Session" WHERE "userId" = $1 AND id <> $2"#).bind(&id).bind(&session_id).execute(person.db()).await?;
    let session = renew(&mut person).await?;
    token::void(person.db(), &id).await?;
    about_person(person.db(), &id, "user.password_changed", serde_json::json!({})).await?;
    queue_under(person.db(), &settings.key, mails::password_changed(&email, &settings.url)).await?;
    person.commit(session).await
}

/// Gives the session another token, and its whole time again.
async fn renew(person: &mut Person) -> Result<String, AppError> {
    let (session, token) = (person.user().session_id.clone(), new_token()?);
    sqlx::query(r#"UPDATE "Session" SET "sessionToken" = $2, expires = now() + make_interval(days => $3) WHERE id = $1"#)
        .bind(session)
        .bind(hash(&token))
        .bind(session::DAYS as i32)
        .execute(person.db())
        .await?;
    Ok(token)
}

/// Mails a link to the new address and a notice to the old one; the address changes when the link is used.
///
/// # Errors
/// A field error for an address that is taken; `RateLimited` after a few within an hour.
pub async fn ask_email_change(mut person: Person, settings: &Settings, new: &str) -> Result<(), AppError> {
    hold(&mut person).await?;
    let SignedInUser { id, email, .. } = person.user().clone();
    let taken: bool =
        sqlx::query_scalar(r#"SELECT EXISTS (SELECT FROM "User" WHERE lower(email) = $1)"#).bind(new).fetch_one(person.db()).await?;
    if taken {
        return Err(AppError::field("email", "There is an account with this e-mail address already."));
    }
    // Only the newest request counts.
    token::void_for(person.db(), &id, Purpose::Change).await?;
    let token = token::issue(person.db(), &id, Purpose::Change, new).await?;
    queue_under(person.db(), &settings.key, mails::change(new, &settings.url, &token)).await?;
    queue_under(person.db(), &settings.key, mails::change_notice(&email, new, &settings.url)).await?;
    person.commit(()).await
}

/// Leaves the address as it is: the link to the new one works no more.
pub async fn cancel_email_change(mut person: Person) -> Result<(), AppError> {
    hold(&mut person).await?;
    let id = person.user().id.clone();
    token::void_for(person.db(), &id, Purpose::Change).await?;
    person.commit(()).await
}

/// Ends one of the person's sessions.
///
/// # Errors
/// `NotFound` for a session that is not theirs, or has ended.
pub async fn revoke(mut person: Person, session: &str) -> Result<(), AppError> {
    let user = person.user().id.clone();
    let ended =
        sqlx::query(r#"DELETE FROM "Session" WHERE id = $1 AND "userId" = $2"#).bind(session).bind(&user).execute(person.db()).await?;
    if ended.rows_affected() == 0 {
        return Err(AppError::NotFound);
    }
    about_person(person.db(), &user, "user.sessions_revoked", serde_json::json!({ "sessions": 1 })).await?;
    person.commit(()).await
}

/// Ends every session of the person but the one that asks.
pub async fn revoke_others(mut person: Person) -> Result<(), AppError> {
    let SignedInUser { id, session_id, .. } = person.user().clone();
    let ended =
        sqlx::query(r#"DELETE FROM "Session" WHERE "userId" = $1 AND id <> $2"#).bind(&id).bind(session_id).execute(person.db()).await?;
    if ended.rows_affected() > 0 {
        about_person(person.db(), &id, "user.sessions_revoked", serde_json::json!({ "sessions": ended.rows_affected() })).await?;
    }
    person.commit(()).await
}
