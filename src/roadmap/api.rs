//! Server functions of the roadmap.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{Kind, PlaceForm, Roadmap, RoadmapQuery};
use crate::kernel::error::AppError;

/// A product's roadmap; for the timeline only what has dates, and epics.
#[server(input = Json)]
pub async fn get_roadmap(org: String, product: String, query: RoadmapQuery) -> Result<Roadmap, AppError> {
    use crate::kernel::role::Perm;
    use crate::roadmap::model::View;
    use crate::roadmap::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = store::product(&mut scope, &product).await?;
    let (items, more) = store::items(&mut scope, &product.id, query.view == View::Timeline).await?;
    let waiting = store::waiting(&mut scope, &product.id, &items).await?;
    let today = store::today(&mut scope).await?;
    Ok(Roadmap { role: scope.role(), product, items, more, waiting, today })
}

/// Gives an epic, feature or release these dates, and no others, unless somebody has moved it since this version was seen.
#[server]
pub async fn place_item(
    org: String,
    product: String,
    kind: Kind,
    id: String,
    #[server(default)] version: String,
    form: PlaceForm,
) -> Result<(), AppError> {
    use crate::roadmap::store;
    use crate::server::scope::Scope;

    let span = form.validate()?;
    let mut scope = Scope::require(&org, kind.perm()).await?;
    store::place(&mut scope, &product, kind, &id, &version, span).await?;
    scope.commit(()).await
}
