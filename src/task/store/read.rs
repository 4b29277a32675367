//! What is read of tasks, but for the pages of their list.

use crate::kernel::error::AppError;
use crate::kernel::named::Named;
use crate::product::model::ProductName;
use crate::server::scope::Scope;
use crate::server::zone::Days;
use crate::task::model::{Counts, FeatureTasks, MINE_SHOWN, MyFeature, MyTask, MyWork, Task};

/// People, and features, that a form offers.
const CHOICES_MAX: i64 = 500;
/// Tasks that a feature's page shows.
const OF_FEATURE_MAX: i64 = 100;

/// The live product with this key.
pub async fn product(scope: &mut Scope, key: &str) -> Result<ProductName, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(r#"SELECT id, name, key FROM "Product" WHERE "organizationId" = $1 AND key = $2 AND "deletedAt" IS NULL"#)
        .bind(org)
        .bind(key)
        .fetch_one(scope.db())
        .await?)
}

/// One task of the product, deleted or not.
pub async fn get(scope: &mut Scope, product_id: &str, id: &str) -> Result<Task, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT t.*, u.name AS "assigneeName", f.title AS "featureTitle", f.number AS "featureNumber"
           FROM "Task" t LEFT JOIN "User" u ON u.id = t."assigneeId"
                LEFT JOIN "Feature" f ON f."organizationId" = $1 AND f.id = t."featureId" AND f."deletedAt" IS NULL
           WHERE t."organizationId" = $1 AND t."productId" = $2 AND t.id = $3"#,
    )
    .bind(org)
    .bind(product_id)
    .bind(id)
    .fetch_one(scope.db())
    .await?)
}

/// The members by name, and whoever else is given, as one who has left and still has a task.
pub async fn people(scope: &mut Scope, also: Option<&str>) -> Result<Vec<Named>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"(SELECT u.id, coalesce(u.name, 'Somebody without a name') AS name FROM "Membership" m JOIN "User" u ON u.id = m."userId"
            WHERE m."organizationId" = $1 AND m."userId" IS DISTINCT FROM $2 ORDER BY lower(u.name), u.id LIMIT $3)
           UNION ALL
           SELECT u.id, coalesce(u.name, 'Somebody without a name') FROM "User" u WHERE u.id = $2
           ORDER BY name, id"#,
    )
    .bind(org)
    .bind(also)
    .bind(CHOICES_MAX)
    .fetch_all(scope.db())
    .await?)
}

/// The product's newest live features by title, and the one that is given, as one that is deleted and still has a task.
pub async fn features(scope: &mut Scope, product_id: &str, also: Option<&str>) -> Result<Vec<Named>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT id, title AS name FROM (
             (SELECT id, title FROM "Feature"
               WHERE "organizationId" = $1 AND "productId" = $2 AND "deletedAt" IS NULL AND id IS DISTINCT FROM $3
               ORDER BY "createdAt" DESC, id DESC LIMIT $4)
             UNION ALL
             SELECT id, title FROM "Feature" WHERE "organizationId" = $1 AND "productId" = $2 AND id = $3) offered
           ORDER BY lower(title), id"#,
    )
    .bind(org)
    .bind(product_id)
    .bind(also)
    .bind(CHOICES_MAX)
    .fetch_all(scope.db())
    .await?)
}

/// A feature of the product by its name, if there is one with this id.
pub async fn feature_choice(scope: &mut Scope, product_id: &str, id: Option<&str>) -> Result<Option<Named>, AppError> {
    let org = scope.organization().id.clone();
    let Some(id) = id else { return Ok(None) };
    Ok(sqlx::query_as(r#"SELECT id, title AS name FROM "Feature" WHERE "organizationId" = $1 AND "productId" = $2 AND id = $3"#)
        .bind(org)
        .bind(product_id)
        .bind(id)
        .fetch_optional(scope.db())
        .await?)
}

/// What the page of a feature has to know of it.
#[derive(sqlx::FromRow)]
struct OfFeature {
    product: String,
    open: bool,
    #[sqlx(flatten)]
    counts: Counts,
}

/// The live tasks of a feature of a live product: what there is to do first, then what was begun, and what is over last.
pub async fn of_feature(scope: &mut Scope, feature: &str, days: Days) -> Result<FeatureTasks, AppError> {
    let org = scope.organization().id.clone();
    let OfFeature { product, open, counts } = sqlx::query_as(
        r#"SELECT p.key AS product, f."deletedAt" IS NULL AS open, n.*
           FROM "Feature" f JOIN "Product" p ON p.id = f."productId" AND p."deletedAt" IS NULL
                CROSS JOIN LATERAL (
                  SELECT count(*) AS total, count(*) FILTER (WHERE status <> 'CANCELLED') AS counting,
                         count(*) FILTER (WHERE status = 'DONE') AS done
                    FROM "Task" WHERE "organizationId" = $1 AND "featureId" = f.id AND "deletedAt" IS NULL) n
           WHERE f."organizationId" = $1 AND f.id = $2"#,
    )
    .bind(&org)
    .bind(feature)
    .fetch_one(scope.db())
    .await?;
    let tasks: Vec<Task> = sqlx::query_as(
        r#"SELECT t.*, u.name AS "assigneeName" FROM "Task" t LEFT JOIN "User" u ON u.id = t."assigneeId"
           WHERE t."organizationId" = $1 AND t."featureId" = $2 AND t."deletedAt" IS NULL
           ORDER BY t.status, t."dueDate", t."createdAt", t.id LIMIT $3"#,
    )
    .bind(org)
    .bind(feature)
    .bind(OF_FEATURE_MAX)
    .fetch_all(scope.db())
    .await?;
    Ok(FeatureTasks { role: scope.role(), product, open, tasks, counts, today: days.today })
}

/// The caller's open tasks in live products, in groups by when they are due. A group is cut off behind so many.
///
/// Parameters: tenant, person, the person's day, the Monday behind it, rows of a group.
pub async fn mine(scope: &mut Scope, days: Days) -> Result<MyWork, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    let rows: Vec<MyTask> = sqlx::query_as(
        r#"SELECT mine.*, f.title AS "featureTitle" FROM (
             SELECT t.*, p.key AS "productKey", p.name AS "productName", count(*) OVER (PARTITION BY t.span) AS total,
                    row_number() OVER (PARTITION BY t.span ORDER BY t."dueDate", t.priority, t.id) AS place
               FROM (SELECT *, CASE WHEN "dueDate" < $3 THEN 0 WHEN "dueDate" < $4 THEN 1 WHEN "dueDate" IS NOT NULL THEN 2 ELSE 3 END AS span
                       FROM "Task" WHERE "organizationId" = $1 AND "assigneeId" = $2 AND "deletedAt" IS NULL
                        AND status IN ('TODO', 'IN_PROGRESS', 'IN_REVIEW')) t
               JOIN "Product" p ON p."organizationId" = $1 AND p.id = t."productId" AND p."deletedAt" IS NULL) mine
           LEFT JOIN "Feature" f ON f."organizationId" = $1 AND f.id = mine."featureId" AND f."deletedAt" IS NULL
           WHERE mine.place <= $5 ORDER BY mine.span, mine.place"#,
    )
    .bind(&org)
    .bind(&user)
    .bind(days.today)
    .bind(days.next_week)
    .bind(MINE_SHOWN)
    .fetch_all(scope.db())
    .await?;
    let features: Vec<MyFeature> = sqlx::query_as(
        r#"SELECT f.id, f.title, f.number, f.status, f.priority, f."dueDate", coalesce(f."dueDate" < $3, false) AS overdue,
                  p.key AS "productKey", p.name AS "productName", count(*) OVER () AS total
             FROM "Feature" f JOIN "Product" p ON p."organizationId" = $1 AND p.id = f."productId" AND p."deletedAt" IS NULL
            WHERE f."organizationId" = $1 AND f."assigneeId" = $2 AND f."deletedAt" IS NULL AND f.status NOT IN ('DONE', 'CANCELLED')
            ORDER BY f."dueDate", f.priority, f.id LIMIT $4"#,
    )
    .bind(org)
    .bind(user)
    .bind(days.today)
    .bind(MINE_SHOWN)
    .fetch_all(scope.db())
    .await?;
    Ok(MyWork::of(scope.role(), rows, features))
}
