//! The server function of the search.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{Found, SearchQuery};
use crate::kernel::error::AppError;

/// What the organisation has of these words.
#[server(input = Json)]
pub async fn find_entries(org: String, query: SearchQuery) -> Result<Found, AppError> {
    use crate::kernel::role::Perm;
    use crate::search::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    store::find(&mut scope, &query.bounded()).await
}
