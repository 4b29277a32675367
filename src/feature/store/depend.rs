//! Which features wait for which. That none waits for itself, by whatever way, is the database's own rule.

use super::live;
use crate::feature::model::{Dependencies, FeatureLink, FoundFeature};
use crate::feedback::model::title_pattern;
use crate::kernel::error::AppError;
use crate::server::scope::Scope;

/// Features that a search gives at most.
const FOUND_MAX: i64 = 8;

/// Dependencies of a feature that are shown, in each direction.
const SHOWN_MAX: i64 = 100;

/// A feature at one end of a dependency.
#[derive(sqlx::FromRow)]
struct End {
    #[sqlx(flatten)]
    link: FeatureLink,
    blocks: bool,
}

/// The live features that this one waits for, and those that wait for it, by title.
pub async fn dependencies(scope: &mut Scope, id: &str) -> Result<Dependencies, AppError> {
    let org = scope.organization().id.clone();
    let ends: Vec<End> = sqlx::query_as(
        r#"(SELECT f.id, f.title, f.number, f.status, true AS blocks
              FROM "FeatureDependency" d JOIN "Feature" f ON f."organizationId" = $1 AND f.id = d."blockerId" AND f."deletedAt" IS NULL
             WHERE d."organizationId" = $1 AND d."blockedId" = $2 ORDER BY lower(f.title), f.id LIMIT $3)
           UNION ALL
           (SELECT f.id, f.title, f.number, f.status, false
              FROM "FeatureDependency" d JOIN "Feature" f ON f."organizationId" = $1 AND f.id = d."blockedId" AND f."deletedAt" IS NULL
             WHERE d."organizationId" = $1 AND d."blockerId" = $2 ORDER BY lower(f.title), f.id LIMIT $3)"#,
    )
    .bind(org)
    .bind(id)
    .bind(SHOWN_MAX)
    .fetch_all(scope.db())
    .await?;
    let (blockers, blocked): (Vec<End>, Vec<End>) = ends.into_iter().partition(|end| end.blocks);
    let links = |ends: Vec<End>| ends.into_iter().map(|end| end.link).collect();
    Ok(Dependencies { blockers: links(blockers), blocked: links(blocked) })
}

/// The product's live features whose titles hold these words, but for one feature and for those of one epic; none for no words.
pub async fn find(
    scope: &mut Scope,
    product_id: &str,
    words: &str,
    but: Option<&str>,
    outside: Option<&str>,
) -> Result<Vec<FoundFeature>, AppError> {
    let Some(pattern) = title_pattern(words) else { return Ok(Vec::new()) };
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT f.id, f.title, f.number, f.status, e.title AS "epicTitle" FROM "Feature" f
             LEFT JOIN "Epic" e ON e."organizationId" = $1 AND e.id = f."epicId" AND e."deletedAt" IS NULL
            WHERE f."organizationId" = $1 AND f."productId" = $2 AND f."deletedAt" IS NULL AND f.title ILIKE $3
              AND f.id IS DISTINCT FROM $4 AND ($5::text IS NULL OR f."epicId" IS DISTINCT FROM $5)
            ORDER BY lower(f.title), f.id LIMIT $6"#,
    )
    .bind(org)
    .bind(product_id)
    .bind(pattern)
    .bind(but)
    .bind(outside)
    .bind(FOUND_MAX)
    .fetch_all(scope.db())
    .await?)
}

/// Has one live feature wait for another of its product.
///
/// # Errors
/// `NotFound` when one of them is not there or is of another product; of the field `feature` when one is deleted, when they are
/// the same, when the one waits for the other already, and when it would go round in a circle.
pub async fn link(scope: &mut Scope, blocker: &str, blocked: &str) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    let found: Vec<(String, bool)> = sqlx::query_as(
        r#"SELECT f."productId", f."deletedAt" IS NULL FROM "Feature" f JOIN "Product" p ON p.id = f."productId" AND p."deletedAt" IS NULL
           WHERE f."organizationId" = $1 AND f.id = ANY ($2) ORDER BY f.id FOR SHARE OF f"#,
    )
    .bind(&org)
    .bind([blocker, blocked].as_slice())
    .fetch_all(scope.db())
    .await?;
    let live = match found.as_slice() {
        [(_, live)] if blocker == blocked => *live,
        [(one, live), (two, other)] if one == two => *live && *other,
        _ => return Err(AppError::NotFound),
    };
    if !live {
        return Err(AppError::field("feature", "One of these features is deleted. Restore it first."));
    }
    sqlx::query(r#"INSERT INTO "FeatureDependency" ("organizationId", "blockerId", "blockedId") VALUES ($1, $2, $3)"#)
        .bind(org)
        .bind(blocker)
        .bind(blocked)
        .execute(scope.db())
        .await
        .map_err(circle)?;
    Ok(())
}

/// The database tells the way round.
fn circle(error: sqlx::Error) -> AppError {
    match error.as_database_error() {
        Some(refusal) if refusal.constraint() == Some("feature_dependency_cycle") => AppError::field("feature", refusal.message()),
        _ => error.into(),
    }
}

/// Takes away that one live feature waits for another; `this` is the one on whose page that is done. Doing it twice is as good
/// as once.
pub async fn unlink(scope: &mut Scope, this: &str, blocker: &str, blocked: &str) -> Result<(), AppError> {
    let feature = live(scope, this).await?;
    let org = scope.organization().id.clone();
    let known: i64 =
        sqlx::query_scalar(r#"SELECT count(*) FROM "Feature" WHERE "organizationId" = $1 AND "productId" = $2 AND id IN ($3, $4)"#)
            .bind(&org)
            .bind(feature.product_id)
            .bind(blocker)
            .bind(blocked)
            .fetch_one(scope.db())
            .await?;
    if known < 2 {
        return Err(AppError::NotFound);
    }
    sqlx::query(r#"DELETE FROM "FeatureDependency" WHERE "organizationId" = $1 AND "blockerId" = $2 AND "blockedId" = $3"#)
        .bind(org)
        .bind(blocker)
        .bind(blocked)
        .execute(scope.db())
        .await?;
    Ok(())
}
