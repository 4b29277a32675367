//! Server functions for products.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{ProductForm, ProductPage};
use crate::kernel::error::AppError;

/// One product with its counts.
#[server(input = Json)]
pub async fn get_product(org: String, key: String) -> Result<ProductPage, AppError> {
    use crate::kernel::role::Perm;
    use crate::product::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    store::page(&mut scope, &key).await
}

/// Creates a product and leads to it.
#[server]
pub async fn create_product(org: String, form: ProductForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::product::store;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::ProductWrite).await?;
    let key = store::create(&mut scope, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{key}"));
    Ok(())
}

/// Changes a product.
#[server]
pub async fn update_product(org: String, key: String, #[server(default)] version: String, form: ProductForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::product::store;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::ProductWrite).await?;
    let key = store::update(&mut scope, &key, &version, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{key}"));
    Ok(())
}

/// Deletes a product so that it can be restored.
#[server]
pub async fn delete_product(org: String, key: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::product::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::ProductWrite).await?;
    store::set_deleted(&mut scope, &key, true).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products?show=deleted"));
    Ok(())
}

/// Brings a deleted product back.
#[server]
pub async fn restore_product(org: String, key: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::product::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::ProductWrite).await?;
    store::set_deleted(&mut scope, &key, false).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{key}"));
    Ok(())
}
