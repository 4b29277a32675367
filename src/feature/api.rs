//! Server functions for features.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{Built, ConvertForm, FeatureForm, FeatureList, FeaturePage, FeatureQuery, FeatureStatus};
use crate::kernel::error::AppError;

/// A page of a product's features.
#[server(input = Json)]
pub async fn list_features(org: String, product: String, query: FeatureQuery) -> Result<FeatureList, AppError> {
    use crate::feature::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = store::product(&mut scope, &product).await?;
    let page = store::list(&mut scope, &product.id, &query).await?;
    Ok(FeatureList { role: scope.role(), product, page })
}

/// One feature, deleted or not, with the ideas that it came from.
#[server(input = Json)]
pub async fn get_feature(org: String, product: String, id: String) -> Result<FeaturePage, AppError> {
    use crate::feature::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = store::product(&mut scope, &product).await?;
    let feature = store::get(&mut scope, &product.id, &id).await?;
    let ideas = store::ideas_of(&mut scope, &feature.id).await?;
    Ok(FeaturePage { role: scope.role(), product, feature, ideas })
}

/// What an idea became.
#[server(input = Json)]
pub async fn built_for(org: String, idea: String) -> Result<Built, AppError> {
    use crate::feature::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    store::built(&mut scope, &idea).await
}

/// Creates a feature and leads to it.
#[server]
pub async fn create_feature(org: String, product: String, form: FeatureForm) -> Result<(), AppError> {
    use crate::feature::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::FeatureWrite).await?;
    let id = store::create(&mut scope, &product, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/features/{id}"));
    Ok(())
}

/// Changes a feature and leads back to it.
#[server]
pub async fn update_feature(org: String, id: String, #[server(default)] version: String, form: FeatureForm) -> Result<(), AppError> {
    use crate::feature::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::FeatureWrite).await?;
    let product = store::update(&mut scope, &id, &version, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/features/{id}"));
    Ok(())
}

/// Moves a feature to a status; the ideas that it came from follow.
#[server]
pub async fn move_feature(org: String, id: String, status: FeatureStatus) -> Result<(), AppError> {
    use crate::feature::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::FeatureWrite).await?;
    store::set_status(&mut scope, &id, status).await?;
    scope.commit(()).await
}

/// Deletes a feature so that it can be restored.
#[server]
pub async fn delete_feature(org: String, id: String) -> Result<(), AppError> {
    use crate::feature::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::FeatureWrite).await?;
    let product = store::set_deleted(&mut scope, &id, true).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/features?deleted={id}"));
    Ok(())
}

/// Brings a deleted feature back and leads to it.
#[server]
pub async fn restore_feature(org: String, id: String) -> Result<(), AppError> {
    use crate::feature::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::FeatureWrite).await?;
    let product = store::set_deleted(&mut scope, &id, false).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/features/{id}"));
    Ok(())
}

/// Converts an approved idea to features and leads back to it.
#[server]
pub async fn convert_idea(org: String, idea: String, form: ConvertForm) -> Result<(), AppError> {
    use crate::feature::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::IdeaReview).await?;
    let product = store::convert(&mut scope, &idea, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/ideas/{idea}"));
    Ok(())
}
