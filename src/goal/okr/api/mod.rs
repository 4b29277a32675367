//! Server functions for objectives.

pub mod close;
pub mod objective;
pub mod result;

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{OkrForm, OkrFormPage, OkrList, OkrPage, OkrQuery, OkrStatus};
use crate::kernel::error::AppError;

/// A page of a product's objectives.
#[server(input = Json)]
pub async fn list_okrs(org: String, product: String, query: OkrQuery) -> Result<OkrList, AppError> {
    use crate::goal::okr::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::server::zone::days;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = store::product(&mut scope, &product).await?;
    let today = days(&mut scope).await?.today;
    let page = store::list(&mut scope, &product.id, &query, today).await?;
    let people = store::people(&mut scope, None).await?;
    let quarters = store::quarters(&mut scope, &product.id).await?;
    Ok(OkrList { role: scope.role(), product, page, people, quarters, today })
}

/// One objective, deleted or not, with its key results and what it is tied to.
#[server(input = Json)]
pub async fn get_okr(org: String, product: String, id: String) -> Result<OkrPage, AppError> {
    use crate::goal::okr::store;
    use crate::kernel::role::Perm;
    use crate::reference::store as references;
    use crate::server::scope::Scope;
    use crate::server::zone::days;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = store::product(&mut scope, &product).await?;
    let okr = store::get(&mut scope, &product.id, &id).await?;
    let results = store::result::list(&mut scope, &okr.id).await?;
    let links = store::links(&mut scope, &okr).await?;
    let today = days(&mut scope).await?.today;
    let named = references::links(&mut scope, [okr.description.as_deref().unwrap_or_default()]).await?;
    Ok(OkrPage { role: scope.role(), product, okr, results, links, today, named })
}

/// What the form of an objective is filled from; of a new one without an id.
#[server(input = Json)]
pub async fn get_okr_form(org: String, product: String, id: Option<String>) -> Result<OkrFormPage, AppError> {
    use crate::goal::okr::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::server::zone::days;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::product(&mut scope, &product).await?;
    let okr = match id {
        Some(id) => Some(store::get(&mut scope, &product.id, &id).await?),
        None => None,
    };
    let people = store::people(&mut scope, okr.as_ref().map(|okr| okr.owner_id.as_str())).await?;
    let (own, also) = (okr.as_ref().map(|okr| okr.id.as_str()), okr.as_ref().and_then(|okr| okr.served()).map(String::as_str));
    let parents = store::parents(&mut scope, own, also).await?;
    let (me, today) = (scope.user().id.clone(), days(&mut scope).await?.today);
    Ok(OkrFormPage { product, okr, people, parents, me, today })
}

/// Creates an objective and leads to it.
#[server]
pub async fn create_okr(org: String, product: String, form: OkrForm) -> Result<(), AppError> {
    use crate::goal::okr::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let id = store::create(&mut scope, &product, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/okrs/{id}"));
    Ok(())
}

/// Changes an objective and leads back to it.
#[server]
pub async fn update_okr(org: String, id: String, #[server(default)] version: String, form: OkrForm) -> Result<(), AppError> {
    use crate::goal::okr::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::update(&mut scope, &id, &version, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/okrs/{id}"));
    Ok(())
}

/// Moves an objective to a status that may follow its own.
#[server]
pub async fn move_okr(org: String, id: String, status: OkrStatus) -> Result<(), AppError> {
    use crate::goal::okr::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    store::set_status(&mut scope, &id, status).await?;
    scope.commit(()).await
}

/// Deletes an objective so that it can be restored.
#[server]
pub async fn delete_okr(org: String, id: String) -> Result<(), AppError> {
    use crate::goal::okr::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::set_deleted(&mut scope, &id, true).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/okrs?deleted={id}"));
    Ok(())
}

/// Brings a deleted objective back and leads to it.
#[server]
pub async fn restore_okr(org: String, id: String) -> Result<(), AppError> {
    use crate::goal::okr::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::set_deleted(&mut scope, &id, false).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/okrs/{id}"));
    Ok(())
}
