//! A product's tasks in pages.

use crate::kernel::error::AppError;
use crate::kernel::page::Page;
use crate::kernel::time::Timestamp;
use crate::server::scope::Scope;
use crate::task::model::{Task, TaskQuery, TaskSort};

/// A page of tasks; names are joined to its rows alone. `$after` says which tasks come behind the cursor in `$order`.
///
/// Parameters: tenant, product, key and id of the cursor, rows, status, priority, assignee, feature, and the reader's day if
/// only what is overdue is asked for.
macro_rules! page {
    ($explain:literal, $after:literal, $order:literal) => {
        concat!(
            $explain,
            r#"SELECT page.*, u.name AS "assigneeName", f.title AS "featureTitle" FROM (
                SELECT * FROM "Task" WHERE "organizationId" = $1 AND "productId" = $2 AND "deletedAt" IS NULL AND "#,
            $after,
            r#" AND ($6::"TaskStatus" IS NULL OR status = $6) AND ($7::"Priority" IS NULL OR priority = $7)
                AND ($8::text IS NULL OR "assigneeId" IS NOT DISTINCT FROM nullif($8, '')) AND ($9::text IS NULL OR "featureId" = $9)
                AND ($10::timestamptz IS NULL OR ("dueDate" < $10 AND status IN ('TODO', 'IN_PROGRESS', 'IN_REVIEW')))
                ORDER BY "#,
            $order,
            r#" LIMIT $5) page
            LEFT JOIN "User" u ON u.id = page."assigneeId"
            LEFT JOIN "Feature" f ON f."organizationId" = $1 AND f.id = page."featureId" AND f."deletedAt" IS NULL
            ORDER BY "#,
            $order
        )
    };
}

/// A page of a sort, onward or back. What has no due date lies behind all that has one, at the end of the year 9999; how
/// urgent something is counts from -1 for the most. An enum gives an index's order, whatever row security thinks of it.
macro_rules! sorted {
    ($explain:literal, $sort:expr, $back:expr) => {
        match ($sort, $back) {
            (TaskSort::Newest, false) => page!(
                $explain,
                r#"("createdAt", id) < (to_timestamp($3::float8 / 1000)::timestamptz(3), $4)"#,
                r#""createdAt" DESC, id DESC"#
            ),
            (TaskSort::Newest, true) => page!(
                $explain,
                r#"("createdAt", id) > (to_timestamp($3::float8 / 1000)::timestamptz(3), $4)"#,
                r#""createdAt" ASC, id ASC"#
            ),
            (TaskSort::Due, false) => page!(
                $explain,
                r#"(coalesce("dueDate", to_timestamp(253402300799)), id) > (to_timestamp($3::float8 / 1000)::timestamptz(3), $4)"#,
                r#""dueDate" ASC NULLS LAST, id ASC"#
            ),
            (TaskSort::Due, true) => page!(
                $explain,
                r#"(coalesce("dueDate", to_timestamp(253402300799)), id) < (to_timestamp($3::float8 / 1000)::timestamptz(3), $4)"#,
                r#""dueDate" DESC NULLS FIRST, id DESC"#
            ),
            (TaskSort::Priority, false) => page!(
                $explain,
                r#"(-array_position(enum_range(NULL::"Priority"), priority), id) < ($3::float8::integer, $4)"#,
                "priority ASC, id DESC"
            ),
            (TaskSort::Priority, true) => page!(
                $explain,
                r#"(-array_position(enum_range(NULL::"Priority"), priority), id) > ($3::float8::integer, $4)"#,
                "priority DESC, id ASC"
            ),
        }
    };
}

/// The plan of a first page, run.
#[cfg(test)]
pub fn explain(sort: TaskSort) -> &'static str {
    sorted!("EXPLAIN (ANALYZE, FORMAT JSON) ", sort, false)
}

/// A page of the product's tasks; `today` is the reader's day.
pub async fn list(scope: &mut Scope, product_id: &str, query: &TaskQuery, today: Timestamp) -> Result<Page<Task>, AppError> {
    if query.deleted {
        return deleted(scope, product_id).await;
    }
    let size = scope.rows();
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    let (cursor, (lowest, highest)) = (query.cursor.as_ref(), query.sort.bounds());
    let rows: Vec<Task> = sqlx::query_as(sorted!("", query.sort, cursor.is_some_and(|cursor| cursor.back)))
        // Planned for these values and not once for all: a filter that is not set falls away.
        .persistent(false)
        .bind(org)
        .bind(product_id)
        .bind(cursor.map_or(query.sort.first(), |cursor| cursor.key.clamp(lowest, highest)))
        .bind(cursor.map_or("", |cursor| &cursor.id))
        .bind(size + 1)
        .bind(query.status)
        .bind(query.priority)
        .bind(query.assignee_for(&user))
        .bind(query.feature.as_deref())
        .bind(query.overdue.then_some(today))
        .fetch_all(scope.db())
        .await?;
    Ok(Page::sized(rows, size, cursor, |task| (query.sort.key(task), task.id.clone())))
}

/// The product's tasks deleted last.
async fn deleted(scope: &mut Scope, product_id: &str) -> Result<Page<Task>, AppError> {
    let org = scope.organization().id.clone();
    let rows: Vec<Task> = sqlx::query_as(
        r#"SELECT t.*, u.name AS "assigneeName" FROM "Task" t LEFT JOIN "User" u ON u.id = t."assigneeId"
           WHERE t."organizationId" = $1 AND t."productId" = $2 AND t."deletedAt" IS NOT NULL ORDER BY t."deletedAt" DESC, t.id LIMIT 100"#,
    )
    .bind(org)
    .bind(product_id)
    .fetch_all(scope.db())
    .await?;
    Ok(Page { rows, first_place: 1, previous: None, next: None })
}
