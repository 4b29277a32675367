//! SQL for key results and check-ins. A check-in moves its key result, and that its objective, by the database's own triggers.

use super::{Locked, live};
use crate::goal::okr::model::{CheckIn, CheckInFields, KeyResult, ResultFields};
use crate::kernel::error::AppError;
use crate::kernel::page::{Cursor, Page, TIME_BOUNDS};
use crate::kernel::version;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// Key results of an objective that its page shows at most.
const RESULTS_MAX: i64 = 100;

/// Key results `k` with their last check-ins: half a year's, if there is one a week.
///
/// Parameter: tenant.
macro_rules! measured {
    ($rest:literal) => {
        concat!(
            r#"SELECT k.*, last.confidence, last."createdAt" AS "checkedInAt",
                   ARRAY(SELECT recent.value FROM (
                           SELECT c.value, c."createdAt", c.id FROM "KeyResultCheckIn" c
                            WHERE c."organizationId" = $1 AND c."keyResultId" = k.id ORDER BY c."createdAt" DESC, c.id DESC LIMIT 26) recent
                         ORDER BY recent."createdAt", recent.id) AS "values"
               FROM "KeyResult" k LEFT JOIN LATERAL (
                      SELECT c.confidence, c."createdAt" FROM "KeyResultCheckIn" c
                       WHERE c."organizationId" = $1 AND c."keyResultId" = k.id ORDER BY c."createdAt" DESC, c.id DESC LIMIT 1) last ON true
               WHERE k."organizationId" = $1 AND "#,
            $rest
        )
    };
}

/// The key results of an objective in the order in which they were added.
pub async fn list(scope: &mut Scope, okr: &str) -> Result<Vec<KeyResult>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(measured!(r#"k."okrId" = $2 ORDER BY k."createdAt", k.id LIMIT $3"#))
        .bind(org)
        .bind(okr)
        .bind(RESULTS_MAX)
        .fetch_all(scope.db())
        .await?)
}

/// One key result of an objective.
pub async fn get(scope: &mut Scope, okr: &str, id: &str) -> Result<KeyResult, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(measured!(r#"k."okrId" = $2 AND k.id = $3"#)).bind(org).bind(okr).bind(id).fetch_one(scope.db()).await?)
}

/// A page of check-ins `c`.
///
/// Parameters: tenant, key result, time and id of the cursor, rows.
macro_rules! page {
    ($compare:literal, $way:literal) => {
        concat!(
            r#"SELECT c.id, c.value, c.note, c.confidence, c."createdAt", u.name AS "authorName", u.id IS NOT NULL AS "hasAuthor" FROM (
                SELECT * FROM "KeyResultCheckIn" WHERE "organizationId" = $1 AND "keyResultId" = $2 AND ("createdAt", id) "#,
            $compare,
            r#" (to_timestamp($3::float8 / 1000)::timestamptz(3), $4) ORDER BY "createdAt" "#,
            $way,
            ", id ",
            $way,
            r#" LIMIT $5) c LEFT JOIN "User" u ON u.id = c."authorId" ORDER BY c."createdAt" "#,
            $way,
            ", c.id ",
            $way
        )
    };
}

/// A page of a key result's check-ins, the newest first.
pub async fn check_ins(scope: &mut Scope, result: &str, cursor: Option<&Cursor>) -> Result<Page<CheckIn>, AppError> {
    let org = scope.organization().id.clone();
    let ((earliest, latest), size) = (TIME_BOUNDS, scope.rows());
    let rows: Vec<CheckIn> = sqlx::query_as(if cursor.is_some_and(|c| c.back) { page!(">", "ASC") } else { page!("<", "DESC") })
        .bind(org)
        .bind(result)
        .bind(cursor.map_or(latest, |cursor| cursor.key.clamp(earliest, latest)))
        .bind(cursor.map_or("", |cursor| &cursor.id))
        .bind(size + 1)
        .fetch_all(scope.db())
        .await?;
    Ok(Page::sized(rows, size, cursor, |check_in| (check_in.created_at.timestamp_millis() as f64, check_in.id.clone())))
}

/// Adds a key result to a live objective that is not over; it begins at its start. Gives its id.
pub async fn add(scope: &mut Scope, okr: &str, fields: ResultFields) -> Result<String, AppError> {
    live(scope, okr).await?.is_open()?;
    let (org, id, band) = (scope.organization().id.clone(), new_id(), fields.band());
    sqlx::query(
        r#"INSERT INTO "KeyResult" (id, "organizationId", "okrId", title, description, unit, direction, "startValue", "currentValue",
               "targetValue", "lowerBound", "upperBound")
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11)"#,
    )
    .bind(&id)
    .bind(org)
    .bind(okr)
    .bind(fields.title)
    .bind(fields.description)
    .bind(fields.unit)
    .bind(fields.measure.direction)
    .bind(fields.measure.start)
    .bind(fields.measure.target)
    .bind(band.map(|band| band.0))
    .bind(band.map(|band| band.1))
    .execute(scope.db())
    .await?;
    Ok(id)
}

/// The live objective that a key result is of, locked, and not over; with its id. Locked before the key result, as everybody does
/// who changes both.
async fn objective_of(scope: &mut Scope, id: &str) -> Result<(Locked, String), AppError> {
    let org = scope.organization().id.clone();
    let okr: String = sqlx::query_scalar(r#"SELECT "okrId" FROM "KeyResult" WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(id)
        .fetch_one(scope.db())
        .await?;
    let locked = live(scope, &okr).await?;
    locked.is_open()?;
    Ok((locked, okr))
}

/// Changes a key result that the person saw in this version; gives the product's key and the objective's id. Where it stands
/// follows its start as long as nobody has checked in.
///
/// # Errors
/// `Stale` when somebody has changed it meanwhile, `Conflict` when its objective is over.
pub async fn update(scope: &mut Scope, id: &str, version: &str, fields: ResultFields) -> Result<(String, String), AppError> {
    let (locked, okr) = objective_of(scope, id).await?;
    let org = scope.organization().id.clone();
    let stored: KeyResult = sqlx::query_as(r#"SELECT * FROM "KeyResult" WHERE "organizationId" = $1 AND id = $2"#)
        .bind(&org)
        .bind(id)
        .fetch_one(scope.db())
        .await?;
    version::check(version, &ResultFields::from(&stored), &fields)?;
    let band = fields.band();
    sqlx::query(
        r#"UPDATE "KeyResult" SET title = $3, description = $4, unit = $5, direction = $6, "startValue" = $7, "targetValue" = $8,
               "lowerBound" = $9, "upperBound" = $10,
               "currentValue" = CASE WHEN "currentValue" = "startValue" AND NOT EXISTS (
                   SELECT FROM "KeyResultCheckIn" c WHERE c."organizationId" = $1 AND c."keyResultId" = $2) THEN $7 ELSE "currentValue" END
           WHERE "organizationId" = $1 AND id = $2"#,
    )
    .bind(org)
    .bind(id)
    .bind(fields.title)
    .bind(fields.description)
    .bind(fields.unit)
    .bind(fields.measure.direction)
    .bind(fields.measure.start)
    .bind(fields.measure.target)
    .bind(band.map(|band| band.0))
    .bind(band.map(|band| band.1))
    .execute(scope.db())
    .await?;
    Ok((locked.product, okr))
}

/// Says where a key result stands now.
///
/// # Errors
/// `Conflict` when its objective is over.
pub async fn check_in(scope: &mut Scope, id: &str, fields: CheckInFields) -> Result<(), AppError> {
    objective_of(scope, id).await?;
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    // The moment at which the objective was locked and not that at which the transaction began: of two that wait for each other
    // the later is the newer.
    sqlx::query(
        r#"INSERT INTO "KeyResultCheckIn" (id, "organizationId", "keyResultId", value, note, confidence, "authorId", "createdAt")
           VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp())"#,
    )
    .bind(new_id())
    .bind(org)
    .bind(id)
    .bind(fields.value)
    .bind(fields.note)
    .bind(fields.confidence)
    .bind(user)
    .execute(scope.db())
    .await?;
    Ok(())
}

/// Takes a key result away for good, with what was said of it; gives the product's key and the objective's id.
///
/// # Errors
/// A field error when something was said of it and nobody has confirmed that it may go.
pub async fn remove(scope: &mut Scope, id: &str, confirmed: bool) -> Result<(String, String), AppError> {
    let (locked, okr) = objective_of(scope, id).await?;
    let org = scope.organization().id.clone();
    let gone = sqlx::query(
        r#"DELETE FROM "KeyResult" WHERE "organizationId" = $1 AND id = $2 AND ($3 OR NOT EXISTS (
               SELECT FROM "KeyResultCheckIn" c WHERE c."organizationId" = $1 AND c."keyResultId" = $2))"#,
    )
    .bind(org)
    .bind(id)
    .bind(confirmed)
    .execute(scope.db())
    .await?;
    match gone.rows_affected() {
        0 => Err(AppError::field("confirmed", "Tick this: its check-ins would be gone for good.")),
        _ => Ok((locked.product, okr)),
    }
}
