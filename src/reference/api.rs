//! The server function of short references.

use leptos::prelude::*;
use server_fn::codec::Json;

use crate::kernel::error::AppError;

/// The path of the page of an item, deleted or not, by its short reference. What the person may not see is as good as not there.
#[server(input = Json)]
pub async fn follow_reference(reference: String) -> Result<String, AppError> {
    use crate::kernel::reference::Reference;
    use crate::kernel::role::Perm;
    use crate::reference::store;
    use crate::server::scope::Scope;

    let mut person = Scope::signed_in().await?;
    let reference = Reference::parse(&reference).ok_or(AppError::NotFound)?;
    let org = store::home(&mut person, &reference).await?;
    drop(person);
    let mut scope = Scope::require(&org, Perm::Read).await?;
    store::page(&mut scope, &reference).await
}
