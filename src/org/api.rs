//! Server functions for organisations.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{ConfirmForm, DeletedOrg, OrgForm, OrgFrame, Organization, Switch};
use crate::kernel::error::AppError;

/// Creates an organisation with the caller as its administrator.
#[server]
pub async fn create_org(form: OrgForm) -> Result<(), AppError> {
    use crate::org::store;
    use crate::server::scope::Scope;

    let mut person = Scope::signed_in().await?;
    let slug = store::create(&mut person, form.validate()?).await?;
    person.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{slug}/products"));
    Ok(())
}

/// Changes the organisation's profile and branding.
#[server]
pub async fn update_org(org: String, #[server(default)] version: String, form: OrgForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::org::store;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    let slug = store::update(&mut scope, &version, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{slug}/settings?saved=1"));
    Ok(())
}

/// Switches a part of the product on or off; the form's field is `on` or `off`.
#[server]
pub async fn set_switch(org: String, switch: Switch, to: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::org::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    store::set_switch(&mut scope, switch, to == "on").await?;
    scope.commit(()).await
}

/// Takes the organisation's logo away.
#[server]
pub async fn remove_logo(org: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::org::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    store::set_logo(&mut scope, None).await?;
    scope.commit(()).await
}

/// Deletes the organisation, once its address has been typed to say that it is meant.
#[server]
pub async fn delete_org(org: String, form: ConfirmForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::org::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    form.validate(&scope.organization().slug)?;
    store::delete(&mut scope).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/new?deleted={org}"));
    Ok(())
}

/// The deleted organisations that the caller may bring back.
#[server(input = Json)]
pub async fn deleted_orgs() -> Result<Vec<DeletedOrg>, AppError> {
    use crate::org::store;
    use crate::server::scope::Scope;

    store::deleted(&mut Scope::signed_in().await?).await
}

/// Brings a deleted organisation back.
#[server]
pub async fn restore_org(slug: String) -> Result<(), AppError> {
    use crate::org::store;
    use crate::server::scope::Scope;

    let mut person = Scope::signed_in().await?;
    store::restore(&mut person, &slug).await?;
    person.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{slug}/products?restored=1"));
    Ok(())
}

/// The organisation, for its settings page.
#[server(input = Json)]
pub async fn get_org(org: String) -> Result<Organization, AppError> {
    use crate::kernel::role::Perm;
    use crate::org::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    store::get(&mut scope).await
}

/// What the frame around the organisation's pages shows.
#[server(input = Json)]
pub async fn get_frame(org: String) -> Result<OrgFrame, AppError> {
    use crate::kernel::role::Perm;
    use crate::org::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    store::frame(&mut scope).await
}

/// Where `/` leads a signed-in person: their first organisation, or the form for one. `None` when signed out.
#[server(input = Json)]
pub async fn start_page() -> Result<Option<String>, AppError> {
    use crate::account::store;
    use crate::server::scope::Scope;

    let mut person = match Scope::signed_in().await {
        Err(AppError::Unauthorized) => return Ok(None),
        person => person?,
    };
    let slug = store::first_organization(&mut person).await?;
    Ok(Some(slug.map_or_else(|| "/orgs/new".to_owned(), |slug| format!("/orgs/{slug}/products"))))
}
