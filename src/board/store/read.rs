//! What a board shows.

use std::collections::HashMap;

use super::extra::extra;
use super::lanes::lane_names;
use super::tables::table;
use crate::board::model::{BoardKind, BoardPage, Lanes, note};
use crate::kernel::error::AppError;
use crate::kernel::priority::Priority;
use crate::product::model::ProductName;
use crate::server::board::{self, CardRow};
use crate::server::scope::Scope;
use crate::ui::board::{CARDS_FIRST, CARDS_MORE, Card, Column, LaneName, cell};

/// A row as a card.
pub fn card(row: CardRow) -> Card {
    let priority = row.priority.as_deref().and_then(Priority::parse);
    Card {
        id: row.id,
        title: row.title,
        number: row.item_number,
        tags: row.tags,
        note: note(priority, row.number),
        priority: row.priority.unwrap_or_default(),
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

/// The board of the product with this key: how many cards are in each column, or in each column of each lane, and the first.
pub async fn page(scope: &mut Scope, product_key: &str, kind: BoardKind, lanes: Option<Lanes>) -> Result<BoardPage, AppError> {
    let product = product(scope, product_key).await?;
    let limits = super::limits(scope, &product.id, kind).await?;
    let lanes = lanes.filter(|lanes| kind.lanes().contains(lanes));
    let Some(of) = lanes else {
        let columns = columns(scope, &product.id, kind).await?;
        return Ok(BoardPage { role: scope.role(), product, lanes: Vec::new(), lanes_cut: false, columns, limits });
    };
    let (lanes, lanes_cut) = lane_names(scope, &product.id, kind, of).await?;
    let columns = cells(scope, &product.id, kind, of, &lanes).await?;
    Ok(BoardPage { role: scope.role(), product, lanes, lanes_cut, columns, limits })
}

async fn columns(scope: &mut Scope, product_id: &str, kind: BoardKind) -> Result<Vec<Column>, AppError> {
    let words: Vec<&str> = kind.columns().into_iter().map(|(word, _)| word).collect();
    let counts = board::counts(scope, table(kind), product_id, None).await?;
    let rows = board::cards(scope, table(kind), product_id, None, &words, (0, CARDS_FIRST)).await?;
    let cards = rows.into_iter().map(|row| (row.board_column.clone(), card(row)));
    Ok(Column::all(&words, counts, cards))
}

/// A card's row with the lane that it is in, and how many are in its column of that lane.
#[derive(sqlx::FromRow)]
struct CellRow {
    lane: String,
    total: i64,
    #[sqlx(flatten)]
    card: CardRow,
}

async fn cells(scope: &mut Scope, product_id: &str, kind: BoardKind, of: Lanes, lanes: &[LaneName]) -> Result<Vec<Column>, AppError> {
    let org = scope.organization().id.clone();
    let keys: Vec<&str> = lanes.iter().map(|lane| lane.key.as_str()).collect();
    let rows: Vec<CellRow> = sqlx::query_as(extra(kind).cells)
        .bind(org)
        .bind(product_id)
        .bind(of.word())
        .bind(CARDS_FIRST as i64)
        .bind(keys)
        .fetch_all(scope.db())
        .await?;
    let mut found: HashMap<String, Column> = HashMap::new();
    for row in rows {
        let column = found.entry(cell(&row.card.board_column, &row.lane)).or_default();
        column.count = row.total;
        column.cards.push(card(row.card));
    }
    let columns = kind.columns();
    let all = lanes.iter().flat_map(|lane| columns.iter().map(|(word, _)| cell(word, &lane.key)));
    Ok(all
        .map(|key| found.remove(&key).map(|column| Column { key: key.clone(), ..column }).unwrap_or(Column { key, ..Default::default() }))
        .collect())
}

/// The cards of a column from a place on, in one lane if one is named.
pub async fn cards(
    scope: &mut Scope,
    product_key: &str,
    kind: BoardKind,
    column: &str,
    lane: Option<&str>,
    from: i64,
) -> Result<Vec<Card>, AppError> {
    let product = product(scope, product_key).await?;
    let column = kind.column(column)?;
    let rows = board::cards(scope, table(kind), &product.id, lane, &[column], (from, CARDS_MORE)).await?;
    Ok(rows.into_iter().map(card).collect())
}

/// The cards of a column from a place on, so many at most.
pub async fn some(
    scope: &mut Scope,
    product_key: &str,
    kind: BoardKind,
    column: &str,
    (from, most): (i64, i64),
) -> Result<Vec<Card>, AppError> {
    let product = product(scope, product_key).await?;
    let rows = board::cards(scope, table(kind), &product.id, None, &[column], (from, most as usize)).await?;
    Ok(rows.into_iter().map(card).collect())
}
