//! Server functions for identity providers. The journey to one and back is in `rest.rs`, since a browser makes it by itself.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{Offer, Way};
use crate::kernel::error::AppError;

/// The providers that people can sign in by.
#[server(input = Json)]
pub async fn offered_providers() -> Result<Vec<Offer>, AppError> {
    // Not even Public:: is needed: the settings are told, and no row is read.
    Ok(super::rest::offers(&*crate::server::request::settings()?))
}

/// The caller's ways to sign in by a provider.
#[server(input = Json)]
pub async fn my_providers() -> Result<Vec<Way>, AppError> {
    use super::{model, rest, store};
    use crate::server::{request::settings, scope::Scope};

    let mut person = Scope::signed_in().await?;
    let linked = store::linked(&mut person).await?;
    person.commit(model::ways(rest::offers(settings()?.as_ref()), &linked)).await
}

/// Takes a provider away from the caller's ways to sign in.
#[server]
pub async fn unlink_provider(issuer: String) -> Result<(), AppError> {
    use super::store;
    use crate::server::{request::settings, scope::Scope};

    let person = Scope::signed_in().await?;
    let offered: Vec<_> = settings()?.oidc.iter().map(|provider| provider.issuer.clone()).collect();
    store::unlink(person, &issuer, &offered).await
}
