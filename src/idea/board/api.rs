//! Server functions of the board of ideas.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::BoardPage;
use crate::kernel::error::AppError;
use crate::ui::board::Card;

/// A product's board: how many ideas are in each column, and the first of them.
#[server(input = Json)]
pub async fn idea_board(org: String, product: String, tag: Option<String>) -> Result<BoardPage, AppError> {
    use crate::idea::board::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = crate::idea::store::product(&mut scope, &product).await?;
    let columns = store::columns(&mut scope, &product.id, tag.as_deref()).await?;
    Ok(BoardPage { role: scope.role(), product, columns })
}

/// Further cards of a column, from a place on, counted from 0.
#[server(input = Json)]
pub async fn idea_cards(org: String, product: String, tag: Option<String>, column: String, from: i64) -> Result<Vec<Card>, AppError> {
    use crate::idea::board::{model, store};
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = crate::idea::store::product(&mut scope, &product).await?;
    store::cards(&mut scope, &product.id, tag.as_deref(), model::column(&column)?, from).await
}

/// Puts an idea's card down in a column, its own if none is named: below the card `after` or, if that is not there any more,
/// above the card `before`, else at the top. Tells whether the cards that were named were still there; the board is to be
/// read again if not. Doing it twice is as good as once.
#[server]
pub async fn move_card(
    org: String,
    product: String,
    id: String,
    #[server(default)] to: Option<String>,
    #[server(default)] after: Option<String>,
    #[server(default)] before: Option<String>,
) -> Result<bool, AppError> {
    use crate::idea::board::{model, store};
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::IdeaReview).await?;
    let spot = model::Spot { to: to.as_deref().map(model::column).transpose()?, after, before };
    let as_seen = store::put(&mut scope, &product, &id, &spot).await?;
    scope.commit(as_seen).await
}
