//! What is written of KPIs themselves.

use super::product;
use crate::goal::kpi::model::{Kpi, KpiFields};
use crate::kernel::error::AppError;
use crate::kernel::version;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// Refuses an owner who is no member.
async fn check_owner(scope: &mut Scope, owner: &str) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    let found: Option<String> = sqlx::query_scalar(r#"SELECT id FROM "Membership" WHERE "organizationId" = $1 AND "userId" = $2"#)
        .bind(org)
        .bind(owner)
        .fetch_optional(scope.db())
        .await?;
    found.map(|_| ()).ok_or_else(|| AppError::field("owner", "Choose a member of the organisation."))
}

/// Creates a KPI of the live product with this key; gives its id. Without an owner it is the caller's.
pub async fn create(scope: &mut Scope, product_key: &str, fields: KpiFields) -> Result<String, AppError> {
    let (org, id) = (scope.organization().id.clone(), new_id());
    let product = product(scope, product_key).await?;
    let owner = fields.owner.unwrap_or_else(|| scope.user().id.clone());
    check_owner(scope, &owner).await?;
    sqlx::query(
        r#"INSERT INTO "KPI" (id, "organizationId", "productId", "ownerId", name, description, unit, "targetValue", direction, frequency, aggregation)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"#,
    )
    .bind(&id)
    .bind(org)
    .bind(product.id)
    .bind(owner)
    .bind(fields.name)
    .bind(fields.description)
    .bind(fields.unit)
    .bind(fields.target)
    .bind(fields.direction)
    .bind(fields.frequency)
    .bind(fields.aggregation)
    .execute(scope.db())
    .await?;
    Ok(id)
}

/// What a change has to know of a KPI.
#[derive(sqlx::FromRow)]
pub(super) struct Locked {
    /// Its product's key.
    pub product: String,
    deleted: bool,
}

/// The KPI of a live product, locked until the transaction ends.
async fn locked(scope: &mut Scope, id: &str) -> Result<Locked, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT p.key AS product, k."deletedAt" IS NOT NULL AS deleted
           FROM "KPI" k JOIN "Product" p ON p.id = k."productId" AND p."deletedAt" IS NULL
           WHERE k."organizationId" = $1 AND k.id = $2 FOR UPDATE OF k"#,
    )
    .bind(org)
    .bind(id)
    .fetch_one(scope.db())
    .await?)
}

/// As `locked`, if the KPI has not been deleted.
pub(super) async fn live(scope: &mut Scope, id: &str) -> Result<Locked, AppError> {
    let kpi = locked(scope, id).await?;
    if kpi.deleted {
        return Err(AppError::Conflict("This KPI has been deleted. Restore it to change it.".into()));
    }
    Ok(kpi)
}

/// Changes a live KPI that the person saw in this version; gives its product's key. Without an owner it stays whose it is.
///
/// # Errors
/// `Stale` when somebody has changed it meanwhile.
pub async fn update(scope: &mut Scope, id: &str, version: &str, fields: KpiFields) -> Result<String, AppError> {
    let product = live(scope, id).await?.product;
    let org = scope.organization().id.clone();
    let stored: Kpi =
        sqlx::query_as(r#"SELECT * FROM "KPI" WHERE "organizationId" = $1 AND id = $2"#).bind(org).bind(id).fetch_one(scope.db()).await?;
    let owner = fields.owner.clone().unwrap_or_else(|| stored.owner_id.clone());
    let fields = KpiFields { owner: Some(owner.clone()), ..fields };
    version::check(version, &KpiFields::from(&stored), &fields)?;
    if owner != stored.owner_id {
        check_owner(scope, &owner).await?;
    }
    sqlx::query(
        r#"UPDATE "KPI" SET name = $2, description = $3, unit = $4, "targetValue" = $5, direction = $6, frequency = $7,
               aggregation = $8, "ownerId" = $9
           WHERE id = $1"#,
    )
    .bind(id)
    .bind(fields.name)
    .bind(fields.description)
    .bind(fields.unit)
    .bind(fields.target)
    .bind(fields.direction)
    .bind(fields.frequency)
    .bind(fields.aggregation)
    .bind(owner)
    .execute(scope.db())
    .await?;
    Ok(product)
}

/// Deletes or restores a KPI; doing it twice is as good as once. Its points stay with it. Gives its product's key.
pub async fn set_deleted(scope: &mut Scope, id: &str, deleted: bool) -> Result<String, AppError> {
    let kpi = locked(scope, id).await?;
    sqlx::query(r#"UPDATE "KPI" SET "deletedAt" = CASE WHEN $2 THEN coalesce("deletedAt", now()) END WHERE id = $1"#)
        .bind(id)
        .bind(deleted)
        .execute(scope.db())
        .await?;
    Ok(kpi.product)
}
