//! SQL for saved views.

use crate::idea::model::{SavedView, ViewFields};
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// Views that one person may keep of one product's ideas.
const VIEWS_MAX: i64 = 50;

/// The person's own views of a product's ideas, and those that others share.
pub async fn list(scope: &mut Scope, product_id: &str) -> Result<Vec<SavedView>, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    Ok(sqlx::query_as(
        r#"SELECT v.id, v.name, v.query, v.shared, v."authorId" = $3 AS own, u.name AS "authorName"
             FROM "SavedView" v LEFT JOIN "User" u ON u.id = v."authorId"
            WHERE v."organizationId" = $1 AND v."productId" = $2 AND (v.shared OR v."authorId" = $3)
            -- One's own come first: however many others share, they are there.
            ORDER BY own DESC, v.name, v.id LIMIT 200"#,
    )
    .bind(org)
    .bind(product_id)
    .bind(user)
    .fetch_all(scope.db())
    .await?)
}

/// Saves a view of a product's ideas for the person.
///
/// # Errors
/// `Conflict` when they keep too many already; a field error for a name that they have used.
pub async fn save(scope: &mut Scope, product_id: &str, view: ViewFields) -> Result<(), AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    // Two at once would both count before either is there.
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1 || $2, 0))").bind(product_id).bind(&user).execute(scope.db()).await?;
    let saved = sqlx::query(
        r#"INSERT INTO "SavedView" (id, "organizationId", "productId", "authorId", name, query, shared)
           SELECT $1, $2, $3, $4, $5, $6, $7
            WHERE (SELECT count(*) FROM "SavedView" WHERE "organizationId" = $2 AND "productId" = $3 AND "authorId" = $4) < $8"#,
    )
    .bind(new_id())
    .bind(org)
    .bind(product_id)
    .bind(user)
    .bind(view.name)
    .bind(view.query)
    .bind(view.shared)
    .bind(VIEWS_MAX)
    .execute(scope.db())
    .await?;
    match saved.rows_affected() {
        0 => Err(AppError::Conflict(format!("You keep {VIEWS_MAX} views here already. Delete one to save another."))),
        _ => Ok(()),
    }
}

/// Forgets a view: the person's own, or a shared one if they are a reviewer.
pub async fn delete(scope: &mut Scope, id: &str) -> Result<(), AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    let (shared, own): (bool, bool) =
        sqlx::query_as(r#"SELECT shared, "authorId" = $3 FROM "SavedView" WHERE "organizationId" = $1 AND id = $2 FOR UPDATE"#)
            .bind(&org)
            .bind(id)
            .bind(user)
            .fetch_one(scope.db())
            .await?;
    match (own, shared) {
        // A private view of somebody else is not there at all.
        (false, false) => return Err(AppError::NotFound),
        (false, true) if !scope.can(Perm::IdeaReview) => return Err(AppError::Forbidden),
        _ => {}
    }
    sqlx::query(r#"DELETE FROM "SavedView" WHERE "organizationId" = $1 AND id = $2"#).bind(org).bind(id).execute(scope.db()).await?;
    Ok(())
}
