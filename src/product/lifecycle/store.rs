//! SQL of products' stages.

use std::collections::{HashMap, HashSet};

use super::model::{CriteriaFields, Criterion, MoveForm, StageCriteria, SunsetFields, moves_on, open};
use crate::kernel::error::AppError;
use crate::kernel::version;
use crate::product::model::{Lifecycle, Product};
use crate::product::portfolio::model::{PRODUCTS_MAX, PortfolioQuery};
use crate::product::portfolio::store::asked;
use crate::product::store::locked;
use crate::server::id::new_id;
use crate::server::scope::Scope;
use crate::ui::board::{Card, Column};

/// The exit criteria that a stage has in this organisation.
fn of_stage(stage: Lifecycle, own: &HashMap<Lifecycle, Vec<String>>) -> Vec<String> {
    own.get(&stage).cloned().unwrap_or_else(|| stage.default_criteria().iter().map(|text| (*text).to_owned()).collect())
}

/// The organisation's own criteria, by stage.
async fn own(scope: &mut Scope) -> Result<HashMap<Lifecycle, Vec<String>>, AppError> {
    let org = scope.organization().id.clone();
    let rows: Vec<(Lifecycle, Vec<String>)> =
        sqlx::query_as(r#"SELECT stage, criteria FROM "LifecycleCriteria" WHERE "organizationId" = $1"#)
            .bind(org)
            .fetch_all(scope.db())
            .await?;
    Ok(rows.into_iter().collect())
}

/// All stages with their criteria, in order.
pub async fn stages(scope: &mut Scope) -> Result<Vec<StageCriteria>, AppError> {
    let own = own(scope).await?;
    let stage = |stage| StageCriteria { stage, criteria: of_stage(stage, &own), own: own.contains_key(&stage) };
    Ok(Lifecycle::ALL.map(stage).into())
}

/// Gives a stage criteria that the person saw in this version; none brings those back that come with the program.
///
/// # Errors
/// `Stale` when somebody has changed them meanwhile.
pub async fn set_criteria(scope: &mut Scope, stage: Lifecycle, version: &str, fields: CriteriaFields) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    // The stage may have no row to lock.
    sqlx::query(r#"SELECT FROM "Organization" WHERE id = $1 FOR NO KEY UPDATE"#).bind(&org).execute(scope.db()).await?;
    let stored = CriteriaFields { criteria: of_stage(stage, &own(scope).await?) };
    let wanted = if fields.criteria.is_empty() { of_stage(stage, &HashMap::new()) } else { fields.criteria.clone() };
    version::check(version, &stored, &CriteriaFields { criteria: wanted.clone() })?;
    if wanted == of_stage(stage, &HashMap::new()) {
        let statement = r#"DELETE FROM "LifecycleCriteria" WHERE "organizationId" = $1 AND stage = $2"#;
        sqlx::query(statement).bind(org).bind(stage).execute(scope.db()).await?;
        return Ok(());
    }
    sqlx::query(
        r#"INSERT INTO "LifecycleCriteria" (id, "organizationId", stage, criteria) VALUES ($1, $2, $3, $4)
           ON CONFLICT ("organizationId", stage) DO UPDATE SET criteria = excluded.criteria"#,
    )
    .bind(new_id())
    .bind(org)
    .bind(stage)
    .bind(wanted)
    .execute(scope.db())
    .await?;
    Ok(())
}

/// The exit criteria of the product's stage, and which of them hold.
pub async fn criteria(scope: &mut Scope, product: &Product) -> Result<Vec<Criterion>, AppError> {
    let org = scope.organization().id.clone();
    let defaults: Vec<&str> = product.lifecycle.default_criteria().to_vec();
    Ok(sqlx::query_as(
        r#"SELECT c.criterion, k."createdAt" AS "checkedAt", u.name AS "checkedBy"
             FROM unnest(coalesce((SELECT criteria FROM "LifecycleCriteria" WHERE "organizationId" = $1 AND stage = $3), $4::text[]))
                  WITH ORDINALITY AS c (criterion, place)
             LEFT JOIN "LifecycleCheck" k
                    ON k."organizationId" = $1 AND k."productId" = $2 AND k.stage = $3 AND k.criterion = c.criterion
             LEFT JOIN "User" u ON u.id = k."userId"
            ORDER BY c.place"#,
    )
    .bind(org)
    .bind(&product.id)
    .bind(product.lifecycle)
    .bind(defaults)
    .fetch_all(scope.db())
    .await?)
}

/// Says of a criterion of the live product's stage whether it holds; saying it twice is as good as once.
///
/// # Errors
/// `Conflict` when the stage has no such criterion, for somebody has reworded it or moved the product.
pub async fn tick(scope: &mut Scope, key: &str, criterion: &str, met: bool) -> Result<(), AppError> {
    let product = locked(scope, key).await?;
    if !criteria(scope, &product).await?.iter().any(|known| known.criterion == criterion) {
        return Err(AppError::Conflict("This criterion has been changed, or the product has moved on. Please load the page again.".into()));
    }
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    let statement = match met {
        true => {
            r#"INSERT INTO "LifecycleCheck" (id, "organizationId", "productId", stage, criterion, "userId") VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT ("organizationId", "productId", stage, criterion) DO NOTHING"#
        }
        false => {
            r#"DELETE FROM "LifecycleCheck"
               WHERE id <> $1 AND "organizationId" = $2 AND "productId" = $3 AND stage = $4 AND criterion = $5 AND $6 <> ''"#
        }
    };
    sqlx::query(statement)
        .bind(new_id())
        .bind(org)
        .bind(product.id)
        .bind(product.lifecycle)
        .bind(criterion)
        .bind(user)
        .execute(scope.db())
        .await?;
    Ok(())
}

/// Moves the live product to a stage. A reason for moving on with open criteria is kept, with what was open; the
/// last stage takes a day and a plan, which the person saw in this version.
///
/// # Errors
/// Field errors for what the move needs and the form lacks; `Stale` when somebody has changed day or plan meanwhile.
pub async fn go(scope: &mut Scope, key: &str, to: Lifecycle, version: &str, form: MoveForm) -> Result<(), AppError> {
    let product = locked(scope, key).await?;
    let criteria = criteria(scope, &product).await?;
    let moved = form.validate(product.lifecycle, to, open(&criteria))?;
    if let Some(sunset) = &moved.sunset {
        version::check(version, &SunsetFields::from(&product), sunset)?;
    }
    let sunset = moved.sunset.unwrap_or_else(|| SunsetFields::from(&product));
    sqlx::query(r#"UPDATE "Product" SET lifecycle = $2, "endOfLife" = $3, "sunsetPlan" = nullif($4, '') WHERE id = $1"#)
        .bind(&product.id)
        .bind(to)
        .bind(sunset.end_of_life)
        .bind(sunset.plan)
        .execute(scope.db())
        .await?;
    if let Some(reason) = moved.reason {
        let open: Vec<String> = criteria.into_iter().filter(|criterion| !criterion.is_met()).map(|open| open.criterion).collect();
        note_early_move(scope, &product, to, reason, open).await?;
    }
    Ok(())
}

/// Keeps why a product moved on although these criteria were open.
async fn note_early_move(scope: &mut Scope, product: &Product, to: Lifecycle, reason: String, open: Vec<String>) -> Result<(), AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    sqlx::query(
        r#"INSERT INTO "EarlyMove" (id, "organizationId", "productId", "fromStage", "toStage", reason, "openCriteria", "userId")
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"#,
    )
    .bind(new_id())
    .bind(org)
    .bind(&product.id)
    .bind(product.lifecycle)
    .bind(to)
    .bind(reason)
    .bind(open)
    .bind(user)
    .execute(scope.db())
    .await?;
    Ok(())
}

/// Moves the live product with this key to a stage, its own if none is named, if that needs nothing else.
///
/// # Errors
/// `Conflict` when it does.
pub async fn put(scope: &mut Scope, key: &str, to: Option<Lifecycle>) -> Result<(), AppError> {
    let product = locked(scope, key).await?;
    let Some(to) = to.filter(|to| *to != product.lifecycle) else { return Ok(()) };
    let open = open(&criteria(scope, &product).await?);
    if to == Lifecycle::Sunset {
        return Err(AppError::Conflict("The end needs a day and a plan. Open the product to give them.".into()));
    }
    if moves_on(product.lifecycle, to) && open > 0 {
        return Err(AppError::Conflict(
            "Some exit criteria are open. Open the product to tick them, or to move it on with a reason.".into(),
        ));
    }
    go(scope, key, to, "", MoveForm::default()).await
}

/// The products that are asked for as cards by name, in the column of their stage. Three statements, whatever there is.
pub async fn columns(scope: &mut Scope, query: &PortfolioQuery) -> Result<Vec<Column>, AppError> {
    let org = scope.organization().id.clone();
    let own = own(scope).await?;
    let products: Vec<Product> =
        sqlx::query_as(concat!(r#"SELECT p.* FROM "Product" p WHERE "#, asked!(), " ORDER BY lower(p.name), p.id LIMIT $5"))
            .bind(&org)
            .bind(query.deleted)
            .bind(query.stage)
            .bind(&query.find)
            .bind(PRODUCTS_MAX)
            .fetch_all(scope.db())
            .await?;
    let met: Vec<(String, String)> = sqlx::query_as(
        r#"SELECT k."productId", k.criterion FROM "LifecycleCheck" k
             JOIN "Product" p ON p."organizationId" = $1 AND p.id = k."productId" AND p.lifecycle = k.stage AND (p."deletedAt" IS NOT NULL) = $2
            WHERE k."organizationId" = $1"#,
    )
    .bind(&org)
    .bind(query.deleted)
    .fetch_all(scope.db())
    .await?;
    let met: HashSet<(String, String)> = met.into_iter().collect();
    let column = |stage: Lifecycle| {
        let cards: Vec<Card> = products
            .iter()
            .filter(|product| product.lifecycle == stage)
            .map(|product| card(product, &of_stage(stage, &own), &met))
            .collect();
        Column { key: stage.word().to_owned(), count: cards.len() as i64, cards }
    };
    Ok(Lifecycle::ALL.map(column).into())
}

/// A product's card. It goes by the product's key, as in addresses.
fn card(product: &Product, criteria: &[String], met: &HashSet<(String, String)>) -> Card {
    let done = criteria.iter().filter(|criterion| met.contains(&(product.id.clone(), (*criterion).clone()))).count();
    Card {
        id: product.key.clone(),
        title: product.name.clone(),
        note: format!("{done} of {} criteria met", criteria.len()),
        ..Default::default()
    }
}
