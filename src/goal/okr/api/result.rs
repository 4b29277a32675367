//! Server functions for key results and check-ins.

use leptos::prelude::*;
use server_fn::codec::Json;

use crate::goal::okr::model::{CheckInForm, RemoveForm, ResultForm, ResultPage};
use crate::kernel::error::AppError;
use crate::kernel::page::Cursor;

/// One key result with a page of its check-ins.
#[server(input = Json)]
pub async fn get_key_result(org: String, product: String, okr: String, id: String, at: Option<Cursor>) -> Result<ResultPage, AppError> {
    use crate::goal::okr::store::{self, result};
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = store::product(&mut scope, &product).await?;
    let okr = store::get(&mut scope, &product.id, &okr).await?;
    let found = result::get(&mut scope, &okr.id, &id).await?;
    let check_ins = result::check_ins(&mut scope, &id, at.as_ref()).await?;
    Ok(ResultPage { role: scope.role(), product, okr, result: found, check_ins })
}

/// Adds a key result to an objective.
#[server]
pub async fn add_key_result(org: String, id: String, form: ResultForm) -> Result<(), AppError> {
    use crate::goal::okr::store::result;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    result::add(&mut scope, &id, fields).await?;
    scope.commit(()).await
}

/// Changes a key result and leads back to it.
#[server]
pub async fn update_key_result(org: String, id: String, #[server(default)] version: String, form: ResultForm) -> Result<(), AppError> {
    use crate::goal::okr::store::result;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let (product, okr) = result::update(&mut scope, &id, &version, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/okrs/{okr}/results/{id}"));
    Ok(())
}

/// Takes a key result away for good and leads to its objective.
#[server]
pub async fn remove_key_result(org: String, id: String, #[server(default)] form: RemoveForm) -> Result<(), AppError> {
    use crate::goal::okr::store::result;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let (product, okr) = result::remove(&mut scope, &id, !form.confirmed.is_empty()).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/okrs/{okr}"));
    Ok(())
}

/// Says where a key result stands now.
#[server]
pub async fn check_in(org: String, id: String, form: CheckInForm) -> Result<(), AppError> {
    use crate::goal::okr::store::result;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    result::check_in(&mut scope, &id, fields).await?;
    scope.commit(()).await
}
