//! What is changed in releases. Each change holds the release's row first, so that of two at one time the second sees what
//! the first has done.

use super::product;
use crate::kernel::error::AppError;
use crate::kernel::version;
use crate::release::model::{Release, ReleaseFields, ReleaseStatus, not_ready};
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// Creates a release of the live product with this key; gives its id.
pub async fn create(scope: &mut Scope, product_key: &str, fields: ReleaseFields) -> Result<String, AppError> {
    let (org, id) = (scope.organization().id.clone(), new_id());
    let product = product(scope, product_key).await?;
    sqlx::query(
        r#"INSERT INTO "Release" (id, "organizationId", "productId", name, version, type, description, "targetDate")
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"#,
    )
    .bind(&id)
    .bind(org)
    .bind(product.id)
    .bind(fields.name)
    .bind(fields.version)
    .bind(fields.kind)
    .bind(fields.description)
    .bind(fields.target_date)
    .execute(scope.db())
    .await?;
    Ok(id)
}

/// What a change has to know of a release.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub struct Locked {
    pub product: String,
    pub product_id: String,
    pub status: ReleaseStatus,
    deleted: bool,
}

/// The release of a live product, locked until the transaction ends.
async fn locked(scope: &mut Scope, id: &str) -> Result<Locked, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT p.key AS product, r."productId", r.status, r."deletedAt" IS NOT NULL AS deleted
           FROM "Release" r JOIN "Product" p ON p.id = r."productId" AND p."deletedAt" IS NULL
           WHERE r."organizationId" = $1 AND r.id = $2 FOR UPDATE OF r"#,
    )
    .bind(org)
    .bind(id)
    .fetch_one(scope.db())
    .await?)
}

/// As `locked`, if the release has not been deleted.
pub async fn live(scope: &mut Scope, id: &str) -> Result<Locked, AppError> {
    let release = locked(scope, id).await?;
    if release.deleted {
        return Err(AppError::Conflict("This release has been deleted. Restore it to change it.".into()));
    }
    Ok(release)
}

/// Changes a live release that the person saw in this version; gives its product's key. Only of one that is out the day it went
/// out is changed.
///
/// # Errors
/// `Stale` when somebody has changed it meanwhile.
pub async fn update(scope: &mut Scope, id: &str, version: &str, fields: ReleaseFields) -> Result<String, AppError> {
    let release = live(scope, id).await?;
    let org = scope.organization().id.clone();
    let stored: Release = sqlx::query_as(r#"SELECT * FROM "Release" WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(id)
        .fetch_one(scope.db())
        .await?;
    version::check(version, &ReleaseFields::from(&stored), &fields)?;
    sqlx::query(
        r#"UPDATE "Release" SET name = $2, version = $3, type = $4, description = $5, "targetDate" = $6,
               "releaseDate" = CASE WHEN status = 'RELEASED' THEN coalesce($7, "releaseDate") ELSE "releaseDate" END
           WHERE id = $1"#,
    )
    .bind(id)
    .bind(fields.name)
    .bind(fields.version)
    .bind(fields.kind)
    .bind(fields.description)
    .bind(fields.target_date)
    .bind(fields.release_date)
    .execute(scope.db())
    .await?;
    Ok(release.product)
}

/// Moves a live release to a status that may follow its own; to the one that it has already is no change.
///
/// # Errors
/// `Conflict` for a step that its status does not allow, and for READY while a required item is open, with what is missing.
pub async fn set_status(scope: &mut Scope, id: &str, to: ReleaseStatus) -> Result<(), AppError> {
    let release = live(scope, id).await?;
    if release.status == to {
        return Ok(());
    }
    release.status.may_become(to)?;
    // In a statement of its own: one that has waited for the lock still sees the items as it began.
    if to == ReleaseStatus::Ready {
        let open = open_items(scope, id).await?;
        if !open.is_empty() {
            return Err(not_ready(&open));
        }
    }
    sqlx::query(r#"UPDATE "Release" SET status = $2 WHERE id = $1"#).bind(id).bind(to).execute(scope.db()).await?;
    Ok(())
}

/// The required items that are still open, by title.
async fn open_items(scope: &mut Scope, id: &str) -> Result<Vec<String>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_scalar(
        r#"SELECT title FROM "LaunchChecklistItem"
           WHERE "organizationId" = $1 AND "releaseId" = $2 AND required AND NOT completed ORDER BY position, id LIMIT 20"#,
    )
    .bind(org)
    .bind(id)
    .fetch_all(scope.db())
    .await?)
}

/// Deletes or restores a release; doing it twice is as good as once. Gives its product's key.
///
/// # Errors
/// `Conflict` when another release has its version by now.
pub async fn set_deleted(scope: &mut Scope, id: &str, deleted: bool) -> Result<String, AppError> {
    let release = locked(scope, id).await?;
    let outcome = sqlx::query(r#"UPDATE "Release" SET "deletedAt" = CASE WHEN $2 THEN coalesce("deletedAt", now()) END WHERE id = $1"#)
        .bind(id)
        .bind(deleted)
        .execute(scope.db())
        .await;
    match outcome.map_err(AppError::from) {
        Ok(_) => Ok(release.product),
        Err(AppError::Validation(_)) => {
            Err(AppError::Conflict("Another release has this version by now. Give that one another version first.".into()))
        }
        Err(error) => Err(error),
    }
}

/// Lets a live feature of the same product go out with a live release; doing it twice is as good as once.
///
/// # Errors
/// `NotFound` for a feature that is deleted or of another product.
pub async fn add_feature(scope: &mut Scope, id: &str, feature: &str) -> Result<(), AppError> {
    let release = live(scope, id).await?;
    let org = scope.organization().id.clone();
    let feature: String = sqlx::query_scalar(
        r#"SELECT id FROM "Feature" WHERE "organizationId" = $1 AND "productId" = $2 AND id = $3 AND "deletedAt" IS NULL FOR KEY SHARE"#,
    )
    .bind(&org)
    .bind(release.product_id)
    .bind(feature)
    .fetch_one(scope.db())
    .await?;
    sqlx::query(r#"INSERT INTO "_FeatureToRelease" ("A", "B", "organizationId") VALUES ($1, $2, $3) ON CONFLICT ("A", "B") DO NOTHING"#)
        .bind(feature)
        .bind(id)
        .bind(org)
        .execute(scope.db())
        .await?;
    Ok(())
}

/// Takes a feature out of a live release.
///
/// # Errors
/// `NotFound` for a feature that is not in it.
pub async fn remove_feature(scope: &mut Scope, id: &str, feature: &str) -> Result<(), AppError> {
    live(scope, id).await?;
    let org = scope.organization().id.clone();
    sqlx::query_scalar::<_, String>(
        r#"DELETE FROM "_FeatureToRelease" WHERE "organizationId" = $1 AND "A" = $2 AND "B" = $3 RETURNING "A""#,
    )
    .bind(org)
    .bind(feature)
    .bind(id)
    .fetch_one(scope.db())
    .await?;
    Ok(())
}

/// Lets everybody read the published changelog of the live product with this key, or nobody outside.
pub async fn set_public(scope: &mut Scope, key: &str, wanted: bool) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    sqlx::query_scalar::<_, String>(
        r#"UPDATE "Product" SET "publicChangelog" = $3
           WHERE "organizationId" = $1 AND key = $2 AND "deletedAt" IS NULL RETURNING id"#,
    )
    .bind(org)
    .bind(key)
    .bind(wanted)
    .fetch_one(scope.db())
    .await?;
    Ok(())
}
