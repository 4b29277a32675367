//! The demo's webhook, with a log as it would have by now. It is switched off: a demo calls nobody.

use crate::kernel::error::AppError;
use crate::server::scope::System;

/// The ids of the webhook and of its newest delivery, so that pictures of them can be taken.
const WEBHOOK: &str = "demowebhook";
const DELIVERY: &str = "demodelivery";

/// Adds the webhook and two weeks of deliveries.
pub async fn add(system: &mut System, org: &str) -> Result<(), AppError> {
    sqlx::query(
        r#"INSERT INTO "Webhook" (id, "organizationId", name, url, events, active)
           VALUES ($1, $2, 'Build server', 'https://hooks.example.com/prodmatic', '{feature.*,idea.created,release.*}', false)"#,
    )
    .bind(WEBHOOK)
    .bind(org)
    .execute(system.db())
    .await?;
    sqlx::query(
        r#"INSERT INTO "WebhookDelivery" (id, "organizationId", "webhookId", event, payload, status, attempts, "nextAttemptAt", "createdAt", "attemptedAt",
                                          latency, "requestHeaders", "responseStatus", "responseHeaders", response, failure)
           SELECT $1 || CASE WHEN n = 0 THEN '' ELSE n::text END, $3, $2, e.event,
                  jsonb_build_object('type', e.event, 'timestamp', to_char(made.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                    'data', jsonb_build_object('id', 'demo' || n, 'entity', initcap(split_part(e.event, '.', 1)), 'organizationId', $3, 'userId', NULL,
                      'changes', jsonb_build_object('after', jsonb_build_object('title', 'Saved views')))),
                  CASE WHEN n % 11 = 5 THEN 'FAILED' ELSE 'SUCCESS' END::"WebhookStatus", CASE WHEN n % 11 = 5 THEN 8 ELSE 1 + (n % 7) / 6 END,
                  NULL, made.at, made.at + interval '1 second', 60 + n * 37 % 90 + CASE WHEN n % 13 = 0 THEN 400 ELSE 0 END,
                  jsonb_build_array(jsonb_build_array('content-type', 'application/json'), jsonb_build_array('webhook-id', $1 || n),
                                    jsonb_build_array('webhook-timestamp', extract(epoch FROM made.at)::bigint::text)),
                  CASE WHEN n % 22 = 5 THEN NULL WHEN n % 11 = 5 THEN 503 ELSE 200 END,
                  CASE WHEN n % 22 = 5 THEN NULL ELSE '[["content-type", "application/json"]]'::jsonb END,
                  CASE WHEN n % 22 = 5 THEN NULL WHEN n % 11 = 5 THEN '{"error": "busy"}' ELSE '{"queued": true}' END,
                  CASE WHEN n % 22 = 5 THEN 'No answer within 15 seconds.' END
             FROM generate_series(0, 79) n
             CROSS JOIN LATERAL (SELECT now() - make_interval(hours => n * 4) AS at) made
             CROSS JOIN LATERAL (SELECT (ARRAY['feature.status_changed', 'idea.created', 'feature.updated', 'release.created'])[1 + n % 4] AS event) e"#,
    )
    .bind(DELIVERY)
    .bind(WEBHOOK)
    .bind(org)
    .execute(system.db())
    .await?;
    Ok(())
}
