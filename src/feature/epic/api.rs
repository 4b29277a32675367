//! Server functions for epics.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{EpicForm, EpicList, EpicPage, EpicQuery, EpicStatus};
use crate::kernel::error::AppError;
use crate::kernel::page::Cursor;

/// A page of a product's epics.
#[server(input = Json)]
pub async fn list_epics(org: String, product: String, query: EpicQuery) -> Result<EpicList, AppError> {
    use crate::feature::epic::store;
    use crate::feature::store::product as named;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = named(&mut scope, &product).await?;
    let page = store::list(&mut scope, &product.id, &query).await?;
    Ok(EpicList { role: scope.role(), product, page })
}

/// One epic, deleted or not, with a page of its features; for those who write features also the product's others whose titles hold
/// the words of `find`.
#[server(input = Json)]
pub async fn get_epic(org: String, product: String, id: String, at: Option<Cursor>, find: String) -> Result<EpicPage, AppError> {
    use crate::feature::epic::store;
    use crate::feature::store as features;
    use crate::kernel::role::Perm;
    use crate::reference::store as references;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = features::product(&mut scope, &product).await?;
    let epic = store::get(&mut scope, &product.id, &id).await?;
    let page = features::of_epic(&mut scope, &epic.id, at.as_ref()).await?;
    let find = if scope.can(Perm::FeatureWrite) { find } else { String::new() };
    let found = features::find(&mut scope, &product.id, &find, None, Some(&epic.id)).await?;
    let named = references::links(&mut scope, [epic.description.as_str()]).await?;
    Ok(EpicPage { role: scope.role(), product, epic, features: page, found, named })
}

/// Creates an epic and leads to it.
#[server]
pub async fn create_epic(org: String, product: String, form: EpicForm) -> Result<(), AppError> {
    use crate::feature::epic::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let id = store::create(&mut scope, &product, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/epics/{id}"));
    Ok(())
}

/// Changes an epic and leads back to it.
#[server]
pub async fn update_epic(org: String, id: String, #[server(default)] version: String, form: EpicForm) -> Result<(), AppError> {
    use crate::feature::epic::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::update(&mut scope, &id, &version, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/epics/{id}"));
    Ok(())
}

/// Moves an epic to a status that may follow its own.
#[server]
pub async fn move_epic(org: String, id: String, status: EpicStatus) -> Result<(), AppError> {
    use crate::feature::epic::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    store::set_status(&mut scope, &id, status).await?;
    scope.commit(()).await
}

/// Deletes an epic so that it can be restored.
#[server]
pub async fn delete_epic(org: String, id: String) -> Result<(), AppError> {
    use crate::feature::epic::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::set_deleted(&mut scope, &id, true).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/epics?deleted={id}"));
    Ok(())
}

/// Brings a deleted epic back and leads to it.
#[server]
pub async fn restore_epic(org: String, id: String) -> Result<(), AppError> {
    use crate::feature::epic::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::set_deleted(&mut scope, &id, false).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/epics/{id}"));
    Ok(())
}

/// Puts a feature into an epic. Features are what is written, so whoever writes them may.
#[server]
pub async fn add_to_epic(org: String, id: String, feature: String) -> Result<(), AppError> {
    use crate::feature::epic::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::FeatureWrite).await?;
    store::add(&mut scope, &id, &feature).await?;
    scope.commit(()).await
}

/// Takes a feature out of an epic.
#[server]
pub async fn take_from_epic(org: String, id: String, feature: String) -> Result<(), AppError> {
    use crate::feature::epic::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::FeatureWrite).await?;
    store::take_out(&mut scope, &id, &feature).await?;
    scope.commit(()).await
}
