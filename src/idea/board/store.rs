//! SQL of the board of ideas.

use super::model::Spot;
use crate::idea::model::{IdeaStatus, shown};
use crate::kernel::error::AppError;
use crate::server::board::{self, CardRow, Table};
use crate::server::scope::Scope;
use crate::ui::board::{CARDS_FIRST, CARDS_MORE, Card, Column};

/// A lane of this board is a tag, and a move leaves tags alone.
const TABLE: Table = crate::board_table!(
    r#""Idea""#, r#""IdeaStatus""#,
    shows: r#"x.tags, x."riceScore" AS number, NULL::text AS priority"#,
    in_lane: ["$4 = ANY(x.tags)", "$3 = ANY(x.tags)"],
    lane_exists: "true",
    sets: ["", ""]
);

/// The plan of the first cards, run.
#[cfg(test)]
pub const EXPLAIN_CARDS: &str = crate::board_cards!(
    "EXPLAIN (ANALYZE, FORMAT JSON) ",
    r#""Idea""#,
    "$4 = ANY(x.tags)",
    r#"x.tags, x."riceScore" AS number, NULL::text AS priority"#
);

/// The plan of finding a place, run.
#[cfg(test)]
pub const EXPLAIN_GAP: &str = crate::board_gap!("EXPLAIN (ANALYZE, FORMAT JSON) ", r#""Idea""#);

fn card(row: CardRow) -> Card {
    Card {
        id: row.id,
        title: row.title,
        number: row.item_number,
        tags: row.tags,
        note: format!("RICE {}", shown(row.number)),
        ..Default::default()
    }
}

/// Every column with its number of cards and the first of them.
pub async fn columns(scope: &mut Scope, product_id: &str, tag: Option<&str>) -> Result<Vec<Column>, AppError> {
    let words = IdeaStatus::ALL.map(IdeaStatus::word);
    let counts = board::counts(scope, &TABLE, product_id, tag).await?;
    let rows = board::cards(scope, &TABLE, product_id, tag, &words, (0, CARDS_FIRST)).await?;
    let cards = rows.into_iter().map(|row| (row.board_column.clone(), card(row)));
    Ok(Column::all(&words, counts, cards))
}

/// The cards of a column from a place on.
pub async fn cards(scope: &mut Scope, product_id: &str, tag: Option<&str>, column: IdeaStatus, from: i64) -> Result<Vec<Card>, AppError> {
    let rows = board::cards(scope, &TABLE, product_id, tag, &[column.word()], (from, CARDS_MORE)).await?;
    Ok(rows.into_iter().map(card).collect())
}

/// The cards of a column from a place on, so many at most.
pub async fn some(scope: &mut Scope, product_id: &str, column: IdeaStatus, (from, most): (i64, i64)) -> Result<Vec<Card>, AppError> {
    let rows = board::cards(scope, &TABLE, product_id, None, &[column.word()], (from, most as usize)).await?;
    Ok(rows.into_iter().map(card).collect())
}

/// Moves a live idea's card on the board of the product with this key. Tells whether the cards that were named were still there.
///
/// # Errors
/// `Conflict` when the idea is deleted, or the column's status may not follow the idea's present one; `NotFound` when it is of
/// another product.
pub async fn put(scope: &mut Scope, product_key: &str, id: &str, spot: &Spot) -> Result<bool, AppError> {
    let spot = board::Spot {
        to: spot.to.map(IdeaStatus::word),
        after: spot.after.as_deref(),
        before: spot.before.as_deref(),
        ..Default::default()
    };
    board::put(scope, &TABLE, "idea", product_key, id, spot, |from, to| super::model::column(from)?.may_become(super::model::column(to)?))
        .await
}
