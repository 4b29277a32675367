//! Server functions for templates of checklists.

use leptos::prelude::*;
use server_fn::codec::Json;

use crate::kernel::error::AppError;
use crate::release::model::{Template, TemplateForm, TemplateItemForm, TemplatePage};

/// The organisation's templates by name.
#[server(input = Json)]
pub async fn list_templates(org: String) -> Result<Vec<Template>, AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store::template;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    template::list(&mut scope).await
}

/// One template with its items.
#[server(input = Json)]
pub async fn get_template(org: String, id: String) -> Result<TemplatePage, AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store::template;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    template::page(&mut scope, &id).await
}

/// Makes a template and leads to it.
#[server]
pub async fn create_template(org: String, form: TemplateForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store::template;
    use crate::server::scope::Scope;

    let name = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let id = template::create(&mut scope, &name).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/settings/checklists/{id}"));
    Ok(())
}

/// Removes a template; the checklists that were made of it stay.
#[server]
pub async fn delete_template(org: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store::template;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    template::delete(&mut scope, &id).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/settings/checklists"));
    Ok(())
}

/// Adds an item to a template.
#[server]
pub async fn add_template_item(org: String, id: String, form: TemplateItemForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store::template;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    template::add_item(&mut scope, &id, fields).await?;
    scope.commit(()).await
}

/// Removes an item from its template.
#[server]
pub async fn remove_template_item(org: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::release::store::template;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    template::remove_item(&mut scope, &id).await?;
    scope.commit(()).await
}
