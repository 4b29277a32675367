//! SQL for how an endpoint does.

use crate::kernel::error::AppError;
use crate::server::scope::Scope;
use crate::webhook::model::Health;

/// Days that are looked at.
const DAYS: i32 = 14;
/// Deliveries that are looked at, the newest, so that a busy webhook's page stays quick.
const AT_MOST: i64 = 20_000;

/// How the webhook's deliveries went, day by day.
pub async fn health(scope: &mut Scope, webhook: &str) -> Result<Health, AppError> {
    let org = scope.organization().id.clone();
    let days = sqlx::query_as(
        r#"SELECT days.day, coalesce(sums.succeeded, 0) AS succeeded, coalesce(sums.failed, 0) AS failed, sums.median, sums.p95
             FROM generate_series(date_trunc('day', now(), 'UTC') - make_interval(days => $3 - 1), now(), '1 day') AS days (day)
             LEFT JOIN (
               SELECT date_trunc('day', "createdAt", 'UTC') AS day,
                      count(*) FILTER (WHERE status = 'SUCCESS') AS succeeded,
                      count(*) FILTER (WHERE status IN ('FAILED', 'RETRYING')) AS failed,
                      percentile_cont(0.5) WITHIN GROUP (ORDER BY latency) AS median,
                      percentile_cont(0.95) WITHIN GROUP (ORDER BY latency) AS p95
                 FROM (SELECT "createdAt", status, latency FROM "WebhookDelivery"
                        WHERE "organizationId" = $1 AND "webhookId" = $2
                          AND "createdAt" >= date_trunc('day', now(), 'UTC') - make_interval(days => $3 - 1)
                        ORDER BY "createdAt" DESC, id DESC LIMIT $4) newest
                GROUP BY 1) sums ON sums.day = days.day
            ORDER BY days.day"#,
    )
    .bind(org)
    .bind(webhook)
    .bind(DAYS)
    .bind(AT_MOST)
    .fetch_all(scope.db())
    .await?;
    Ok(Health { days })
}
