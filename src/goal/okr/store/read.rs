//! What is read of objectives.

use std::collections::HashSet;

use crate::goal::okr::model::{Limits, Okr, OkrLink, OkrQuery, Quarter};
use crate::kernel::error::AppError;
use crate::kernel::named::Named;
use crate::kernel::page::Page;
use crate::kernel::time::Timestamp;
use crate::product::model::ProductName;
use crate::server::scope::Scope;

/// People, and objectives to align with, that are offered in a field.
const CHOICES_MAX: i64 = 500;
/// Objectives that are named beside one.
const LINKS_MAX: i64 = 200;

/// Objectives `o` with their owner's name and the number of their key results.
///
/// Parameter: tenant.
macro_rules! owned {
    ($from:expr, $rest:expr) => {
        concat!(
            r#"SELECT o.*, u.name AS "ownerName",
                (SELECT count(*) FROM "KeyResult" k WHERE k."organizationId" = $1 AND k."okrId" = o.id) AS results
               FROM "#,
            $from,
            r#" o LEFT JOIN "User" u ON u.id = o."ownerId" "#,
            $rest
        )
    };
}

/// A page of objectives, the latest quarter first and in it the newest; the names are joined to the page's rows alone.
///
/// Parameters: tenant, product, quarter and id of the cursor, rows, quarter, status, owner; and if only what is at risk is asked
/// for the quarter of the reader's day, with what is too little in that one and in those that are over.
macro_rules! page {
    ($compare:literal, $way:literal) => {
        owned!(
            concat!(
                r#"(SELECT * FROM "OKR" WHERE "organizationId" = $1 AND "productId" = $2 AND "deletedAt" IS NULL AND (quarter, id) "#,
                $compare,
                r#" ($3, $4)
                    AND ($6::text IS NULL OR quarter = $6) AND ($7::"OKRStatus" IS NULL OR status = $7)
                    AND ($8::text IS NULL OR "ownerId" = $8)
                    AND ($9::text IS NULL OR (status = 'ACTIVE' AND progress < CASE
                          WHEN quarter = $9 THEN $10::float8 WHEN quarter < $9 THEN $11::float8 ELSE -1 END))
                    ORDER BY quarter "#,
                $way,
                ", id ",
                $way,
                " LIMIT $5)"
            ),
            concat!("ORDER BY o.quarter ", $way, ", o.id ", $way)
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

/// A page of the product's objectives; `today` is the reader's day.
pub async fn list(scope: &mut Scope, product_id: &str, query: &OkrQuery, today: Timestamp) -> Result<Page<Okr>, AppError> {
    if query.deleted {
        return deleted(scope, product_id).await;
    }
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    let (cursor, (quarter, id), limits) = (query.cursor.as_ref(), query.place(), Limits::on(today));
    let size = scope.rows();
    let rows: Vec<Okr> = sqlx::query_as(if cursor.is_some_and(|c| c.back) { page!(">", "ASC") } else { page!("<", "DESC") })
        // Planned for these values and not once for all: a filter that is not set falls away.
        .persistent(false)
        .bind(org)
        .bind(product_id)
        .bind(quarter)
        .bind(id)
        .bind(size + 1)
        .bind(query.quarter.map(Quarter::word))
        .bind(query.status)
        .bind(query.owner_for(&user))
        .bind(query.at_risk.then_some(limits.now))
        .bind(limits.in_it)
        .bind(limits.over)
        .fetch_all(scope.db())
        .await?;
    Ok(Page::sized(rows, size, cursor, |okr| (f64::from(okr.quarter.number()), okr.id.clone())))
}

/// The product's objectives deleted last.
async fn deleted(scope: &mut Scope, product_id: &str) -> Result<Page<Okr>, AppError> {
    let org = scope.organization().id.clone();
    let rows: Vec<Okr> = sqlx::query_as(owned!(
        r#""OKR""#,
        r#"WHERE o."organizationId" = $1 AND o."productId" = $2 AND o."deletedAt" IS NOT NULL
           ORDER BY o.quarter DESC, o."deletedAt" DESC, o.id LIMIT 100"#
    ))
    .bind(org)
    .bind(product_id)
    .fetch_all(scope.db())
    .await?;
    Ok(Page { rows, first_place: 1, previous: None, next: None })
}

/// One objective of the product, deleted or not.
pub async fn get(scope: &mut Scope, product_id: &str, id: &str) -> Result<Okr, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(owned!(r#""OKR""#, r#"WHERE o."organizationId" = $1 AND o."productId" = $2 AND o.id = $3"#))
        .bind(org)
        .bind(product_id)
        .bind(id)
        .fetch_one(scope.db())
        .await?)
}

/// Those of these objectives of products that the caller sees.
pub async fn seen(scope: &mut Scope, ids: &[&str]) -> Result<HashSet<String>, AppError> {
    let org = scope.organization().id.clone();
    let seen: Vec<String> = sqlx::query_scalar(
        r#"SELECT o.id FROM "OKR" o JOIN "Product" p ON p."organizationId" = $1 AND p.id = o."productId"
           WHERE o."organizationId" = $1 AND o.id = ANY ($2)"#,
    )
    .bind(org)
    .bind(ids)
    .fetch_all(scope.db())
    .await?;
    Ok(seen.into_iter().collect())
}

/// Whether the objective serves something that the caller does not see, as with a token for some products.
pub async fn serves_unseen(scope: &mut Scope, okr: &Okr) -> Result<bool, AppError> {
    if scope.is_whole() {
        return Ok(false);
    }
    match okr.parent_id.as_deref() {
        Some(parent) => Ok(seen(scope, &[parent]).await?.is_empty()),
        None => Ok(okr.objective_id.is_some()),
    }
}

/// The latest quarters of which the product has objectives.
pub async fn quarters(scope: &mut Scope, product_id: &str) -> Result<Vec<Quarter>, AppError> {
    let org = scope.organization().id.clone();
    let words: Vec<String> = sqlx::query_scalar(
        r#"SELECT DISTINCT quarter FROM "OKR" WHERE "organizationId" = $1 AND "productId" = $2 AND "deletedAt" IS NULL
           ORDER BY quarter DESC LIMIT 40"#,
    )
    .bind(org)
    .bind(product_id)
    .fetch_all(scope.db())
    .await?;
    Ok(words.iter().filter_map(|word| Quarter::parse(word)).collect())
}

/// The members by name, and whoever else is given, as one who has left and still owns an objective.
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

/// What an objective can be aligned with: the organisation's objectives and the OKRs that are not over, and the one that it is
/// aligned with already, which is given as `also`.
pub async fn parents(scope: &mut Scope, okr: Option<&str>, also: Option<&str>) -> Result<Vec<Named>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT id, name FROM (
             SELECT x.id, 'Organisation: ' || x.title || ' (' || x.quarter || ')' AS name, 0 AS place, x.quarter
               FROM "OrganizationObjective" x
              WHERE x."organizationId" = $1 AND ((x."deletedAt" IS NULL AND x.status IN ('DRAFT', 'ACTIVE')) OR x.id = $3)
             UNION ALL
             SELECT o.id, p.name || ': ' || o.title || ' (' || o.quarter || ')', 1, o.quarter
               FROM "OKR" o JOIN "Product" p ON p."organizationId" = $1 AND p.id = o."productId"
              WHERE o."organizationId" = $1 AND o.id IS DISTINCT FROM $2
                AND ((o."deletedAt" IS NULL AND p."deletedAt" IS NULL AND o.status IN ('DRAFT', 'ACTIVE')) OR o.id = $3)) offered
           ORDER BY id IS NOT DISTINCT FROM $3 DESC, place, quarter DESC, lower(name), id LIMIT $4"#,
    )
    .bind(org)
    .bind(okr)
    .bind(also)
    .bind(CHOICES_MAX)
    .fetch_all(scope.db())
    .await?)
}

/// The live objectives that are tied to one, as far as the caller sees them: what it serves, what serves it, and what it was carried
/// over from and to.
pub async fn links(scope: &mut Scope, okr: &Okr) -> Result<Vec<OkrLink>, AppError> {
    let (org, is_whole) = (scope.organization().id.clone(), scope.is_whole());
    Ok(sqlx::query_as(
        r#"SELECT * FROM (
             SELECT x.id, x.title, x.quarter, x.status, x.progress, NULL AS "productKey", 'SERVES' AS tie
               FROM "OrganizationObjective" x WHERE x."organizationId" = $1 AND x.id = $4 AND x."deletedAt" IS NULL AND $7
             UNION ALL
             SELECT o.id, o.title, o.quarter, o.status, o.progress, p.key,
                    CASE WHEN o.id = $3 THEN 'SERVES' WHEN o."parentId" = $2 THEN 'SERVED' WHEN o.id = $5 THEN 'CARRIED_FROM' ELSE 'CARRIED_TO' END
               FROM "OKR" o JOIN "Product" p ON p."organizationId" = $1 AND p.id = o."productId" AND p."deletedAt" IS NULL
              WHERE o."organizationId" = $1 AND o."deletedAt" IS NULL AND o.id <> $2
                AND (o.id = $3 OR o.id = $5 OR o."parentId" = $2 OR o."carriedFromId" = $2)) tied
           ORDER BY quarter DESC, id LIMIT $6"#,
    )
    .bind(org)
    .bind(&okr.id)
    .bind(okr.parent_id.as_deref())
    .bind(okr.objective_id.as_deref())
    .bind(okr.carried_from_id.as_deref())
    .bind(LINKS_MAX)
    .bind(is_whole)
    .fetch_all(scope.db())
    .await?)
}
