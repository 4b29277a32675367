//! SQL for changing many ideas at once: a fixed number of statements, however many ideas.

use sqlx::types::Json;

use crate::idea::model::{BULK_MAX, Bulk, BulkAction, BulkNotice, BulkRow, IdeaQuery, Outcome, too_many};
use crate::kernel::error::AppError;
use crate::kernel::time::Timestamp;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// Changes the live ideas of a product that are meant, as far as their rules allow, and keeps what they were for an hour.
/// Gives the id under which it can be undone.
///
/// # Errors
/// `NotFound` when none of them is there, `Validation` when they are too many, `Conflict` when none may be changed so.
pub async fn change(scope: &mut Scope, product_id: &str, view: &IdeaQuery, bulk: Bulk) -> Result<String, AppError> {
    let found = meant(scope, product_id, view, bulk.ids.as_deref()).await?;
    if found.is_empty() {
        return Err(AppError::NotFound);
    }
    if found.len() > BULK_MAX {
        return Err(AppError::field("", too_many(&format!("more than {BULK_MAX}"))));
    }
    let count = bulk.ids.as_ref().map_or(found.len(), Vec::len);
    let outcome = Outcome::of(&bulk.action, found, count);
    let summary = outcome.summary(&bulk.action);
    if outcome.changed.is_empty() {
        return Err(AppError::Conflict(summary));
    }
    let rows = apply(scope, &bulk.action, outcome.changed).await?;
    keep(scope, product_id, summary, rows).await
}

/// The ideas by id, or those of the view, locked; one more than may be changed, to tell that they are too many.
async fn meant(scope: &mut Scope, product_id: &str, view: &IdeaQuery, ids: Option<&[String]>) -> Result<Vec<BulkRow>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT id, title, status, tags, priority, "updatedAt" AS at FROM "Idea"
            WHERE "organizationId" = $1 AND "productId" = $2 AND "deletedAt" IS NULL
              AND CASE WHEN $3::text[] IS NULL
                       THEN ($4::"IdeaStatus" IS NULL OR status = $4) AND ($5::text IS NULL OR $5 = ANY (tags))
                       ELSE id = ANY ($3) END
            ORDER BY id LIMIT $6 FOR UPDATE"#,
    )
    .bind(org)
    .bind(product_id)
    .bind(ids)
    .bind(view.status)
    .bind(view.tag.as_deref())
    .bind(BULK_MAX as i64 + 1)
    .fetch_all(scope.db())
    .await?)
}

/// Changes the ideas; gives them as they were, each with the time of this change.
async fn apply(scope: &mut Scope, action: &BulkAction, rows: Vec<BulkRow>) -> Result<Vec<BulkRow>, AppError> {
    let (statement, value) = match action {
        BulkAction::Status(to) => (
            r#"UPDATE "Idea" SET status = $3::text::"IdeaStatus" WHERE "organizationId" = $1 AND id = ANY ($2) RETURNING "updatedAt""#,
            Some(to.word().to_owned()),
        ),
        BulkAction::AddTag(tag) => (
            r#"UPDATE "Idea" SET tags = array_append(tags, $3::text) WHERE "organizationId" = $1 AND id = ANY ($2) RETURNING "updatedAt""#,
            Some(tag.clone()),
        ),
        BulkAction::RemoveTag(tag) => (
            r#"UPDATE "Idea" SET tags = ARRAY(SELECT tag FROM unnest(tags) WITH ORDINALITY AS t (tag, place)
                                              WHERE lower(tag) <> lower($3::text) ORDER BY place)
               WHERE "organizationId" = $1 AND id = ANY ($2) RETURNING "updatedAt""#,
            Some(tag.clone()),
        ),
        BulkAction::Priority(to) => (
            r#"UPDATE "Idea" SET priority = $3::text::integer WHERE "organizationId" = $1 AND id = ANY ($2) RETURNING "updatedAt""#,
            Some(to.to_string()),
        ),
        BulkAction::Delete => (
            r#"UPDATE "Idea" SET "deletedAt" = coalesce($3::text::timestamptz, now())
               WHERE "organizationId" = $1 AND id = ANY ($2) RETURNING "updatedAt""#,
            None,
        ),
    };
    let org = scope.organization().id.clone();
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    // All of them are locked, so all are changed, and at one time: the transaction's.
    let times: Vec<Timestamp> = sqlx::query_scalar(statement).bind(org).bind(ids).bind(value).fetch_all(scope.db()).await?;
    let at = times.first().copied().ok_or(AppError::NotFound)?;
    Ok(rows.into_iter().map(|row| BulkRow { at, ..row }).collect())
}

/// Keeps what the ideas were; what has been kept for an hour goes.
async fn keep(scope: &mut Scope, product_id: &str, summary: String, rows: Vec<BulkRow>) -> Result<String, AppError> {
    let (org, user, id) = (scope.organization().id.clone(), scope.user().id.clone(), new_id());
    sqlx::query(r#"DELETE FROM "BulkEdit" WHERE "organizationId" = $1 AND "createdAt" < now() - interval '1 hour'"#)
        .bind(&org)
        .execute(scope.db())
        .await?;
    sqlx::query(r#"INSERT INTO "BulkEdit" (id, "organizationId", "productId", "authorId", summary, rows) VALUES ($1, $2, $3, $4, $5, $6)"#)
        .bind(&id)
        .bind(org)
        .bind(product_id)
        .bind(user)
        .bind(summary)
        .bind(Json(rows))
        .execute(scope.db())
        .await?;
    Ok(id)
}

/// A change that the person has made, to tell of it; `None` once it is forgotten.
pub async fn notice(scope: &mut Scope, id: &str) -> Result<Option<BulkNotice>, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    Ok(sqlx::query_as(
        r#"SELECT id, summary, jsonb_array_length(rows) AS changed, restored,
                  "undoneAt" IS NULL AND "createdAt" > now() - interval '1 hour' AS open
             FROM "BulkEdit" WHERE "organizationId" = $1 AND id = $2 AND "authorId" = $3"#,
    )
    .bind(org)
    .bind(id)
    .bind(user)
    .fetch_optional(scope.db())
    .await?)
}

/// Sees to it that the change was one of this product's ideas.
///
/// # Errors
/// `NotFound` if not.
pub async fn is_of(scope: &mut Scope, product_id: &str, id: &str) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    let found = sqlx::query(r#"SELECT FROM "BulkEdit" WHERE "organizationId" = $1 AND "productId" = $2 AND id = $3"#);
    found.bind(org).bind(product_id).bind(id).fetch_one(scope.db()).await?;
    Ok(())
}

/// Takes a change of the person's back, where nobody has changed the idea since; gives the number of ideas that are as they were.
///
/// # Errors
/// `NotFound` for a change that is not theirs, `Conflict` when it is undone already or older than an hour.
pub async fn undo(scope: &mut Scope, id: &str) -> Result<i32, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    let (rows, open): (serde_json::Value, bool) = sqlx::query_as(
        r#"SELECT b.rows, b."undoneAt" IS NULL AND b."createdAt" > now() - interval '1 hour'
             FROM "BulkEdit" b JOIN "Product" p ON p.id = b."productId" AND p."deletedAt" IS NULL
            WHERE b."organizationId" = $1 AND b.id = $2 AND b."authorId" = $3 FOR UPDATE OF b"#,
    )
    .bind(&org)
    .bind(id)
    .bind(user)
    .fetch_one(scope.db())
    .await?;
    if !open {
        return Err(AppError::Conflict("This can no longer be undone.".into()));
    }
    let restored = sqlx::query(
        r#"UPDATE "Idea" i SET status = was.status::"IdeaStatus", priority = was.priority, "deletedAt" = NULL,
                  tags = ARRAY(SELECT jsonb_array_elements_text(was.tags))
             FROM jsonb_to_recordset($2) AS was (id text, status text, priority integer, tags jsonb, at timestamptz)
            WHERE i."organizationId" = $1 AND i.id = was.id AND i."updatedAt" = was.at"#,
    )
    .bind(&org)
    .bind(rows)
    .execute(scope.db())
    .await?;
    let restored = restored.rows_affected() as i32;
    sqlx::query(r#"UPDATE "BulkEdit" SET "undoneAt" = now(), restored = $3 WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(id)
        .bind(restored)
        .execute(scope.db())
        .await?;
    Ok(restored)
}
