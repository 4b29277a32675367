//! From an idea to features.

use crate::feature::model::{ConvertFields, may_convert};
use crate::idea::model::IdeaStatus;
use crate::kernel::error::AppError;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// What the conversion has to know of the idea.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Convertible {
    status: IdeaStatus,
    product_id: String,
    product: String,
    deleted: bool,
}

/// Makes a feature of each title, links them to the idea and begins its development; gives its product's key.
///
/// # Errors
/// `Conflict` for an idea that is deleted, not approved or has features, such as one that somebody else has just converted.
pub async fn convert(scope: &mut Scope, idea_id: &str, fields: ConvertFields) -> Result<String, AppError> {
    let org = scope.organization().id.clone();
    let idea: Convertible = sqlx::query_as(
        r#"SELECT i.status, i."productId", p.key AS product, i."deletedAt" IS NOT NULL AS deleted
           FROM "Idea" i JOIN "Product" p ON p.id = i."productId" AND p."deletedAt" IS NULL
           WHERE i."organizationId" = $1 AND i.id = $2 FOR UPDATE OF i"#,
    )
    .bind(&org)
    .bind(idea_id)
    .fetch_one(scope.db())
    .await?;
    if idea.deleted {
        return Err(AppError::Conflict("This idea has been deleted. Restore it to convert it.".into()));
    }
    // In a statement of its own: one that has waited for the lock still counts as it began.
    let features = sqlx::query_scalar("SELECT live_features($1)").bind(idea_id).fetch_one(scope.db()).await?;
    may_convert(idea.status, features)?;
    let ids: Vec<String> = fields.titles.iter().map(|_| new_id()).collect();
    sqlx::query(
        r#"INSERT INTO "Feature" (id, "organizationId", "productId", title, description, priority)
           SELECT made.id, $1, $2, made.title, $5, $6 FROM unnest($3::text[], $4::text[]) AS made (id, title)"#,
    )
    .bind(&org)
    .bind(idea.product_id)
    .bind(&ids)
    .bind(fields.titles)
    .bind(fields.description)
    .bind(fields.priority)
    .execute(scope.db())
    .await?;
    sqlx::query(r#"INSERT INTO "_IdeaToFeature" ("A", "B", "organizationId") SELECT id, $2, $3 FROM unnest($1::text[]) AS id"#)
        .bind(ids)
        .bind(idea_id)
        .bind(org)
        .execute(scope.db())
        .await?;
    sqlx::query(r#"UPDATE "Idea" SET status = $2 WHERE id = $1"#).bind(idea_id).bind(IdeaStatus::InDevelopment).execute(scope.db()).await?;
    Ok(idea.product)
}
