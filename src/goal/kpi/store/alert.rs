//! SQL for the rules of KPIs and what they have told. That a rule is looked at when points are written, and that what it told is taken
//! back when points are put right, is the database's own work.

use super::live;
use crate::goal::kpi::model::{Alert, AlertRule, Notice};
use crate::kernel::error::AppError;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// Rules that a KPI has at most.
const RULES_MAX: i64 = 20;
/// Notices that a KPI's page shows.
const NOTICES_SHOWN: i64 = 10;

/// A KPI's rules.
pub async fn list(scope: &mut Scope, kpi: &str) -> Result<Vec<Alert>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT id, kind, threshold FROM "KPIAlert" WHERE "organizationId" = $1 AND "kpiId" = $2 ORDER BY "createdAt", id"#,
    )
    .bind(org)
    .bind(kpi)
    .fetch_all(scope.db())
    .await?)
}

/// What a KPI's rules have told last.
pub async fn notices(scope: &mut Scope, kpi: &str) -> Result<Vec<Notice>, AppError> {
    let (org, person) = (scope.organization().id.clone(), scope.user().id.clone());
    Ok(sqlx::query_as(
        r#"SELECT n.*, n."withdrawnAt" IS NULL AND NOT EXISTS (
                    SELECT FROM "KPINoticeRead" r
                     WHERE r."organizationId" = $1 AND r."noticeId" = n.id AND r."userId" = $3) AS unread
           FROM "KPINotice" n WHERE n."organizationId" = $1 AND n."kpiId" = $2 ORDER BY n."createdAt" DESC, n.id DESC LIMIT $4"#,
    )
    .bind(org)
    .bind(kpi)
    .bind(person)
    .bind(NOTICES_SHOWN)
    .fetch_all(scope.db())
    .await?)
}

/// Gives a live KPI a rule; gives the rule's id.
///
/// # Errors
/// A field error for a rule that it has, or one too many.
pub async fn add(scope: &mut Scope, kpi: &str, rule: AlertRule) -> Result<String, AppError> {
    live(scope, kpi).await?;
    let (org, id) = (scope.organization().id.clone(), new_id());
    let count: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "KPIAlert" WHERE "organizationId" = $1 AND "kpiId" = $2"#)
        .bind(&org)
        .bind(kpi)
        .fetch_one(scope.db())
        .await?;
    if count >= RULES_MAX {
        return Err(AppError::field("threshold", format!("A KPI has at most {RULES_MAX} rules.")));
    }
    sqlx::query(r#"INSERT INTO "KPIAlert" (id, "organizationId", "kpiId", kind, threshold) VALUES ($1, $2, $3, $4, $5)"#)
        .bind(&id)
        .bind(org)
        .bind(kpi)
        .bind(rule.kind)
        .bind(rule.threshold)
        .execute(scope.db())
        .await?;
    Ok(id)
}

/// Takes a rule from a live KPI; what it has told stays.
pub async fn remove(scope: &mut Scope, id: &str) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    let kpi: String = sqlx::query_scalar(r#"SELECT "kpiId" FROM "KPIAlert" WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(id)
        .fetch_one(scope.db())
        .await?;
    live(scope, &kpi).await?;
    sqlx::query(r#"DELETE FROM "KPIAlert" WHERE id = $1"#).bind(id).execute(scope.db()).await?;
    Ok(())
}

/// Notes that the person has seen all that a KPI's rules have told; twice is as good as once.
pub async fn mark_read(scope: &mut Scope, kpi: &str) -> Result<(), AppError> {
    let (org, person) = (scope.organization().id.clone(), scope.user().id.clone());
    let kpi: String = sqlx::query_scalar(r#"SELECT id FROM "KPI" WHERE "organizationId" = $1 AND id = $2"#)
        .bind(&org)
        .bind(kpi)
        .fetch_one(scope.db())
        .await?;
    sqlx::query(
        r#"INSERT INTO "KPINoticeRead" ("organizationId", "noticeId", "userId")
           SELECT $1, n.id, $3 FROM "KPINotice" n WHERE n."organizationId" = $1 AND n."kpiId" = $2 ON CONFLICT DO NOTHING"#,
    )
    .bind(org)
    .bind(kpi)
    .bind(person)
    .execute(scope.db())
    .await?;
    Ok(())
}
