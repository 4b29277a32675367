//! Server functions for results.

use leptos::prelude::*;
use server_fn::codec::Json;

use crate::experiment::model::{ResultEdit, ResultForm, ResultQuery, ResultsPage};
use crate::kernel::error::AppError;

/// A page of an experiment's results.
#[server(input = Json)]
pub async fn list_results(org: String, product: String, id: String, query: ResultQuery) -> Result<ResultsPage, AppError> {
    use crate::experiment::store::results;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    results::page(&mut scope, &product, &id, &query).await
}

/// One result, to be changed.
#[server(input = Json)]
pub async fn get_result(org: String, product: String, experiment: String, id: String) -> Result<ResultEdit, AppError> {
    use crate::experiment::store::results;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    results::result(&mut scope, &product, &experiment, &id).await
}

/// Adds a result to an experiment that runs.
#[server]
pub async fn add_result(org: String, id: String, form: ResultForm) -> Result<(), AppError> {
    use crate::experiment::store::results;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    results::add(&mut scope, &id, &form).await?;
    scope.commit(()).await
}

/// Changes a result and leads back to the others.
#[server]
pub async fn update_result(org: String, id: String, #[server(default)] version: String, form: ResultForm) -> Result<(), AppError> {
    use crate::experiment::store::results;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    let (product, experiment) = results::update(&mut scope, &id, &version, &form).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/experiments/{experiment}/results"));
    Ok(())
}

/// Takes a result away.
#[server]
pub async fn remove_result(org: String, id: String) -> Result<(), AppError> {
    use crate::experiment::store::results;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    results::remove(&mut scope, &id).await?;
    scope.commit(()).await
}
