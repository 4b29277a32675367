//! SQL of the roadmap.

use super::model::{Day, ITEMS_MAX, Item, Kind, Span, Waiting};
use crate::kernel::error::AppError;
use crate::kernel::version;
use crate::product::model::ProductName;
use crate::server::scope::Scope;
use crate::server::zone::{common_zone, day};

/// Dependencies that are drawn at most.
const WAITING_MAX: i64 = 1000;

/// The live product with this key.
pub async fn product(scope: &mut Scope, key: &str) -> Result<ProductName, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(r#"SELECT id, name, key FROM "Product" WHERE "organizationId" = $1 AND key = $2 AND "deletedAt" IS NULL"#)
        .bind(org)
        .bind(key)
        .fetch_one(scope.db())
        .await?)
}

/// Epics, releases and features, in this order; of each kind those with the latest dates first.
///
/// Parameters: tenant, product, whether features and releases without dates are left out, rows.
const ITEMS: &str = concat!(
    r#"SELECT * FROM (
       SELECT 1 AS place, 'epic' AS kind, e.id, e.title, e.number, e.status::text AS status, false AS fixed, "#,
    day!(r#"e."startDate""#),
    " AS start, ",
    day!(r#"e."endDate""#),
    r#" AS "end", NULL::text AS "epicId", NULL::text AS "releaseId"
         FROM "Epic" e
        WHERE e."organizationId" = $1 AND e."productId" = $2 AND e."deletedAt" IS NULL AND e.status <> 'CANCELLED'
       UNION ALL
       SELECT 2, 'release', r.id,
              CASE WHEN position(r.version IN r.name) > 0 THEN r.name ELSE r.name || ' (' || r.version || ')' END, r.number,
              r.status::text, r."releaseDate" IS NOT NULL, NULL::int, "#,
    day!(r#"coalesce(r."releaseDate", r."targetDate")"#),
    r#", NULL, NULL
         FROM "Release" r
        WHERE r."organizationId" = $1 AND r."productId" = $2 AND r."deletedAt" IS NULL AND r.status <> 'CANCELLED'
       UNION ALL
       SELECT 3, 'feature', f.id, f.title, f.number, f.status::text, false, "#,
    day!(r#"f."startDate""#),
    ", ",
    day!(r#"f."dueDate""#),
    r#", e.id, r.id
         FROM "Feature" f
         LEFT JOIN "Epic" e ON e."organizationId" = $1 AND e.id = f."epicId" AND e."deletedAt" IS NULL AND e.status <> 'CANCELLED'
         LEFT JOIN LATERAL (
              SELECT r.id FROM "_FeatureToRelease" l JOIN "Release" r ON r."organizationId" = $1 AND r.id = l."B"
               WHERE l."organizationId" = $1 AND l."A" = f.id AND r."deletedAt" IS NULL AND r.status <> 'CANCELLED'
               ORDER BY r."releaseDate" IS NOT NULL, coalesce(r."targetDate", r."releaseDate"), r.id LIMIT 1) r ON true
        WHERE f."organizationId" = $1 AND f."productId" = $2 AND f."deletedAt" IS NULL AND f.status <> 'CANCELLED'
          AND (f.status <> 'DONE' OR f."startDate" IS NOT NULL OR f."dueDate" IS NOT NULL)) items
     WHERE NOT $3 OR place = 1 OR start IS NOT NULL OR "end" IS NOT NULL
     ORDER BY place, coalesce("end", start) DESC NULLS LAST, id LIMIT $4"#
);

/// What is on the product's roadmap, and whether there is more; if `dated`, without features and releases that have no dates.
pub async fn items(scope: &mut Scope, product_id: &str, dated: bool) -> Result<(Vec<Item>, bool), AppError> {
    let org = scope.organization().id.clone();
    let mut items: Vec<Item> =
        sqlx::query_as(ITEMS).bind(org).bind(product_id).bind(dated).bind(ITEMS_MAX as i64 + 1).fetch_all(scope.db()).await?;
    let more = items.len() > ITEMS_MAX;
    items.truncate(ITEMS_MAX);
    Ok((items, more))
}

/// Which of these items wait for which.
pub async fn waiting(scope: &mut Scope, product_id: &str, items: &[Item]) -> Result<Vec<Waiting>, AppError> {
    let org = scope.organization().id.clone();
    let ids: Vec<&str> = items.iter().filter(|item| item.kind == Kind::Feature).map(|item| item.id.as_str()).collect();
    Ok(sqlx::query_as(
        r#"SELECT "blockerId" AS blocker, "blockedId" AS blocked FROM "FeatureDependency"
           WHERE "organizationId" = $1 AND "productId" = $2 AND "blockedId" = ANY ($3) AND "blockerId" = ANY ($3)
           ORDER BY "createdAt", "blockerId", "blockedId" LIMIT $4"#,
    )
    .bind(org)
    .bind(product_id)
    .bind(ids)
    .bind(WAITING_MAX)
    .fetch_all(scope.db())
    .await?)
}

/// The day that it is where the reader is.
pub async fn today(scope: &mut Scope) -> Result<Day, AppError> {
    let user = scope.user().id.clone();
    let zone: Option<Option<String>> =
        sqlx::query_scalar(r#"SELECT timezone FROM "UserProfile" WHERE "userId" = $1"#).bind(user).fetch_optional(scope.db()).await?;
    Ok(sqlx::query_scalar("SELECT (now() AT TIME ZONE $1)::date - DATE '1970-01-01'")
        .bind(common_zone(zone.flatten().as_deref()))
        .fetch_one(scope.db())
        .await?)
}

/// A day, counted from 1970, as the time at which it begins.
macro_rules! time {
    ($day:literal) => {
        concat!("(DATE '1970-01-01' + ", $day, "::int)::timestamp AT TIME ZONE 'UTC'")
    };
}

/// An item's dates, and whether they are facts; locked until the transaction ends. Parameters: tenant, id, product's key.
macro_rules! placed {
    ($table:literal, $start:expr, $end:expr, $fixed:literal) => {
        concat!(
            "SELECT ",
            $start,
            " AS start, ",
            $end,
            r#" AS "end", "#,
            $fixed,
            " AS fixed FROM ",
            $table,
            r#" x JOIN "Product" p ON p."organizationId" = $1 AND p.id = x."productId" AND p."deletedAt" IS NULL AND p.key = $3
               WHERE x."organizationId" = $1 AND x.id = $2 AND x."deletedAt" IS NULL FOR UPDATE OF x"#
        )
    };
}

/// What a move has to know of an item.
#[derive(sqlx::FromRow)]
struct Placed {
    start: Option<Day>,
    end: Option<Day>,
    fixed: bool,
}

/// Gives a live item of the live product with this key, seen in this version, these dates. A release has one: its end or, without that, its start.
///
/// # Errors
/// `Conflict` for a release that is out, `Stale` when somebody has moved it meanwhile, `NotFound` for an item of another product.
pub async fn place(scope: &mut Scope, product_key: &str, kind: Kind, id: &str, version: &str, span: Span) -> Result<(), AppError> {
    let (locked, moved) = match kind {
        Kind::Epic => (
            placed!(r#""Epic""#, day!(r#"x."startDate""#), day!(r#"x."endDate""#), "false"),
            concat!(r#"UPDATE "Epic" SET "startDate" = "#, time!("$2"), r#", "endDate" = "#, time!("$3"), " WHERE id = $1"),
        ),
        Kind::Feature => (
            placed!(r#""Feature""#, day!(r#"x."startDate""#), day!(r#"x."dueDate""#), "false"),
            concat!(r#"UPDATE "Feature" SET "startDate" = "#, time!("$2"), r#", "dueDate" = "#, time!("$3"), " WHERE id = $1"),
        ),
        Kind::Release => (
            placed!(r#""Release""#, "NULL::int", day!(r#"x."targetDate""#), r#"x."releaseDate" IS NOT NULL"#),
            concat!(r#"UPDATE "Release" SET "targetDate" = "#, time!("coalesce($3::int, $2::int)"), " WHERE id = $1"),
        ),
    };
    let org = scope.organization().id.clone();
    let Placed { start, end, fixed } = sqlx::query_as(locked).bind(org).bind(id).bind(product_key).fetch_one(scope.db()).await?;
    if fixed {
        return Err(AppError::Conflict("This release is out. The day that it came out on stays.".into()));
    }
    version::check(version, &Span { start, end }, &span)?;
    sqlx::query(moved).bind(id).bind(span.start).bind(span.end).execute(scope.db()).await?;
    Ok(())
}
