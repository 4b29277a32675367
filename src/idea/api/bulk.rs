//! Server functions for changing many ideas at once.

use leptos::prelude::*;

use crate::idea::model::{BulkForm, IdeaQuery};
use crate::kernel::error::AppError;

/// Changes the ideas that are ticked, or all of the list `view`, and leads back to the list, which tells what was done.
/// `at` is where the list was paged to.
#[server]
pub async fn bulk_ideas(
    org: String,
    product: String,
    view: IdeaQuery,
    #[server(default)] at: String,
    form: BulkForm,
) -> Result<(), AppError> {
    use crate::idea::store;
    use crate::kernel::page::Cursor;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::IdeaReview).await?;
    let product = store::product(&mut scope, &product).await?;
    let id = store::bulk::change(&mut scope, &product.id, &view, fields).await?;
    scope.commit(()).await?;
    let list = IdeaQuery { cursor: Cursor::decode(&at), ..view }.params();
    let mark = if list.is_empty() { '?' } else { '&' };
    leptos_axum::redirect(&format!("/orgs/{org}/products/{}/ideas{list}{mark}bulk={id}", product.key));
    Ok(())
}

/// Takes a change of many ideas back.
#[server]
pub async fn undo_bulk(org: String, id: String) -> Result<(), AppError> {
    use crate::idea::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::IdeaReview).await?;
    store::bulk::undo(&mut scope, &id).await?;
    scope.commit(()).await
}
