//! Server functions for what waits for what.

use leptos::prelude::*;
use server_fn::codec::Json;

use crate::feature::model::FoundFeature;
use crate::kernel::error::AppError;

/// The product's features whose titles hold these words, but for the feature `but` and for those of the epic `outside`.
#[server(input = Json)]
pub async fn find_features(
    org: String,
    product: String,
    find: String,
    but: Option<String>,
    outside: Option<String>,
) -> Result<Vec<FoundFeature>, AppError> {
    use crate::feature::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::FeatureWrite).await?;
    let product = store::product(&mut scope, &product).await?;
    store::find(&mut scope, &product.id, &find, but.as_deref(), outside.as_deref()).await
}

/// Has the feature wait for `blocker`, or `blocked` for the feature.
#[server]
pub async fn link_feature(
    org: String,
    id: String,
    #[server(default)] blocker: Option<String>,
    #[server(default)] blocked: Option<String>,
) -> Result<(), AppError> {
    use crate::feature::{model::Other, store};
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let other = Other::of(blocker, blocked)?;
    let (blocker, blocked) = other.pair(&id);
    let mut scope = Scope::require(&org, Perm::FeatureWrite).await?;
    store::link(&mut scope, blocker, blocked).await?;
    scope.commit(()).await
}

/// Takes away that the feature waits for `blocker`, or `blocked` for the feature.
#[server]
pub async fn unlink_feature(
    org: String,
    id: String,
    #[server(default)] blocker: Option<String>,
    #[server(default)] blocked: Option<String>,
) -> Result<(), AppError> {
    use crate::feature::{model::Other, store};
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let other = Other::of(blocker, blocked)?;
    let (blocker, blocked) = other.pair(&id);
    let mut scope = Scope::require(&org, Perm::FeatureWrite).await?;
    store::unlink(&mut scope, &id, blocker, blocked).await?;
    scope.commit(()).await
}
