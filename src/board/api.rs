//! Server functions of the boards of features and of tasks.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{BoardKind, BoardPage, CardForm, Lanes, LimitsForm, ManyForm, QuickForm};
use crate::kernel::error::AppError;
use crate::ui::board::Card;

/// A product's board, in lanes if they are asked for.
#[server(input = Json)]
pub async fn delivery_board(org: String, product: String, kind: BoardKind, lanes: Option<Lanes>) -> Result<BoardPage, AppError> {
    use crate::board::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    store::page(&mut scope, &product, kind, lanes).await
}

/// Further cards of a column, of one lane if one is named, from a place on, counted from 0.
#[server(input = Json)]
pub async fn delivery_cards(
    org: String,
    product: String,
    kind: BoardKind,
    column: String,
    lane: Option<String>,
    from: i64,
) -> Result<Vec<Card>, AppError> {
    use crate::board::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    store::cards(&mut scope, &product, kind, &column, lane.as_deref(), from).await
}

/// Puts a card down in a column and a lane, its own if none is named: below the card `after` or, if that is not there any
/// more, above the card `before`, else at the top. Tells whether the cards that were named were still there; the board is to
/// be read again if not. Doing it twice is as good as once.
#[server]
pub async fn place_card(
    org: String,
    product: String,
    kind: BoardKind,
    id: String,
    #[server(default)] to: Option<String>,
    #[server(default)] lane: Option<String>,
    #[server(default)] after: Option<String>,
    #[server(default)] before: Option<String>,
) -> Result<bool, AppError> {
    use crate::board::store;
    use crate::server::board::Spot;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, kind.perm()).await?;
    let to = to.as_deref().map(|word| kind.column(word)).transpose()?;
    let spot = Spot { to, lane: lane.as_deref(), after: after.as_deref(), before: before.as_deref() };
    let as_seen = store::put(&mut scope, &product, kind, &id, spot).await?;
    scope.commit(as_seen).await
}

/// Adds a card at a column's end.
#[server]
pub async fn quick_add(org: String, product: String, kind: BoardKind, form: QuickForm) -> Result<Card, AppError> {
    use crate::board::store;
    use crate::server::scope::Scope;

    let fields = form.validate(kind)?;
    let mut scope = Scope::require(&org, kind.perm()).await?;
    let card = store::add(&mut scope, &product, kind, fields).await?;
    scope.commit(card).await
}

/// Changes a card's title and priority.
#[server]
pub async fn change_card(
    org: String,
    product: String,
    kind: BoardKind,
    id: String,
    #[server(default)] version: String,
    form: CardForm,
) -> Result<Card, AppError> {
    use crate::board::store;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, kind.perm()).await?;
    let card = store::change(&mut scope, &product, kind, &id, &version, fields).await?;
    scope.commit(card).await
}

/// Moves many cards to a column's end, or sets their priority.
#[server]
pub async fn change_cards(org: String, product: String, kind: BoardKind, form: ManyForm) -> Result<(), AppError> {
    use crate::board::store;
    use crate::server::scope::Scope;

    let fields = form.validate(kind)?;
    let mut scope = Scope::require(&org, kind.perm()).await?;
    store::change_many(&mut scope, &product, kind, fields).await?;
    scope.commit(()).await
}

/// Sets how many cards each column is to hold at most, unless somebody has done so since this version was seen.
#[server]
pub async fn set_board_limits(
    org: String,
    product: String,
    kind: BoardKind,
    #[server(default)] version: String,
    form: LimitsForm,
) -> Result<(), AppError> {
    use crate::board::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let limits = form.validate(kind)?;
    let mut scope = Scope::require(&org, Perm::ProductWrite).await?;
    store::set_limits(&mut scope, &product, kind, &version, &limits).await?;
    scope.commit(()).await
}
