//! What stands on a board, and in which order.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::board::model::BoardKind;
use crate::board::store;
use crate::feature::model::FeatureStatus;
use crate::kernel::priority::Priority;
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Call, Filter, Listed};
use crate::task::model::TaskStatus;
use crate::ui::board::{Card, Column};

/// A column of a board.
#[derive(Serialize, ToSchema)]
pub struct BoardColumn {
    /// The status that its cards have.
    status: String,
    /// How many cards it has.
    cards: i64,
    /// How many it is to hold at most, if somebody has said.
    limit: Option<i32>,
}

impl BoardColumn {
    /// The columns, with these limits by their names.
    pub fn all(columns: Vec<Column>, limits: &[(String, i32)]) -> Vec<BoardColumn> {
        let limit = |column: &str| limits.iter().find(|(name, _)| name == column).map(|(_, limit)| *limit);
        columns.into_iter().map(|column| BoardColumn { limit: limit(&column.key), status: column.key, cards: column.count }).collect()
    }
}

/// A card of a board.
#[derive(Serialize, ToSchema)]
pub struct BoardCard {
    id: String,
    /// Its number among the items of its product.
    number: Option<i32>,
    title: String,
    status: String,
    /// Of a feature or a task.
    priority: Option<Priority>,
    /// Of an idea.
    tags: Vec<String>,
}

impl BoardCard {
    /// The card, which stands in this column.
    pub fn of(card: Card, status: &str) -> BoardCard {
        let Card { id, number, title, tags, priority, .. } = card;
        BoardCard { id, number, title, status: status.to_owned(), priority: Priority::parse(&priority), tags }
    }
}

/// Which column is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeatureColumn {
    status: FeatureStatus,
}

impl Filter for FeatureColumn {}

/// Which column is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskColumn {
    status: TaskStatus,
}

impl Filter for TaskColumn {}

async fn columns(mut call: Call, kind: BoardKind) -> Answered<Listed<BoardColumn>> {
    let key = call.at("key");
    let board = store::page(&mut call.scope, &key, kind, None).await?;
    call.done(Listed::all(BoardColumn::all(board.columns, &board.limits)))
}

async fn cards(mut call: Call, kind: BoardKind, status: &str) -> Answered<Listed<BoardCard>> {
    let (key, place) = (call.at("key"), call.place()?);
    let cards = store::some(&mut call.scope, &key, kind, status, (place.0, place.1 + 1)).await?;
    call.done(Listed::at(place, cards).map(|card| BoardCard::of(card, status)))
}

pub async fn columns_of_features(call: Call, _: Whole) -> Answered<Listed<BoardColumn>> {
    columns(call, BoardKind::Features).await
}

pub async fn columns_of_tasks(call: Call, _: Whole) -> Answered<Listed<BoardColumn>> {
    columns(call, BoardKind::Tasks).await
}

pub async fn features(call: Call, filter: FeatureColumn) -> Answered<Listed<BoardCard>> {
    cards(call, BoardKind::Features, filter.status.word()).await
}

pub async fn tasks(call: Call, filter: TaskColumn) -> Answered<Listed<BoardCard>> {
    cards(call, BoardKind::Tasks, filter.status.word()).await
}
