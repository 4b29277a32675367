//! Server functions for merging duplicates.

use leptos::prelude::*;
use server_fn::codec::Json;

use crate::idea::model::MergePage;
use crate::kernel::error::AppError;

/// An idea, and those of its product that hold the words and could take it in.
#[server(input = Json)]
pub async fn get_merge(org: String, product: String, id: String, words: String) -> Result<MergePage, AppError> {
    use crate::idea::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::IdeaReview).await?;
    let product = store::product(&mut scope, &product).await?;
    let idea = store::get(&mut scope, &product.id, &id).await?;
    let targets = store::merge::targets(&mut scope, &product, &id, &words).await?;
    Ok(MergePage { product, idea, targets })
}

/// Moves all that hangs on an idea to another, puts the idea in the bin and leads to the other.
#[server]
pub async fn merge_idea(org: String, id: String, into: String) -> Result<(), AppError> {
    use crate::idea::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::IdeaReview).await?;
    let product = store::merge::merge(&mut scope, &id, &into).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/products/{product}/ideas/{into}?merged={id}"));
    Ok(())
}
