//! SQL of those who deliver: across tenants, for any number of processes at once.

use serde::Serialize;
use sqlx::types::Json;

use crate::kernel::error::AppError;
use crate::kernel::time::Timestamp;
use crate::server::mail::{Message, queue_under};
use crate::server::request::Settings;
use crate::server::scope::System;
use crate::webhook::model::{Disabled, FAILING_DAYS, KEPT_DAYS, TEST_EVENT};

/// A delivery that this process has taken for one attempt. Unless it says in time how that went, the delivery is due again.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub struct Claimed {
    pub id: String,
    pub webhook_id: String,
    pub event: String,
    /// The payload to the byte, the same at each attempt.
    pub body: String,
    /// Those before this one.
    pub attempts: i32,
    /// By which the delivery is known to be still this process's.
    pub claimed_at: Timestamp,
    pub url: String,
    pub secret: Option<String>,
    /// Whether the secrets before sign, too.
    pub rotated: bool,
    /// Whether the endpoint has failed at the last attempt.
    pub failing: bool,
}

/// How an attempt went, in the shape in which it is stored.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    pub id: String,
    pub webhook_id: String,
    pub claimed_at: Timestamp,
    pub succeeded: bool,
    /// Seconds until the next attempt; nothing when it was the last one.
    pub wait: Option<f64>,
    /// Milliseconds.
    pub latency: i32,
    pub request_headers: Vec<(String, String)>,
    pub response_status: Option<u16>,
    pub response_headers: Option<Vec<(String, String)>>,
    pub response: Option<String>,
    pub failure: Option<String>,
    /// Whether it tells how the endpoint does; one that somebody has sent to try it does not.
    pub counts: bool,
    /// Whether the endpoint was known to fail.
    pub failing: bool,
    /// Seconds for which the endpoint asked to be left alone.
    pub pause: Option<f64>,
    pub gone: bool,
}

/// Webhooks that wait for something, found by a step into the index for each, however much waits for it; in no order, so that
/// none is always the last. Of each so many deliveries are taken as it has places free: one that fails has a single place, and
/// one that is slow keeps its own places busy, not those of others. What another process has in its hands is passed over.
///
/// Parameters: webhooks that this process is busy with, how many deliveries of each, places of a webhook, places in all.
const CLAIM: &str = r#"
WITH RECURSIVE waiting (id) AS (
    (SELECT "webhookId" FROM "WebhookDelivery" WHERE status IN ('PENDING', 'RETRYING') ORDER BY "webhookId" LIMIT 1)
  UNION ALL
    SELECT (SELECT d."webhookId" FROM "WebhookDelivery" d
             WHERE d.status IN ('PENDING', 'RETRYING') AND d."webhookId" > waiting.id ORDER BY d."webhookId" LIMIT 1)
      FROM waiting WHERE waiting.id IS NOT NULL
), taken AS MATERIALIZED (
  SELECT due.id, w.url, w.secret, w."rotatedAt" > now() - interval '1 day' AS rotated, w."failingSince" IS NOT NULL AS failing
    FROM (SELECT id FROM waiting WHERE id IS NOT NULL ORDER BY random()) hook
    JOIN "Webhook" w ON w.id = hook.id
    JOIN "Organization" o ON o.id = w."organizationId" AND o."deletedAt" IS NULL
    LEFT JOIN unnest($1::text[], $2::integer[]) AS busy (id, places) ON busy.id = hook.id
    CROSS JOIN LATERAL (
      SELECT d.id FROM "WebhookDelivery" d
       WHERE d."webhookId" = hook.id AND d.status IN ('PENDING', 'RETRYING') AND d."nextAttemptAt" <= now()
         AND ((w.active AND coalesce(w."pausedUntil" <= now(), true)) OR d.event = $5)
       ORDER BY d."nextAttemptAt"
       LIMIT greatest(0, CASE WHEN w."failingSince" IS NULL THEN $3::integer ELSE 1 END - coalesce(busy.places, 0))
         FOR UPDATE SKIP LOCKED) due
   LIMIT $4
)
UPDATE "WebhookDelivery" d SET "claimedAt" = now(), "nextAttemptAt" = now() + interval '30 seconds'
  FROM taken WHERE d.id = taken.id
RETURNING d.id, d."webhookId", d.event, d.payload::text AS body, d.attempts, d."claimedAt", taken.url, taken.secret,
          coalesce(taken.rotated, false) AS rotated, taken.failing"#;

/// Takes what is due, at most so much; `busy` says what this process is at already.
pub async fn claim(system: &mut System, busy: &[(String, i32)], of_each: i32, in_all: i64) -> Result<Vec<Claimed>, AppError> {
    let (webhooks, places): (Vec<&str>, Vec<i32>) = busy.iter().map(|(webhook, places)| (webhook.as_str(), *places)).unzip();
    Ok(sqlx::query_as(CLAIM).bind(webhooks).bind(places).bind(of_each).bind(in_all).bind(TEST_EVENT).fetch_all(system.db()).await?)
}

/// Notes how attempts went. What has come due again meanwhile, and was taken by somebody else, is theirs to tell of.
pub async fn record(system: &mut System, settings: &Settings, outcomes: &[Outcome]) -> Result<(), AppError> {
    sqlx::query(
        r#"UPDATE "WebhookDelivery" d
              SET status = CASE WHEN o.succeeded THEN 'SUCCESS' WHEN o.wait IS NULL THEN 'FAILED' ELSE 'RETRYING' END::"WebhookStatus",
                  attempts = least(d.attempts + 1, 100), "claimedAt" = NULL, "attemptedAt" = now(),
                  "nextAttemptAt" = now() + make_interval(secs => o.wait), latency = o.latency, "requestHeaders" = o."requestHeaders",
                  "responseStatus" = o."responseStatus", "responseHeaders" = o."responseHeaders", response = o.response, failure = o.failure
             FROM jsonb_to_recordset($1) AS o (id text, "claimedAt" timestamptz, succeeded boolean, wait float8, latency integer,
                  "requestHeaders" jsonb, "responseStatus" integer, "responseHeaders" jsonb, response text, failure text)
            WHERE d.id = o.id AND d."claimedAt" = o."claimedAt""#,
    )
    .bind(Json(outcomes))
    .execute(system.db())
    .await?;
    let of = |which: fn(&Outcome) -> bool| -> Vec<&str> {
        outcomes.iter().filter(|outcome| outcome.counts && which(outcome)).map(|outcome| outcome.webhook_id.as_str()).collect()
    };
    let (well, ill) = (of(|outcome| outcome.succeeded && outcome.failing), of(|outcome| !outcome.succeeded));
    if !well.is_empty() {
        sqlx::query(
            r#"UPDATE "Webhook" SET "failingSince" = NULL, "pausedUntil" = NULL WHERE id = ANY ($1) AND "failingSince" IS NOT NULL"#,
        )
        .bind(well)
        .execute(system.db())
        .await?;
    }
    if ill.is_empty() {
        return Ok(());
    }
    sqlx::query(r#"UPDATE "Webhook" SET "failingSince" = now() WHERE id = ANY ($1) AND "failingSince" IS NULL"#)
        .bind(&ill)
        .execute(system.db())
        .await?;
    for outcome in outcomes.iter().filter(|outcome| outcome.counts && outcome.pause.is_some()) {
        pause(system, outcome).await?;
    }
    disable(system, settings, of(|outcome| outcome.gone), Disabled::Gone).await?;
    disable(system, settings, ill, Disabled::Failing).await
}

async fn pause(system: &mut System, outcome: &Outcome) -> Result<(), AppError> {
    sqlx::query(r#"UPDATE "Webhook" SET "pausedUntil" = greatest("pausedUntil", now() + make_interval(secs => $2)) WHERE id = $1"#)
        .bind(&outcome.webhook_id)
        .bind(outcome.pause)
        .execute(system.db())
        .await?;
    Ok(())
}

/// A webhook that was switched off.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Doomed {
    id: String,
    name: String,
    url: String,
    organization_id: String,
}

/// Switches these webhooks off, those that have failed for long enough if that is why, and tells the administrators.
async fn disable(system: &mut System, settings: &Settings, webhooks: Vec<&str>, reason: Disabled) -> Result<(), AppError> {
    if webhooks.is_empty() {
        return Ok(());
    }
    let doomed: Vec<Doomed> = sqlx::query_as(
        r#"UPDATE "Webhook" SET active = false, "disabledAt" = now(), "disabledReason" = $2
            WHERE id = ANY ($1) AND active AND ($2 = 'GONE' OR "failingSince" < now() - make_interval(days => $3))
        RETURNING id, name, url, "organizationId""#,
    )
    .bind(webhooks)
    .bind(reason)
    .bind(FAILING_DAYS as i32)
    .fetch_all(system.db())
    .await?;
    for webhook in doomed {
        tell(system, settings, &webhook, reason).await?;
    }
    Ok(())
}

async fn tell(system: &mut System, settings: &Settings, webhook: &Doomed, reason: Disabled) -> Result<(), AppError> {
    let administrators: Vec<(String, String)> = sqlx::query_as(
        r#"SELECT u.email, o.slug FROM "Membership" m JOIN "User" u ON u.id = m."userId" JOIN "Organization" o ON o.id = m."organizationId"
            WHERE m."organizationId" = $1 AND m.role = 'ADMIN'"#,
    )
    .bind(&webhook.organization_id)
    .fetch_all(system.db())
    .await?;
    for (to, slug) in administrators {
        let message = Message {
            to,
            subject: format!("The webhook “{}” was switched off", webhook.name),
            paragraphs: vec![
                format!("The webhook “{}” to {} was switched off. {}", webhook.name, webhook.url, reason.told()),
                "What waits for it is kept. Once the endpoint is in order, switch the webhook on again and send what has failed anew."
                    .into(),
            ],
            button: Some(("Open the webhook".into(), format!("{}/orgs/{slug}/webhooks/{}", settings.url, webhook.id))),
        };
        queue_under(system.db(), &settings.key, message).await?;
    }
    Ok(())
}

/// Removes deliveries that were finished long ago, so many at most; says how many these were. One that has waited for long, or was
/// sent once more, is kept as long as any other from then on.
pub async fn sweep(system: &mut System, at_most: i64) -> Result<u64, AppError> {
    let swept = sqlx::query(
        r#"DELETE FROM "WebhookDelivery" WHERE id IN (
             SELECT id FROM "WebhookDelivery"
              WHERE "createdAt" < now() - make_interval(days => $1) AND status IN ('SUCCESS', 'FAILED')
                AND coalesce("attemptedAt", "createdAt") < now() - make_interval(days => $1)
              ORDER BY "createdAt" LIMIT $2)"#,
    )
    .bind(KEPT_DAYS as i32)
    .bind(at_most)
    .execute(system.db())
    .await?;
    Ok(swept.rows_affected())
}
