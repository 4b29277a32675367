//! SQL for the log of deliveries, and for what people send again.

use serde_json::json;

use crate::kernel::error::AppError;
use crate::kernel::page::{Page, TIME_BOUNDS};
use crate::server::id::new_id;
use crate::server::scope::Scope;
use crate::webhook::model::{Attempt, Delivery, DeliveryQuery, DeliveryStatus, TEST_EVENT};

/// The columns of a delivery `d`.
macro_rules! columns {
    () => {
        r#"d.id, d.event, d.status, d.attempts, d."createdAt", d."attemptedAt", d."nextAttemptAt", d.latency, d."responseStatus", d.failure"#
    };
}

/// A page of a webhook's deliveries by the time they were made.
///
/// Parameters: tenant, webhook, time and id of the cursor, rows, status, event.
macro_rules! page {
    ($compare:literal, $way:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            r#" FROM "WebhookDelivery" d WHERE d."organizationId" = $1 AND d."webhookId" = $2 AND (d."createdAt", d.id) "#,
            $compare,
            r#" (to_timestamp($3::float8 / 1000)::timestamptz(3), $4)
                AND ($6::"WebhookStatus" IS NULL OR d.status = $6) AND ($7::text IS NULL OR d.event = $7)
              ORDER BY d."createdAt" "#,
            $way,
            ", d.id ",
            $way,
            " LIMIT $5"
        )
    };
}

/// A page of the webhook's deliveries, the newest first.
pub async fn list(scope: &mut Scope, webhook: &str, query: &DeliveryQuery) -> Result<Page<Delivery>, AppError> {
    let org = scope.organization().id.clone();
    let ((earliest, latest), size) = (TIME_BOUNDS, scope.rows());
    let cursor = query.cursor.as_ref();
    let rows: Vec<Delivery> = sqlx::query_as(if cursor.is_some_and(|c| c.back) { page!(">", "ASC") } else { page!("<", "DESC") })
        .bind(org)
        .bind(webhook)
        .bind(cursor.map_or(latest, |cursor| cursor.key.clamp(earliest, latest)))
        .bind(cursor.map_or("", |cursor| &cursor.id))
        .bind(size + 1)
        .bind(query.status)
        .bind(&query.event)
        .fetch_all(scope.db())
        .await?;
    Ok(Page::sized(rows, size, cursor, |delivery| (delivery.created_at.timestamp_millis() as f64, delivery.id.clone())))
}

/// The events among the webhook's newest thousand deliveries, by name.
pub async fn events(scope: &mut Scope, webhook: &str) -> Result<Vec<String>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_scalar(
        r#"SELECT DISTINCT event FROM (
             SELECT event FROM "WebhookDelivery" WHERE "organizationId" = $1 AND "webhookId" = $2 ORDER BY "createdAt" DESC, id DESC LIMIT 1000
           ) newest ORDER BY event LIMIT 100"#,
    )
    .bind(org)
    .bind(webhook)
    .fetch_all(scope.db())
    .await?)
}

/// One delivery of the webhook, with what was sent and what came back.
pub async fn attempt(scope: &mut Scope, webhook: &str, id: &str) -> Result<Attempt, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        r#", jsonb_pretty(d.payload) AS body, d."requestHeaders", d."responseHeaders", d.response
           FROM "WebhookDelivery" d WHERE d."organizationId" = $1 AND d."webhookId" = $2 AND d.id = $3"#
    ))
    .bind(org)
    .bind(webhook)
    .bind(id)
    .fetch_one(scope.db())
    .await?)
}

/// Queues an event that tries the endpoint, whatever it listens for and even if it is switched off; gives the delivery's id.
pub async fn send_test(scope: &mut Scope, webhook: &str) -> Result<String, AppError> {
    let (org, id, user) = (scope.organization().id.clone(), new_id(), scope.user().id.clone());
    let data = json!({ "id": webhook, "entity": "Webhook", "organizationId": org, "userId": user, "changes": {} });
    let made = sqlx::query(
        r#"INSERT INTO "WebhookDelivery" (id, "organizationId", "webhookId", event, payload)
           SELECT $3, w."organizationId", w.id, $4,
                  jsonb_build_object('type', $4, 'timestamp', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data', $5::jsonb)
             FROM "Webhook" w WHERE w."organizationId" = $1 AND w.id = $2"#,
    )
    .bind(org)
    .bind(webhook)
    .bind(&id)
    .bind(TEST_EVENT)
    .bind(data)
    .execute(scope.db())
    .await?;
    if made.rows_affected() == 0 { Err(AppError::NotFound) } else { Ok(id) }
}

/// Whether nobody is at the delivery and it has been tried since it was queued.
pub async fn is_tried(scope: &mut Scope, id: &str) -> Result<bool, AppError> {
    let org = scope.organization().id.clone();
    let (status, attempts): (DeliveryStatus, i32) =
        sqlx::query_as(r#"SELECT status, attempts FROM "WebhookDelivery" WHERE "organizationId" = $1 AND id = $2"#)
            .bind(org)
            .bind(id)
            .fetch_one(scope.db())
            .await?;
    Ok(attempts > 0 || status.is_final())
}

/// Sends a delivery once more, under the id that it has, with the whole schedule before it. Nothing happens to one that is under
/// way at this moment. Gives the id of its webhook.
pub async fn redeliver(scope: &mut Scope, id: &str) -> Result<String, AppError> {
    let org = scope.organization().id.clone();
    let webhook: String =
        sqlx::query_scalar(r#"SELECT "webhookId" FROM "WebhookDelivery" WHERE "organizationId" = $1 AND id = $2 FOR UPDATE"#)
            .bind(&org)
            .bind(id)
            .fetch_one(scope.db())
            .await?;
    sqlx::query(
        r#"UPDATE "WebhookDelivery" SET status = 'PENDING', attempts = 0, "nextAttemptAt" = now()
            WHERE "organizationId" = $1 AND id = $2 AND "claimedAt" IS NULL"#,
    )
    .bind(org)
    .bind(id)
    .execute(scope.db())
    .await?;
    Ok(webhook)
}

/// As `redeliver` for all deliveries of the webhook that have failed for good; says how many these are.
pub async fn redeliver_failed(scope: &mut Scope, webhook: &str) -> Result<u64, AppError> {
    let org = scope.organization().id.clone();
    super::get(scope, webhook).await?;
    let queued = sqlx::query(
        r#"UPDATE "WebhookDelivery" SET status = 'PENDING', attempts = 0, "nextAttemptAt" = now()
            WHERE "organizationId" = $1 AND "webhookId" = $2 AND status = 'FAILED' AND event <> $3"#,
    )
    .bind(org)
    .bind(webhook)
    .bind(TEST_EVENT)
    .execute(scope.db())
    .await?;
    Ok(queued.rows_affected())
}
