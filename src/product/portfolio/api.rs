//! Server functions of the portfolio. That of its board is among those of the stages.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{Portfolio, PortfolioQuery, PortfolioTimeline};
use crate::kernel::error::AppError;

/// The organisation's products that are asked for, in the order that is asked for.
#[server(input = Json)]
pub async fn list_products(org: String, query: PortfolioQuery) -> Result<Portfolio, AppError> {
    use crate::kernel::role::Perm;
    use crate::product::portfolio::{model, store};
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let mut products = store::products(&mut scope, &query).await?;
    model::sort(&mut products, &query);
    Ok(Portfolio { role: scope.role(), products })
}

/// The organisation's products that are asked for, with their epics, dated features and releases.
#[server(input = Json)]
pub async fn get_portfolio_timeline(org: String, query: PortfolioQuery) -> Result<PortfolioTimeline, AppError> {
    use crate::kernel::role::Perm;
    use crate::product::portfolio::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    store::timeline(&mut scope, &query).await
}
