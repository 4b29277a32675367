//! What is changed in features. That ideas follow them is the database's own work.

use super::product;
use crate::feature::model::criteria::toggled;
use crate::feature::model::{Feature, FeatureFields, FeatureStatus};
use crate::kernel::error::{AppError, Checks};
use crate::kernel::version;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// Whether there are a live epic of the product and a member with these ids, as far as any are given.
///
/// # Errors
/// Those of the fields: it is not the feature that is missing. Ids from elsewhere are not told apart from those that are nothing.
async fn check(scope: &mut Scope, product_id: &str, epic: Option<&str>, person: Option<&str>) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    let (has_epic, has_person): (bool, bool) = sqlx::query_as(
        r#"SELECT ($3::text IS NULL OR EXISTS (
                    SELECT FROM "Epic" WHERE "organizationId" = $1 AND "productId" = $2 AND id = $3 AND "deletedAt" IS NULL)),
                  ($4::text IS NULL OR EXISTS (SELECT FROM "Membership" WHERE "organizationId" = $1 AND "userId" = $4))"#,
    )
    .bind(org)
    .bind(product_id)
    .bind(epic)
    .bind(person)
    .fetch_one(scope.db())
    .await?;
    let mut checks = Checks::default();
    checks.take("epic", has_epic.then_some(()).ok_or_else(|| "Choose an epic of this product.".to_owned()));
    checks.take("assignee", has_person.then_some(()).ok_or_else(|| "Choose a member of the organisation.".to_owned()));
    checks.finish(())
}

/// Creates a feature of the live product with this key; gives its id.
pub async fn create(scope: &mut Scope, product_key: &str, fields: FeatureFields) -> Result<String, AppError> {
    let (org, id) = (scope.organization().id.clone(), new_id());
    let product = product(scope, product_key).await?;
    check(scope, &product.id, fields.epic_id.as_deref(), fields.assignee_id.as_deref()).await?;
    sqlx::query(
        r#"INSERT INTO "Feature" (id, "organizationId", "productId", title, description, "epicId", priority, "storyPoints", "assigneeId",
               "startDate", "dueDate", "acceptanceCriteria")
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"#,
    )
    .bind(&id)
    .bind(org)
    .bind(product.id)
    .bind(fields.title)
    .bind(fields.description)
    .bind(fields.epic_id)
    .bind(fields.priority)
    .bind(fields.story_points)
    .bind(fields.assignee_id)
    .bind(fields.start_date)
    .bind(fields.due_date)
    .bind(fields.acceptance_criteria)
    .execute(scope.db())
    .await?;
    Ok(id)
}

/// What a change has to know of a feature.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub struct Locked {
    pub product: String,
    pub product_id: String,
    pub epic_id: Option<String>,
    assignee_id: Option<String>,
    acceptance_criteria: Option<String>,
    deleted: bool,
}

/// The feature of a live product, locked until the transaction ends.
async fn locked(scope: &mut Scope, id: &str) -> Result<Locked, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT p.key AS product, f."productId", f."epicId", f."assigneeId", f."acceptanceCriteria", f."deletedAt" IS NOT NULL AS deleted
           FROM "Feature" f JOIN "Product" p ON p.id = f."productId" AND p."deletedAt" IS NULL
           WHERE f."organizationId" = $1 AND f.id = $2 FOR UPDATE OF f"#,
    )
    .bind(org)
    .bind(id)
    .fetch_one(scope.db())
    .await?)
}

/// As `locked`, if the feature has not been deleted.
pub async fn live(scope: &mut Scope, id: &str) -> Result<Locked, AppError> {
    let feature = locked(scope, id).await?;
    if feature.deleted {
        return Err(AppError::Conflict("This feature has been deleted. Restore it to change it.".into()));
    }
    Ok(feature)
}

/// What the form of a feature would show, which is locked.
async fn stored(scope: &mut Scope, id: &str) -> Result<FeatureFields, AppError> {
    let org = scope.organization().id.clone();
    let feature: Feature = sqlx::query_as(r#"SELECT * FROM "Feature" WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(id)
        .fetch_one(scope.db())
        .await?;
    Ok(FeatureFields::from(&feature))
}

/// Changes a live feature that the person saw in this version; gives its product's key. The epic of a feature whose epic is
/// deleted stays until another is chosen, so that it comes back together with the epic.
///
/// # Errors
/// `Stale` when somebody has changed it meanwhile; those of the fields for another epic or assignee that is not there.
pub async fn update(scope: &mut Scope, id: &str, version: &str, fields: FeatureFields) -> Result<String, AppError> {
    let feature = live(scope, id).await?;
    version::check(version, &stored(scope, id).await?, &fields)?;
    // Whoever was chosen before may have left meanwhile; nobody has to be told of it who changes something else.
    let person = fields.assignee_id.as_deref().filter(|person| feature.assignee_id.as_deref() != Some(person));
    let epic = fields.epic_id.as_deref().filter(|epic| feature.epic_id.as_deref() != Some(epic));
    check(scope, &feature.product_id, epic, person).await?;
    sqlx::query(
        r#"UPDATE "Feature" f SET title = $2, description = $3, priority = $4, "storyPoints" = $5, "assigneeId" = $6, "startDate" = $7,
               "dueDate" = $8, "acceptanceCriteria" = $9,
               "epicId" = coalesce($10, (SELECT e.id FROM "Epic" e
                   WHERE e."organizationId" = f."organizationId" AND e.id = f."epicId" AND e."deletedAt" IS NOT NULL))
           WHERE f.id = $1"#,
    )
    .bind(id)
    .bind(fields.title)
    .bind(fields.description)
    .bind(fields.priority)
    .bind(fields.story_points)
    .bind(fields.assignee_id)
    .bind(fields.start_date)
    .bind(fields.due_date)
    .bind(fields.acceptance_criteria)
    .bind(fields.epic_id)
    .execute(scope.db())
    .await?;
    Ok(feature.product)
}

/// Ticks a line of a live feature's criteria, or takes the tick back.
///
/// # Errors
/// `Conflict` when the line does not read so any more.
pub async fn tick(scope: &mut Scope, id: &str, number: usize, read: &str) -> Result<(), AppError> {
    let feature = live(scope, id).await?;
    let criteria = feature.acceptance_criteria.unwrap_or_default();
    let changed = toggled(&criteria, number, read);
    let changed = changed
        .ok_or_else(|| AppError::Conflict("This line has been changed meanwhile. Load the page again to see how it reads now.".into()))?;
    sqlx::query(r#"UPDATE "Feature" SET "acceptanceCriteria" = $2 WHERE id = $1"#).bind(id).bind(changed).execute(scope.db()).await?;
    Ok(())
}

/// Moves a live feature to a status.
pub async fn set_status(scope: &mut Scope, id: &str, status: FeatureStatus) -> Result<(), AppError> {
    live(scope, id).await?;
    sqlx::query(r#"UPDATE "Feature" SET status = $2 WHERE id = $1"#).bind(id).bind(status).execute(scope.db()).await?;
    Ok(())
}

/// Deletes or restores a feature; doing it twice is as good as once. Gives its product's key.
pub async fn set_deleted(scope: &mut Scope, id: &str, deleted: bool) -> Result<String, AppError> {
    let feature = locked(scope, id).await?;
    sqlx::query(r#"UPDATE "Feature" SET "deletedAt" = CASE WHEN $2 THEN coalesce("deletedAt", now()) END WHERE id = $1"#)
        .bind(id)
        .bind(deleted)
        .execute(scope.db())
        .await?;
    Ok(feature.product)
}
