//! SQL for the organisation's own objectives, and for the tree of what serves them.

use super::write::check_owner;
use crate::goal::okr::model::{Aligned, Objective, ObjectiveFields, OkrStatus, Quarter};
use crate::kernel::error::AppError;
use crate::kernel::version;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// Objectives of the organisation, and OKRs, that the tree of a quarter shows at most.
const OBJECTIVES_MAX: i64 = 100;
pub const ALIGNED_MAX: i64 = 500;

macro_rules! owned {
    ($rest:literal) => {
        concat!(
            r#"SELECT x.*, u.name AS "ownerName" FROM "OrganizationObjective" x LEFT JOIN "User" u ON u.id = x."ownerId"
               WHERE x."organizationId" = $1 AND "#,
            $rest
        )
    };
}

/// OKRs `o` of live products.
macro_rules! aligned {
    ($before:literal, $rest:literal) => {
        concat!(
            $before,
            r#"SELECT o.id, o.title, o.number, p.key AS "productKey", p.name AS "productName", o.quarter, o.status, o.progress, o."parentId",
                   o."objectiveId", u.name AS "ownerName"
               FROM "OKR" o JOIN "Product" p ON p."organizationId" = $1 AND p.id = o."productId" AND p."deletedAt" IS NULL
               LEFT JOIN "User" u ON u.id = o."ownerId"
               WHERE o."organizationId" = $1 AND o."deletedAt" IS NULL AND o.status <> 'CANCELLED' AND "#,
            $rest
        )
    };
}

/// The organisation's objectives of a quarter, and those of another that something of this quarter serves.
pub async fn of_quarter(scope: &mut Scope, quarter: Quarter) -> Result<Vec<Objective>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(owned!(
        r#"x."deletedAt" IS NULL AND (x.quarter = $2 OR EXISTS (
             SELECT FROM "OKR" o WHERE o."organizationId" = $1 AND o."objectiveId" = x.id AND o.quarter = $2 AND o."deletedAt" IS NULL))
           ORDER BY x.id LIMIT $3"#
    ))
    .bind(org)
    .bind(quarter.word())
    .bind(OBJECTIVES_MAX)
    .fetch_all(scope.db())
    .await?)
}

/// The OKRs of a quarter, of all products: one more than are shown, if there are more.
pub async fn aligned(scope: &mut Scope, quarter: Quarter) -> Result<Vec<Aligned>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(aligned!("", "o.quarter = $2 ORDER BY lower(p.name), o.id LIMIT $3"))
        .bind(org)
        .bind(quarter.word())
        .bind(ALIGNED_MAX + 1)
        .fetch_all(scope.db())
        .await?)
}

/// The OKRs that serve an objective of the organisation, and those that serve these.
pub async fn below(scope: &mut Scope, id: &str) -> Result<Vec<Aligned>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(aligned!(
        r#"WITH RECURSIVE served (id) AS (
               SELECT o.id FROM "OKR" o WHERE o."organizationId" = $1 AND o."objectiveId" = $2
             UNION
               SELECT o.id FROM served s JOIN "OKR" o ON o."organizationId" = $1 AND o."parentId" = s.id
           ) "#,
        "o.id IN (SELECT id FROM served) ORDER BY o.quarter DESC, lower(p.name), o.id LIMIT $3"
    ))
    .bind(org)
    .bind(id)
    .bind(ALIGNED_MAX)
    .fetch_all(scope.db())
    .await?)
}

/// The latest quarters of which the organisation has objectives or OKRs.
pub async fn quarters(scope: &mut Scope) -> Result<Vec<Quarter>, AppError> {
    let org = scope.organization().id.clone();
    let words: Vec<String> = sqlx::query_scalar(
        r#"SELECT quarter FROM "OKR" WHERE "organizationId" = $1 AND "deletedAt" IS NULL
           UNION SELECT quarter FROM "OrganizationObjective" WHERE "organizationId" = $1 AND "deletedAt" IS NULL
           ORDER BY quarter DESC LIMIT 40"#,
    )
    .bind(org)
    .fetch_all(scope.db())
    .await?;
    Ok(words.iter().filter_map(|word| Quarter::parse(word)).collect())
}

/// The objectives of the organisation deleted last.
pub async fn deleted(scope: &mut Scope) -> Result<Vec<Objective>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(owned!(r#"x."deletedAt" IS NOT NULL ORDER BY x."deletedAt" DESC, x.id LIMIT 20"#))
        .bind(org)
        .fetch_all(scope.db())
        .await?)
}

/// One objective of the organisation, deleted or not.
pub async fn get(scope: &mut Scope, id: &str) -> Result<Objective, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(owned!("x.id = $2")).bind(org).bind(id).fetch_one(scope.db()).await?)
}

/// Creates an objective of the organisation; gives its id.
///
/// # Errors
/// One of the field for an owner who is no member.
pub async fn create(scope: &mut Scope, fields: ObjectiveFields) -> Result<String, AppError> {
    check_owner(scope, &fields.owner).await?;
    let (org, id) = (scope.organization().id.clone(), new_id());
    sqlx::query(
        r#"INSERT INTO "OrganizationObjective" (id, "organizationId", title, description, quarter, "ownerId") VALUES ($1, $2, $3, $4, $5, $6)"#,
    )
    .bind(&id)
    .bind(org)
    .bind(fields.title)
    .bind(fields.description)
    .bind(fields.quarter.word())
    .bind(fields.owner)
    .execute(scope.db())
    .await?;
    Ok(id)
}

/// The objective of the organisation, locked until the transaction ends.
async fn locked(scope: &mut Scope, id: &str) -> Result<Objective, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(r#"SELECT * FROM "OrganizationObjective" WHERE "organizationId" = $1 AND id = $2 FOR UPDATE"#)
        .bind(org)
        .bind(id)
        .fetch_one(scope.db())
        .await?)
}

/// As `locked`, if it has not been deleted.
async fn live(scope: &mut Scope, id: &str) -> Result<Objective, AppError> {
    let objective = locked(scope, id).await?;
    if objective.deleted_at.is_some() {
        return Err(AppError::Conflict("This objective has been deleted. Restore it to change it.".into()));
    }
    Ok(objective)
}

/// Changes a live objective of the organisation that the person saw in this version. The owner may stay even if they have left.
///
/// # Errors
/// `Stale` when somebody has changed it meanwhile.
pub async fn update(scope: &mut Scope, id: &str, version: &str, fields: ObjectiveFields) -> Result<(), AppError> {
    let stored = live(scope, id).await?;
    version::check(version, &ObjectiveFields::from(&stored), &fields)?;
    if fields.owner != stored.owner_id {
        check_owner(scope, &fields.owner).await?;
    }
    let org = scope.organization().id.clone();
    sqlx::query(
        r#"UPDATE "OrganizationObjective" SET title = $3, description = $4, quarter = $5, "ownerId" = $6
           WHERE "organizationId" = $1 AND id = $2"#,
    )
    .bind(org)
    .bind(id)
    .bind(fields.title)
    .bind(fields.description)
    .bind(fields.quarter.word())
    .bind(fields.owner)
    .execute(scope.db())
    .await?;
    Ok(())
}

/// Moves a live objective of the organisation on.
///
/// # Errors
/// `Conflict` when the status may not follow its present one.
pub async fn set_status(scope: &mut Scope, id: &str, status: OkrStatus) -> Result<(), AppError> {
    live(scope, id).await?.status.may_become(status)?;
    let org = scope.organization().id.clone();
    sqlx::query(r#"UPDATE "OrganizationObjective" SET status = $3 WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(id)
        .bind(status)
        .execute(scope.db())
        .await?;
    Ok(())
}

/// Deletes or restores an objective of the organisation; doing it twice is as good as once. What serves it stays, and stays aligned.
pub async fn set_deleted(scope: &mut Scope, id: &str, deleted: bool) -> Result<(), AppError> {
    locked(scope, id).await?;
    let org = scope.organization().id.clone();
    sqlx::query(
        r#"UPDATE "OrganizationObjective" SET "deletedAt" = CASE WHEN $3 THEN coalesce("deletedAt", now()) END
           WHERE "organizationId" = $1 AND id = $2"#,
    )
    .bind(org)
    .bind(id)
    .bind(deleted)
    .execute(scope.db())
    .await?;
    Ok(())
}
