//! Server functions for launch checklists.

use leptos::prelude::*;
use server_fn::codec::Json;

use crate::kernel::error::AppError;
use crate::release::model::{ApplyForm, ItemForm, ItemPage};

/// One item of a checklist.
#[server(input = Json)]
pub async fn get_checklist_item(org: String, product: String, release: String, id: String) -> Result<ItemPage, AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store::{self, checklist};
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let product = store::product(&mut scope, &product).await?;
    let item = checklist::get(&mut scope, &product.id, &release, &id).await?;
    let people = checklist::people(&mut scope).await?;
    let frozen = checklist::frozen(&mut scope, &release).await?;
    Ok(ItemPage { role: scope.role(), product, item, people, frozen })
}

/// Adds an item to a release's checklist.
#[server]
pub async fn add_checklist_item(org: String, id: String, form: ItemForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store::checklist;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    checklist::add(&mut scope, &id, fields).await?;
    scope.commit(()).await
}

/// Changes an item and leads back to its release.
#[server]
pub async fn update_checklist_item(org: String, id: String, #[server(default)] version: String, form: ItemForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store::checklist;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let (product, release) = checklist::update(&mut scope, &id, &version, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/releases/{release}"));
    Ok(())
}

/// Takes an item off its checklist.
#[server]
pub async fn remove_checklist_item(org: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store::checklist;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    checklist::remove(&mut scope, &id).await?;
    scope.commit(()).await
}

/// Ticks the item given as `tick`, or takes the tick away from the one given as `untick`.
#[server]
pub async fn tick_checklist_item(
    org: String,
    #[server(default)] tick: Option<String>,
    #[server(default)] untick: Option<String>,
) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store::checklist;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    let done = tick.is_some();
    let id = tick.or(untick).ok_or(AppError::NotFound)?;
    checklist::tick(&mut scope, &id, done).await?;
    scope.commit(()).await
}

/// Copies the items of a template that are not there yet to a release's checklist.
#[server]
pub async fn apply_template(org: String, id: String, form: ApplyForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store::template;
    use crate::server::scope::Scope;

    let chosen = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    template::apply(&mut scope, &id, &chosen).await?;
    scope.commit(()).await
}
