//! An import at work. Each of these but `done` is a short transaction of its own, so that every process sees how far it is.

use sqlx::types::Json;

use super::get;
use crate::kernel::error::AppError;
use crate::server::scope::Scope;
use crate::transfer::model::{Import, Mapping, Report};

/// Keeps which column is what. What was found with another mapping counts no more.
pub async fn map(scope: &mut Scope, import: &Import, mapping: Mapping, defaults: bool) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    let mapped = sqlx::query(
        r#"UPDATE "Import" SET mapping = $3, defaults = $4, report = NULL WHERE "organizationId" = $1 AND id = $2
            AND (status IN ('READY', 'FAILED') OR (status = 'RUNNING' AND "heartbeatAt" < now() - interval '30 seconds'))"#,
    )
    .bind(org)
    .bind(&import.id)
    .bind(Json(mapping))
    .bind(defaults)
    .execute(scope.db())
    .await?;
    if mapped.rows_affected() == 1 { Ok(()) } else { Err(busy()) }
}

fn busy() -> AppError {
    AppError::Conflict("This import is under way already, or done. Load the page again to see how far it is.".into())
}

/// Begins to check or to take in; gives the number of the run. However many begin at once, one of them does.
///
/// # Errors
/// `Conflict` when it is under way or done, or its file is no longer kept.
pub async fn start(scope: &mut Scope, id: &str, dry: bool) -> Result<i32, AppError> {
    let (import, _) = get(scope, id, None).await?;
    if !import.kept {
        return Err(AppError::Conflict("The file is no longer kept. Please send it again.".into()));
    }
    let org = scope.organization().id.clone();
    let run: Option<i32> = sqlx::query_scalar(
        r#"UPDATE "Import" SET status = 'RUNNING', dry = $3, run = run + 1, "rowsDone" = 0, report = NULL, "heartbeatAt" = now()
            WHERE "organizationId" = $1 AND id = $2
              AND (status IN ('READY', 'FAILED') OR (status = 'RUNNING' AND "heartbeatAt" < now() - interval '30 seconds'))
            RETURNING run"#,
    )
    .bind(org)
    .bind(id)
    .bind(dry)
    .fetch_optional(scope.db())
    .await?;
    run.ok_or_else(busy)
}

/// Says that the run is alive, and how far it is.
pub async fn beat(scope: &mut Scope, id: &str, run: i32, rows_done: i64) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    sqlx::query(
        r#"UPDATE "Import" SET "heartbeatAt" = now(), "rowsDone" = $4
            WHERE "organizationId" = $1 AND id = $2 AND run = $3 AND status = 'RUNNING'"#,
    )
    .bind(org)
    .bind(id)
    .bind(run)
    .bind(rows_done)
    .execute(scope.db())
    .await?;
    Ok(())
}

/// Ends a run that only checked.
pub async fn checked(scope: &mut Scope, id: &str, run: i32, report: &Report) -> Result<(), AppError> {
    report_of(scope, id, run, report).await?;
    end(scope, id, run, "READY").await
}

/// Ends a run of which nothing has remained.
pub async fn fail(scope: &mut Scope, id: &str, run: i32, report: &Report) -> Result<(), AppError> {
    report_of(scope, id, run, report).await?;
    end(scope, id, run, "FAILED").await
}

/// Ends a run that has taken everything in; part of the transaction that did. Its file is not needed any more.
///
/// # Errors
/// `Conflict` when the run was given up for dead meanwhile: then nothing of it may remain.
pub async fn done(scope: &mut Scope, id: &str, run: i32, report: &Report) -> Result<(), AppError> {
    report_of(scope, id, run, report).await?;
    end(scope, id, run, "DONE").await?;
    let org = scope.organization().id.clone();
    sqlx::query(r#"DELETE FROM "ImportPart" WHERE "organizationId" = $1 AND "importId" = $2"#)
        .bind(org)
        .bind(id)
        .execute(scope.db())
        .await?;
    Ok(())
}

/// Apart from the end, lest the log repeat it.
async fn report_of(scope: &mut Scope, id: &str, run: i32, report: &Report) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    sqlx::query(r#"UPDATE "Import" SET report = $4, "rowsDone" = $5 WHERE "organizationId" = $1 AND id = $2 AND run = $3"#)
        .bind(org)
        .bind(id)
        .bind(run)
        .bind(Json(report))
        .bind(report.rows())
        .execute(scope.db())
        .await?;
    Ok(())
}

async fn end(scope: &mut Scope, id: &str, run: i32, status: &str) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    let ended = sqlx::query(
        r#"UPDATE "Import" SET status = $4::"ImportStatus"
            WHERE "organizationId" = $1 AND id = $2 AND run = $3 AND status = 'RUNNING'"#,
    )
    .bind(org)
    .bind(id)
    .bind(run)
    .bind(status)
    .execute(scope.db())
    .await?;
    if ended.rows_affected() == 1 { Ok(()) } else { Err(busy()) }
}
