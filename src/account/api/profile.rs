//! Server functions for what people tell of themselves.

use leptos::prelude::*;
use server_fn::codec::Json;

use crate::account::model::profile::{Profile, ProfileForm};
use crate::kernel::error::AppError;

/// The person's profile, for its page.
#[server(input = Json)]
pub async fn get_profile() -> Result<Profile, AppError> {
    use crate::account::store::profile;
    use crate::server::scope::Scope;

    profile::get(&mut Scope::signed_in().await?).await
}

/// Changes the person's profile.
#[server]
pub async fn update_profile(#[server(default)] version: String, form: ProfileForm) -> Result<(), AppError> {
    use crate::account::store::profile;
    use crate::server::scope::Scope;

    let person = Scope::signed_in().await?;
    profile::update(person, &version, form.validate()?).await?;
    leptos_axum::redirect("/account?saved=profile");
    Ok(())
}

/// Lets single keys be shortcuts, or not; the form's field is `on` or `off`.
#[server]
pub async fn set_shortcuts(to: String) -> Result<(), AppError> {
    use crate::account::store::profile;
    use crate::server::scope::Scope;

    profile::set_shortcuts(Scope::signed_in().await?, to == "on").await?;
    leptos_axum::redirect("/account?saved=keys");
    Ok(())
}

/// Takes the person's picture away; one is given by `POST /account/image`.
#[server]
pub async fn remove_picture() -> Result<(), AppError> {
    use crate::account::store::profile;
    use crate::server::scope::Scope;

    profile::set_picture(Scope::signed_in().await?, None).await?;
    leptos_axum::redirect("/account?saved=removed");
    Ok(())
}

/// Mails the link that confirms the person's address again.
#[server]
pub async fn resend_verification() -> Result<(), AppError> {
    use crate::account::store::links;
    use crate::server::guard::rate::{Costly, spend};
    use crate::server::{request::settings, scope::Scope};

    let person = Scope::signed_in().await?;
    spend(Costly::Mail)?;
    links::verify_again(person, settings()?.as_ref()).await?;
    leptos_axum::redirect("/account?saved=mail");
    Ok(())
}
