//! Server functions for the values of KPIs.

use leptos::prelude::*;
use server_fn::codec::Json;

use crate::goal::kpi::model::{PointForm, PointPage};
use crate::kernel::error::AppError;

/// Enters a value of a day that has none yet.
#[server]
pub async fn record_kpi_point(org: String, id: String, form: PointForm) -> Result<(), AppError> {
    use crate::goal::kpi::store::{self, point};
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    let today = store::today(&mut scope).await?;
    let fields = form.validate(today)?;
    point::enter(&mut scope, &id, fields.into()).await?;
    scope.commit(()).await
}

/// One value, for putting it right.
#[server(input = Json)]
pub async fn get_kpi_point(org: String, product: String, kpi: String, id: String) -> Result<PointPage, AppError> {
    use crate::goal::kpi::store::point;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    point::get(&mut scope, &product, &kpi, &id).await
}

/// Puts a value right and leads back to its KPI.
#[server]
pub async fn update_kpi_point(org: String, id: String, #[server(default)] version: String, form: PointForm) -> Result<(), AppError> {
    use crate::goal::kpi::store::{self, point};
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    let today = store::today(&mut scope).await?;
    let fields = form.validate(today)?;
    let (product, kpi) = point::update(&mut scope, &id, &version, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/kpis/{kpi}"));
    Ok(())
}

/// Removes a value.
#[server]
pub async fn remove_kpi_point(org: String, id: String) -> Result<(), AppError> {
    use crate::goal::kpi::store::point;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    point::remove(&mut scope, &id).await?;
    scope.commit(()).await
}
