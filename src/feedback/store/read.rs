//! What is read of feedback. An e-mail address leaves the database only for those who triage.

use crate::feedback::model::{Asked, Feedback, FeedbackQuery, PREVIEW_CHARS, may_triage, title_pattern};
use crate::idea::model::IdeaLink;
use crate::kernel::error::AppError;
use crate::kernel::page::{Page, TIME_BOUNDS};
use crate::product::model::ProductName;
use crate::server::scope::Scope;

/// Ideas that a search gives at most.
const FOUND_MAX: i64 = 8;

/// Items that are shown of those who asked for an idea.
const ASKED_MAX: i64 = 50;

/// Items `f` with the given text as their description, and the live idea `i` that each is linked to.
///
/// Parameters: tenant; whether the caller may see e-mail addresses.
macro_rules! items {
    ($description:literal, $from:expr, $rest:expr) => {
        concat!(
            r#"SELECT f.id, f.title, "#,
            $description,
            r#" AS description, f."productId", f.number, f.type, f.status, f.priority, f.source,
                CASE WHEN $2 THEN f."userEmail" END AS "userEmail", f."createdAt", f."updatedAt", f."deletedAt",
                i.id AS "ideaId", i.title AS "ideaTitle", i.number AS "ideaNumber", i.status AS "ideaStatus" FROM "#,
            $from,
            r#" f LEFT JOIN "IdeaFeedback" l ON l."organizationId" = $1 AND l."feedbackId" = f.id
                LEFT JOIN "Idea" i ON i."organizationId" = $1 AND i.id = l."ideaId" AND i."deletedAt" IS NULL "#,
            $rest
        )
    };
}

/// A page of items by the time they were made; the ideas are joined to the page's rows alone.
///
/// Further parameters: product, time and id of the cursor, rows, status, type, priority, source, characters of the text.
macro_rules! page {
    ($compare:literal, $way:literal) => {
        items!(
            "left(f.description, $11)",
            concat!(
                r#"(SELECT * FROM "Feedback" WHERE "organizationId" = $1 AND "productId" = $3 AND "deletedAt" IS NULL
                    AND ("createdAt", id) "#,
                $compare,
                r#" (to_timestamp($4::float8 / 1000)::timestamptz(3), $5)
                    AND ($7::"FeedbackStatus" IS NULL OR status = $7) AND ($8::"FeedbackType" IS NULL OR type = $8)
                    AND ($9::"Priority" IS NULL OR priority = $9) AND ($10::text IS NULL OR source = $10)
                    ORDER BY "createdAt" "#,
                $way,
                ", id ",
                $way,
                " LIMIT $6)"
            ),
            concat!(r#"ORDER BY f."createdAt" "#, $way, ", f.id ", $way)
        )
    };
}

const ONWARD: &str = page!("<", "DESC");
const BACK: &str = page!(">", "ASC");

/// The plan of a page onward, run.
#[cfg(test)]
pub const EXPLAIN: &str = concat!("EXPLAIN (ANALYZE, FORMAT JSON) ", page!("<", "DESC"));

/// The live product with this key.
pub async fn product(scope: &mut Scope, key: &str) -> Result<ProductName, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(r#"SELECT id, name, key FROM "Product" WHERE "organizationId" = $1 AND key = $2 AND "deletedAt" IS NULL"#)
        .bind(org)
        .bind(key)
        .fetch_one(scope.db())
        .await?)
}

/// A page of the product's feedback, the newest first.
pub async fn list(scope: &mut Scope, product_id: &str, query: &FeedbackQuery) -> Result<Page<Feedback>, AppError> {
    if query.deleted {
        return deleted(scope, product_id).await;
    }
    let size = scope.rows();
    let (org, triager) = (scope.organization().id.clone(), may_triage(scope.role()));
    let (earliest, latest) = TIME_BOUNDS;
    let cursor = query.cursor.as_ref();
    let rows: Vec<Feedback> = sqlx::query_as(if cursor.is_some_and(|c| c.back) { BACK } else { ONWARD })
        .bind(org)
        .bind(triager)
        .bind(product_id)
        .bind(cursor.map_or(latest, |cursor| cursor.key.clamp(earliest, latest)))
        .bind(cursor.map_or("", |cursor| &cursor.id))
        .bind(size + 1)
        .bind(query.status)
        .bind(query.kind)
        .bind(query.priority)
        .bind(query.source.as_deref())
        .bind(PREVIEW_CHARS)
        .fetch_all(scope.db())
        .await?;
    Ok(Page::sized(rows, size, cursor, |item| (item.created_at.timestamp_millis() as f64, item.id.clone())))
}

/// The product's feedback deleted last.
async fn deleted(scope: &mut Scope, product_id: &str) -> Result<Page<Feedback>, AppError> {
    let (org, triager) = (scope.organization().id.clone(), may_triage(scope.role()));
    let rows: Vec<Feedback> = sqlx::query_as(items!(
        "left(f.description, $4)",
        r#""Feedback""#,
        r#"WHERE f."organizationId" = $1 AND f."productId" = $3 AND f."deletedAt" IS NOT NULL ORDER BY f."deletedAt" DESC, f.id LIMIT 100"#
    ))
    .bind(org)
    .bind(triager)
    .bind(product_id)
    .bind(PREVIEW_CHARS)
    .fetch_all(scope.db())
    .await?;
    Ok(Page { rows, first_place: 1, previous: None, next: None })
}

/// One item of the product, deleted or not.
pub async fn get(scope: &mut Scope, product_id: &str, id: &str) -> Result<Feedback, AppError> {
    let (org, triager) = (scope.organization().id.clone(), may_triage(scope.role()));
    Ok(sqlx::query_as(items!("f.description", r#""Feedback""#, r#"WHERE f."organizationId" = $1 AND f."productId" = $3 AND f.id = $4"#))
        .bind(org)
        .bind(triager)
        .bind(product_id)
        .bind(id)
        .fetch_one(scope.db())
        .await?)
}

/// The product's live ideas whose titles hold these words, the highest RICE first; none for no words.
pub async fn find_ideas(scope: &mut Scope, product_id: &str, find: &str) -> Result<Vec<IdeaLink>, AppError> {
    let Some(pattern) = title_pattern(find) else { return Ok(Vec::new()) };
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT id, title, number, status FROM "Idea"
           WHERE "organizationId" = $1 AND "productId" = $2 AND "deletedAt" IS NULL AND title ILIKE $3
           ORDER BY "riceScore" DESC, id DESC LIMIT $4"#,
    )
    .bind(org)
    .bind(product_id)
    .bind(pattern)
    .bind(FOUND_MAX)
    .fetch_all(scope.db())
    .await?)
}

/// The live feedback that is linked to an idea, the newest first.
pub async fn asked(scope: &mut Scope, idea_id: &str) -> Result<Asked, AppError> {
    let (org, triager) = (scope.organization().id.clone(), may_triage(scope.role()));
    let (product, count): (String, i64) = sqlx::query_as(
        r#"SELECT p.key, (SELECT count(*) FROM "IdeaFeedback" l JOIN "Feedback" f ON f.id = l."feedbackId" AND f."deletedAt" IS NULL
                           WHERE l."organizationId" = $1 AND l."ideaId" = i.id)
           FROM "Idea" i JOIN "Product" p ON p.id = i."productId" AND p."deletedAt" IS NULL WHERE i."organizationId" = $1 AND i.id = $2"#,
    )
    .bind(&org)
    .bind(idea_id)
    .fetch_one(scope.db())
    .await?;
    let rows = sqlx::query_as(items!(
        "left(f.description, $4)",
        r#""Feedback""#,
        r#"WHERE f."organizationId" = $1 AND l."ideaId" = $3 AND f."deletedAt" IS NULL ORDER BY f."createdAt" DESC, f.id DESC LIMIT $5"#
    ))
    .bind(org)
    .bind(triager)
    .bind(idea_id)
    .bind(PREVIEW_CHARS)
    .bind(ASKED_MAX)
    .fetch_all(scope.db())
    .await?;
    Ok(Asked { count, product, rows })
}
