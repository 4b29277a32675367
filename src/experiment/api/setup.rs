//! Server functions for variants and metrics.

use leptos::prelude::*;
use server_fn::codec::Json;

use crate::experiment::model::{MetricEdit, MetricForm, VariantsForm};
use crate::kernel::error::AppError;

/// Changes all variants of an experiment and leads back to it.
#[server]
pub async fn update_variants(org: String, id: String, #[server(default)] version: String, form: VariantsForm) -> Result<(), AppError> {
    use crate::experiment::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::update_variants(&mut scope, &id, &version, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/experiments/{id}"));
    Ok(())
}

/// One metric.
#[server(input = Json)]
pub async fn get_metric(org: String, product: String, experiment: String, id: String) -> Result<MetricEdit, AppError> {
    use crate::experiment::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let (product, experiment, metric) = store::metric(&mut scope, &product, &experiment, &id).await?;
    Ok(MetricEdit { role: scope.role(), product, experiment, metric })
}

/// Adds a metric to a draft.
#[server]
pub async fn add_metric(org: String, id: String, form: MetricForm) -> Result<(), AppError> {
    use crate::experiment::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    store::add_metric(&mut scope, &id, fields).await?;
    scope.commit(()).await
}

/// Changes a metric and leads back to its experiment.
#[server]
pub async fn update_metric(org: String, id: String, #[server(default)] version: String, form: MetricForm) -> Result<(), AppError> {
    use crate::experiment::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let (product, experiment) = store::update_metric(&mut scope, &id, &version, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/experiments/{experiment}"));
    Ok(())
}

/// Takes a metric out of a draft.
#[server]
pub async fn remove_metric(org: String, id: String) -> Result<(), AppError> {
    use crate::experiment::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    store::remove_metric(&mut scope, &id).await?;
    scope.commit(()).await
}
