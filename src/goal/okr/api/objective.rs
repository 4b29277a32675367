//! Server functions for the organisation's own objectives.

use leptos::prelude::*;
use server_fn::codec::Json;

use crate::goal::okr::model::{ObjectiveForm, ObjectiveFormPage, ObjectivePage, ObjectiveTree, OkrStatus, Quarter};
use crate::kernel::error::AppError;

/// The organisation's objectives of a quarter with what serves them; of the present one without a quarter.
#[server(input = Json)]
pub async fn get_objectives(org: String, quarter: Option<Quarter>) -> Result<ObjectiveTree, AppError> {
    use crate::goal::okr::model::tree;
    use crate::goal::okr::store::objective;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::server::zone::days;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let today = days(&mut scope).await?.today;
    let quarter = quarter.unwrap_or(Quarter::of(today));
    let mut quarters = objective::quarters(&mut scope).await?;
    quarters.extend([quarter, Quarter::of(today)]);
    quarters.sort_by(|a, b| b.cmp(a));
    quarters.dedup();
    let objectives = objective::of_quarter(&mut scope, quarter).await?;
    let mut okrs = objective::aligned(&mut scope, quarter).await?;
    let more = okrs.len() as i64 > objective::ALIGNED_MAX;
    okrs.truncate(objective::ALIGNED_MAX as usize);
    let deleted = if scope.can(Perm::PlanWrite) { objective::deleted(&mut scope).await? } else { Vec::new() };
    let (below, rest) = tree(&objectives, okrs);
    Ok(ObjectiveTree { role: scope.role(), quarter, quarters, objectives, below, rest, more, deleted, today })
}

/// One objective of the organisation, deleted or not, with what serves it.
#[server(input = Json)]
pub async fn get_objective(org: String, id: String) -> Result<ObjectivePage, AppError> {
    use crate::goal::okr::model::tree;
    use crate::goal::okr::store::objective;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::server::zone::days;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let found = objective::get(&mut scope, &id).await?;
    let okrs = objective::below(&mut scope, &id).await?;
    let today = days(&mut scope).await?.today;
    let (mut trees, rest) = tree(std::slice::from_ref(&found), okrs);
    let below = trees.drain(..).flatten().chain(rest).collect();
    Ok(ObjectivePage { role: scope.role(), objective: found, below, today })
}

/// What the form of an objective of the organisation is filled from; of a new one without an id.
#[server(input = Json)]
pub async fn get_objective_form(org: String, id: Option<String>) -> Result<ObjectiveFormPage, AppError> {
    use crate::goal::okr::store::{self, objective};
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::server::zone::days;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let found = match id {
        Some(id) => Some(objective::get(&mut scope, &id).await?),
        None => None,
    };
    let people = store::people(&mut scope, found.as_ref().map(|found| found.owner_id.as_str())).await?;
    let (me, today) = (scope.user().id.clone(), days(&mut scope).await?.today);
    Ok(ObjectiveFormPage { objective: found, people, me, today })
}

/// Creates an objective of the organisation and leads to it.
#[server]
pub async fn create_objective(org: String, form: ObjectiveForm) -> Result<(), AppError> {
    use crate::goal::okr::store::objective;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    let id = objective::create(&mut scope, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/okrs/{id}"));
    Ok(())
}

/// Changes an objective of the organisation and leads back to it.
#[server]
pub async fn update_objective(org: String, id: String, #[server(default)] version: String, form: ObjectiveForm) -> Result<(), AppError> {
    use crate::goal::okr::store::objective;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    objective::update(&mut scope, &id, &version, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/okrs/{id}"));
    Ok(())
}

/// Moves an objective of the organisation to a status that may follow its own.
#[server]
pub async fn move_objective(org: String, id: String, status: OkrStatus) -> Result<(), AppError> {
    use crate::goal::okr::store::objective;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    objective::set_status(&mut scope, &id, status).await?;
    scope.commit(()).await
}

/// Deletes an objective of the organisation so that it can be restored.
#[server]
pub async fn delete_objective(org: String, id: String) -> Result<(), AppError> {
    use crate::goal::okr::store::objective;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    objective::set_deleted(&mut scope, &id, true).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/okrs?deleted={id}"));
    Ok(())
}

/// Brings a deleted objective of the organisation back and leads to it.
#[server]
pub async fn restore_objective(org: String, id: String) -> Result<(), AppError> {
    use crate::goal::okr::store::objective;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    objective::set_deleted(&mut scope, &id, false).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/okrs/{id}"));
    Ok(())
}
