//! Server functions for comments on documents.

use leptos::prelude::*;

use crate::document::model::CommentForm;
use crate::kernel::error::AppError;

/// Says something of a document or a passage of it; whoever is named in it is told by mail.
#[server]
pub async fn comment_document(org: String, id: String, form: CommentForm) -> Result<(), AppError> {
    use crate::document::store;
    use crate::kernel::role::Perm;
    use crate::server::request::settings;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::IdeaDiscuss).await?;
    store::talk::add(&mut scope, &*settings()?, &id, fields).await?;
    scope.commit(()).await
}

/// Marks a comment as dealt with, or opens it again.
#[server]
pub async fn resolve_comment(org: String, id: String, wanted: bool) -> Result<(), AppError> {
    use crate::document::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    store::talk::resolve(&mut scope, &id, wanted).await?;
    scope.commit(()).await
}

/// Takes a comment away for good.
#[server]
pub async fn delete_document_comment(org: String, id: String) -> Result<(), AppError> {
    use crate::document::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::IdeaDiscuss).await?;
    let outcome = store::talk::delete(&mut scope, &id).await;
    scope.finish(outcome, Perm::Publish).await
}
