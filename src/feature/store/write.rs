//! What is changed in features. That ideas follow them is the database's own work.

use super::product;
use crate::feature::model::{Feature, FeatureFields, FeatureStatus};
use crate::kernel::error::AppError;
use crate::kernel::version;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// Creates a feature of the live product with this key; gives its id.
pub async fn create(scope: &mut Scope, product_key: &str, fields: FeatureFields) -> Result<String, AppError> {
    let (org, id) = (scope.organization().id.clone(), new_id());
    let product = product(scope, product_key).await?;
    sqlx::query(
        r#"INSERT INTO "Feature" (id, "organizationId", "productId", title, description, priority, "storyPoints", "acceptanceCriteria")
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"#,
    )
    .bind(&id)
    .bind(org)
    .bind(product.id)
    .bind(fields.title)
    .bind(fields.description)
    .bind(fields.priority)
    .bind(fields.story_points)
    .bind(fields.acceptance_criteria)
    .execute(scope.db())
    .await?;
    Ok(id)
}

/// What a change has to know of a feature.
#[derive(sqlx::FromRow)]
struct Locked {
    product: String,
    deleted: bool,
}

/// The feature of a live product, locked until the transaction ends.
async fn locked(scope: &mut Scope, id: &str) -> Result<Locked, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT p.key AS product, f."deletedAt" IS NOT NULL AS deleted
           FROM "Feature" f JOIN "Product" p ON p.id = f."productId" AND p."deletedAt" IS NULL
           WHERE f."organizationId" = $1 AND f.id = $2 FOR UPDATE OF f"#,
    )
    .bind(org)
    .bind(id)
    .fetch_one(scope.db())
    .await?)
}

/// As `locked`, if the feature has not been deleted.
async fn live(scope: &mut Scope, id: &str) -> Result<Locked, AppError> {
    let feature = locked(scope, id).await?;
    if feature.deleted {
        return Err(AppError::Conflict("This feature has been deleted. Restore it to change it.".into()));
    }
    Ok(feature)
}

/// What the form of a feature would show, which is locked.
async fn stored(scope: &mut Scope, id: &str) -> Result<FeatureFields, AppError> {
    let org = scope.organization().id.clone();
    let feature: Feature = sqlx::query_as(r#"SELECT * FROM "Feature" WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(id)
        .fetch_one(scope.db())
        .await?;
    Ok(FeatureFields::from(&feature))
}

/// Changes a live feature that the person saw in this version; gives its product's key.
///
/// # Errors
/// `Stale` when somebody has changed it meanwhile.
pub async fn update(scope: &mut Scope, id: &str, version: &str, fields: FeatureFields) -> Result<String, AppError> {
    let feature = live(scope, id).await?;
    version::check(version, &stored(scope, id).await?, &fields)?;
    sqlx::query(
        r#"UPDATE "Feature" SET title = $2, description = $3, priority = $4, "storyPoints" = $5, "acceptanceCriteria" = $6 WHERE id = $1"#,
    )
    .bind(id)
    .bind(fields.title)
    .bind(fields.description)
    .bind(fields.priority)
    .bind(fields.story_points)
    .bind(fields.acceptance_criteria)
    .execute(scope.db())
    .await?;
    Ok(feature.product)
}

/// Moves a live feature to a status.
pub async fn set_status(scope: &mut Scope, id: &str, status: FeatureStatus) -> Result<(), AppError> {
    live(scope, id).await?;
    sqlx::query(r#"UPDATE "Feature" SET status = $2 WHERE id = $1"#).bind(id).bind(status).execute(scope.db()).await?;
    Ok(())
}

/// Deletes or restores a feature; doing it twice is as good as once. Gives its product's key.
pub async fn set_deleted(scope: &mut Scope, id: &str, deleted: bool) -> Result<String, AppError> {
    let feature = locked(scope, id).await?;
    sqlx::query(r#"UPDATE "Feature" SET "deletedAt" = CASE WHEN $2 THEN coalesce("deletedAt", now()) END WHERE id = $1"#)
        .bind(id)
        .bind(deleted)
        .execute(scope.db())
        .await?;
    Ok(feature.product)
}
