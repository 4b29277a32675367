//! Server functions for tokens.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{TokenForm, TokenPage};
use crate::kernel::error::AppError;

/// The organisation's tokens; and the one that the caller has just made, if they have.
#[server(input = Json)]
pub async fn list_tokens(org: String) -> Result<TokenPage, AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::token::{shown, store};

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    let tokens = store::list(&mut scope).await?;
    let products = store::products(&mut scope).await?;
    Ok(TokenPage { tokens, products, made: shown::take()? })
}

/// Makes a token that acts as the caller, and leads to the page that shows it once.
#[server]
pub async fn create_token(org: String, form: TokenForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::token::{shown, store};

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    let (id, made) = store::create(&mut scope, fields).await?;
    scope.commit(()).await?;
    shown::pass_on(&made)?;
    leptos_axum::redirect(&format!("/orgs/{org}/tokens?made={id}"));
    Ok(())
}

/// Ends a token for good.
#[server]
pub async fn revoke_token(org: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::token::store;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    store::revoke(&mut scope, &id).await?;
    scope.commit(()).await
}
