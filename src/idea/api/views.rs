//! Server functions for saved views.

use leptos::prelude::*;

use crate::idea::model::{IdeaQuery, ViewForm};
use crate::kernel::error::AppError;

/// Saves the list that is shown under a name.
#[server]
pub async fn save_view(org: String, product: String, view: IdeaQuery, form: ViewForm) -> Result<(), AppError> {
    use crate::idea::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let fields = form.validate(&view)?;
    let mut scope = Scope::require(&org, Perm::IdeaDiscuss).await?;
    let product = store::product(&mut scope, &product).await?;
    store::views::save(&mut scope, &product.id, fields).await?;
    scope.commit(()).await
}

/// Forgets a saved view: one's own, or as a reviewer a shared one.
#[server]
pub async fn delete_view(org: String, id: String) -> Result<(), AppError> {
    use crate::idea::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::IdeaDiscuss).await?;
    store::views::delete(&mut scope, &id).await?;
    scope.commit(()).await
}
