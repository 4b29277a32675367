//! SQL for requests that are sent twice.

use crate::kernel::error::AppError;
use crate::server::scope::Scope;

/// What was answered the first time.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub struct Kept {
    pub request_hash: String,
    pub status: Option<i32>,
    pub location: Option<String>,
    pub etag: Option<String>,
    pub body: Option<String>,
}

/// Takes the key for a request of this hash, or gives what was answered to the one that has taken it within the day. Whoever
/// comes while that one is still under way waits for it here.
pub async fn take(scope: &mut Scope, token_id: &str, key: &str, request_hash: &str) -> Result<Option<Kept>, AppError> {
    let org = scope.organization().id.clone();
    // A few of those whose time is over, whoever's they are; the key itself among them, if it is one.
    sqlx::query(
        r#"DELETE FROM "IdempotencyKey" WHERE "organizationId" = $1 AND "createdAt" < now() - interval '1 day'
             AND (("tokenId" = $2 AND key = $3) OR ("tokenId", key) IN (
               SELECT "tokenId", key FROM "IdempotencyKey" WHERE "organizationId" = $1 AND "createdAt" < now() - interval '1 day'
               ORDER BY "createdAt" LIMIT 50 FOR UPDATE SKIP LOCKED))"#,
    )
    .bind(&org)
    .bind(token_id)
    .bind(key)
    .execute(scope.db())
    .await?;
    let taken = sqlx::query(
        r#"INSERT INTO "IdempotencyKey" ("organizationId", "tokenId", key, "requestHash") VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"#,
    )
    .bind(&org)
    .bind(token_id)
    .bind(key)
    .bind(request_hash)
    .execute(scope.db())
    .await?;
    if taken.rows_affected() == 1 {
        return Ok(None);
    }
    let kept = r#"SELECT * FROM "IdempotencyKey" WHERE "organizationId" = $1 AND "tokenId" = $2 AND key = $3"#;
    Ok(Some(sqlx::query_as(kept).bind(org).bind(token_id).bind(key).fetch_one(scope.db()).await?))
}

/// Keeps the answer to the request that has taken the key.
pub async fn keep(scope: &mut Scope, token_id: &str, key: &str, answer: &Kept) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    sqlx::query(
        r#"UPDATE "IdempotencyKey" SET status = $4, location = $5, etag = $6, body = $7
           WHERE "organizationId" = $1 AND "tokenId" = $2 AND key = $3"#,
    )
    .bind(org)
    .bind(token_id)
    .bind(key)
    .bind(answer.status)
    .bind(&answer.location)
    .bind(&answer.etag)
    .bind(&answer.body)
    .execute(scope.db())
    .await?;
    Ok(())
}
