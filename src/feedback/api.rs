//! Server functions for feedback.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{Asked, FeedbackForm, FeedbackList, FeedbackPage, FeedbackQuery, FeedbackStatus, FeedbackType};
use crate::idea::model::IdeaLink;
use crate::kernel::error::AppError;
use crate::kernel::priority::Priority;

/// A page of a product's feedback.
#[server(input = Json)]
pub async fn list_feedback(org: String, product: String, query: FeedbackQuery) -> Result<FeedbackList, AppError> {
    use crate::feedback::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = store::product(&mut scope, &product).await?;
    let page = store::list(&mut scope, &product.id, &query).await?;
    Ok(FeedbackList { role: scope.role(), product, page })
}

/// One item, deleted or not; for those who triage also the ideas whose titles hold the words of `find`.
#[server(input = Json)]
pub async fn get_feedback(org: String, product: String, id: String, find: String) -> Result<FeedbackPage, AppError> {
    use crate::feedback::{model::may_triage, store};
    use crate::kernel::role::Perm;
    use crate::reference::store as references;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = store::product(&mut scope, &product).await?;
    let feedback = store::get(&mut scope, &product.id, &id).await?;
    let find = if may_triage(scope.role()) { find } else { String::new() };
    let found = store::find_ideas(&mut scope, &product.id, &find).await?;
    let named = references::links(&mut scope, [feedback.description.as_str()]).await?;
    Ok(FeedbackPage { role: scope.role(), product, feedback, found, named })
}

/// The product's ideas whose titles hold these words.
#[server(input = Json)]
pub async fn find_ideas(org: String, product: String, find: String) -> Result<Vec<IdeaLink>, AppError> {
    use crate::feedback::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Publish).await?;
    let product = store::product(&mut scope, &product).await?;
    store::find_ideas(&mut scope, &product.id, &find).await
}

/// Who asked for an idea.
#[server(input = Json)]
pub async fn asked_for(org: String, idea: String) -> Result<Asked, AppError> {
    use crate::feedback::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    store::asked(&mut scope, &idea).await
}

/// Takes in feedback and leads to it.
#[server]
pub async fn submit_feedback(org: String, product: String, form: FeedbackForm) -> Result<(), AppError> {
    use crate::feedback::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::FeedbackSubmit).await?;
    let id = store::submit(&mut scope, &product, fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/feedback/{id}?sent=1"));
    Ok(())
}

/// Sorts an item: changes whatever of status, type and priority is given.
#[server]
pub async fn triage_feedback(
    org: String,
    id: String,
    #[server(default)] status: Option<FeedbackStatus>,
    #[server(default)] kind: Option<FeedbackType>,
    #[server(default)] priority: Option<Priority>,
) -> Result<(), AppError> {
    use crate::feedback::{model::Triage, store};
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Publish).await?;
    store::triage(&mut scope, &id, Triage { status, kind, priority }).await?;
    scope.commit(()).await
}

/// Links an item to an idea of its product.
#[server]
pub async fn link_feedback(org: String, id: String, idea: String) -> Result<(), AppError> {
    use crate::feedback::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Publish).await?;
    store::link(&mut scope, &id, &idea).await?;
    scope.commit(()).await
}

/// Takes an item away from its idea.
#[server]
pub async fn unlink_feedback(org: String, id: String) -> Result<(), AppError> {
    use crate::feedback::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Publish).await?;
    store::unlink(&mut scope, &id).await?;
    scope.commit(()).await
}

/// Makes an idea of an item and links the two.
#[server]
pub async fn make_idea(org: String, id: String) -> Result<(), AppError> {
    use crate::feedback::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::IdeaWrite).await?;
    store::make_idea(&mut scope, &id).await?;
    scope.commit(()).await
}

/// Deletes an item so that it can be restored.
#[server]
pub async fn delete_feedback(org: String, id: String) -> Result<(), AppError> {
    use crate::feedback::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Publish).await?;
    let product = store::set_deleted(&mut scope, &id, true).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/feedback?deleted={id}"));
    Ok(())
}

/// Brings a deleted item back and leads to it.
#[server]
pub async fn restore_feedback(org: String, id: String) -> Result<(), AppError> {
    use crate::feedback::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Publish).await?;
    let product = store::set_deleted(&mut scope, &id, false).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/feedback/{id}"));
    Ok(())
}
