//! SQL for epics.

use super::model::{Epic, EpicFields, EpicQuery, EpicStatus};
use crate::feature::store as features;
use crate::kernel::error::AppError;
use crate::kernel::page::{Page, TIME_BOUNDS};
use crate::kernel::version;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// Epics `e` with what their features add up to, in the same statement.
///
/// Parameter: tenant.
macro_rules! added_up {
    ($from:expr, $rest:expr) => {
        concat!(
            "SELECT e.*, w.* FROM ",
            $from,
            r#" e CROSS JOIN LATERAL (
                SELECT count(*) AS features, count(*) FILTER (WHERE f.status = 'DONE') AS done,
                       coalesce(sum(f."storyPoints"), 0) AS points,
                       coalesce(sum(f."storyPoints") FILTER (WHERE f.status = 'DONE'), 0) AS "pointsDone"
                  FROM "Feature" f
                 WHERE f."organizationId" = $1 AND f."epicId" = e.id AND f."deletedAt" IS NULL AND f.status <> 'CANCELLED') w "#,
            $rest
        )
    };
}

/// A page of epics by the time they were made; only the page's rows are added up.
///
/// Further parameters: product, time and id of the cursor, rows, status.
macro_rules! page {
    ($compare:literal, $way:literal) => {
        added_up!(
            concat!(
                r#"(SELECT * FROM "Epic" WHERE "organizationId" = $1 AND "productId" = $2 AND "deletedAt" IS NULL AND ("createdAt", id) "#,
                $compare,
                r#" (to_timestamp($3::float8 / 1000)::timestamptz(3), $4) AND ($6::"EpicStatus" IS NULL OR status = $6)
                    ORDER BY "createdAt" "#,
                $way,
                ", id ",
                $way,
                " LIMIT $5)"
            ),
            concat!(r#"ORDER BY e."createdAt" "#, $way, ", e.id ", $way)
        )
    };
}

/// A page of the product's epics, the newest first.
pub async fn list(scope: &mut Scope, product_id: &str, query: &EpicQuery) -> Result<Page<Epic>, AppError> {
    if query.deleted {
        return deleted(scope, product_id).await;
    }
    let size = scope.rows();
    let org = scope.organization().id.clone();
    let (earliest, latest) = TIME_BOUNDS;
    let cursor = query.cursor.as_ref();
    let rows: Vec<Epic> = sqlx::query_as(if cursor.is_some_and(|c| c.back) { page!(">", "ASC") } else { page!("<", "DESC") })
        .bind(org)
        .bind(product_id)
        .bind(cursor.map_or(latest, |cursor| cursor.key.clamp(earliest, latest)))
        .bind(cursor.map_or("", |cursor| &cursor.id))
        .bind(size + 1)
        .bind(query.status)
        .fetch_all(scope.db())
        .await?;
    Ok(Page::sized(rows, size, cursor, |epic| (epic.created_at.timestamp_millis() as f64, epic.id.clone())))
}

/// The product's epics deleted last.
async fn deleted(scope: &mut Scope, product_id: &str) -> Result<Page<Epic>, AppError> {
    let org = scope.organization().id.clone();
    let rows: Vec<Epic> = sqlx::query_as(added_up!(
        r#""Epic""#,
        r#"WHERE e."organizationId" = $1 AND e."productId" = $2 AND e."deletedAt" IS NOT NULL ORDER BY e."deletedAt" DESC, e.id LIMIT 100"#
    ))
    .bind(org)
    .bind(product_id)
    .fetch_all(scope.db())
    .await?;
    Ok(Page { rows, first_place: 1, previous: None, next: None })
}

/// One epic of the product, deleted or not.
pub async fn get(scope: &mut Scope, product_id: &str, id: &str) -> Result<Epic, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(added_up!(r#""Epic""#, r#"WHERE e."organizationId" = $1 AND e."productId" = $2 AND e.id = $3"#))
        .bind(org)
        .bind(product_id)
        .bind(id)
        .fetch_one(scope.db())
        .await?)
}

/// Creates an epic of the live product with this key; gives its id.
pub async fn create(scope: &mut Scope, product_key: &str, fields: EpicFields) -> Result<String, AppError> {
    let (org, id) = (scope.organization().id.clone(), new_id());
    let product = features::product(scope, product_key).await?;
    sqlx::query(
        r#"INSERT INTO "Epic" (id, "organizationId", "productId", title, description, "startDate", "endDate")
           VALUES ($1, $2, $3, $4, $5, $6, $7)"#,
    )
    .bind(&id)
    .bind(org)
    .bind(product.id)
    .bind(fields.title)
    .bind(fields.description)
    .bind(fields.start_date)
    .bind(fields.end_date)
    .execute(scope.db())
    .await?;
    Ok(id)
}

/// What a change has to know of an epic.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Locked {
    product: String,
    product_id: String,
    status: EpicStatus,
    deleted: bool,
}

/// The epic of a live product, locked until the transaction ends.
async fn locked(scope: &mut Scope, id: &str) -> Result<Locked, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT p.key AS product, e."productId", e.status, e."deletedAt" IS NOT NULL AS deleted
           FROM "Epic" e JOIN "Product" p ON p.id = e."productId" AND p."deletedAt" IS NULL
           WHERE e."organizationId" = $1 AND e.id = $2 FOR UPDATE OF e"#,
    )
    .bind(org)
    .bind(id)
    .fetch_one(scope.db())
    .await?)
}

/// As `locked`, if the epic has not been deleted.
async fn live(scope: &mut Scope, id: &str) -> Result<Locked, AppError> {
    let epic = locked(scope, id).await?;
    if epic.deleted {
        return Err(AppError::Conflict("This epic has been deleted. Restore it to change it.".into()));
    }
    Ok(epic)
}

/// What the form of an epic would show, which is locked.
async fn stored(scope: &mut Scope, id: &str) -> Result<EpicFields, AppError> {
    let org = scope.organization().id.clone();
    let epic: Epic =
        sqlx::query_as(r#"SELECT * FROM "Epic" WHERE "organizationId" = $1 AND id = $2"#).bind(org).bind(id).fetch_one(scope.db()).await?;
    Ok(EpicFields::from(&epic))
}

/// Changes a live epic that the person saw in this version; gives its product's key.
///
/// # Errors
/// `Stale` when somebody has changed it meanwhile.
pub async fn update(scope: &mut Scope, id: &str, version: &str, fields: EpicFields) -> Result<String, AppError> {
    let epic = live(scope, id).await?;
    version::check(version, &stored(scope, id).await?, &fields)?;
    sqlx::query(r#"UPDATE "Epic" SET title = $2, description = $3, "startDate" = $4, "endDate" = $5 WHERE id = $1"#)
        .bind(id)
        .bind(fields.title)
        .bind(fields.description)
        .bind(fields.start_date)
        .bind(fields.end_date)
        .execute(scope.db())
        .await?;
    Ok(epic.product)
}

/// Moves a live epic on; a move to where it stands already is no change.
///
/// # Errors
/// `Conflict` when the status may not follow the epic's present one.
pub async fn set_status(scope: &mut Scope, id: &str, status: EpicStatus) -> Result<(), AppError> {
    let epic = live(scope, id).await?;
    epic.status.may_become(status)?;
    sqlx::query(r#"UPDATE "Epic" SET status = $2 WHERE id = $1"#).bind(id).bind(status).execute(scope.db()).await?;
    Ok(())
}

/// Deletes or restores an epic; doing it twice is as good as once. Its features stay, keep their place in it, and are shown
/// without it until it is restored. Gives its product's key.
pub async fn set_deleted(scope: &mut Scope, id: &str, deleted: bool) -> Result<String, AppError> {
    let epic = locked(scope, id).await?;
    sqlx::query(r#"UPDATE "Epic" SET "deletedAt" = CASE WHEN $2 THEN coalesce("deletedAt", now()) END WHERE id = $1"#)
        .bind(id)
        .bind(deleted)
        .execute(scope.db())
        .await?;
    Ok(epic.product)
}

/// Puts a live feature of the epic's product into a live epic, out of the one that it was in.
///
/// # Errors
/// `NotFound` for a feature that is not there or is of another product; `Conflict` when one of the two is deleted.
pub async fn add(scope: &mut Scope, id: &str, feature_id: &str) -> Result<(), AppError> {
    // The feature first, as everybody does who locks both.
    let feature = features::live(scope, feature_id).await?;
    let epic = live(scope, id).await?;
    if feature.product_id != epic.product_id {
        return Err(AppError::NotFound);
    }
    sqlx::query(r#"UPDATE "Feature" SET "epicId" = $2 WHERE id = $1"#).bind(feature_id).bind(id).execute(scope.db()).await?;
    Ok(())
}

/// Takes a live feature out of a live epic; one that is in another stays there.
pub async fn take_out(scope: &mut Scope, id: &str, feature_id: &str) -> Result<(), AppError> {
    let feature = features::live(scope, feature_id).await?;
    live(scope, id).await?;
    if feature.epic_id.as_deref() == Some(id) {
        sqlx::query(r#"UPDATE "Feature" SET "epicId" = NULL WHERE id = $1"#).bind(feature_id).execute(scope.db()).await?;
    }
    Ok(())
}
