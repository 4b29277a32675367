//! Sends what is queued. Any number of processes may do so on one database.

use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::watch::Receiver;

use super::Message;
use super::outgoing::Outgoing;
use crate::kernel::error::AppError;
use crate::server::request::Settings;
use crate::server::scope::System;

/// Tries before a mail is given up: about four hours, from the waits between them.
const TRIES: i32 = 8;
/// How often the queue is looked at. A mail may have been queued by another process, or by a transaction that took its time.
const PAUSE: Duration = Duration::from_secs(1);

/// A mail that this process has taken for one try. It comes up again, for whichever process is first, unless it is struck out:
/// a process that is killed loses nothing.
#[derive(sqlx::FromRow)]
struct Taken {
    id: String,
    sealed: String,
    attempts: i32,
}

/// Sends mail until told to stop. What is on its way at that moment is struck out first, lest it go out again.
pub async fn run(pool: PgPool, settings: Arc<Settings>, mut stop: Receiver<bool>) {
    while !*stop.borrow() {
        let pause = match send_next(&pool, &settings).await {
            Ok(true) => continue,
            Ok(false) => PAUSE,
            Err(error) => {
                tracing::warn!(%error, "the mail queue cannot be read");
                PAUSE * 10
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            // Also when nobody is there any more to tell.
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

/// Tries the mail that is due the longest; says whether there was one.
pub async fn send_next(pool: &PgPool, settings: &Settings) -> Result<bool, AppError> {
    let Some(mail) = take(pool).await? else { return Ok(false) };
    match deliver(&mail, settings, &settings.mail).await {
        Ok(()) => strike_out(pool, &mail.id).await?,
        Err(reason) if mail.attempts >= TRIES => {
            tracing::error!(mail = %mail.id, %reason, "a mail was given up after {TRIES} tries");
            strike_out(pool, &mail.id).await?;
        }
        Err(reason) => {
            tracing::warn!(mail = %mail.id, attempt = mail.attempts, %reason, "a mail could not be sent and will be tried again")
        }
    }
    Ok(true)
}

async fn deliver(mail: &Taken, settings: &Settings, outgoing: &Outgoing) -> Result<(), String> {
    let json = settings.key.open(&mail.sealed).map_err(|_| "it was sealed under another key".to_owned())?;
    let message: Message = serde_json::from_str(&json).map_err(|error| error.to_string())?;
    outgoing.send(&message, &settings.url).await
}

/// Takes a mail for one try. The wait until the next one is noted at once: a minute, then twice as long each time.
async fn take(pool: &PgPool) -> Result<Option<Taken>, AppError> {
    let mut system = System::open(pool).await?;
    let taken = sqlx::query_as(
        r#"UPDATE "Mail" SET attempts = attempts + 1, "nextTryAt" = now() + interval '1 minute' * power(2, attempts)
            WHERE id = (SELECT id FROM "Mail" WHERE "nextTryAt" <= now() ORDER BY "nextTryAt", id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING id, sealed, attempts"#,
    )
    .fetch_optional(system.db())
    .await?;
    system.commit(taken).await
}

async fn strike_out(pool: &PgPool, id: &str) -> Result<(), AppError> {
    let mut system = System::open(pool).await?;
    sqlx::query(r#"DELETE FROM "Mail" WHERE id = $1"#).bind(id).execute(system.db()).await?;
    system.commit(()).await
}
