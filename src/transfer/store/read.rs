//! What is read of imports.

use std::collections::BTreeMap;

use crate::kernel::error::AppError;
use crate::product::model::ProductName;
use crate::server::scope::Scope;
use crate::transfer::model::{Import, ImportLine, Kind};

/// Imports in the list.
const LISTED: i64 = 20;

/// The live product with this key.
pub async fn product(scope: &mut Scope, key: &str) -> Result<ProductName, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(r#"SELECT id, name, key FROM "Product" WHERE "organizationId" = $1 AND key = $2 AND "deletedAt" IS NULL"#)
        .bind(org)
        .bind(key)
        .fetch_one(scope.db())
        .await?)
}

/// The product's newest imports of the kinds that the caller may take in.
pub async fn list(scope: &mut Scope, product_id: &str) -> Result<Vec<ImportLine>, AppError> {
    let (org, kinds) = (scope.organization().id.clone(), Kind::of_role(scope.role()));
    let kinds: Vec<&str> = kinds.into_iter().map(Kind::word).collect();
    Ok(sqlx::query_as(
        r#"SELECT i.id, i.kind, i."fileName", i.rows, i.status, i."createdAt", coalesce(u.name, u.email) AS author
           FROM "Import" i LEFT JOIN "User" u ON u.id = i."authorId"
           WHERE i."organizationId" = $1 AND i."productId" = $2 AND i.kind::text = ANY($3)
           ORDER BY i."createdAt" DESC, i.id DESC LIMIT $4"#,
    )
    .bind(org)
    .bind(product_id)
    .bind(kinds)
    .bind(LISTED)
    .fetch_all(scope.db())
    .await?)
}

/// An import, and the live product that it is for. `product_key` is asked for where the caller names it.
///
/// # Errors
/// `NotFound` for one of another product; `Forbidden` where the caller's role may not take such things in.
pub async fn get(scope: &mut Scope, id: &str, product_key: Option<&str>) -> Result<(Import, ProductName), AppError> {
    let org = scope.organization().id.clone();
    let import: Import = sqlx::query_as(
        r#"SELECT i.*, coalesce(i."heartbeatAt" > now() - interval '30 seconds', false) AS alive,
                  EXISTS (SELECT FROM "ImportPart" p WHERE p."organizationId" = $1 AND p."importId" = i.id) AS kept
           FROM "Import" i WHERE i."organizationId" = $1 AND i.id = $2"#,
    )
    .bind(&org)
    .bind(id)
    .fetch_one(scope.db())
    .await?;
    let product: ProductName = sqlx::query_as(
        r#"SELECT p.id, p.name, p.key FROM "Import" i JOIN "Product" p ON p.id = i."productId" AND p."deletedAt" IS NULL
           WHERE i."organizationId" = $1 AND i.id = $2 AND ($3::text IS NULL OR p.key = $3)"#,
    )
    .bind(org)
    .bind(id)
    .bind(product_key)
    .fetch_one(scope.db())
    .await?;
    if !scope.can(import.kind.perm()) {
        return Err(AppError::Forbidden);
    }
    Ok((import, product))
}

/// A piece of the file, from 0; none behind the last.
pub async fn part(scope: &mut Scope, id: &str, n: i32) -> Result<Option<Vec<u8>>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_scalar(r#"SELECT bytes FROM "ImportPart" WHERE "organizationId" = $1 AND "importId" = $2 AND n = $3"#)
        .bind(org)
        .bind(id)
        .bind(n)
        .fetch_optional(scope.db())
        .await?)
}

/// The members' ids by their e-mail addresses in lower case.
pub async fn members(scope: &mut Scope) -> Result<BTreeMap<String, String>, AppError> {
    let org = scope.organization().id.clone();
    let members: Vec<(String, String)> = sqlx::query_as(
        r#"SELECT lower(u.email), u.id FROM "Membership" m JOIN "User" u ON u.id = m."userId" WHERE m."organizationId" = $1"#,
    )
    .bind(org)
    .fetch_all(scope.db())
    .await?;
    Ok(members.into_iter().collect())
}
