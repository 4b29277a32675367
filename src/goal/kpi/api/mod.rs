//! Server functions for KPIs.

pub mod alert;
pub mod point;

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{ChartQuery, KpiEditing, KpiForm, KpiList, KpiPage, KpiQuery};
use crate::kernel::error::AppError;
use crate::kernel::page::Cursor;

/// A page of a product's KPIs.
#[server(input = Json)]
pub async fn list_kpis(org: String, product: String, query: KpiQuery) -> Result<KpiList, AppError> {
    use crate::goal::kpi::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = store::product(&mut scope, &product).await?;
    let today = store::today(&mut scope).await?;
    let page = store::list(&mut scope, &product.id, &query).await?;
    Ok(KpiList { role: scope.role(), product, today, page })
}

/// One KPI, deleted or not, with its chart and a page of its values.
#[server(input = Json)]
pub async fn get_kpi(org: String, product: String, id: String, chart: ChartQuery, at: Option<Cursor>) -> Result<KpiPage, AppError> {
    use crate::goal::kpi::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    store::page(&mut scope, &product, &id, chart, at.as_ref()).await
}

/// What the form of a KPI begins with; without an id of a new one.
#[server(input = Json)]
pub async fn get_kpi_form(org: String, product: String, id: Option<String>) -> Result<KpiEditing, AppError> {
    use crate::goal::kpi::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    store::editing(&mut scope, &product, id.as_deref()).await
}

/// Creates a KPI and leads to it.
#[server]
pub async fn create_kpi(org: String, product: String, form: KpiForm) -> Result<(), AppError> {
    use crate::goal::kpi::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let id = store::create(&mut scope, &product, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/kpis/{id}"));
    Ok(())
}

/// Changes a KPI and leads back to it.
#[server]
pub async fn update_kpi(org: String, id: String, #[server(default)] version: String, form: KpiForm) -> Result<(), AppError> {
    use crate::goal::kpi::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::update(&mut scope, &id, &version, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/kpis/{id}"));
    Ok(())
}

/// Deletes a KPI so that it can be restored.
#[server]
pub async fn delete_kpi(org: String, id: String) -> Result<(), AppError> {
    use crate::goal::kpi::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::set_deleted(&mut scope, &id, true).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/kpis?deleted={id}"));
    Ok(())
}

/// Brings a deleted KPI back and leads to it.
#[server]
pub async fn restore_kpi(org: String, id: String) -> Result<(), AppError> {
    use crate::goal::kpi::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::set_deleted(&mut scope, &id, false).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/kpis/{id}"));
    Ok(())
}
