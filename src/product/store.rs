//! SQL for products.

use super::lifecycle::store::criteria;
use super::model::{KEY_MAX, Product, ProductFields, ProductPage, ProductSummary};
use crate::idea::model::IdeaStatus;
use crate::kernel::error::AppError;
use crate::kernel::text::{FREE_TRIES, numbered};
use crate::kernel::version;
use crate::org::model::Switch;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// The products with the number of their live items, in one statement.
macro_rules! summaries {
    ($rest:literal) => {
        concat!(
            r#"SELECT p.*,
                (SELECT count(*) FROM "Idea" i WHERE i."organizationId" = $1 AND i."productId" = p.id AND i."deletedAt" IS NULL) AS ideas,
                (SELECT count(*) FROM "Feature" f WHERE f."organizationId" = $1 AND f."productId" = p.id AND f."deletedAt" IS NULL) AS features,
                (SELECT count(*) FROM "Release" r WHERE r."organizationId" = $1 AND r."productId" = p.id AND r."deletedAt" IS NULL) AS releases
            FROM "Product" p WHERE p."organizationId" = $1 AND "#,
            $rest
        )
    };
}

/// The organisation's products by name: the live ones, or the deleted ones.
pub async fn list(scope: &mut Scope, deleted: bool) -> Result<Vec<ProductSummary>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(summaries!(r#"(p."deletedAt" IS NOT NULL) = $2 ORDER BY p.name, p.id LIMIT 500"#))
        .bind(org)
        .bind(deleted)
        .fetch_all(scope.db())
        .await?)
}

/// The live product with this key.
pub async fn get(scope: &mut Scope, key: &str) -> Result<ProductSummary, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(summaries!(r#"p.key = $2 AND p."deletedAt" IS NULL"#)).bind(org).bind(key).fetch_one(scope.db()).await?)
}

/// The product with this key, deleted or not.
pub async fn even(scope: &mut Scope, key: &str) -> Result<ProductSummary, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(summaries!("p.key = $2")).bind(org).bind(key).fetch_one(scope.db()).await?)
}

/// Whether there is a product with this key that has been deleted.
pub async fn is_deleted(scope: &mut Scope, key: &str) -> Result<bool, AppError> {
    let org = scope.organization().id.clone();
    let statement = r#"SELECT EXISTS (SELECT FROM "Product" WHERE "organizationId" = $1 AND key = $2 AND "deletedAt" IS NOT NULL)"#;
    Ok(sqlx::query_scalar(statement).bind(org).bind(key).fetch_one(scope.db()).await?)
}

/// What the page of the live product with this key shows.
pub async fn page(scope: &mut Scope, key: &str) -> Result<ProductPage, AppError> {
    let summary = get(scope, key).await?;
    let standing = match Switch::Analytics.is_on(Some(&scope.organization().settings)) {
        true => Some(standing(scope, &summary.product.id).await?),
        false => None,
    };
    let criteria = criteria(scope, &summary.product).await?;
    Ok(ProductPage { role: scope.role(), summary, standing, criteria })
}

/// How many of the product's live ideas have each status, in the order of the statuses; those that none has are left out.
async fn standing(scope: &mut Scope, product_id: &str) -> Result<Vec<(IdeaStatus, i64)>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT status, count(*) FROM "Idea"
           WHERE "organizationId" = $1 AND "productId" = $2 AND "deletedAt" IS NULL GROUP BY status ORDER BY status"#,
    )
    .bind(org)
    .bind(product_id)
    .fetch_all(scope.db())
    .await?)
}

/// Creates a product; gives its key. A key that nobody chose is counted on until it is free: keys are unique in the whole
/// installation, and a newcomer cannot know another organisation's.
pub async fn create(scope: &mut Scope, fields: ProductFields) -> Result<String, AppError> {
    let org = scope.organization().id.clone();
    let tries = if fields.key_chosen { 1 } else { FREE_TRIES };
    for number in 1..=tries {
        let key = numbered(&fields.key, number, KEY_MAX);
        let made = sqlx::query(
            r#"INSERT INTO "Product" (id, "organizationId", name, key, description, vision) VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT (key) DO NOTHING"#,
        )
        .bind(new_id())
        .bind(&org)
        .bind(&fields.name)
        .bind(&key)
        .bind(&fields.description)
        .bind(&fields.vision)
        .execute(scope.db())
        .await?;
        if made.rows_affected() == 1 {
            return Ok(key);
        }
    }
    Err(AppError::field("key", "This key is taken. Please choose another."))
}

/// The live product with this key, locked until the transaction ends.
pub async fn locked(scope: &mut Scope, key: &str) -> Result<Product, AppError> {
    let org = scope.organization().id.clone();
    let statement = r#"SELECT * FROM "Product" WHERE "organizationId" = $1 AND key = $2 AND "deletedAt" IS NULL FOR NO KEY UPDATE"#;
    Ok(sqlx::query_as(statement).bind(org).bind(key).fetch_one(scope.db()).await?)
}

/// Changes the live product with this key that the person saw in this version; gives the key it has afterwards.
///
/// # Errors
/// `Stale` when somebody has changed it meanwhile.
pub async fn update(scope: &mut Scope, key: &str, version: &str, fields: ProductFields) -> Result<String, AppError> {
    let product = locked(scope, key).await?;
    version::check(version, &ProductFields::from(&product), &fields)?;
    let org = scope.organization().id.clone();
    Ok(sqlx::query_scalar(
        r#"UPDATE "Product" SET name = $3, key = $4, description = $5, vision = $6
           WHERE "organizationId" = $1 AND key = $2 AND "deletedAt" IS NULL RETURNING key"#,
    )
    .bind(org)
    .bind(key)
    .bind(fields.name)
    .bind(fields.key)
    .bind(fields.description)
    .bind(fields.vision)
    .fetch_one(scope.db())
    .await?)
}

/// Deletes or restores the product; doing it twice is as good as once.
pub async fn set_deleted(scope: &mut Scope, key: &str, deleted: bool) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    sqlx::query_scalar::<_, String>(
        r#"UPDATE "Product" SET "deletedAt" = CASE WHEN $3 THEN coalesce("deletedAt", now()) END
           WHERE "organizationId" = $1 AND key = $2 RETURNING id"#,
    )
    .bind(org)
    .bind(key)
    .bind(deleted)
    .fetch_one(scope.db())
    .await?;
    Ok(())
}
