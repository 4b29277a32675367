//! What is read of features.

use crate::feature::model::{Built, Feature, FeatureQuery};
use crate::idea::model::IdeaLink;
use crate::kernel::error::AppError;
use crate::kernel::page::{PAGE_SIZE, Page, TIME_BOUNDS};
use crate::product::model::ProductName;
use crate::server::scope::Scope;

/// A page of features by the time they were made.
///
/// Parameters: tenant, product, time and id of the cursor, rows, status, priority.
macro_rules! page {
    ($compare:literal, $way:literal) => {
        concat!(
            r#"SELECT * FROM "Feature" WHERE "organizationId" = $1 AND "productId" = $2 AND "deletedAt" IS NULL
               AND ("createdAt", id) "#,
            $compare,
            r#" (to_timestamp($3::float8 / 1000)::timestamptz(3), $4)
               AND ($6::"FeatureStatus" IS NULL OR status = $6) AND ($7::"Priority" IS NULL OR priority = $7)
               ORDER BY "createdAt" "#,
            $way,
            ", id ",
            $way,
            " LIMIT $5"
        )
    };
}

/// The live product with this key.
pub async fn product(scope: &mut Scope, key: &str) -> Result<ProductName, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(r#"SELECT id, name, key FROM "Product" WHERE "organizationId" = $1 AND key = $2 AND "deletedAt" IS NULL"#)
        .bind(org)
        .bind(key)
        .fetch_one(scope.db())
        .await?)
}

/// A page of the product's features, the newest first.
pub async fn list(scope: &mut Scope, product_id: &str, query: &FeatureQuery) -> Result<Page<Feature>, AppError> {
    if query.deleted {
        return deleted(scope, product_id).await;
    }
    let org = scope.organization().id.clone();
    let (earliest, latest) = TIME_BOUNDS;
    let cursor = query.cursor.as_ref();
    let statement = if cursor.is_some_and(|c| c.back) { page!(">", "ASC") } else { page!("<", "DESC") };
    let rows: Vec<Feature> = sqlx::query_as(statement)
        .bind(org)
        .bind(product_id)
        .bind(cursor.map_or(latest, |cursor| cursor.key.clamp(earliest, latest)))
        .bind(cursor.map_or("", |cursor| &cursor.id))
        .bind(PAGE_SIZE + 1)
        .bind(query.status)
        .bind(query.priority)
        .fetch_all(scope.db())
        .await?;
    Ok(Page::of(rows, cursor, |feature| (feature.created_at.timestamp_millis() as f64, feature.id.clone())))
}

/// The product's features deleted last.
async fn deleted(scope: &mut Scope, product_id: &str) -> Result<Page<Feature>, AppError> {
    let org = scope.organization().id.clone();
    let rows: Vec<Feature> = sqlx::query_as(
        r#"SELECT * FROM "Feature" WHERE "organizationId" = $1 AND "productId" = $2 AND "deletedAt" IS NOT NULL
           ORDER BY "deletedAt" DESC, id LIMIT 100"#,
    )
    .bind(org)
    .bind(product_id)
    .fetch_all(scope.db())
    .await?;
    Ok(Page { rows, first_place: 1, previous: None, next: None })
}

/// One feature of the product, deleted or not.
pub async fn get(scope: &mut Scope, product_id: &str, id: &str) -> Result<Feature, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(r#"SELECT * FROM "Feature" WHERE "organizationId" = $1 AND "productId" = $2 AND id = $3"#)
        .bind(org)
        .bind(product_id)
        .bind(id)
        .fetch_one(scope.db())
        .await?)
}

/// The live ideas that a feature came from.
pub async fn ideas_of(scope: &mut Scope, feature_id: &str) -> Result<Vec<IdeaLink>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT i.id, i.title, i.status FROM "_IdeaToFeature" l JOIN "Idea" i ON i.id = l."B" AND i."deletedAt" IS NULL
           WHERE l."organizationId" = $1 AND l."A" = $2 ORDER BY i.id"#,
    )
    .bind(org)
    .bind(feature_id)
    .fetch_all(scope.db())
    .await?)
}

/// The live features that an idea became, in the order in which they were made.
pub async fn built(scope: &mut Scope, idea_id: &str) -> Result<Built, AppError> {
    let org = scope.organization().id.clone();
    let product: String = sqlx::query_scalar(
        r#"SELECT p.key FROM "Idea" i JOIN "Product" p ON p.id = i."productId" AND p."deletedAt" IS NULL
           WHERE i."organizationId" = $1 AND i.id = $2"#,
    )
    .bind(&org)
    .bind(idea_id)
    .fetch_one(scope.db())
    .await?;
    let features = sqlx::query_as(
        r#"SELECT f.id, f.title, f.status FROM "_IdeaToFeature" l JOIN "Feature" f ON f.id = l."A" AND f."deletedAt" IS NULL
           WHERE l."organizationId" = $1 AND l."B" = $2 ORDER BY f."createdAt", f.id LIMIT 100"#,
    )
    .bind(org)
    .bind(idea_id)
    .fetch_all(scope.db())
    .await?;
    Ok(Built { product, features })
}
