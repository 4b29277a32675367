//! SQL for webhooks.

mod delivery;
mod health;
pub mod outbox;

pub use delivery::{attempt, events, is_tried, list as deliveries, redeliver, redeliver_failed, send_test};
pub use health::health;

use super::model::{WEBHOOKS_MAX, Webhook, WebhookFields};
use super::secret;
use crate::kernel::error::AppError;
use crate::kernel::version;
use crate::server::id::new_id;
use crate::server::scope::Scope;
use crate::server::seal::Key;

/// The newest webhooks' secrets as they are sealed, without the word that says so; of all organisations.
pub const SEALED: &str = r#"SELECT substr(secret, 8) FROM "Webhook" WHERE secret LIKE 'sealed:%' ORDER BY "createdAt" DESC LIMIT 1000"#;

/// The columns of a webhook `w`; whether there is a secret, and never the secret.
macro_rules! columns {
    () => {
        r#"w.id, w.name, w.url, w.events, w.active, w.secret IS NOT NULL AS "hasSecret", w."rotatedAt", w."failingSince", w."pausedUntil",
           w."disabledAt", w."disabledReason", w."createdAt", w."updatedAt""#
    };
}

/// The organisation's webhooks by name, each with how its newest hundred deliveries went.
pub async fn list(scope: &mut Scope) -> Result<Vec<Webhook>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        r#", recent.* FROM "Webhook" w
           CROSS JOIN LATERAL (
             SELECT count(*) FILTER (WHERE status = 'SUCCESS') AS succeeded,
                    count(*) FILTER (WHERE status IN ('FAILED', 'RETRYING')) AS failed
               FROM (SELECT d.status FROM "WebhookDelivery" d WHERE d."organizationId" = $1 AND d."webhookId" = w.id
                     ORDER BY d."createdAt" DESC, d.id DESC LIMIT 100) newest) recent
           WHERE w."organizationId" = $1 ORDER BY w.name, w.id LIMIT 200"#
    ))
    .bind(org)
    .fetch_all(scope.db())
    .await?)
}

/// One webhook.
pub async fn get(scope: &mut Scope, id: &str) -> Result<Webhook, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(concat!("SELECT ", columns!(), r#" FROM "Webhook" w WHERE w."organizationId" = $1 AND w.id = $2"#))
        .bind(org)
        .bind(id)
        .fetch_one(scope.db())
        .await?)
}

/// The same, locked until the transaction ends; changes elsewhere can be queued for it meanwhile.
async fn locked(scope: &mut Scope, id: &str) -> Result<Webhook, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(concat!("SELECT ", columns!(), r#" FROM "Webhook" w WHERE w."organizationId" = $1 AND w.id = $2 FOR NO KEY UPDATE"#))
        .bind(org)
        .bind(id)
        .fetch_one(scope.db())
        .await?)
}

/// Creates a webhook with a secret of its own; gives its id.
///
/// # Errors
/// `Conflict` when the organisation has as many as it may.
pub async fn create(scope: &mut Scope, key: &Key, fields: WebhookFields) -> Result<String, AppError> {
    let (org, id) = (scope.organization().id.clone(), new_id());
    let there: i64 =
        sqlx::query_scalar(r#"SELECT count(*) FROM "Webhook" WHERE "organizationId" = $1"#).bind(&org).fetch_one(scope.db()).await?;
    if there >= WEBHOOKS_MAX {
        return Err(AppError::Conflict(format!("An organisation has at most {WEBHOOKS_MAX} webhooks. Delete one first.")));
    }
    let sealed = secret::seal(key, &[&secret::generate()?])?;
    sqlx::query(r#"INSERT INTO "Webhook" (id, "organizationId", name, url, events, secret) VALUES ($1, $2, $3, $4, $5, $6)"#)
        .bind(&id)
        .bind(org)
        .bind(fields.name)
        .bind(fields.url)
        .bind(fields.events)
        .bind(sealed)
        .execute(scope.db())
        .await?;
    Ok(id)
}

/// Changes a webhook that the person saw in this version.
///
/// # Errors
/// `Stale` when somebody has changed it meanwhile.
pub async fn update(scope: &mut Scope, id: &str, version: &str, fields: WebhookFields) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    let stored = WebhookFields::from(&locked(scope, id).await?);
    version::check(version, &stored, &fields)?;
    sqlx::query(r#"UPDATE "Webhook" SET name = $3, url = $4, events = $5 WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(id)
        .bind(fields.name)
        .bind(fields.url)
        .bind(fields.events)
        .execute(scope.db())
        .await?;
    Ok(())
}

/// Switches a webhook on or off. Switched on it begins anew, whatever was wrong before; what waits for it goes out then.
pub async fn switch(scope: &mut Scope, id: &str, active: bool) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    if locked(scope, id).await?.active == active {
        return Ok(());
    }
    // Apart, so that the log tells of the second alone.
    sqlx::query(r#"UPDATE "Webhook" SET "failingSince" = NULL, "pausedUntil" = NULL WHERE "organizationId" = $1 AND id = $2"#)
        .bind(&org)
        .bind(id)
        .execute(scope.db())
        .await?;
    sqlx::query(
        r#"UPDATE "Webhook" SET active = $3, "disabledAt" = NULL, "disabledReason" = NULL WHERE "organizationId" = $1 AND id = $2"#,
    )
    .bind(org)
    .bind(id)
    .bind(active)
    .execute(scope.db())
    .await?;
    Ok(())
}

/// Removes a webhook with its log, for good.
pub async fn delete(scope: &mut Scope, id: &str) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    let gone =
        sqlx::query(r#"DELETE FROM "Webhook" WHERE "organizationId" = $1 AND id = $2"#).bind(org).bind(id).execute(scope.db()).await?;
    if gone.rows_affected() == 0 { Err(AppError::NotFound) } else { Ok(()) }
}

/// The secrets of a webhook: the one in use, and behind it those before, the newest first; none for a webhook without.
async fn secrets(scope: &mut Scope, key: &Key, id: &str) -> Result<Vec<String>, AppError> {
    let org = scope.organization().id.clone();
    let stored: Option<String> = sqlx::query_scalar(r#"SELECT secret FROM "Webhook" WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(id)
        .fetch_one(scope.db())
        .await?;
    stored.map_or_else(|| Ok(Vec::new()), |stored| secret::open(key, &stored))
}

/// The secret in use, to be shown to whoever has just made it.
pub async fn secret(scope: &mut Scope, key: &Key, id: &str) -> Result<Option<String>, AppError> {
    Ok(secrets(scope, key, id).await?.into_iter().next())
}

/// Gives a webhook a new secret. The present one signs too for a day, so that the receiver can change over at leisure; and so do those
/// before it whose day is not over, since nobody knows which of them the receiver has come to.
pub async fn rotate(scope: &mut Scope, key: &Key, id: &str) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    locked(scope, id).await?;
    let within_a_day =
        r#"SELECT coalesce("rotatedAt" > now() - interval '1 day', false) FROM "Webhook" WHERE "organizationId" = $1 AND id = $2"#;
    let again: bool = sqlx::query_scalar(within_a_day).bind(&org).bind(id).fetch_one(scope.db()).await?;
    // One that was sealed under a key which is lost cannot sign any more.
    let before = secrets(scope, key, id).await.unwrap_or_default();
    let new = secret::generate()?;
    let kept = before.iter().take(if again { secret::SIGNING_MAX - 1 } else { 1 });
    let all: Vec<&str> = std::iter::once(&new).chain(kept).map(String::as_str).collect();
    sqlx::query(r#"UPDATE "Webhook" SET secret = $3, "rotatedAt" = now() WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(id)
        .bind(secret::seal(key, &all)?)
        .execute(scope.db())
        .await?;
    Ok(())
}
