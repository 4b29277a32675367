//! SQL for saved views.

use crate::idea::model::{SavedView, ViewFields};
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::version;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// Views that one person may keep of one product's ideas.
const VIEWS_MAX: i64 = 50;

/// Views `v` of a product's ideas that the person sees: their own, and those that others share.
///
/// Parameters: tenant, product, person.
macro_rules! seen {
    ($rest:literal) => {
        concat!(
            r#"SELECT v.id, v.name, v.query, v.shared, v."authorId" = $3 AS own, u.name AS "authorName"
                 FROM "SavedView" v LEFT JOIN "User" u ON u.id = v."authorId"
                WHERE v."organizationId" = $1 AND v."productId" = $2 AND (v.shared OR v."authorId" = $3) "#,
            $rest
        )
    };
}

/// The person's own views of a product's ideas, and those that others share.
pub async fn list(scope: &mut Scope, product_id: &str) -> Result<Vec<SavedView>, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    // One's own come first: however many others share, they are there.
    Ok(sqlx::query_as(seen!("ORDER BY own DESC, v.name, v.id LIMIT 200"))
        .bind(org)
        .bind(product_id)
        .bind(user)
        .fetch_all(scope.db())
        .await?)
}

/// One of them.
pub async fn get(scope: &mut Scope, product_id: &str, id: &str) -> Result<SavedView, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    Ok(sqlx::query_as(seen!("AND v.id = $4")).bind(org).bind(product_id).bind(user).bind(id).fetch_one(scope.db()).await?)
}

/// Saves a view of a product's ideas for the person; gives its id.
///
/// # Errors
/// `Conflict` when they keep too many already; a field error for a name that they have used.
pub async fn save(scope: &mut Scope, product_id: &str, view: ViewFields) -> Result<String, AppError> {
    let (org, user, id) = (scope.organization().id.clone(), scope.user().id.clone(), new_id());
    // Two at once would both count before either is there.
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1 || $2, 0))").bind(product_id).bind(&user).execute(scope.db()).await?;
    let saved = sqlx::query(
        r#"INSERT INTO "SavedView" (id, "organizationId", "productId", "authorId", name, query, shared)
           SELECT $1, $2, $3, $4, $5, $6, $7
            WHERE (SELECT count(*) FROM "SavedView" WHERE "organizationId" = $2 AND "productId" = $3 AND "authorId" = $4) < $8"#,
    )
    .bind(&id)
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
        _ => Ok(id),
    }
}

/// Changes a view that the caller saw in this version: the person's own, or a shared one if they are a reviewer.
///
/// # Errors
/// `Stale` when somebody has changed it meanwhile; a field error for a name that its author has used.
pub async fn update(scope: &mut Scope, id: &str, version: &str, view: ViewFields) -> Result<(), AppError> {
    let stored = locked(scope, id).await?;
    version::check(version, &ViewFields::from(&stored), &view)?;
    let org = scope.organization().id.clone();
    sqlx::query(r#"UPDATE "SavedView" SET name = $3, query = $4, shared = $5 WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(id)
        .bind(view.name)
        .bind(view.query)
        .bind(view.shared)
        .execute(scope.db())
        .await?;
    Ok(())
}

/// Forgets a view: the person's own, or a shared one if they are a reviewer.
pub async fn delete(scope: &mut Scope, id: &str) -> Result<(), AppError> {
    locked(scope, id).await?;
    let org = scope.organization().id.clone();
    sqlx::query(r#"DELETE FROM "SavedView" WHERE "organizationId" = $1 AND id = $2"#).bind(org).bind(id).execute(scope.db()).await?;
    Ok(())
}

/// A view that the person may change, locked until the transaction ends.
async fn locked(scope: &mut Scope, id: &str) -> Result<SavedView, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    let view: SavedView = sqlx::query_as(
        r#"SELECT id, name, query, shared, "authorId" = $3 AS own, NULL AS "authorName" FROM "SavedView"
           WHERE "organizationId" = $1 AND id = $2 FOR UPDATE"#,
    )
    .bind(org)
    .bind(id)
    .bind(user)
    .fetch_one(scope.db())
    .await?;
    match (view.own, view.shared) {
        // A private view of somebody else is not there at all.
        (false, false) => Err(AppError::NotFound),
        (false, true) if !scope.can(Perm::IdeaReview) => Err(AppError::Forbidden),
        _ => Ok(view),
    }
}
