//! Server functions for teams. A team goes by its slug, as in its address.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{AddForm, TeamForm, TeamList, TeamPage};
use crate::kernel::error::AppError;

/// All teams of the organisation with their counts; the deleted ones instead, if asked for.
#[server(input = Json)]
pub async fn list_teams(org: String, deleted: bool) -> Result<TeamList, AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::team::store;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    Ok(TeamList { role: scope.role(), teams: store::list(&mut scope, deleted).await? })
}

/// A team with its members and products.
#[server(input = Json)]
pub async fn get_team(org: String, team: String) -> Result<TeamPage, AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::team::store;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    store::page(&mut scope, &team).await
}

/// Creates a team and leads to it.
#[server]
pub async fn create_team(org: String, form: TeamForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::team::store;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    let slug = store::create(&mut scope, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/teams/{slug}"));
    Ok(())
}

/// Changes a team's name, address and description.
#[server]
pub async fn update_team(org: String, team: String, #[server(default)] version: String, form: TeamForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::team::store;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    let slug = store::update(&mut scope, &team, &version, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/teams/{slug}"));
    Ok(())
}

/// Deletes a team so that it can be restored.
#[server]
pub async fn delete_team(org: String, team: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::team::store;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    store::set_deleted(&mut scope, &team, true).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/teams?show=deleted"));
    Ok(())
}

/// Brings a deleted team back, with its members and products.
#[server]
pub async fn restore_team(org: String, team: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::kernel::text::query_value;
    use crate::server::scope::Scope;
    use crate::team::store;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    store::set_deleted(&mut scope, &team, false).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/teams/{}", query_value(&team)));
    Ok(())
}

/// Puts a member into the team.
#[server]
pub async fn add_team_member(org: String, team: String, form: AddForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::team::store;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    store::add_member(&mut scope, &team, &form.member()?).await?;
    scope.commit(()).await
}

/// Takes a member out of the team.
#[server]
pub async fn remove_team_member(org: String, team: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::team::store;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    store::remove_member(&mut scope, &team, &id).await?;
    scope.commit(()).await
}

/// Gives the team a product to work on.
#[server]
pub async fn add_team_product(org: String, team: String, form: AddForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::team::store;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    store::add_product(&mut scope, &team, &form.product()?).await?;
    scope.commit(()).await
}

/// Takes a product away from the team.
#[server]
pub async fn remove_team_product(org: String, team: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::team::store;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    store::remove_product(&mut scope, &team, &id).await?;
    scope.commit(()).await
}
