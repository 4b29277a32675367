//! Server functions of products' stages.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{BoardPage, CriteriaForm, CriteriaPage, MoveForm};
use crate::kernel::error::AppError;
use crate::product::model::Lifecycle;
use crate::product::portfolio::model::PortfolioQuery;

/// The organisation's products that are asked for as cards, a column for each stage.
#[server(input = Json)]
pub async fn lifecycle_board(org: String, query: PortfolioQuery) -> Result<BoardPage, AppError> {
    use crate::kernel::role::Perm;
    use crate::product::lifecycle::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    Ok(BoardPage { role: scope.role(), columns: store::columns(&mut scope, &query).await? })
}

/// Puts a product's card down in the column of a stage. What a move needs beside that is asked for on the product's own page.
/// The cards of a column stand by name, wherever one is put down, so the board is always to be read again: it gives `false`.
#[server]
pub async fn move_product_card(org: String, id: String, #[server(default)] to: Option<Lifecycle>) -> Result<bool, AppError> {
    use crate::kernel::role::Perm;
    use crate::product::lifecycle::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::ProductWrite).await?;
    store::put(&mut scope, &id, to).await?;
    scope.commit(false).await
}

/// Moves a product to a stage of its life and leads to it.
#[server]
pub async fn move_product(
    org: String,
    key: String,
    stage: Lifecycle,
    #[server(default)] version: String,
    #[server(default)] form: MoveForm,
) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::product::lifecycle::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::ProductWrite).await?;
    store::go(&mut scope, &key, stage, &version, form).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{key}"));
    Ok(())
}

/// Says that the exit criterion `tick` of a product's stage holds, or that `untick` does not; a button of one form is either.
#[server]
pub async fn tick_criterion(
    org: String,
    key: String,
    #[server(default)] tick: Option<String>,
    #[server(default)] untick: Option<String>,
) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::product::lifecycle::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::ProductWrite).await?;
    let (criterion, met) = (tick.as_ref().or(untick.as_ref()), tick.is_some());
    store::tick(&mut scope, &key, criterion.map_or("", String::as_str), met).await?;
    scope.commit(()).await
}

/// The exit criteria of all stages.
#[server(input = Json)]
pub async fn list_criteria(org: String) -> Result<CriteriaPage, AppError> {
    use crate::kernel::role::Perm;
    use crate::product::lifecycle::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    Ok(CriteriaPage { role: scope.role(), stages: store::stages(&mut scope).await? })
}

/// Gives a stage exit criteria of the organisation's own; nothing brings those back that come with the program.
#[server]
pub async fn update_criteria(
    org: String,
    stage: Lifecycle,
    #[server(default)] version: String,
    form: CriteriaForm,
) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::product::lifecycle::store;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::ProductWrite).await?;
    store::set_criteria(&mut scope, stage, &version, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/lifecycle/criteria"));
    Ok(())
}
