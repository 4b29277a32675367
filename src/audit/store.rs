//! SQL for the audit log. Changes of rows write themselves; the events here are those that no row tells of.

use std::collections::BTreeSet;

use serde_json::Value;
use sqlx::PgConnection;

use super::model::{
    AuditEntry, AuditPage, AuditQuery, AuditRow, Choice, HISTORY_ROWS, ItemLog, Names, action_label, entity_label, former, person_words,
};
use crate::kernel::error::AppError;
use crate::kernel::page::{PAGE_SIZE, Page};
use crate::kernel::role::Perm;
use crate::server::scope::Scope;
use crate::server::zone::common_zone;

/// Later than any entry, in milliseconds: to the year 9999.
const LATEST: f64 = 253_402_300_799_000.0;

/// Records something about a person in the log of every live organisation that they belong to, such as `user.signed_in`.
pub async fn about_person(db: &mut PgConnection, user: &str, action: &str, metadata: Value) -> Result<(), AppError> {
    sqlx::query("SELECT audit_person($1, $2, $3)").bind(user).bind(action).bind(metadata).execute(db).await?;
    Ok(())
}

/// Records something that was done to the organisation of the transaction without changing a row, such as `audit.exported`.
pub async fn event(db: &mut PgConnection, action: &str, entity: (&str, &str), metadata: Value) -> Result<(), AppError> {
    sqlx::query("SELECT audit_event($1, $2, $3, $4)").bind(action).bind(entity.0).bind(entity.1).bind(metadata).execute(db).await?;
    Ok(())
}

/// Records that somebody was refused a permission in the organisation of the transaction: once a minute, however often they
/// ask, lest they bury under it what else the log holds.
pub async fn refused(db: &mut PgConnection, org: &str, user: &str, permission: &str) -> Result<(), AppError> {
    sqlx::query(
        r#"SELECT audit_event('access.refused', 'Organization', $1, jsonb_build_object('permission', $3::text))
           WHERE pg_try_advisory_xact_lock(hashtextextended(concat_ws(' ', 'refused', $1, $2, $3), 0))
             AND NOT EXISTS (SELECT FROM "AuditLog" WHERE "organizationId" = $1 AND "userId" = $2 AND action = 'access.refused'
                               AND metadata ->> 'permission' = $3 AND "createdAt" > now() - interval '1 minute')"#,
    )
    .bind(org)
    .bind(user)
    .bind(permission)
    .execute(db)
    .await?;
    Ok(())
}

/// Rows of the log in the order of a key that indexes hold; the people are joined to the page's rows alone.
///
/// Parameters: tenant, person, type, item, action, since, until, key and id of the cursor, rows, the reader's time zone.
macro_rules! page {
    ($explain:literal, $compare:literal, $way:literal) => {
        concat!(
            $explain,
            r#"SELECT page.*, u.name AS "userName", u.email AS "userEmail",
                to_char(page."createdAt" AT TIME ZONE $11::text, 'FMDD Mon YYYY, HH24:MI') || CASE $11::text WHEN 'UTC' THEN ' UTC' ELSE '' END
                    AS local
              FROM (
                SELECT id, "createdAt", action, "entityType", "entityId", "userId", "ipAddress", "userAgent", metadata
                FROM "AuditLog" WHERE "organizationId" = $1
                AND ($2::text IS NULL OR "userId" = $2) AND ($3::text IS NULL OR "entityType" = $3)
                AND ($4::text IS NULL OR "entityId" = $4) AND ($5::text IS NULL OR action = $5)
                AND ($6::date IS NULL OR "createdAt" >= ($6::date::timestamp AT TIME ZONE $11::text))
                AND ($7::date IS NULL OR "createdAt" < ($7::date::timestamp AT TIME ZONE $11::text))
                AND ("createdAt", id) "#,
            $compare,
            r#" (to_timestamp($8::float8 / 1000)::timestamptz(3), $9)
                ORDER BY "createdAt" "#,
            $way,
            ", id ",
            $way,
            r#" LIMIT $10) page
            LEFT JOIN "User" u ON u.id = page."userId" ORDER BY page."createdAt" "#,
            $way,
            ", page.id ",
            $way
        )
    };
}

/// The plan of a page, run.
#[cfg(test)]
pub const EXPLAIN: &str = page!("EXPLAIN (ANALYZE, FORMAT JSON) ", "<", "DESC");

/// At most `limit` entries from the cursor on, nearest first.
pub async fn rows(scope: &mut Scope, query: &AuditQuery, limit: i64) -> Result<Vec<AuditRow>, AppError> {
    let (org, bounds, cursor) = (scope.organization().id.clone(), query.bounds()?, query.cursor.as_ref());
    let (back, zone) = (cursor.is_some_and(|cursor| cursor.back), zone(scope).await?);
    Ok(sqlx::query_as(if back { page!("", ">", "ASC") } else { page!("", "<", "DESC") })
        // Planned for these values and not once for all: a filter that is not set falls away, one that is set chooses the index.
        .persistent(false)
        .bind(org)
        .bind(query.person.as_deref())
        .bind(query.entity.as_deref())
        .bind(query.item.as_deref())
        .bind(query.action.as_deref())
        .bind(bounds.since)
        .bind(bounds.until)
        .bind(cursor.map_or(LATEST, |cursor| cursor.key.clamp(0.0, LATEST)))
        .bind(cursor.map_or("", |cursor| &cursor.id))
        .bind(limit)
        .bind(zone)
        .fetch_all(scope.db())
        .await?)
}

/// The reader's time zone.
async fn zone(scope: &mut Scope) -> Result<&'static str, AppError> {
    let user = scope.user().id.clone();
    let zone: Option<Option<String>> =
        sqlx::query_scalar(r#"SELECT timezone FROM "UserProfile" WHERE "userId" = $1"#).bind(user).fetch_optional(scope.db()).await?;
    Ok(common_zone(zone.flatten().as_deref()))
}

/// The rows in words; with where they came from for those who may read the whole log.
async fn in_words(scope: &mut Scope, rows: &[AuditRow]) -> Result<Vec<AuditEntry>, AppError> {
    let names = names(scope, rows.iter().flat_map(AuditRow::mentions).collect()).await?;
    let with_origin = scope.can(Perm::OrgManage);
    Ok(rows.iter().map(|row| row.in_words(&names, with_origin)).collect())
}

/// A page of the log, and what can be chosen in its filters: a few statements, however long the log is.
pub async fn page(scope: &mut Scope, query: &AuditQuery) -> Result<AuditPage, AppError> {
    let rows = rows(scope, query, PAGE_SIZE + 1).await?;
    let Page { rows, first_place, previous, next } = Page::of(rows, query.cursor.as_ref(), AuditRow::key);
    let page = Page { rows: in_words(scope, &rows).await?, first_place, previous, next };
    let (entities, actions) = choices(scope).await?;
    Ok(AuditPage { page, people: people(scope).await?, entities, actions, zone: zone(scope).await?.to_owned() })
}

/// The newest entries of one thing. A product may also be named by its key, as in addresses.
///
/// # Errors
/// `NotFound` for what the organisation neither has nor had.
pub async fn item_history(scope: &mut Scope, entity: &str, item: &str) -> Result<ItemLog, AppError> {
    let item = if entity == "Product" { product_id(scope, item).await? } else { item.to_owned() };
    let query = AuditQuery { entity: Some(entity.to_owned()), item: Some(item.clone()), ..Default::default() };
    let rows = rows(scope, &query, HISTORY_ROWS).await?;
    if rows.is_empty() && !has(scope, entity, &item).await? {
        return Err(AppError::NotFound);
    }
    let all = scope.can(Perm::OrgManage).then(|| format!("/audit{}", query.params()));
    let entries = in_words(scope, &rows).await?;
    // Its name and its page are where the history stands.
    Ok(ItemLog { entries: entries.into_iter().map(|entry| AuditEntry { name: None, path: None, ..entry }).collect(), all })
}

async fn product_id(scope: &mut Scope, item: &str) -> Result<String, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_scalar(
        r#"SELECT id FROM "Product" WHERE "organizationId" = $1 AND (key = $2 OR id = $2) ORDER BY key = $2 DESC LIMIT 1"#,
    )
    .bind(org)
    .bind(item)
    .fetch_one(scope.db())
    .await?)
}

/// Whether the organisation has this thing, of this type. A person counts only as its member: nobody is told who has an
/// account elsewhere.
async fn has(scope: &mut Scope, entity: &str, item: &str) -> Result<bool, AppError> {
    if entity != "User" {
        return Ok(found(scope, vec![item.to_owned()]).await?.into_iter().any(|thing| thing.entity == entity));
    }
    let org = scope.organization().id.clone();
    Ok(sqlx::query_scalar(r#"SELECT EXISTS (SELECT FROM "Membership" WHERE "organizationId" = $1 AND "userId" = $2)"#)
        .bind(org)
        .bind(item)
        .fetch_one(scope.db())
        .await?)
}

/// What the things with these ids are called now, and where their pages are below the organisation's.
pub async fn names(scope: &mut Scope, ids: BTreeSet<String>) -> Result<Names, AppError> {
    let found = found(scope, Vec::from_iter(ids)).await?;
    Ok(found.into_iter().map(|thing| (thing.id, (person_words(&thing.name).to_owned(), thing.path))).collect())
}

/// Something that is there.
#[derive(sqlx::FromRow)]
struct Thing {
    entity: String,
    id: String,
    name: String,
    path: Option<String>,
}

/// The things with these ids. People are found wherever they are, since the log names those who have left: the ids have to
/// come from the log itself.
async fn found(scope: &mut Scope, ids: Vec<String>) -> Result<Vec<Thing>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT 'Product' AS entity, p.id, p.name, CASE WHEN p."deletedAt" IS NULL THEN '/products/' || p.key END AS path
             FROM "Product" p WHERE p."organizationId" = $1 AND p.id = ANY($2)
           UNION ALL
           SELECT 'Idea', i.id, i.title, CASE WHEN p."deletedAt" IS NULL THEN '/products/' || p.key || '/ideas/' || i.id END
             FROM "Idea" i JOIN "Product" p ON p.id = i."productId" WHERE i."organizationId" = $1 AND i.id = ANY($2)
           UNION ALL
           SELECT 'Membership', m.id, coalesce(u.name, u.email), NULL
             FROM "Membership" m JOIN "User" u ON u.id = m."userId" WHERE m."organizationId" = $1 AND m.id = ANY($2)
           UNION ALL SELECT 'User', id, coalesce(name, email), NULL FROM "User" WHERE id = ANY($2)
           UNION ALL SELECT 'Organization', id, name, NULL FROM "Organization" WHERE id = $1 AND id = ANY($2)
           UNION ALL SELECT 'Team', id, name, NULL FROM "Team" WHERE "organizationId" = $1 AND id = ANY($2)
           UNION ALL SELECT 'Invitation', id, email, NULL FROM "Invitation" WHERE "organizationId" = $1 AND id = ANY($2)
           UNION ALL
           SELECT 'Feature', x.id, x.title, CASE WHEN p."deletedAt" IS NULL THEN '/products/' || p.key || '/features/' || x.id END
             FROM "Feature" x JOIN "Product" p ON p.id = x."productId" WHERE x."organizationId" = $1 AND x.id = ANY($2)
           UNION ALL
           SELECT 'Epic', x.id, x.title, CASE WHEN p."deletedAt" IS NULL THEN '/products/' || p.key || '/epics/' || x.id END
             FROM "Epic" x JOIN "Product" p ON p.id = x."productId" WHERE x."organizationId" = $1 AND x.id = ANY($2)
           UNION ALL SELECT 'Release', id, name, NULL FROM "Release" WHERE "organizationId" = $1 AND id = ANY($2)
           UNION ALL SELECT 'Changelog', id, title, NULL FROM "Changelog" WHERE "organizationId" = $1 AND id = ANY($2)
           UNION ALL SELECT 'LaunchChecklistItem', id, title, NULL FROM "LaunchChecklistItem" WHERE "organizationId" = $1 AND id = ANY($2)
           UNION ALL
           SELECT 'Task', t.id, t.title, CASE WHEN p."deletedAt" IS NULL THEN '/products/' || p.key || '/tasks/' || t.id END
             FROM "Task" t JOIN "Product" p ON p.id = t."productId" WHERE t."organizationId" = $1 AND t.id = ANY($2)
           UNION ALL
           SELECT 'OKR', x.id, x.title, CASE WHEN p."deletedAt" IS NULL THEN '/products/' || p.key || '/okrs/' || x.id END
             FROM "OKR" x JOIN "Product" p ON p.id = x."productId" WHERE x."organizationId" = $1 AND x.id = ANY($2)
           UNION ALL
           SELECT 'Document', d.id, d.title, CASE WHEN d."productId" IS NULL THEN '/documents/' || d.id
                  WHEN p."deletedAt" IS NULL THEN '/products/' || p.key || '/documents/' || d.id END
             FROM "Document" d LEFT JOIN "Product" p ON p.id = d."productId" WHERE d."organizationId" = $1 AND d.id = ANY($2)
           UNION ALL SELECT 'KeyResult', id, title, NULL FROM "KeyResult" WHERE "organizationId" = $1 AND id = ANY($2)
           UNION ALL SELECT 'OrganizationObjective', id, title, '/okrs/' || id FROM "OrganizationObjective" WHERE "organizationId" = $1 AND id = ANY($2)
           UNION ALL SELECT 'KPI', id, name, NULL FROM "KPI" WHERE "organizationId" = $1 AND id = ANY($2)
           UNION ALL
           SELECT 'KPIDataPoint', d.id, k.name, NULL
             FROM "KPIDataPoint" d JOIN "KPI" k ON k.id = d."kpiId" WHERE d."organizationId" = $1 AND d.id = ANY($2)
           UNION ALL
           SELECT 'Experiment', x.id, x.name, CASE WHEN p."deletedAt" IS NULL THEN '/products/' || p.key || '/experiments/' || x.id END
             FROM "Experiment" x JOIN "Product" p ON p.id = x."productId" WHERE x."organizationId" = $1 AND x.id = ANY($2)
           UNION ALL SELECT 'ExperimentVariant', id, name, NULL FROM "ExperimentVariant" WHERE "organizationId" = $1 AND id = ANY($2)
           UNION ALL SELECT 'ExperimentMetric', id, name, NULL FROM "ExperimentMetric" WHERE "organizationId" = $1 AND id = ANY($2)
           UNION ALL
           SELECT 'ExperimentResult', r.id, e.name, NULL
             FROM "ExperimentResult" r JOIN "Experiment" e ON e.id = r."experimentId" WHERE r."organizationId" = $1 AND r.id = ANY($2)
           UNION ALL SELECT 'Feedback', id, title, NULL FROM "Feedback" WHERE "organizationId" = $1 AND id = ANY($2)
           UNION ALL
           SELECT 'Import', i.id, i."fileName", CASE WHEN p."deletedAt" IS NULL THEN '/products/' || p.key || '/transfer/' || i.id END
             FROM "Import" i JOIN "Product" p ON p.id = i."productId" WHERE i."organizationId" = $1 AND i.id = ANY($2)
           UNION ALL SELECT 'Webhook', id, name, '/webhooks/' || id FROM "Webhook" WHERE "organizationId" = $1 AND id = ANY($2)"#,
    )
    .bind(org)
    .bind(ids)
    .fetch_all(scope.db())
    .await?)
}

/// The people to choose from: the organisation's members by name, and behind them those who were members, as the log tells.
pub async fn people(scope: &mut Scope) -> Result<Vec<Choice>, AppError> {
    let org = scope.organization().id.clone();
    let people: Vec<(String, String, bool)> = sqlx::query_as(
        r#"(SELECT u.id, coalesce(u.name, u.email), false FROM "Membership" m JOIN "User" u ON u.id = m."userId"
            WHERE m."organizationId" = $1 ORDER BY 2, 1 LIMIT 500)
           UNION ALL
           (SELECT gone.id, coalesce(u.name, u.email, ''), true
            FROM (SELECT DISTINCT metadata->'before'->>'userId' AS id FROM "AuditLog"
                  WHERE "organizationId" = $1 AND action IN ('member.left', 'member.removed')) gone
            LEFT JOIN "User" u ON u.id = gone.id
            WHERE gone.id IS NOT NULL
              AND NOT EXISTS (SELECT FROM "Membership" m WHERE m."organizationId" = $1 AND m."userId" = gone.id)
            ORDER BY 2, 1 LIMIT 500)"#,
    )
    .bind(org)
    .fetch_all(scope.db())
    .await?;
    Ok(people.into_iter().map(|(value, name, gone)| Choice { label: if gone { former(&name) } else { name }, value }).collect())
}

/// The distinct values of a column in the organisation's log: one step into the index for each, however long the log is.
macro_rules! distinct {
    ($column:literal) => {
        concat!(
            r#"WITH RECURSIVE found AS (
                (SELECT "#,
            $column,
            r#" AS word FROM "AuditLog" WHERE "organizationId" = $1 ORDER BY 1 LIMIT 1)
                UNION ALL
                SELECT (SELECT "#,
            $column,
            r#" FROM "AuditLog" WHERE "organizationId" = $1 AND "#,
            $column,
            r#" > word ORDER BY 1 LIMIT 1)
                FROM found WHERE word IS NOT NULL)
            SELECT word FROM found WHERE word IS NOT NULL LIMIT 500"#
        )
    };
}

/// The types of things and the actions that the organisation's log holds.
pub async fn choices(scope: &mut Scope) -> Result<(Vec<Choice>, Vec<Choice>), AppError> {
    let org = scope.organization().id.clone();
    let entities: Vec<String> = sqlx::query_scalar(distinct!(r#""entityType""#)).bind(&org).fetch_all(scope.db()).await?;
    let actions: Vec<String> = sqlx::query_scalar(distinct!("action")).bind(&org).fetch_all(scope.db()).await?;
    Ok((labelled(entities, entity_label), labelled(actions, action_label)))
}

fn labelled(words: Vec<String>, label: fn(&str) -> String) -> Vec<Choice> {
    let mut choices: Vec<Choice> = words.into_iter().map(|value| Choice { label: label(&value), value }).collect();
    choices.sort_by(|a, b| a.label.cmp(&b.label));
    choices
}
