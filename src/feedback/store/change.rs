//! What is changed in feedback.

use super::product;
use crate::feedback::model::{FeedbackFields, FeedbackStatus, Triage};
use crate::kernel::error::AppError;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// Takes in feedback on the live product with this key; gives the item's id.
pub async fn submit(scope: &mut Scope, product_key: &str, fields: FeedbackFields) -> Result<String, AppError> {
    let (org, id) = (scope.organization().id.clone(), new_id());
    let product = product(scope, product_key).await?;
    sqlx::query(
        r#"INSERT INTO "Feedback" (id, "organizationId", "productId", title, description, type, source, "userEmail")
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"#,
    )
    .bind(&id)
    .bind(org)
    .bind(product.id)
    .bind(fields.title)
    .bind(fields.description)
    .bind(fields.kind)
    .bind(fields.source)
    .bind(fields.user_email)
    .execute(scope.db())
    .await?;
    Ok(id)
}

/// What a change has to know of an item.
#[derive(sqlx::FromRow)]
struct Locked {
    title: String,
    description: String,
    #[sqlx(rename = "productId")]
    product_id: String,
    product: String,
    deleted: bool,
    #[sqlx(rename = "ideaId")]
    idea_id: Option<String>,
}

/// The item of a live product, locked until the transaction ends.
async fn locked(scope: &mut Scope, id: &str) -> Result<Locked, AppError> {
    let org = scope.organization().id.clone();
    let item: String = sqlx::query_scalar(
        r#"SELECT f.id FROM "Feedback" f JOIN "Product" p ON p.id = f."productId" AND p."deletedAt" IS NULL
           WHERE f."organizationId" = $1 AND f.id = $2 FOR UPDATE OF f"#,
    )
    .bind(&org)
    .bind(id)
    .fetch_one(scope.db())
    .await?;
    // Read once the lock is held: whoever held it before may have linked the item.
    Ok(sqlx::query_as(
        r#"SELECT f.title, f.description, f."productId", p.key AS product, f."deletedAt" IS NOT NULL AS deleted, i.id AS "ideaId"
           FROM "Feedback" f JOIN "Product" p ON p.id = f."productId"
           LEFT JOIN "IdeaFeedback" l ON l."organizationId" = $1 AND l."feedbackId" = f.id
           LEFT JOIN "Idea" i ON i."organizationId" = $1 AND i.id = l."ideaId" AND i."deletedAt" IS NULL
           WHERE f."organizationId" = $1 AND f.id = $2"#,
    )
    .bind(org)
    .bind(item)
    .fetch_one(scope.db())
    .await?)
}

/// As `locked`, if the item has not been deleted.
async fn live(scope: &mut Scope, id: &str) -> Result<Locked, AppError> {
    let item = locked(scope, id).await?;
    if item.deleted {
        return Err(AppError::Conflict("This feedback has been deleted. Restore it to change it.".into()));
    }
    Ok(item)
}

/// Sorts a live item: sets what is given.
pub async fn triage(scope: &mut Scope, id: &str, to: Triage) -> Result<(), AppError> {
    live(scope, id).await?;
    sqlx::query(
        r#"UPDATE "Feedback" SET status = coalesce($2, status), type = coalesce($3, type), priority = coalesce($4, priority) WHERE id = $1"#,
    )
    .bind(id)
    .bind(to.status)
    .bind(to.kind)
    .bind(to.priority)
    .execute(scope.db())
    .await?;
    Ok(())
}

/// Links a live item to a live idea of its product, in place of the one that it was linked to.
///
/// # Errors
/// `NotFound` for an idea that is deleted or of another product.
pub async fn link(scope: &mut Scope, id: &str, idea_id: &str) -> Result<(), AppError> {
    let item = live(scope, id).await?;
    if item.idea_id.as_deref() == Some(idea_id) {
        return Ok(());
    }
    let org = scope.organization().id.clone();
    let idea: String = sqlx::query_scalar(
        r#"SELECT id FROM "Idea" WHERE "organizationId" = $1 AND "productId" = $2 AND id = $3 AND "deletedAt" IS NULL FOR SHARE"#,
    )
    .bind(org)
    .bind(item.product_id)
    .bind(idea_id)
    .fetch_one(scope.db())
    .await?;
    join(scope, id, &idea).await
}

/// Writes the link. What is linked is no longer waiting for somebody to look at it.
async fn join(scope: &mut Scope, id: &str, idea_id: &str) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    // Two rows and not a changed one, so that the log of either idea tells of it.
    unjoin(scope, id).await?;
    sqlx::query(r#"INSERT INTO "IdeaFeedback" ("organizationId", "feedbackId", "ideaId") VALUES ($1, $2, $3)"#)
        .bind(org)
        .bind(id)
        .bind(idea_id)
        .execute(scope.db())
        .await?;
    sqlx::query(r#"UPDATE "Feedback" SET status = $2 WHERE id = $1 AND status = $3"#)
        .bind(id)
        .bind(FeedbackStatus::UnderReview)
        .bind(FeedbackStatus::Submitted)
        .execute(scope.db())
        .await?;
    Ok(())
}

async fn unjoin(scope: &mut Scope, id: &str) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    sqlx::query(r#"DELETE FROM "IdeaFeedback" WHERE "organizationId" = $1 AND "feedbackId" = $2"#)
        .bind(org)
        .bind(id)
        .execute(scope.db())
        .await?;
    Ok(())
}

/// Takes a live item away from its idea; one that has none stays as it is.
pub async fn unlink(scope: &mut Scope, id: &str) -> Result<(), AppError> {
    live(scope, id).await?;
    unjoin(scope, id).await
}

/// Makes an idea of a live item and links the two; gives the idea's id. The e-mail address does not go along.
///
/// # Errors
/// `Conflict` when the item has an idea already.
pub async fn make_idea(scope: &mut Scope, id: &str) -> Result<String, AppError> {
    let item = live(scope, id).await?;
    if item.idea_id.is_some() {
        return Err(AppError::Conflict("This feedback has an idea already. Unlink it first to make another.".into()));
    }
    let (org, user, idea) = (scope.organization().id.clone(), scope.user().id.clone(), new_id());
    sqlx::query(
        r#"INSERT INTO "Idea" (id, "organizationId", "productId", "creatorId", title, description) VALUES ($1, $2, $3, $4, $5, $6)"#,
    )
    .bind(&idea)
    .bind(org)
    .bind(item.product_id)
    .bind(user)
    .bind(item.title)
    .bind(item.description)
    .execute(scope.db())
    .await?;
    join(scope, id, &idea).await?;
    Ok(idea)
}

/// Deletes or restores an item; doing it twice is as good as once. Gives its product's key.
pub async fn set_deleted(scope: &mut Scope, id: &str, deleted: bool) -> Result<String, AppError> {
    let item = locked(scope, id).await?;
    sqlx::query(r#"UPDATE "Feedback" SET "deletedAt" = CASE WHEN $2 THEN coalesce("deletedAt", now()) END WHERE id = $1"#)
        .bind(id)
        .bind(deleted)
        .execute(scope.db())
        .await?;
    Ok(item.product)
}
