//! Server functions for ideas.

pub mod bulk;
pub mod merge;
pub mod views;

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{IdeaForm, IdeaList, IdeaPage, IdeaQuery, IdeaStatus, ScoreForm};
use crate::kernel::error::AppError;

/// A page of a product's ideas, ranked.
#[server(input = Json)]
pub async fn list_ideas(org: String, product: String, query: IdeaQuery) -> Result<IdeaList, AppError> {
    use crate::idea::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = store::product(&mut scope, &product).await?;
    let page = store::list(&mut scope, &product.id, &query).await?;
    let views = store::views::list(&mut scope, &product.id).await?;
    let bulk = match &query.bulk {
        Some(id) => store::bulk::notice(&mut scope, id).await?,
        None => None,
    };
    Ok(IdeaList { role: scope.role(), product, page, views, bulk })
}

/// One idea, deleted or not.
#[server(input = Json)]
pub async fn get_idea(org: String, product: String, id: String) -> Result<IdeaPage, AppError> {
    use crate::idea::store;
    use crate::kernel::role::Perm;
    use crate::reference::store as references;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = store::product(&mut scope, &product).await?;
    let idea = store::get(&mut scope, &product.id, &id).await?;
    let named = references::links(&mut scope, [idea.description.as_str()]).await?;
    Ok(IdeaPage { role: scope.role(), user_id: scope.user().id.clone(), product, idea, named })
}

/// Creates an idea and leads to it.
#[server]
pub async fn create_idea(org: String, product: String, form: IdeaForm) -> Result<(), AppError> {
    use crate::idea::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::IdeaWrite).await?;
    let id = store::create(&mut scope, &product, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/ideas/{id}"));
    Ok(())
}

/// Changes an idea's text and leads back to it.
#[server]
pub async fn update_idea(org: String, id: String, #[server(default)] version: String, form: IdeaForm) -> Result<(), AppError> {
    use crate::idea::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::IdeaWrite).await?;
    let outcome = store::update(&mut scope, &id, &version, fields).await;
    let product = scope.finish(outcome, Perm::IdeaReview).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/ideas/{id}"));
    Ok(())
}

/// Scores an idea.
#[server]
pub async fn score_idea(org: String, id: String, #[server(default)] version: String, form: ScoreForm) -> Result<(), AppError> {
    use crate::idea::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::IdeaReview).await?;
    store::score(&mut scope, &id, &version, fields).await?;
    scope.commit(()).await
}

/// Moves an idea to a status that may follow its own.
#[server]
pub async fn move_idea(org: String, id: String, status: IdeaStatus) -> Result<(), AppError> {
    use crate::idea::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::IdeaReview).await?;
    store::set_status(&mut scope, &id, status).await?;
    scope.commit(()).await
}

/// Deletes an idea so that it can be restored.
#[server]
pub async fn delete_idea(org: String, id: String) -> Result<(), AppError> {
    use crate::idea::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::IdeaWrite).await?;
    let outcome = store::set_deleted(&mut scope, &id, true).await;
    let product = scope.finish(outcome, Perm::IdeaReview).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/ideas?deleted={id}"));
    Ok(())
}

/// Brings a deleted idea back and leads to it.
#[server]
pub async fn restore_idea(org: String, id: String) -> Result<(), AppError> {
    use crate::idea::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::IdeaWrite).await?;
    let outcome = store::set_deleted(&mut scope, &id, false).await;
    let product = scope.finish(outcome, Perm::IdeaReview).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/ideas/{id}"));
    Ok(())
}
