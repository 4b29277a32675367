//! Server functions for tasks.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{FeatureTasks, MyWork, TaskForm, TaskFormPage, TaskList, TaskPage, TaskQuery, TaskStatus};
use crate::kernel::error::AppError;

/// A page of a product's tasks.
#[server(input = Json)]
pub async fn list_tasks(org: String, product: String, query: TaskQuery) -> Result<TaskList, AppError> {
    use crate::kernel::role::Perm;
    use crate::server::{scope::Scope, zone};
    use crate::task::store;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let today = zone::days(&mut scope).await?.today;
    let product = store::product(&mut scope, &product).await?;
    let page = store::list(&mut scope, &product.id, &query, today).await?;
    let feature = store::feature_choice(&mut scope, &product.id, query.feature.as_deref()).await?;
    let people = store::people(&mut scope, None).await?;
    Ok(TaskList { role: scope.role(), product, page, people, feature, today })
}

/// One task, deleted or not.
#[server(input = Json)]
pub async fn get_task(org: String, product: String, id: String) -> Result<TaskPage, AppError> {
    use crate::kernel::role::Perm;
    use crate::reference::store as references;
    use crate::server::{scope::Scope, zone};
    use crate::task::store;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let today = zone::days(&mut scope).await?.today;
    let product = store::product(&mut scope, &product).await?;
    let task = store::get(&mut scope, &product.id, &id).await?;
    let named = references::links(&mut scope, [task.description.as_deref().unwrap_or_default()]).await?;
    Ok(TaskPage { role: scope.role(), user_id: scope.user().id.clone(), product, task, today, named })
}

/// What the form of a new task needs, or with an id that of this task.
#[server(input = Json)]
pub async fn get_task_form(org: String, product: String, id: Option<String>) -> Result<TaskFormPage, AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::task::store;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    let product = store::product(&mut scope, &product).await?;
    let task = match id {
        Some(id) => Some(store::get(&mut scope, &product.id, &id).await?),
        None => None,
    };
    let (feature, assignee) = task.as_ref().map_or((None, None), |task| (task.feature_id.as_deref(), task.assignee_id.as_deref()));
    let features = store::features(&mut scope, &product.id, feature).await?;
    let people = store::people(&mut scope, assignee).await?;
    Ok(TaskFormPage { product, task, people, features })
}

/// The tasks of a feature.
#[server(input = Json)]
pub async fn tasks_of_feature(org: String, feature: String) -> Result<FeatureTasks, AppError> {
    use crate::kernel::role::Perm;
    use crate::server::{scope::Scope, zone};
    use crate::task::store;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let days = zone::days(&mut scope).await?;
    store::of_feature(&mut scope, &feature, days).await
}

/// What the caller has to do in the organisation.
#[server(input = Json)]
pub async fn get_my_work(org: String) -> Result<MyWork, AppError> {
    use crate::kernel::role::Perm;
    use crate::server::{scope::Scope, zone};
    use crate::task::store;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let days = zone::days(&mut scope).await?;
    store::mine(&mut scope, days).await
}

/// Creates a task and leads to it.
#[server]
pub async fn create_task(org: String, product: String, form: TaskForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::task::store;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    let id = store::create(&mut scope, &product, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/tasks/{id}"));
    Ok(())
}

/// Changes a task and leads back to it.
#[server]
pub async fn update_task(org: String, id: String, #[server(default)] version: String, form: TaskForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::task::store;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    let product = store::update(&mut scope, &id, &version, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/tasks/{id}"));
    Ok(())
}

/// Moves a task to a status.
#[server]
pub async fn move_task(org: String, id: String, status: TaskStatus) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::task::store;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    store::set_status(&mut scope, &id, status).await?;
    scope.commit(()).await
}

/// Finishes a task. A function of its own, so that a page with buttons for both can tell what was wrong in one place.
#[server]
pub async fn finish_task(org: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::task::store;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    store::set_status(&mut scope, &id, TaskStatus::Done).await?;
    scope.commit(()).await
}

/// Gives a task to the caller, or takes it off them.
#[server]
pub async fn take_task(org: String, id: String, wanted: bool) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::task::store;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    store::assign_to_me(&mut scope, &id, wanted).await?;
    scope.commit(()).await
}

/// Deletes a task so that it can be restored.
#[server]
pub async fn delete_task(org: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::task::store;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    let product = store::set_deleted(&mut scope, &id, true).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/tasks?deleted={id}"));
    Ok(())
}

/// Brings a deleted task back and leads to it.
#[server]
pub async fn restore_task(org: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::task::store;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    let product = store::set_deleted(&mut scope, &id, false).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/tasks/{id}"));
    Ok(())
}
