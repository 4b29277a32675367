//! Server functions for the way from a draft to what is published.

use leptos::prelude::*;

use crate::document::model::{DocumentStatus, MoveForm, ReviewForm};
use crate::kernel::error::AppError;

/// Asks for a review, of somebody or of whoever comes first.
#[server]
pub async fn request_review(org: String, id: String, #[server(default)] form: ReviewForm) -> Result<(), AppError> {
    use crate::document::store;
    use crate::kernel::role::Perm;
    use crate::server::request::settings;
    use crate::server::scope::Scope;

    let reviewer = form.chosen();
    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    store::review::request(&mut scope, &*settings()?, &id, reviewer).await?;
    scope.commit(()).await
}

/// Takes a document back that waits for a review.
#[server]
pub async fn withdraw_review(org: String, id: String) -> Result<(), AppError> {
    use crate::document::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    store::review::withdraw(&mut scope, &id).await?;
    scope.commit(()).await
}

/// Makes a document a draft again, and says what has to change.
#[server]
pub async fn ask_for_changes(org: String, id: String, form: MoveForm) -> Result<(), AppError> {
    use crate::document::store;
    use crate::kernel::role::Perm;
    use crate::server::request::settings;
    use crate::server::scope::Scope;

    let reason = form.validate()?;
    let mut scope = Scope::require(&org, Perm::Publish).await?;
    store::review::set_status(&mut scope, &*settings()?, &id, DocumentStatus::Draft, &reason, None).await?;
    scope.commit(()).await
}

/// Approves, publishes or archives a document, or brings it back as a draft; for somebody who has read this version of it.
#[server]
pub async fn move_document(
    org: String,
    id: String,
    status: DocumentStatus,
    #[server(default)] version: Option<i32>,
) -> Result<(), AppError> {
    use crate::document::store;
    use crate::kernel::role::Perm;
    use crate::server::request::settings;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Publish).await?;
    store::review::set_status(&mut scope, &*settings()?, &id, status, "", version).await?;
    scope.commit(()).await
}
