//! Server functions for links in mails. A link followed changes nothing: programs that scan mail follow it too.

use leptos::prelude::*;
use server_fn::codec::Json;

use crate::account::model::security::{ForgotForm, LinkKind, LinkState, PasswordForm};
use crate::kernel::error::AppError;

/// Asks for a link to set a new password. The answer and its time are the same for every address.
#[server]
pub async fn forgot_password(form: ForgotForm) -> Result<(), AppError> {
    use crate::account::store::links;
    use crate::server::guard::rate::{Costly, spend};
    use crate::server::request::{caller, pool, settings};
    use crate::server::scope::Public;

    let email = form.validate()?;
    spend(Costly::Mail)?;
    let (pool, caller, settings) = (pool()?, caller()?, settings()?);
    links::in_background(async move { links::send_reset(Public::open(&pool, caller).await?, &settings, &email).await });
    leptos_axum::redirect("/forgot?sent=1");
    Ok(())
}

/// What has become of a link.
#[server(input = Json)]
pub async fn get_link(kind: LinkKind, token: String) -> Result<LinkState, AppError> {
    use crate::account::store::token;
    use crate::server::scope::Public;

    token::state(Public::enter().await?.db(), kind, &token).await
}

/// Confirms the e-mail address that the link was sent to.
#[server]
pub async fn confirm_email(token: String) -> Result<(), AppError> {
    use crate::account::store::links;
    use crate::server::scope::Public;

    links::confirm_email(Public::enter().await?, &token).await?;
    leptos_axum::redirect("/verified");
    Ok(())
}

/// Sets a new password by a link, ends every session and begins one.
#[server]
pub async fn reset_password(token: String, form: PasswordForm) -> Result<(), AppError> {
    use crate::account::store::{NewPassword, links, token as tokens};
    use crate::server::guard::rate::{Costly, spend};
    use crate::server::{request::settings, scope::Public, session};

    let mut public = Public::enter().await?;
    let email = match tokens::state(public.db(), LinkKind::Reset, &token).await? {
        LinkState::Valid { email } => email,
        state => return Err(tokens::refusal(&state)),
    };
    let password = form.validate(&email)?;
    spend(Costly::Password)?;
    let paused = public.pause().await?;
    let password = NewPassword::of("new_password", password).await?;
    let session = links::reset_password(paused.go_on().await?, settings()?.as_ref(), &token, password).await?;
    session::start(&session)?;
    leptos_axum::redirect("/account/security?saved=reset");
    Ok(())
}
