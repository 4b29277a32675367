//! SQL of the portfolio. Each view takes as many statements for one product as for all of them.

use super::model::{ITEMS_MAX, PRODUCTS_MAX, Planned, PortfolioQuery, PortfolioTimeline, ProductRow};
use crate::kernel::error::AppError;
use crate::product::model::ProductName;
use crate::roadmap::model::Day;
use crate::server::scope::Scope;
use crate::server::zone::{self, day};

/// Which products are asked for. Parameters: tenant, whether the deleted ones, stage, words.
macro_rules! asked {
    () => {
        r#"p."organizationId" = $1 AND (p."deletedAt" IS NOT NULL) = $2 AND ($3::"Lifecycle" IS NULL OR p.lifecycle = $3)
           AND ($4::text IS NULL OR strpos(lower(concat_ws(' ', p.name, p.key, p.description)), lower($4)) > 0)"#
    };
}
pub(in crate::product) use asked;

/// What is shown is chosen first and counted then. Parameters: those of `asked`, rows.
const PRODUCTS: &str = concat!(
    r#"SELECT p.*, i.ideas, f.features, f."allFeatures", f."doneFeatures", r.releases,
              next.id AS "releaseId", next.name AS "releaseName", next.number AS "releaseNumber", next."targetDate" AS "releaseDate"
         FROM (SELECT p.* FROM "Product" p WHERE "#,
    asked!(),
    r#" ORDER BY lower(p.name), p.id LIMIT $5) p
     CROSS JOIN LATERAL (
          SELECT count(*) AS ideas FROM "Idea" i WHERE i."organizationId" = $1 AND i."productId" = p.id AND i."deletedAt" IS NULL) i
     CROSS JOIN LATERAL (
          SELECT count(*) AS features, count(*) FILTER (WHERE f.status <> 'CANCELLED') AS "allFeatures",
                 count(*) FILTER (WHERE f.status = 'DONE') AS "doneFeatures"
            FROM "Feature" f WHERE f."organizationId" = $1 AND f."productId" = p.id AND f."deletedAt" IS NULL) f
     CROSS JOIN LATERAL (
          SELECT count(*) AS releases FROM "Release" r WHERE r."organizationId" = $1 AND r."productId" = p.id AND r."deletedAt" IS NULL) r
     LEFT JOIN LATERAL (
          SELECT r.id, r.name, r.number, r."targetDate" FROM "Release" r
           WHERE r."organizationId" = $1 AND r."productId" = p.id AND r."deletedAt" IS NULL AND r.status NOT IN ('RELEASED', 'CANCELLED')
           ORDER BY r."targetDate", r.id LIMIT 1) next ON true
    ORDER BY lower(p.name), p.id"#
);

/// The products that are asked for, by name.
pub async fn products(scope: &mut Scope, query: &PortfolioQuery) -> Result<Vec<ProductRow>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(PRODUCTS)
        .bind(org)
        .bind(query.deleted)
        .bind(query.stage)
        .bind(&query.find)
        .bind(PRODUCTS_MAX)
        .fetch_all(scope.db())
        .await?)
}

/// Of these products the epics and features that have dates, and the releases; those with the latest dates first.
///
/// Parameters: tenant, products, rows.
const ITEMS: &str = concat!(
    r#"SELECT * FROM (
       SELECT 'epic' AS kind, e.id, e.title, e.number, e.status::text AS status, false AS fixed, "#,
    day!(r#"e."startDate""#),
    " AS start, ",
    day!(r#"e."endDate""#),
    r#" AS "end", NULL::text AS "epicId", NULL::text AS "releaseId", e."productId"
         FROM "Epic" e
        WHERE e."organizationId" = $1 AND e."productId" = ANY ($2) AND e."deletedAt" IS NULL AND e.status <> 'CANCELLED'
       UNION ALL
       SELECT 'release', r.id, CASE WHEN position(r.version IN r.name) > 0 THEN r.name ELSE r.name || ' (' || r.version || ')' END, r.number,
              r.status::text, r."releaseDate" IS NOT NULL, NULL::int, "#,
    day!(r#"coalesce(r."releaseDate", r."targetDate")"#),
    r#", NULL, NULL, r."productId"
         FROM "Release" r
        WHERE r."organizationId" = $1 AND r."productId" = ANY ($2) AND r."deletedAt" IS NULL AND r.status <> 'CANCELLED'
       UNION ALL
       SELECT 'feature', f.id, f.title, f.number, f.status::text, false, "#,
    day!(r#"f."startDate""#),
    ", ",
    day!(r#"f."dueDate""#),
    r#", e.id, NULL, f."productId"
         FROM "Feature" f
         LEFT JOIN "Epic" e ON e."organizationId" = $1 AND e.id = f."epicId" AND e."deletedAt" IS NULL AND e.status <> 'CANCELLED'
        WHERE f."organizationId" = $1 AND f."productId" = ANY ($2) AND f."deletedAt" IS NULL AND f.status <> 'CANCELLED') items
     WHERE start IS NOT NULL OR "end" IS NOT NULL
     ORDER BY coalesce("end", start) DESC, id LIMIT $3"#
);

/// The products that are asked for, with what they have in time.
pub async fn timeline(scope: &mut Scope, query: &PortfolioQuery) -> Result<PortfolioTimeline, AppError> {
    let org = scope.organization().id.clone();
    let products: Vec<ProductName> = sqlx::query_as(concat!(
        r#"SELECT p.id, p.name, p.key FROM "Product" p WHERE "#,
        asked!(),
        " ORDER BY lower(p.name), p.id LIMIT $5"
    ))
    .bind(&org)
    .bind(query.deleted)
    .bind(query.stage)
    .bind(&query.find)
    .bind(PRODUCTS_MAX)
    .fetch_all(scope.db())
    .await?;
    let ids: Vec<&str> = products.iter().map(|product| product.id.as_str()).collect();
    let mut items: Vec<Planned> = sqlx::query_as(ITEMS).bind(org).bind(ids).bind(ITEMS_MAX as i64 + 1).fetch_all(scope.db()).await?;
    let more = items.len() > ITEMS_MAX;
    items.truncate(ITEMS_MAX);
    let today = Day((zone::days(scope).await?.today.timestamp() / 86_400) as i32);
    Ok(PortfolioTimeline { role: scope.role(), products, items, more, today })
}
