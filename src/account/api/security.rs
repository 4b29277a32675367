//! Server functions for the password, the e-mail address and the sessions of somebody signed in.

use leptos::prelude::*;
use server_fn::codec::Json;

use crate::account::model::security::{DeleteForm, EmailForm, Leaving, PasswordForm, Security};
use crate::kernel::error::AppError;

/// What the security page shows.
#[server(input = Json)]
pub async fn get_security() -> Result<Security, AppError> {
    use crate::account::store::security;
    use crate::server::scope::Scope;

    security::get(&mut Scope::signed_in().await?).await
}

/// Sets another password; other sessions end.
#[server]
pub async fn change_password(form: PasswordForm) -> Result<(), AppError> {
    use crate::account::store::{NewPassword, security};
    use crate::server::guard::rate::{Costly, spend};
    use crate::server::{request::settings, scope::Scope, session};

    let person = Scope::signed_in().await?;
    let (current, new) = form.validate_change(&person.user().email)?;
    spend(Costly::Password)?;
    security::confirm(person, "current_password", current).await?;
    let password = NewPassword::of("new_password", new).await?;
    let token = security::set_password(Scope::signed_in().await?, settings()?.as_ref(), password).await?;
    session::start(&token)?;
    leptos_axum::redirect("/account/security?saved=password");
    Ok(())
}

/// Mails a link to another address, which becomes the person's own by it.
#[server]
pub async fn change_email(form: EmailForm) -> Result<(), AppError> {
    use crate::account::store::security;
    use crate::server::guard::rate::{Costly, spend};
    use crate::server::{request::settings, scope::Scope};

    let person = Scope::signed_in().await?;
    let form = form.validate(&person.user().email)?;
    spend(Costly::Password)?;
    spend(Costly::Mail)?;
    security::confirm(person, "email_password", form.email_password).await?;
    security::ask_email_change(Scope::signed_in().await?, settings()?.as_ref(), &form.email).await?;
    leptos_axum::redirect("/account/security?saved=email");
    Ok(())
}

/// Leaves the person's address as it is, whatever was asked before.
#[server]
pub async fn cancel_email_change() -> Result<(), AppError> {
    use crate::account::store::security;
    use crate::server::scope::Scope;

    security::cancel_email_change(Scope::signed_in().await?).await?;
    leptos_axum::redirect("/account/security?saved=kept");
    Ok(())
}

/// Ends one of the person's sessions.
#[server]
pub async fn revoke_session(id: String) -> Result<(), AppError> {
    use crate::account::store::security;
    use crate::server::scope::Scope;

    security::revoke(Scope::signed_in().await?, &id).await?;
    leptos_axum::redirect("/account/security?saved=session");
    Ok(())
}

/// Ends every session of the person but this one.
#[server]
pub async fn revoke_other_sessions() -> Result<(), AppError> {
    use crate::account::store::security;
    use crate::server::scope::Scope;

    security::revoke_others(Scope::signed_in().await?).await?;
    leptos_axum::redirect("/account/security?saved=sessions");
    Ok(())
}

/// What the page for deleting the account shows.
#[server(input = Json)]
pub async fn get_leaving() -> Result<Leaving, AppError> {
    use crate::account::store::leaving;
    use crate::server::scope::Scope;

    leaving::get(&mut Scope::signed_in().await?).await
}

/// Deletes the person's account for good.
#[server]
pub async fn delete_account(form: DeleteForm) -> Result<(), AppError> {
    use crate::account::store::{leaving, security};
    use crate::server::guard::rate::{Costly, spend};
    use crate::server::{scope::Scope, session};

    let person = Scope::signed_in().await?;
    let current = form.validate()?;
    spend(Costly::Password)?;
    security::confirm(person, "current_password", current).await?;
    leaving::delete(Scope::signed_in().await?).await?;
    session::end()?;
    leptos_axum::redirect("/deleted");
    Ok(())
}
