//! What is done on a board. That ideas follow their features is the database's own work.

use super::extra::extra;
use super::read::card;
use super::tables::table;
use crate::board::model::{BoardKind, CardFields, ManyFields, QuickFields};
use crate::kernel::error::AppError;
use crate::kernel::version;
use crate::server::board::{self, CardRow, Spot};
use crate::server::id::new_id;
use crate::server::scope::Scope;
use crate::ui::board::Card;

/// Moves a live card of the product with this key. Tells whether the cards that were named were still there. Done twice it is
/// done once.
///
/// # Errors
/// `Conflict` when it is deleted, `NotFound` when it is of another product and for a lane that is not there.
pub async fn put(scope: &mut Scope, product_key: &str, kind: BoardKind, id: &str, spot: Spot<'_>) -> Result<bool, AppError> {
    board::put(scope, table(kind), kind.noun(), product_key, id, spot, |_, _| Ok(())).await
}

/// Adds a card at the end of a column of the live product with this key.
pub async fn add(scope: &mut Scope, product_key: &str, kind: BoardKind, fields: QuickFields) -> Result<Card, AppError> {
    let org = scope.organization().id.clone();
    let row: CardRow = sqlx::query_as(extra(kind).add)
        .bind(org)
        .bind(product_key)
        .bind(fields.lane)
        .bind(new_id())
        .bind(fields.title)
        .bind(fields.column)
        .fetch_one(scope.db())
        .await?;
    Ok(card(row))
}

/// What a change has to know of a card.
#[derive(sqlx::FromRow)]
struct Locked {
    id: String,
    deleted: bool,
    title: String,
    priority: String,
}

/// Which of these are no live cards of the product with this key, by their places; those that are, are locked.
pub async fn strange(scope: &mut Scope, product_key: &str, kind: BoardKind, ids: &[String]) -> Result<Vec<usize>, AppError> {
    let org = scope.organization().id.clone();
    let cards: Vec<Locked> = sqlx::query_as(extra(kind).locked).bind(org).bind(ids).bind(product_key).fetch_all(scope.db()).await?;
    let is_live = |id: &String| cards.iter().any(|card| card.id == *id && !card.deleted);
    Ok(ids.iter().enumerate().filter(|(_, id)| !is_live(id)).map(|(at, _)| at).collect())
}

/// Locks live cards of the product with this key until the transaction ends, all of them.
async fn lock(scope: &mut Scope, product_key: &str, kind: BoardKind, ids: &[String]) -> Result<Vec<Locked>, AppError> {
    let org = scope.organization().id.clone();
    let cards: Vec<Locked> = sqlx::query_as(extra(kind).locked).bind(org).bind(ids).bind(product_key).fetch_all(scope.db()).await?;
    if cards.len() < ids.len() {
        return Err(AppError::NotFound);
    }
    match cards.iter().any(|card| card.deleted) {
        true => Err(AppError::Conflict(format!("This {} has been deleted. Restore it to change it.", kind.noun()))),
        false => Ok(cards),
    }
}

/// Changes the title and priority of a live card of the product with this key that the person saw in this version.
///
/// # Errors
/// `Stale` when somebody has changed them meanwhile, `NotFound` when it is of another product.
pub async fn change(
    scope: &mut Scope,
    product_key: &str,
    kind: BoardKind,
    id: &str,
    version: &str,
    fields: CardFields,
) -> Result<Card, AppError> {
    for Locked { title, priority, .. } in lock(scope, product_key, kind, &[id.to_owned()]).await? {
        let typed = Card { title: fields.title.clone(), priority: fields.priority.word().into(), ..Default::default() };
        version::check(version, &Card { title, priority, ..Default::default() }, &typed)?;
    }
    let org = scope.organization().id.clone();
    let row: CardRow =
        sqlx::query_as(extra(kind).change).bind(org).bind(id).bind(fields.title).bind(fields.priority).fetch_one(scope.db()).await?;
    Ok(card(row))
}

/// Moves live cards of the product with this key to the end of a column, in the order in which they stand, or sets their priority.
///
/// # Errors
/// `NotFound` when one of them is not there, or of another product.
pub async fn change_many(scope: &mut Scope, product_key: &str, kind: BoardKind, fields: ManyFields) -> Result<(), AppError> {
    lock(scope, product_key, kind, &fields.ids).await?;
    let org = scope.organization().id.clone();
    sqlx::query(extra(kind).change_many).bind(org).bind(fields.ids).bind(fields.column).bind(fields.priority).execute(scope.db()).await?;
    Ok(())
}
