//! What is read of releases.

use super::{changelog, checklist, template};
use crate::feature::model::FeatureLink;
use crate::feedback::model::title_pattern;
use crate::kernel::error::AppError;
use crate::kernel::page::{Page, TIME_BOUNDS};
use crate::kernel::role::Perm;
use crate::product::model::ProductName;
use crate::reference::store as references;
use crate::release::model::{ReleasePage, ReleaseQuery, ReleaseSummary, Show};
use crate::server::scope::Scope;

/// Features that a search by title gives at most.
const FOUND_MAX: i64 = 8;
/// Features of a release that its page shows at most.
const FEATURES_MAX: i64 = 500;

/// Releases with how far they are. Features in the bin or cancelled do not count.
macro_rules! summaries {
    ($($rest:tt)+) => {
        concat!(
            r#"SELECT r.*, work.done AS "featuresDone", work.count AS features, list.done AS "itemsDone", list.count AS items
               FROM "Release" r
               CROSS JOIN LATERAL (
                 SELECT count(*) AS count, count(*) FILTER (WHERE f.status = 'DONE') AS done
                   FROM "_FeatureToRelease" l JOIN "Feature" f ON f.id = l."A" AND f."deletedAt" IS NULL AND f.status <> 'CANCELLED'
                  WHERE l."organizationId" = $1 AND l."B" = r.id) work
               CROSS JOIN LATERAL (
                 SELECT count(*) AS count, count(*) FILTER (WHERE i.completed) AS done
                   FROM "LaunchChecklistItem" i WHERE i."organizationId" = $1 AND i."releaseId" = r.id) list
               WHERE r."organizationId" = $1 AND r."productId" = $2 AND "#,
            $($rest)+
        )
    };
}

/// A page of those that `which` holds for, ordered by `key`.
///
/// Parameters: tenant, product, time and id of the cursor, rows, type.
macro_rules! page {
    ($which:literal, $key:literal, $compare:literal, $way:literal) => {
        summaries!(
            $which,
            " AND (",
            $key,
            ", r.id) ",
            $compare,
            r#" (to_timestamp($3::float8 / 1000)::timestamptz(3), $4) AND ($6::"ReleaseType" IS NULL OR r.type = $6) ORDER BY "#,
            $key,
            " ",
            $way,
            ", r.id ",
            $way,
            " LIMIT $5"
        )
    };
}

macro_rules! upcoming {
    ($compare:literal, $way:literal) => {
        page!(
            r#"r."deletedAt" IS NULL AND r.status NOT IN ('RELEASED', 'CANCELLED')"#,
            r#"coalesce(r."targetDate", '9999-12-31 23:59:59+00'::timestamptz)"#,
            $compare,
            $way
        )
    };
}

macro_rules! released {
    ($compare:literal, $way:literal) => {
        page!(r#"r."deletedAt" IS NULL AND r.status = 'RELEASED'"#, r#"coalesce(r."releaseDate", r."createdAt")"#, $compare, $way)
    };
}

macro_rules! cancelled {
    ($compare:literal, $way:literal) => {
        page!(r#"r."deletedAt" IS NULL AND r.status = 'CANCELLED'"#, r#"r."createdAt""#, $compare, $way)
    };
}

macro_rules! all {
    ($compare:literal, $way:literal) => {
        page!(r#"r."deletedAt" IS NULL"#, r#"r."createdAt""#, $compare, $way)
    };
}

macro_rules! deleted {
    ($compare:literal, $way:literal) => {
        page!(r#"r."deletedAt" IS NOT NULL"#, r#"r."createdAt""#, $compare, $way)
    };
}

/// The statement for the rows behind a cursor, or before it.
fn statement(show: Show, back: bool) -> &'static str {
    match (show, back) {
        (Show::Upcoming, false) => upcoming!(">", "ASC"),
        (Show::Upcoming, true) => upcoming!("<", "DESC"),
        (Show::Released, false) => released!("<", "DESC"),
        (Show::Released, true) => released!(">", "ASC"),
        (Show::Cancelled, false) => cancelled!("<", "DESC"),
        (Show::Cancelled, true) => cancelled!(">", "ASC"),
        (Show::All, false) => all!("<", "DESC"),
        (Show::All, true) => all!(">", "ASC"),
        (Show::Deleted, false) => deleted!("<", "DESC"),
        (Show::Deleted, true) => deleted!(">", "ASC"),
    }
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

/// Whether everybody may read the product's published changelog.
pub async fn is_public(scope: &mut Scope, product_id: &str) -> Result<bool, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_scalar(r#"SELECT "publicChangelog" FROM "Product" WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(product_id)
        .fetch_one(scope.db())
        .await?)
}

/// A page of the product's releases.
pub async fn list(scope: &mut Scope, product_id: &str, query: &ReleaseQuery) -> Result<Page<ReleaseSummary>, AppError> {
    let size = scope.rows();
    let org = scope.organization().id.clone();
    let (earliest, latest) = TIME_BOUNDS;
    let cursor = query.cursor.as_ref();
    let begin = if query.show == Show::Upcoming { earliest } else { latest };
    let rows: Vec<ReleaseSummary> = sqlx::query_as(statement(query.show, cursor.is_some_and(|cursor| cursor.back)))
        .bind(org)
        .bind(product_id)
        .bind(cursor.map_or(begin, |cursor| cursor.key.clamp(earliest, latest)))
        .bind(cursor.map_or("", |cursor| &cursor.id))
        .bind(size + 1)
        .bind(query.kind)
        .fetch_all(scope.db())
        .await?;
    Ok(Page::sized(rows, size, cursor, |row| (query.show.key(row), row.release.id.clone())))
}

/// The versions of the product's releases that are planned or out.
pub async fn versions(scope: &mut Scope, product_id: &str) -> Result<Vec<String>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_scalar(
        r#"SELECT version FROM "Release"
           WHERE "organizationId" = $1 AND "productId" = $2 AND "deletedAt" IS NULL AND status <> 'CANCELLED'
           ORDER BY "createdAt" DESC, id DESC LIMIT 2000"#,
    )
    .bind(org)
    .bind(product_id)
    .fetch_all(scope.db())
    .await?)
}

/// One release of the product, deleted or not.
pub async fn get(scope: &mut Scope, product_id: &str, id: &str) -> Result<ReleaseSummary, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(summaries!("r.id = $3")).bind(org).bind(product_id).bind(id).fetch_one(scope.db()).await?)
}

/// All that the page of one release shows, deleted or not.
pub async fn page(scope: &mut Scope, product_key: &str, id: &str, find: &str) -> Result<ReleasePage, AppError> {
    let product = product(scope, product_key).await?;
    let summary = get(scope, &product.id, id).await?;
    let plans = scope.can(Perm::PlanWrite);
    let named = references::links(scope, [summary.release.description.as_deref().unwrap_or_default()]).await?;
    Ok(ReleasePage {
        role: scope.role(),
        features: features(scope, id).await?,
        checklist: checklist::list(scope, id).await?,
        changes: changelog::list(scope, id).await?,
        people: if plans { checklist::people(scope).await? } else { Vec::new() },
        templates: if plans { template::list(scope).await? } else { Vec::new() },
        found: if plans { find_features(scope, &product.id, id, find).await? } else { Vec::new() },
        product,
        summary,
        named,
    })
}

/// The live features of a release by title.
pub async fn features(scope: &mut Scope, id: &str) -> Result<Vec<FeatureLink>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT f.id, f.title, f.number, f.status FROM "_FeatureToRelease" l JOIN "Feature" f ON f.id = l."A" AND f."deletedAt" IS NULL
           WHERE l."organizationId" = $1 AND l."B" = $2 ORDER BY lower(f.title), f.id LIMIT $3"#,
    )
    .bind(org)
    .bind(id)
    .bind(FEATURES_MAX)
    .fetch_all(scope.db())
    .await?)
}

/// Live features of the product that are not in the release and whose titles hold these words.
async fn find_features(scope: &mut Scope, product_id: &str, id: &str, find: &str) -> Result<Vec<FeatureLink>, AppError> {
    let Some(pattern) = title_pattern(find) else { return Ok(Vec::new()) };
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT f.id, f.title, f.number, f.status FROM "Feature" f
           WHERE f."organizationId" = $1 AND f."productId" = $2 AND f."deletedAt" IS NULL AND f.title ILIKE $4
             AND NOT EXISTS (SELECT FROM "_FeatureToRelease" l WHERE l."organizationId" = $1 AND l."A" = f.id AND l."B" = $3)
           ORDER BY f."createdAt" DESC, f.id DESC LIMIT $5"#,
    )
    .bind(org)
    .bind(product_id)
    .bind(id)
    .bind(pattern)
    .bind(FOUND_MAX)
    .fetch_all(scope.db())
    .await?)
}
