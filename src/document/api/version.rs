//! Server functions for the versions of a document.

use leptos::prelude::*;
use server_fn::codec::Json;

use crate::document::model::{VersionPage, VersionQuery};
use crate::kernel::error::AppError;

/// A page of a document's versions, and how two of them differ.
#[server(input = Json)]
pub async fn list_versions(org: String, product: String, id: String, query: VersionQuery) -> Result<VersionPage, AppError> {
    use crate::document::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = store::place(&mut scope, &product).await?;
    let mut document = store::get(&mut scope, product.as_ref(), &id).await?;
    document.content.clear();
    let page = store::version::list(&mut scope, &id, &query).await?;
    let compared = match query.from.zip(query.to) {
        Some((from, to)) => Some(store::version::compared(&mut scope, &id, from, to).await?),
        None => None,
    };
    Ok(VersionPage { role: scope.role(), product, document, page, compared })
}

/// Makes an old version the newest one, as a version of its own, and leads to the document.
#[server]
pub async fn restore_version(org: String, id: String, number: i32) -> Result<(), AppError> {
    use crate::document::store;
    use crate::kernel::role::Perm;
    use crate::server::request::settings;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    let document = store::version::restore(&mut scope, &*settings()?, &id, number).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&document.href(&org));
    Ok(())
}
