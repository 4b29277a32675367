//! SQL for ideas.

pub mod bulk;
pub mod merge;
pub mod views;

use super::model::{Idea, IdeaFields, IdeaProduct, IdeaQuery, IdeaSort, IdeaStatus, ScoreFields};
use crate::kernel::error::AppError;
use crate::kernel::page::Page;
use crate::kernel::version;
use crate::org::model::Switch;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// How many live items of feedback ask for the idea of this name in a statement.
macro_rules! asked {
    ($idea:literal) => {
        concat!(
            r#"(SELECT count(*) FROM "IdeaFeedback" l JOIN "Feedback" f ON f.id = l."feedbackId" AND f."deletedAt" IS NULL
                 WHERE l."organizationId" = $1 AND l."ideaId" = "#,
            $idea,
            ".id) AS asked"
        )
    };
}

/// One page of ideas by a key that an index holds; the creators are joined to the page's rows alone.
///
/// Parameters: tenant, product, key and id of the cursor, rows, status, tag.
macro_rules! page_by {
    ($explain:literal, $key:literal, $at:literal, $compare:literal, $way:literal) => {
        concat!(
            $explain,
            r#"SELECT page.*, u.name AS "creatorName", "#, asked!("page"), r#" FROM (
                SELECT * FROM "Idea" WHERE "organizationId" = $1 AND "productId" = $2 AND "deletedAt" IS NULL
                AND (""#, $key, r#"", id) "#, $compare, " (", $at, r#", $4)
                AND ($6::"IdeaStatus" IS NULL OR status = $6) AND ($7::text IS NULL OR $7 = ANY(tags))
                ORDER BY ""#, $key, r#"" "#, $way, ", id ", $way, r#" LIMIT $5) page
            LEFT JOIN "User" u ON u.id = page."creatorId" ORDER BY page.""#, $key, r#"" "#, $way, ", page.id ", $way
        )
    };
    ($key:literal, $at:literal) => {
        Statements {
            onward: page_by!("", $key, $at, "<", "DESC"),
            back: page_by!("", $key, $at, ">", "ASC"),
            #[cfg(test)]
            explain: page_by!("EXPLAIN (ANALYZE, FORMAT JSON) ", $key, $at, "<", "DESC"),
        }
    };
}

/// The statements of a sort: onward, back, and the first one's plan for the test that reads it.
struct Statements {
    onward: &'static str,
    back: &'static str,
    #[cfg(test)]
    explain: &'static str,
}

fn statements(sort: IdeaSort) -> Statements {
    match sort {
        IdeaSort::Rice => page_by!("riceScore", "$3::float8"),
        IdeaSort::Ice => page_by!("iceScore", "$3::float8"),
        IdeaSort::Wsjf => page_by!("wsjfScore", "$3::float8"),
        IdeaSort::Priority => page_by!("priority", "$3::float8::integer"),
        IdeaSort::Votes => page_by!("votes", "$3::float8::integer"),
        IdeaSort::Newest => page_by!("createdAt", "to_timestamp($3::float8 / 1000)::timestamptz(3)"),
    }
}

/// The plan of a page, run.
#[cfg(test)]
pub fn explain(sort: IdeaSort) -> &'static str {
    statements(sort).explain
}

/// The key of the product that an idea `i` belongs to.
macro_rules! product_key {
    () => {
        r#"(SELECT p.key FROM "Product" p WHERE p.id = i."productId")"#
    };
}

/// The live product with this key, as the ideas' pages name it.
pub async fn product(scope: &mut Scope, key: &str) -> Result<IdeaProduct, AppError> {
    let org = scope.organization().clone();
    let product: IdeaProduct =
        sqlx::query_as(r#"SELECT id, name, key FROM "Product" WHERE "organizationId" = $1 AND key = $2 AND "deletedAt" IS NULL"#)
            .bind(org.id)
            .bind(key)
            .fetch_one(scope.db())
            .await?;
    Ok(IdeaProduct { wsjf: Switch::Wsjf.is_on(Some(&org.settings)), ..product })
}

/// A page of the product's ideas.
pub async fn list(scope: &mut Scope, product_id: &str, query: &IdeaQuery) -> Result<Page<Idea>, AppError> {
    if query.deleted {
        return deleted(scope, product_id).await;
    }
    let size = scope.rows();
    let org = scope.organization().id.clone();
    let statements = statements(query.sort);
    let (lowest, highest) = query.sort.bounds();
    let cursor = query.cursor.as_ref();
    let key = cursor.map_or(highest, |cursor| cursor.key.clamp(lowest, highest));
    let rows: Vec<Idea> = sqlx::query_as(if cursor.is_some_and(|c| c.back) { statements.back } else { statements.onward })
        .bind(org)
        .bind(product_id)
        .bind(key)
        .bind(cursor.map_or("", |cursor| &cursor.id))
        .bind(size + 1)
        .bind(query.status)
        .bind(query.tag.as_deref())
        .fetch_all(scope.db())
        .await?;
    Ok(Page::sized(rows, size, cursor, |idea| (idea.score(query.sort), idea.id.clone())))
}

/// The product's ideas deleted last.
async fn deleted(scope: &mut Scope, product_id: &str) -> Result<Page<Idea>, AppError> {
    let org = scope.organization().id.clone();
    let rows: Vec<Idea> = sqlx::query_as(
        r#"SELECT i.*, u.name AS "creatorName" FROM "Idea" i LEFT JOIN "User" u ON u.id = i."creatorId"
           WHERE i."organizationId" = $1 AND i."productId" = $2 AND i."deletedAt" IS NOT NULL ORDER BY i."deletedAt" DESC, i.id LIMIT 100"#,
    )
    .bind(org)
    .bind(product_id)
    .fetch_all(scope.db())
    .await?;
    Ok(Page { rows, first_place: 1, previous: None, next: None })
}

/// One idea of the product, deleted or not.
pub async fn get(scope: &mut Scope, product_id: &str, id: &str) -> Result<Idea, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    Ok(sqlx::query_as(concat!(
        r#"SELECT i.*, u.name AS "creatorName", o.title AS "mergedIntoTitle", "#,
        asked!("i"),
        r#", live_features(i.id) AS features,
             EXISTS (SELECT FROM "IdeaVote" v WHERE v."organizationId" = $1 AND v."ideaId" = i.id AND v."userId" = $4) AS voted
           FROM "Idea" i LEFT JOIN "User" u ON u.id = i."creatorId"
                LEFT JOIN "Idea" o ON o."organizationId" = $1 AND o.id = i."mergedIntoId"
           WHERE i."organizationId" = $1 AND i."productId" = $2 AND i.id = $3"#
    ))
    .bind(org)
    .bind(product_id)
    .bind(id)
    .bind(user)
    .fetch_one(scope.db())
    .await?)
}

/// Creates an idea of the live product with this key; gives its id.
pub async fn create(scope: &mut Scope, product_key: &str, fields: IdeaFields) -> Result<String, AppError> {
    let (org, user, id) = (scope.organization().id.clone(), scope.user().id.clone(), new_id());
    let product = product(scope, product_key).await?;
    sqlx::query(
        r#"INSERT INTO "Idea" (id, "organizationId", "productId", "creatorId", title, description, tags) VALUES ($1, $2, $3, $4, $5, $6, $7)"#,
    )
    .bind(&id)
    .bind(org)
    .bind(product.id)
    .bind(user)
    .bind(fields.title)
    .bind(fields.description)
    .bind(fields.tags)
    .execute(scope.db())
    .await?;
    Ok(id)
}

/// The idea of a live product, locked until the transaction ends.
async fn locked(scope: &mut Scope, id: &str) -> Result<Idea, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT i.* FROM "Idea" i JOIN "Product" p ON p.id = i."productId" AND p."deletedAt" IS NULL
           WHERE i."organizationId" = $1 AND i.id = $2 FOR UPDATE OF i"#,
    )
    .bind(org)
    .bind(id)
    .fetch_one(scope.db())
    .await?)
}

/// As `locked`, if the idea has not been deleted.
async fn live(scope: &mut Scope, id: &str) -> Result<Idea, AppError> {
    let idea = locked(scope, id).await?;
    match idea.deleted_at {
        Some(_) => Err(AppError::Conflict("This idea has been deleted. Restore it to change it.".into())),
        None => Ok(idea),
    }
}

/// Whether the caller may change the idea, as an error if not.
fn may_edit(scope: &Scope, idea: &Idea) -> Result<(), AppError> {
    if idea.editable_by(&scope.user().id, scope.role()) { Ok(()) } else { Err(AppError::Forbidden) }
}

/// Changes the text of a live idea that the person saw in this version; gives its product's key.
///
/// # Errors
/// `Stale` when somebody has changed the text meanwhile.
pub async fn update(scope: &mut Scope, id: &str, version: &str, fields: IdeaFields) -> Result<String, AppError> {
    let idea = live(scope, id).await?;
    may_edit(scope, &idea)?;
    version::check(version, &IdeaFields::from(&idea), &fields)?;
    let statement = concat!(r#"UPDATE "Idea" i SET title = $2, description = $3, tags = $4 WHERE i.id = $1 RETURNING "#, product_key!());
    Ok(sqlx::query_scalar(statement).bind(id).bind(fields.title).bind(fields.description).bind(fields.tags).fetch_one(scope.db()).await?)
}

/// Sets the inputs of a live idea's scores, which the person saw in this version; the database computes the scores. WSJF does
/// not outlive its inputs.
///
/// # Errors
/// `Stale` when somebody has changed the inputs meanwhile.
pub async fn score(scope: &mut Scope, id: &str, version: &str, fields: ScoreFields) -> Result<(), AppError> {
    let idea = live(scope, id).await?;
    version::check(version, &ScoreFields::from(&idea), &fields)?;
    let inputs = fields.inputs;
    sqlx::query(
        r#"UPDATE "Idea" SET priority = $2, reach = coalesce($3, reach), impact = $4, confidence = $5, effort = $6,
               "businessValue" = $7, "timeCriticality" = $8, "riskReduction" = $9, "jobSize" = $10, "wsjfScore" = 0
           WHERE id = $1"#,
    )
    .bind(id)
    .bind(fields.priority)
    .bind(inputs.reach)
    .bind(inputs.impact)
    .bind(inputs.confidence)
    .bind(inputs.effort)
    .bind(inputs.business_value)
    .bind(inputs.time_criticality)
    .bind(inputs.risk_reduction)
    .bind(inputs.job_size)
    .execute(scope.db())
    .await?;
    Ok(())
}

/// Moves a live idea on; a move to where it stands already is no change.
///
/// # Errors
/// `Conflict` when the status may not follow the idea's present one.
pub async fn set_status(scope: &mut Scope, id: &str, status: IdeaStatus) -> Result<(), AppError> {
    let idea = live(scope, id).await?;
    if idea.status == status {
        return Ok(());
    }
    idea.status.may_become(status)?;
    sqlx::query(r#"UPDATE "Idea" SET status = $2 WHERE id = $1"#).bind(id).bind(status).execute(scope.db()).await?;
    Ok(())
}

/// Deletes or restores an idea; doing it twice is as good as once. One that was merged into another comes back by itself:
/// its votes and comments stay where they went. Gives its product's key.
pub async fn set_deleted(scope: &mut Scope, id: &str, deleted: bool) -> Result<String, AppError> {
    let idea = locked(scope, id).await?;
    may_edit(scope, &idea)?;
    let statement = concat!(
        r#"UPDATE "Idea" i SET "deletedAt" = CASE WHEN $2 THEN coalesce("deletedAt", now()) END,
                  "mergedIntoId" = CASE WHEN $2 THEN "mergedIntoId" END
           WHERE i.id = $1 RETURNING "#,
        product_key!()
    );
    Ok(sqlx::query_scalar(statement).bind(id).bind(deleted).fetch_one(scope.db()).await?)
}
