//! The REST API of the board of ideas.

use serde::Deserialize;
use utoipa::ToSchema;

use super::model::Spot;
use super::store;
use crate::board::rest::{BoardCard, BoardColumn, IdeaPlace};
use crate::idea::model::{Idea, IdeaStatus};
use crate::idea::rest::live;
use crate::idea::store as ideas;
use crate::kernel::role::Perm;
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Api, Call, Filter, Listed};

pub fn routes(api: Api) -> Api {
    let placed = "/orgs/{org}/products/{key}/ideas/{id}/place";
    let columns = "/orgs/{org}/products/{key}/boards/ideas";
    let cards = "/orgs/{org}/products/{key}/boards/ideas/cards";
    api.act(placed, Perm::IdeaReview, "Puts an idea into a column of its board that may follow its own, and there beside another.", place)
        .list(columns, Perm::Read, "The columns of the board of ideas, in order.", columns_of)
        .list(cards, Perm::Read, "The ideas of one column, in the order of the board.", cards_of)
}

/// Which column is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct IdeaColumn {
    status: IdeaStatus,
}

impl Filter for IdeaColumn {}

async fn place(mut call: Call, body: IdeaPlace) -> Answered<Idea> {
    let beside = body.beside()?;
    let idea = live(&mut call).await?;
    let (key, spot) = (call.at("key"), Spot { to: body.status, after: beside.after.clone(), before: beside.before.clone() });
    let as_seen = store::put(&mut call.scope, &key, &idea.id, &spot).await?;
    beside.found(as_seen)?;
    let idea = live(&mut call).await?;
    call.done(idea)
}

async fn columns_of(mut call: Call, _: Whole) -> Answered<Listed<BoardColumn>> {
    let key = call.at("key");
    let product = ideas::product(&mut call.scope, &key).await?;
    let columns = store::columns(&mut call.scope, &product.id, None).await?;
    call.done(Listed::all(BoardColumn::all(columns, &[])))
}

async fn cards_of(mut call: Call, filter: IdeaColumn) -> Answered<Listed<BoardCard>> {
    let (key, place) = (call.at("key"), call.place()?);
    let product = ideas::product(&mut call.scope, &key).await?;
    let cards = store::some(&mut call.scope, &product.id, filter.status, (place.0, place.1 + 1)).await?;
    call.done(Listed::at(place, cards).map(|card| BoardCard::of(card, filter.status.word())))
}
