//! What is changed in tasks.

use super::read::product;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::version;
use crate::server::id::new_id;
use crate::server::scope::Scope;
use crate::task::model::{Task, TaskFields, TaskStatus};

/// What a change has to know of a task.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Locked {
    /// Its product's key.
    product: String,
    product_id: String,
    feature_id: Option<String>,
    assignee_id: Option<String>,
    status: TaskStatus,
    deleted: bool,
}

/// The task of a live product, locked until the transaction ends.
async fn locked(scope: &mut Scope, id: &str) -> Result<Locked, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT p.key AS product, t."productId", t."featureId", t."assigneeId", t.status, t."deletedAt" IS NOT NULL AS deleted
           FROM "Task" t JOIN "Product" p ON p.id = t."productId" AND p."deletedAt" IS NULL
           WHERE t."organizationId" = $1 AND t.id = $2 FOR UPDATE OF t"#,
    )
    .bind(org)
    .bind(id)
    .fetch_one(scope.db())
    .await?)
}

/// As `locked`, if the task has not been deleted.
async fn live(scope: &mut Scope, id: &str) -> Result<Locked, AppError> {
    let task = locked(scope, id).await?;
    if task.deleted {
        return Err(AppError::Conflict("This task has been deleted. Restore it to change it.".into()));
    }
    Ok(task)
}

/// Whether the feature is a live one of the product, and the person a member.
///
/// # Errors
/// Those of the fields: it is not the task that is missing. Ids from elsewhere are not told apart from those that are nothing.
async fn there_are(scope: &mut Scope, product_id: &str, feature: Option<&str>, person: Option<&str>) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    let (has_feature, has_person): (bool, bool) = sqlx::query_as(
        r#"SELECT ($3::text IS NULL OR EXISTS (
                    SELECT FROM "Feature" WHERE "organizationId" = $1 AND "productId" = $2 AND id = $3 AND "deletedAt" IS NULL)),
                  ($4::text IS NULL OR EXISTS (SELECT FROM "Membership" WHERE "organizationId" = $1 AND "userId" = $4))"#,
    )
    .bind(org)
    .bind(product_id)
    .bind(feature)
    .bind(person)
    .fetch_one(scope.db())
    .await?;
    let mut checks = Checks::default();
    checks.take("feature", has_feature.then_some(()).ok_or_else(|| "Choose a feature of this product.".to_owned()));
    checks.take("assignee", has_person.then_some(()).ok_or_else(|| "Choose a member of the organisation.".to_owned()));
    checks.finish(())
}

/// Creates a task in the live product with this key; gives its id.
pub async fn create(scope: &mut Scope, product_key: &str, fields: TaskFields) -> Result<String, AppError> {
    let (org, id) = (scope.organization().id.clone(), new_id());
    let product = product(scope, product_key).await?;
    there_are(scope, &product.id, fields.feature_id.as_deref(), fields.assignee_id.as_deref()).await?;
    sqlx::query(
        r#"INSERT INTO "Task" (id, "organizationId", "productId", title, description, priority, "featureId", "assigneeId", "dueDate")
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"#,
    )
    .bind(&id)
    .bind(org)
    .bind(product.id)
    .bind(fields.title)
    .bind(fields.description)
    .bind(fields.priority)
    .bind(fields.feature_id)
    .bind(fields.assignee_id)
    .bind(fields.due_date)
    .execute(scope.db())
    .await?;
    Ok(id)
}

/// What the form of a task would show, which is locked.
async fn stored(scope: &mut Scope, id: &str) -> Result<TaskFields, AppError> {
    let org = scope.organization().id.clone();
    let task: Task =
        sqlx::query_as(r#"SELECT * FROM "Task" WHERE "organizationId" = $1 AND id = $2"#).bind(org).bind(id).fetch_one(scope.db()).await?;
    Ok(TaskFields::from(&task))
}

/// Changes a live task that the person saw in this version; gives its product's key. Feature and assignee may stay what they are
/// even if they are gone.
///
/// # Errors
/// `Stale` when somebody has changed it meanwhile; those of the fields for another feature or assignee that is not there.
pub async fn update(scope: &mut Scope, id: &str, version: &str, fields: TaskFields) -> Result<String, AppError> {
    let task = live(scope, id).await?;
    version::check(version, &stored(scope, id).await?, &fields)?;
    let feature = fields.feature_id.as_deref().filter(|id| task.feature_id.as_deref() != Some(*id));
    let assignee = fields.assignee_id.as_deref().filter(|id| task.assignee_id.as_deref() != Some(*id));
    there_are(scope, &task.product_id, feature, assignee).await?;
    sqlx::query(
        r#"UPDATE "Task" SET title = $2, description = $3, priority = $4, "featureId" = $5, "assigneeId" = $6, "dueDate" = $7 WHERE id = $1"#,
    )
    .bind(id)
    .bind(fields.title)
    .bind(fields.description)
    .bind(fields.priority)
    .bind(fields.feature_id)
    .bind(fields.assignee_id)
    .bind(fields.due_date)
    .execute(scope.db())
    .await?;
    Ok(task.product)
}

/// Moves a live task to a status.
///
/// # Errors
/// `Conflict` for finishing what is finished already: of two who do so at once, the second is told.
pub async fn set_status(scope: &mut Scope, id: &str, status: TaskStatus) -> Result<(), AppError> {
    let task = live(scope, id).await?;
    if status == TaskStatus::Done && task.status == TaskStatus::Done {
        return Err(AppError::Conflict("This task is already done.".into()));
    }
    sqlx::query(r#"UPDATE "Task" SET status = $2 WHERE id = $1"#).bind(id).bind(status).execute(scope.db()).await?;
    Ok(())
}

/// Gives a live task to the caller, or takes it off them; what is somebody else's stays theirs.
pub async fn assign_to_me(scope: &mut Scope, id: &str, wanted: bool) -> Result<(), AppError> {
    live(scope, id).await?;
    let user = scope.user().id.clone();
    let statement = match wanted {
        true => r#"UPDATE "Task" SET "assigneeId" = $2 WHERE id = $1"#,
        false => r#"UPDATE "Task" SET "assigneeId" = NULL WHERE id = $1 AND "assigneeId" = $2"#,
    };
    sqlx::query(statement).bind(id).bind(user).execute(scope.db()).await?;
    Ok(())
}

/// Deletes or restores a task; doing it twice is as good as once. Gives its product's key.
pub async fn set_deleted(scope: &mut Scope, id: &str, deleted: bool) -> Result<String, AppError> {
    let task = locked(scope, id).await?;
    sqlx::query(r#"UPDATE "Task" SET "deletedAt" = CASE WHEN $2 THEN coalesce("deletedAt", now()) END WHERE id = $1"#)
        .bind(id)
        .bind(deleted)
        .execute(scope.db())
        .await?;
    Ok(task.product)
}
