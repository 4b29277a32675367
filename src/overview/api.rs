//! Server functions of overviews.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::Overview;
use crate::kernel::error::AppError;

/// The overview of the organisation, or of one product by its key.
#[server(input = Json)]
pub async fn get_overview(org: String, product: Option<String>) -> Result<Overview, AppError> {
    use crate::kernel::role::Perm;
    use crate::overview::store;
    use crate::server::scope::Scope;
    use crate::server::zone;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let days = zone::days(&mut scope).await?;
    store::overview(&mut scope, product.as_deref(), days).await
}
