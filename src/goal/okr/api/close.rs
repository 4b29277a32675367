//! Server functions for the end of a quarter.

use leptos::prelude::*;
use server_fn::codec::Json;

use crate::goal::okr::model::{CloseForm, ClosePage, Quarter};
use crate::kernel::error::AppError;

/// What is worked on still in a quarter of a product; in the present one without a quarter.
#[server(input = Json)]
pub async fn get_closing(org: String, product: String, quarter: Option<Quarter>) -> Result<ClosePage, AppError> {
    use crate::goal::okr::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::server::zone::days;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::product(&mut scope, &product).await?;
    let quarter = match quarter {
        Some(quarter) => quarter,
        None => Quarter::of(days(&mut scope).await?.today),
    };
    let okrs = store::close::list(&mut scope, &product.id, quarter).await?;
    Ok(ClosePage { product, quarter, okrs })
}

/// Closes a quarter of a product and leads to the list of its objectives.
#[server]
pub async fn close_quarter(org: String, product: String, quarter: String, #[server(default)] form: CloseForm) -> Result<(), AppError> {
    use crate::goal::okr::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate(&quarter)?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    store::close::close(&mut scope, &product, &fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/okrs?closed={}", fields.quarter.word()));
    Ok(())
}
