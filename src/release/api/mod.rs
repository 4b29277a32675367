//! Server functions for releases.

pub mod changelog;
pub mod checklist;
pub mod template;

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{NewRelease, ReleaseForm, ReleaseList, ReleasePage, ReleaseQuery, ReleaseStatus};
use crate::kernel::error::AppError;

/// A page of a product's releases.
#[server(input = Json)]
pub async fn list_releases(org: String, product: String, query: ReleaseQuery) -> Result<ReleaseList, AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = store::product(&mut scope, &product).await?;
    let public = store::is_public(&mut scope, &product.id).await?;
    let page = store::list(&mut scope, &product.id, &query).await?;
    Ok(ReleaseList { role: scope.role(), product, public, page })
}

/// One release, deleted or not, with all that hangs on it; and for those who plan the features whose titles hold the words
/// of `find`.
#[server(input = Json)]
pub async fn get_release(org: String, product: String, id: String, find: String) -> Result<ReleasePage, AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    store::page(&mut scope, &product, &id, &find).await
}

/// What the form of a new release begins with.
#[server(input = Json)]
pub async fn get_new_release(org: String, product: String) -> Result<NewRelease, AppError> {
    use crate::kernel::role::Perm;
    use crate::release::{model::next_versions, store};
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::product(&mut scope, &product).await?;
    let versions = store::versions(&mut scope, &product.id).await?;
    Ok(NewRelease { role: scope.role(), product, next: next_versions(&versions) })
}

/// Creates a release and leads to it.
#[server]
pub async fn create_release(org: String, product: String, form: ReleaseForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let id = store::create(&mut scope, &product, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/releases/{id}"));
    Ok(())
}

/// Changes a release and leads back to it.
#[server]
pub async fn update_release(org: String, id: String, #[server(default)] version: String, form: ReleaseForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::update(&mut scope, &id, &version, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/releases/{id}"));
    Ok(())
}

/// Moves a release one step on or back, or ends it.
#[server]
pub async fn move_release(org: String, id: String, status: ReleaseStatus) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    store::set_status(&mut scope, &id, status).await?;
    scope.commit(()).await
}

/// Deletes a release so that it can be restored.
#[server]
pub async fn delete_release(org: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::set_deleted(&mut scope, &id, true).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/releases?deleted={id}"));
    Ok(())
}

/// Brings a deleted release back and leads to it.
#[server]
pub async fn restore_release(org: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::set_deleted(&mut scope, &id, false).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/releases/{id}"));
    Ok(())
}

/// Lets a feature go out with a release.
#[server]
pub async fn add_release_feature(org: String, id: String, feature: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    store::add_feature(&mut scope, &id, &feature).await?;
    scope.commit(()).await
}

/// Takes a feature out of a release.
#[server]
pub async fn remove_release_feature(org: String, id: String, feature: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    store::remove_feature(&mut scope, &id, &feature).await?;
    scope.commit(()).await
}
