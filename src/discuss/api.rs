//! Server functions for votes and comments.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{ChangeForm, CommentForm, Subject, Talk};
use crate::kernel::error::AppError;

/// Gives the caller's vote to an idea, or takes it back.
#[server]
pub async fn vote_idea(org: String, id: String, wanted: bool) -> Result<(), AppError> {
    use crate::discuss::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::IdeaDiscuss).await?;
    store::vote(&mut scope, &id, wanted).await?;
    scope.commit(()).await
}

/// What is said of an idea, a feature or a task, from the comment behind `after` on.
#[server(input = Json)]
pub async fn get_talk(org: String, subject: Subject, id: String, after: Option<String>) -> Result<Talk, AppError> {
    use crate::discuss::store;
    use crate::kernel::page::Cursor;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let after = after.and_then(|word| Cursor::decode(&word));
    store::talk(&mut scope, subject, &id, after.as_ref()).await
}

/// Says something; whoever is named in it is told by mail.
#[server]
pub async fn add_comment(org: String, subject: Subject, id: String, form: CommentForm) -> Result<(), AppError> {
    use crate::discuss::store;
    use crate::kernel::role::Perm;
    use crate::server::request::settings;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::IdeaDiscuss).await?;
    store::add(&mut scope, &*settings()?, subject, &id, fields).await?;
    scope.commit(()).await
}

/// Changes a comment of the caller's and leads back to it; whoever is newly named in it is told by mail.
#[server]
pub async fn change_comment(
    org: String,
    subject: Subject,
    id: String,
    #[server(default)] version: String,
    form: ChangeForm,
) -> Result<(), AppError> {
    use crate::discuss::store;
    use crate::kernel::role::Perm;
    use crate::server::request::settings;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::IdeaDiscuss).await?;
    let outcome = store::change(&mut scope, &*settings()?, subject, &id, &version, fields).await;
    let page = scope.finish(outcome, Perm::IdeaReview).await?;
    leptos_axum::redirect(&page);
    Ok(())
}

/// Takes a comment away for good.
#[server]
pub async fn delete_comment(org: String, subject: Subject, id: String) -> Result<(), AppError> {
    use crate::discuss::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::IdeaDiscuss).await?;
    let outcome = store::delete(&mut scope, subject, &id).await;
    scope.finish(outcome, Perm::IdeaReview).await
}
