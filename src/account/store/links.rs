//! SQL for what links in mails do: confirm an address, set a new password.

use std::future::Future;

use sqlx::PgConnection;
use tokio::sync::Semaphore;

use super::token::{self, Purpose, Spent};
use super::{NewPassword, start_session};
use crate::account::mails;
use crate::account::model::security::{LinkKind, LinkState};
use crate::audit::store::about_person;
use crate::kernel::error::AppError;
use crate::server::mail::queue_under;
use crate::server::request::{Caller, Settings};
use crate::server::scope::{Person, Public};

/// Requests for a reset that are looked into at one time: they wait for one another, and not for a connection each.
static PLACES: Semaphore = Semaphore::const_new(2);

/// Mails the link that confirms the person's address.
pub async fn send_verification(db: &mut PgConnection, settings: &Settings, user: &str, name: &str, email: &str) -> Result<(), AppError> {
    let token = token::issue(db, user, Purpose::Verify, email).await?;
    queue_under(db, &settings.key, mails::verify(email, name, &settings.url, &token)).await
}

/// Mails it again; nothing for an address that is confirmed.
///
/// # Errors
/// `RateLimited` after a few within an hour; `Conflict` when the address has just changed.
pub async fn verify_again(mut person: Person, settings: &Settings) -> Result<(), AppError> {
    let user = person.user().clone();
    let verified: bool =
        sqlx::query_scalar(r#"SELECT "emailVerified" IS NOT NULL FROM "User" WHERE id = $1"#).bind(&user.id).fetch_one(person.db()).await?;
    if !verified {
        send_verification(person.db(), settings, &user.id, &user.name.unwrap_or_default(), &user.email).await?;
    }
    person.commit(()).await
}

/// Confirms the address that the link was sent to: that of the account, or the one that takes its place.
///
/// # Errors
/// `Gone` or `NotFound` for the link; `Conflict` when somebody else has the address by now.
pub async fn confirm_email(mut public: Public, token: &str) -> Result<(), AppError> {
    let spent = token::spend(public.db(), LinkKind::Confirm, token).await?;
    act_as(&mut public, &spent.user_id).await?;
    if spent.is_for(Purpose::Change) {
        change_email(public.db(), &spent).await?;
    } else {
        // An address that was changed since has had its links made void.
        sqlx::query(r#"UPDATE "User" SET "emailVerified" = coalesce("emailVerified", now()) WHERE id = $1 AND email = $2"#)
            .bind(&spent.user_id)
            .bind(&spent.email)
            .execute(public.db())
            .await?;
    }
    public.commit(()).await
}

async fn change_email(db: &mut PgConnection, spent: &Spent) -> Result<(), AppError> {
    let changed = sqlx::query(r#"UPDATE "User" SET email = $2, "emailVerified" = now() WHERE id = $1"#)
        .bind(&spent.user_id)
        .bind(&spent.email)
        .execute(&mut *db)
        .await;
    match changed.map_err(AppError::from) {
        Err(AppError::Validation(_)) => return Err(AppError::Conflict("Another account has this e-mail address by now.".into())),
        outcome => outcome?,
    };
    token::void(db, &spent.user_id).await?;
    about_person(db, &spent.user_id, "user.email_changed", serde_json::json!({})).await
}

/// Does the work later: whether there is an account with an address must not show in how long an answer takes.
pub fn in_background(work: impl Future<Output = Result<(), AppError>> + Send + 'static) {
    tokio::spawn(async move {
        let Ok(_place) = PLACES.acquire().await else { return };
        match work.await {
            // Whoever had enough mail gets no more, and an address that has just been left gets none.
            Ok(()) | Err(AppError::RateLimited(_) | AppError::Conflict(_)) => {}
            Err(error) => tracing::error!(%error, "a password reset could not be prepared"),
        }
    });
}

/// Mails a link to set a new password, if there is an account with this address.
pub async fn send_reset(mut public: Public, settings: &Settings, email: &str) -> Result<(), AppError> {
    let user: Option<String> =
        sqlx::query_scalar(r#"SELECT id FROM "User" WHERE lower(email) = $1"#).bind(email).fetch_optional(public.db()).await?;
    if let Some(user) = user {
        let token = token::issue(public.db(), &user, Purpose::Reset, email).await?;
        queue_under(public.db(), &settings.key, mails::reset(email, &settings.url, &token)).await?;
    }
    public.commit(()).await
}

/// Sets the new password, ends every session and begins one; gives its token. Whoever has the link has the address.
///
/// # Errors
/// `Gone` or `NotFound` for the link; `Gone` too when it was sent to an address that the account has left.
pub async fn reset_password(mut public: Public, settings: &Settings, token: &str, password: NewPassword) -> Result<String, AppError> {
    let Spent { user_id: user, email, .. } = token::spend(public.db(), LinkKind::Reset, token).await?;
    act_as(&mut public, &user).await?;
    let set = sqlx::query(
        r#"UPDATE "User" SET password = $2, "emailVerified" = coalesce("emailVerified", now())
           WHERE id = $1 AND lower(email) = lower($3)"#,
    )
    .bind(&user)
    .bind(password.hash)
    .bind(&email)
    .execute(public.db())
    .await?;
    if set.rows_affected() == 0 {
        return Err(token::refusal(&LinkState::Used));
    }
    sqlx::query(r#"DELETE FROM "Session" WHERE "userId" = $1"#).bind(&user).execute(public.db()).await?;
    token::void(public.db(), &user).await?;
    about_person(public.db(), &user, "user.password_reset", serde_json::json!({})).await?;
    queue_under(public.db(), &settings.key, mails::password_changed(&email, &settings.url)).await?;
    let session = start_session(&mut public, &user).await?;
    public.commit(session).await
}

/// Says who acts for the rest of the transaction, for the audit log: the link stands for a session.
async fn act_as(public: &mut Public, user: &str) -> Result<(), AppError> {
    let Caller { ip_address, user_agent, .. } = public.caller.clone();
    sqlx::query(
        "SELECT set_config('app.user_id', $1, true), set_config('app.ip_address', $2, true), set_config('app.user_agent', $3, true)",
    )
    .bind(user)
    .bind(ip_address)
    .bind(user_agent)
    .execute(public.db())
    .await?;
    Ok(())
}
