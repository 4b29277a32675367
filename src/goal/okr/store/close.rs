//! SQL for the end of a quarter.

use std::collections::BTreeMap;

use super::product;
use crate::goal::okr::model::{CloseFields, Closing, OkrStatus, Outcome, Quarter};
use crate::kernel::error::AppError;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// Objectives that are closed at once at most.
const CLOSE_MAX: i64 = 200;

/// Whether a key result `k` is not reached.
macro_rules! unfinished {
    () => {
        r#"key_result_progress(k.direction, k."startValue", k."targetValue", k."currentValue", k."lowerBound", k."upperBound") < 100"#
    };
}

/// What is worked on in a quarter still.
pub async fn list(scope: &mut Scope, product_id: &str, quarter: Quarter) -> Result<Vec<Closing>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(concat!(
        r#"SELECT o.*, u.name AS "ownerName",
               (SELECT count(*) FROM "KeyResult" k WHERE k."organizationId" = $1 AND k."okrId" = o.id) AS results,
               (SELECT count(*) FROM "KeyResult" k WHERE k."organizationId" = $1 AND k."okrId" = o.id AND "#,
        unfinished!(),
        r#") AS unfinished
             FROM "OKR" o LEFT JOIN "User" u ON u.id = o."ownerId"
            WHERE o."organizationId" = $1 AND o."productId" = $2 AND o.quarter = $3 AND o.status = 'ACTIVE' AND o."deletedAt" IS NULL
            ORDER BY o.id LIMIT $4"#
    ))
    .bind(org)
    .bind(product_id)
    .bind(quarter.word())
    .bind(CLOSE_MAX)
    .fetch_all(scope.db())
    .await?)
}

/// Which of these are no live objectives of the product, by their places.
pub async fn strange(scope: &mut Scope, product_id: &str, ids: &[String]) -> Result<Vec<usize>, AppError> {
    let org = scope.organization().id.clone();
    let known: Vec<String> = sqlx::query_scalar(
        r#"SELECT id FROM "OKR" WHERE "organizationId" = $1 AND "productId" = $2 AND id = ANY ($3) AND "deletedAt" IS NULL"#,
    )
    .bind(org)
    .bind(product_id)
    .bind(ids)
    .fetch_all(scope.db())
    .await?;
    Ok(ids.iter().enumerate().filter(|(_, id)| !known.contains(id)).map(|(at, _)| at).collect())
}

/// Closes a quarter of the live product with this key, objective by objective, all or none. What is carried over begins in the next
/// quarter where it stands now, with the key results that are not reached and those that are to be maintained. It serves what it
/// served, or what that has been carried over to. An objective without anything unfinished is not carried over, nor is one twice.
///
/// # Errors
/// `NotFound` for what is no objective of the product, `Conflict` when one of them is not worked on in this quarter any more.
pub async fn close(scope: &mut Scope, product_key: &str, fields: &CloseFields) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    let product = product(scope, product_key).await?;
    let ids: Vec<&str> = fields.outcomes.iter().map(|(id, _)| id.as_str()).collect();
    // All of them first and in one order: else two who close, or one who closes and one who checks in, could wait for each other.
    let there: Vec<(String, bool)> = sqlx::query_as(
        r#"SELECT o.id, o.quarter = $4 AND o.status = 'ACTIVE' AND o."deletedAt" IS NULL
             FROM "OKR" o WHERE o."organizationId" = $1 AND o."productId" = $2 AND o.id = ANY ($3) ORDER BY o.id FOR UPDATE"#,
    )
    .bind(&org)
    .bind(&product.id)
    .bind(&ids)
    .bind(fields.quarter.word())
    .fetch_all(scope.db())
    .await?;
    if there.len() < ids.len() {
        return Err(AppError::NotFound);
    }
    if there.iter().any(|(_, open)| !open) {
        return Err(AppError::Conflict("Somebody has changed one of these objectives meanwhile. Please look at them again.".into()));
    }
    let of = |wanted: &dyn Fn(Outcome) -> bool| -> Vec<String> {
        fields.outcomes.iter().filter(|(_, outcome)| wanted(*outcome)).map(|(id, _)| id.clone()).collect()
    };
    carry_over(scope, &org, of(&Outcome::carries), fields).await?;
    for status in [OkrStatus::Completed, OkrStatus::Cancelled] {
        sqlx::query(r#"UPDATE "OKR" SET status = $3 WHERE "organizationId" = $1 AND id = ANY ($2)"#)
            .bind(&org)
            .bind(of(&|outcome: Outcome| outcome.status() == Some(status)))
            .bind(status)
            .execute(scope.db())
            .await?;
    }
    Ok(())
}

/// Goes on with these objectives in the next quarter.
async fn carry_over(scope: &mut Scope, org: &str, old: Vec<String>, fields: &CloseFields) -> Result<(), AppError> {
    let new: Vec<String> = old.iter().map(|_| new_id()).collect();
    let carried: BTreeMap<String, String> = sqlx::query_as::<_, (String, String)>(concat!(
        r#"INSERT INTO "OKR" (id, "organizationId", "productId", title, description, quarter, status, "ownerId", "parentId", "objectiveId",
               "carriedFromId")
           SELECT pair.new, o."organizationId", o."productId", o.title, o.description, $4, $5, o."ownerId", o."parentId", o."objectiveId", o.id
             FROM unnest($2::text[], $3::text[]) AS pair (old, new) JOIN "OKR" o ON o."organizationId" = $1 AND o.id = pair.old
            WHERE NOT EXISTS (SELECT FROM "OKR" twin WHERE twin."organizationId" = $1 AND twin."carriedFromId" = o.id AND twin."deletedAt" IS NULL)
              AND (NOT EXISTS (SELECT FROM "KeyResult" k WHERE k."organizationId" = $1 AND k."okrId" = o.id)
                   OR EXISTS (SELECT FROM "KeyResult" k WHERE k."organizationId" = $1 AND k."okrId" = o.id AND "#,
        unfinished!(),
        r#"))
        RETURNING "carriedFromId", id"#
    ))
    .bind(org)
    .bind(&old)
    .bind(&new)
    .bind(fields.quarter.plus(1).word())
    .bind(fields.begin)
    .fetch_all(scope.db())
    .await?
    .into_iter()
    .collect();
    follow_parents(scope, org, &new).await?;
    let results: Vec<(String, String)> = sqlx::query_as(concat!(
        r#"SELECT k.id, k."okrId" FROM "KeyResult" k
            WHERE k."organizationId" = $1 AND k."okrId" = ANY ($2) AND (k.direction = 'MAINTAIN' OR "#,
        unfinished!(),
        r#") ORDER BY k."createdAt", k.id"#
    ))
    .bind(org)
    .bind(carried.keys().cloned().collect::<Vec<_>>())
    .fetch_all(scope.db())
    .await?;
    let (mut from, mut to, mut below) = (Vec::new(), Vec::new(), Vec::new());
    for (result, okr) in results {
        if let Some(okr) = carried.get(&okr) {
            from.push(result);
            to.push(new_id());
            below.push(okr.clone());
        }
    }
    sqlx::query(
        r#"INSERT INTO "KeyResult" (id, "organizationId", "okrId", title, description, unit, direction, "startValue", "currentValue",
               "targetValue", "lowerBound", "upperBound")
           SELECT pair.new, k."organizationId", pair.okr, k.title, k.description, k.unit, k.direction, k."currentValue", k."currentValue",
                  k."targetValue", k."lowerBound", k."upperBound"
             FROM unnest($2::text[], $3::text[], $4::text[]) AS pair (old, new, okr)
             JOIN "KeyResult" k ON k."organizationId" = $1 AND k.id = pair.old"#,
    )
    .bind(org)
    .bind(from)
    .bind(to)
    .bind(below)
    .execute(scope.db())
    .await?;
    Ok(())
}

/// What has been carried over serves what it served, and if that has been carried over too, what that goes on as: whichever of the two
/// came first, in whichever product. One that has been aligned with something else since stays with that.
async fn follow_parents(scope: &mut Scope, org: &str, new: &[String]) -> Result<(), AppError> {
    sqlx::query(
        r#"UPDATE "OKR" o SET "parentId" = next.id FROM "OKR" old, "OKR" next
            WHERE o."organizationId" = $1 AND o."deletedAt" IS NULL AND (o.id = ANY ($2) OR next.id = ANY ($2))
              AND old."organizationId" = $1 AND old.id = o."carriedFromId" AND old."parentId" = o."parentId"
              AND next."organizationId" = $1 AND next."carriedFromId" = o."parentId" AND next."deletedAt" IS NULL"#,
    )
    .bind(org)
    .bind(new)
    .execute(scope.db())
    .await?;
    Ok(())
}
