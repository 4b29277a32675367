//! Server functions for experiments.

pub mod results;
pub mod setup;

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{
    DecisionForm, ExperimentEdit, ExperimentForm, ExperimentList, ExperimentPage, ExperimentQuery, ExperimentStatus, PowerForm, PowerPage,
};
use crate::kernel::error::AppError;

/// A page of a product's experiments.
#[server(input = Json)]
pub async fn list_experiments(org: String, product: String, query: ExperimentQuery) -> Result<ExperimentList, AppError> {
    use crate::experiment::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    store::list(&mut scope, &product, &query).await
}

/// One experiment, deleted or not, with what its data say.
#[server(input = Json)]
pub async fn get_experiment(org: String, product: String, id: String) -> Result<ExperimentPage, AppError> {
    use crate::experiment::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    store::page(&mut scope, &product, &id).await
}

/// What the form of a new experiment is filled from.
#[server(input = Json)]
pub async fn get_new_experiment(org: String, product: String) -> Result<ExperimentEdit, AppError> {
    use crate::experiment::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    store::new(&mut scope, &product).await
}

/// What the forms of an experiment are filled from.
#[server(input = Json)]
pub async fn get_experiment_form(org: String, product: String, id: String) -> Result<ExperimentEdit, AppError> {
    use crate::experiment::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    store::edit(&mut scope, &product, &id).await
}

/// What the power calculator answers.
#[server(input = Json)]
pub async fn get_power(org: String, product: String, form: Option<PowerForm>) -> Result<PowerPage, AppError> {
    use crate::experiment::{stats, store};
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = store::product(&mut scope, &product).await?;
    let answer = form.map(|form| form.question().and_then(|question| stats::power(&question)));
    Ok(PowerPage { role: scope.role(), product, answer })
}

/// Creates a draft and leads to it.
#[server]
pub async fn create_experiment(org: String, product: String, form: ExperimentForm) -> Result<(), AppError> {
    use crate::experiment::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let id = store::create(&mut scope, &product, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/experiments/{id}"));
    Ok(())
}

/// Changes an experiment and leads back to it.
#[server]
pub async fn update_experiment(org: String, id: String, #[server(default)] version: String, form: ExperimentForm) -> Result<(), AppError> {
    use crate::experiment::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::update(&mut scope, &id, &version, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/experiments/{id}"));
    Ok(())
}

/// Moves an experiment to a status that may follow its own.
#[server]
pub async fn move_experiment(org: String, id: String, status: ExperimentStatus) -> Result<(), AppError> {
    use crate::experiment::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    store::set_status(&mut scope, &id, status).await?;
    scope.commit(()).await
}

/// Ends an experiment with a decision.
#[server]
pub async fn complete_experiment(org: String, id: String, form: DecisionForm) -> Result<(), AppError> {
    use crate::experiment::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    store::complete(&mut scope, &id, fields).await?;
    scope.commit(()).await
}

/// Deletes an experiment so that it can be restored.
#[server]
pub async fn delete_experiment(org: String, id: String) -> Result<(), AppError> {
    use crate::experiment::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::set_deleted(&mut scope, &id, true).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/experiments?deleted={id}"));
    Ok(())
}

/// Brings a deleted experiment back and leads to it.
#[server]
pub async fn restore_experiment(org: String, id: String) -> Result<(), AppError> {
    use crate::experiment::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::set_deleted(&mut scope, &id, false).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/experiments/{id}"));
    Ok(())
}
