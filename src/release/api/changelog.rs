//! Server functions for changelogs.

use leptos::prelude::*;
use server_fn::codec::Json;

use crate::kernel::error::AppError;
use crate::release::model::{ChangeForm, ChangePage, PublicChangelog};

/// One entry of a changelog.
#[server(input = Json)]
pub async fn get_change(org: String, product: String, release: String, id: String) -> Result<ChangePage, AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store::{self, changelog};
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::product(&mut scope, &product).await?;
    let change = changelog::get(&mut scope, &product.id, &release, &id).await?;
    Ok(ChangePage { role: scope.role(), product, change })
}

/// Adds an entry to a release's changelog.
#[server]
pub async fn add_change(org: String, id: String, form: ChangeForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store::changelog;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    changelog::add(&mut scope, &id, fields).await?;
    scope.commit(()).await
}

/// Changes an entry and leads back to its release.
#[server]
pub async fn update_change(org: String, id: String, #[server(default)] version: String, form: ChangeForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store::changelog;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let (product, release) = changelog::update(&mut scope, &id, &version, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/releases/{release}"));
    Ok(())
}

/// Publishes the entry given as `publish`, or takes back the one given as `unpublish`.
#[server]
pub async fn publish_change(
    org: String,
    #[server(default)] publish: Option<String>,
    #[server(default)] unpublish: Option<String>,
) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store::changelog;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let published = publish.is_some();
    let id = publish.or(unpublish).ok_or(AppError::NotFound)?;
    changelog::set_published(&mut scope, &id, published).await?;
    scope.commit(()).await
}

/// Removes an entry.
#[server]
pub async fn remove_change(org: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store::changelog;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    changelog::remove(&mut scope, &id).await?;
    scope.commit(()).await
}

/// Makes an entry of each feature of the release that is done and has none yet.
#[server]
pub async fn draft_changelog(org: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store::changelog;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    changelog::draft(&mut scope, &id).await?;
    scope.commit(()).await
}

/// Lets everybody read the product's published changelog, or nobody outside any more.
#[server]
pub async fn set_public_changelog(org: String, product: String, wanted: bool) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::ProductWrite).await?;
    store::set_public(&mut scope, &product, wanted).await?;
    scope.commit(()).await
}

/// The published changelog of a product whose owner has made it public.
#[server(input = Json)]
pub async fn read_changelog(org: String, product: String) -> Result<PublicChangelog, AppError> {
    use crate::release::store::changelog;
    use crate::server::scope::Public;

    let mut public = Public::enter().await?;
    changelog::published(&mut public, &org, &product).await
}
