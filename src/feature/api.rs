//! Server functions for features.

pub mod depend;

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{Built, ConvertForm, FeatureForm, FeatureFormPage, FeatureList, FeaturePage, FeatureQuery, FeatureStatus};
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
    let choices = store::choices(&mut scope, &product.id).await?;
    Ok(FeatureList { role: scope.role(), product, page, choices })
}

/// One feature, deleted or not, with what belongs to it; for those who write features also those whose titles hold the words of
/// `find`.
#[server(input = Json)]
pub async fn get_feature(org: String, product: String, id: String, find: String) -> Result<FeaturePage, AppError> {
    use crate::feature::store;
    use crate::kernel::role::Perm;
    use crate::reference::store as references;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = store::product(&mut scope, &product).await?;
    let feature = store::get(&mut scope, &product.id, &id).await?;
    let ideas = store::ideas_of(&mut scope, &feature.id).await?;
    let dependencies = store::dependencies(&mut scope, &feature.id).await?;
    let find = if scope.can(Perm::FeatureWrite) { find } else { String::new() };
    let found = store::find(&mut scope, &product.id, &find, Some(&feature.id), None).await?;
    let named = references::links(&mut scope, [feature.description.as_str()]).await?;
    Ok(FeaturePage { role: scope.role(), product, feature, ideas, dependencies, found, named })
}

/// What the form of a feature needs; without an id for a new one.
#[server(input = Json)]
pub async fn get_feature_form(org: String, product: String, id: Option<String>) -> Result<FeatureFormPage, AppError> {
    use crate::feature::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::FeatureWrite).await?;
    let product = store::product(&mut scope, &product).await?;
    let feature = match id {
        Some(id) => Some(store::get(&mut scope, &product.id, &id).await?),
        None => None,
    };
    let choices = store::choices(&mut scope, &product.id).await?;
    Ok(FeatureFormPage { product, feature, choices })
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

/// Ticks a line of the criteria, or takes the tick back: `line` is its number and how it read.
#[server]
pub async fn tick_criterion(org: String, id: String, line: String) -> Result<(), AppError> {
    use crate::feature::{model::criteria, store};
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let (number, read) = criteria::number_and_line(&line).ok_or(AppError::field("", "Choose a line to tick."))?;
    let mut scope = Scope::require(&org, Perm::FeatureWrite).await?;
    store::tick(&mut scope, &id, number, read).await?;
    scope.commit(()).await
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
