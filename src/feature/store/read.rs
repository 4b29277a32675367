//! What is read of features.

use crate::feature::model::{Built, Choices, Feature, FeatureQuery, FeatureSort};
use crate::feedback::model::title_pattern;
use crate::idea::model::IdeaLink;
use crate::kernel::error::AppError;
use crate::kernel::page::{Cursor, PAGE_SIZE, Page, TIME_BOUNDS};
use crate::product::model::ProductName;
use crate::server::scope::Scope;

/// Epics, and people, that are offered in a field.
const CHOICES_MAX: i64 = 500;

/// Features `f` with the title of their live epic `e`, their assignee's name and the number of live features that they wait for.
///
/// Parameter: tenant.
macro_rules! named {
    ($from:expr, $rest:expr) => {
        concat!(
            r#"SELECT f.*, e.title AS "epicTitle", e.number AS "epicNumber", u.name AS "assigneeName",
                (SELECT count(*) FROM "FeatureDependency" d
                   JOIN "Feature" b ON b."organizationId" = $1 AND b.id = d."blockerId" AND b."deletedAt" IS NULL
                  WHERE d."organizationId" = $1 AND d."blockedId" = f.id AND b.status NOT IN ('DONE', 'CANCELLED')) AS blockers
               FROM "#,
            $from,
            r#" f LEFT JOIN "Epic" e ON e."organizationId" = $1 AND e.id = f."epicId" AND e."deletedAt" IS NULL
                  LEFT JOIN "User" u ON u.id = f."assigneeId" "#,
            $rest
        )
    };
}

/// A page of features by a key, the highest first; the names are joined to the page's rows alone.
///
/// Parameters: tenant, product, key and id of the cursor, rows, status, priority, epic, assignee, pattern of the title.
macro_rules! page {
    ($key:literal, $at:literal, $compare:literal, $way:literal) => {
        named!(
            concat!(
                "(SELECT x.*, ", $key, r#" AS "sortKey" FROM "Feature" x
                   WHERE x."organizationId" = $1 AND x."productId" = $2 AND x."deletedAt" IS NULL
                     AND ("#, $key, ", x.id) ", $compare, " (", $at, r#", $4)
                     AND ($6::"FeatureStatus" IS NULL OR x.status = $6) AND ($7::"Priority" IS NULL OR x.priority = $7)
                     AND ($8::text IS NULL OR x."epicId" = $8 OR ($8 = 'none' AND NOT EXISTS (
                           SELECT FROM "Epic" y WHERE y."organizationId" = $1 AND y.id = x."epicId" AND y."deletedAt" IS NULL)))
                     AND ($9::text IS NULL OR x."assigneeId" = $9 OR ($9 = 'none' AND x."assigneeId" IS NULL))
                     AND ($10::text IS NULL OR x.title ILIKE $10)
                   ORDER BY "#, $key, " ", $way, ", x.id ", $way, " LIMIT $5)"
            ),
            concat!(r#"ORDER BY f."sortKey" "#, $way, ", f.id ", $way)
        )
    };
    ($key:literal, $at:literal) => {
        (page!($key, $at, "<", "DESC"), page!($key, $at, ">", "ASC"))
    };
}

/// The statements of a sort, onward and back; the keys are those of `Feature::key`.
fn statements(sort: FeatureSort) -> (&'static str, &'static str) {
    match sort {
        FeatureSort::Newest => page!(r#"x."createdAt""#, "to_timestamp($3::float8 / 1000)::timestamptz(3)"),
        FeatureSort::Priority => {
            page!("CASE x.priority WHEN 'CRITICAL' THEN 0 WHEN 'HIGH' THEN -1 WHEN 'MEDIUM' THEN -2 ELSE -3 END", "$3::float8")
        }
        FeatureSort::Points => page!(r#"coalesce(x."storyPoints", -1)"#, "$3::float8"),
        FeatureSort::Due => page!(r#"coalesce(-round(date_part('epoch', x."dueDate") * 1000), -1e15)"#, "$3::float8"),
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

/// A page of the product's features, without their long texts.
pub async fn list(scope: &mut Scope, product_id: &str, query: &FeatureQuery) -> Result<Page<Feature>, AppError> {
    let page = whole(scope, product_id, query).await?;
    Ok(Page { rows: page.rows.into_iter().map(Feature::brief).collect(), ..page })
}

/// A page of the product's features with all their texts.
pub async fn whole(scope: &mut Scope, product_id: &str, query: &FeatureQuery) -> Result<Page<Feature>, AppError> {
    if query.deleted {
        return deleted(scope, product_id).await;
    }
    let size = scope.rows();
    let org = scope.organization().id.clone();
    let (lowest, highest) = query.sort.bounds();
    let (onward, back) = statements(query.sort);
    let cursor = query.cursor.as_ref();
    let rows: Vec<Feature> = sqlx::query_as(if cursor.is_some_and(|c| c.back) { back } else { onward })
        .bind(org)
        .bind(product_id)
        .bind(cursor.map_or(highest, |cursor| cursor.key.clamp(lowest, highest)))
        .bind(cursor.map_or("", |cursor| &cursor.id))
        .bind(size + 1)
        .bind(query.status)
        .bind(query.priority)
        .bind(query.epic.as_deref())
        .bind(query.assignee.as_deref())
        .bind(query.find.as_deref().and_then(title_pattern))
        .fetch_all(scope.db())
        .await?;
    Ok(Page::sized(rows, size, cursor, |feature| (feature.key(query.sort), feature.id.clone())))
}

/// The product's features deleted last.
async fn deleted(scope: &mut Scope, product_id: &str) -> Result<Page<Feature>, AppError> {
    let org = scope.organization().id.clone();
    let rows: Vec<Feature> = sqlx::query_as(named!(
        r#""Feature""#,
        r#"WHERE f."organizationId" = $1 AND f."productId" = $2 AND f."deletedAt" IS NOT NULL ORDER BY f."deletedAt" DESC, f.id LIMIT 100"#
    ))
    .bind(org)
    .bind(product_id)
    .fetch_all(scope.db())
    .await?;
    Ok(Page { rows, first_place: 1, previous: None, next: None })
}

/// One feature of the product, deleted or not.
pub async fn get(scope: &mut Scope, product_id: &str, id: &str) -> Result<Feature, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(named!(r#""Feature""#, r#"WHERE f."organizationId" = $1 AND f."productId" = $2 AND f.id = $3"#))
        .bind(org)
        .bind(product_id)
        .bind(id)
        .fetch_one(scope.db())
        .await?)
}

/// A page of an epic's live features, the newest first, without their long texts.
///
/// Parameters: tenant, epic, time and id of the cursor, rows.
macro_rules! of_epic {
    ($compare:literal, $way:literal) => {
        named!(
            concat!(
                r#"(SELECT * FROM "Feature" WHERE "organizationId" = $1 AND "epicId" = $2 AND "deletedAt" IS NULL
                     AND ("createdAt", id) "#,
                $compare,
                r#" (to_timestamp($3::float8 / 1000)::timestamptz(3), $4) ORDER BY "createdAt" "#,
                $way,
                ", id ",
                $way,
                " LIMIT $5)"
            ),
            concat!(r#"ORDER BY f."createdAt" "#, $way, ", f.id ", $way)
        )
    };
}

/// A page of the features of an epic.
pub async fn of_epic(scope: &mut Scope, epic_id: &str, cursor: Option<&Cursor>) -> Result<Page<Feature>, AppError> {
    let org = scope.organization().id.clone();
    let (earliest, latest) = TIME_BOUNDS;
    let rows: Vec<Feature> = sqlx::query_as(if cursor.is_some_and(|c| c.back) { of_epic!(">", "ASC") } else { of_epic!("<", "DESC") })
        .bind(org)
        .bind(epic_id)
        .bind(cursor.map_or(latest, |cursor| cursor.key.clamp(earliest, latest)))
        .bind(cursor.map_or("", |cursor| &cursor.id))
        .bind(PAGE_SIZE + 1)
        .fetch_all(scope.db())
        .await?;
    let page = Page::of(rows, cursor, |feature| (feature.key(FeatureSort::Newest), feature.id.clone()));
    Ok(Page { rows: page.rows.into_iter().map(Feature::brief).collect(), ..page })
}

/// What a feature's epic and assignee are chosen from.
pub async fn choices(scope: &mut Scope, product_id: &str) -> Result<Choices, AppError> {
    let org = scope.organization().id.clone();
    let epics = sqlx::query_as(
        r#"SELECT id, title AS name FROM "Epic" WHERE "organizationId" = $1 AND "productId" = $2 AND "deletedAt" IS NULL
           ORDER BY lower(title), id LIMIT $3"#,
    )
    .bind(&org)
    .bind(product_id)
    .bind(CHOICES_MAX)
    .fetch_all(scope.db())
    .await?;
    let people = sqlx::query_as(
        r#"SELECT u.id, coalesce(u.name, 'Somebody without a name') AS name FROM "Membership" m JOIN "User" u ON u.id = m."userId"
           WHERE m."organizationId" = $1 ORDER BY lower(coalesce(u.name, '')), u.id LIMIT $2"#,
    )
    .bind(org)
    .bind(CHOICES_MAX)
    .fetch_all(scope.db())
    .await?;
    Ok(Choices { epics, people })
}

/// The live ideas that a feature came from.
pub async fn ideas_of(scope: &mut Scope, feature_id: &str) -> Result<Vec<IdeaLink>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT i.id, i.title, i.number, i.status FROM "_IdeaToFeature" l JOIN "Idea" i ON i.id = l."B" AND i."deletedAt" IS NULL
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
        r#"SELECT f.id, f.title, f.number, f.status FROM "_IdeaToFeature" l JOIN "Feature" f ON f.id = l."A" AND f."deletedAt" IS NULL
           WHERE l."organizationId" = $1 AND l."B" = $2 ORDER BY f."createdAt", f.id LIMIT 100"#,
    )
    .bind(org)
    .bind(idea_id)
    .fetch_all(scope.db())
    .await?;
    Ok(Built { product, features })
}
