//! Server functions for people.

pub mod links;
pub mod profile;
pub mod security;

use leptos::prelude::*;

use crate::account::model::{SignInForm, SignUpForm, Theme};
use crate::kernel::error::AppError;

/// Makes an account, signs it in and leads on to the first organisation.
#[server]
pub async fn sign_up(form: SignUpForm) -> Result<(), AppError> {
    use crate::account::store;
    use crate::server::guard::rate::{Costly, spend};
    use crate::server::{request::settings, scope::Public, session};

    let form = form.validate()?;
    spend(Costly::SignUp)?;
    spend(Costly::Password)?;
    let person = store::NewPerson::of(form).await?;
    let token = store::sign_up(Public::enter().await?, settings()?.as_ref(), person).await?;
    session::start(&token)?;
    leptos_axum::redirect("/orgs/new?welcome=1");
    Ok(())
}

/// Signs in and leads on to where the person wanted to go.
#[server]
pub async fn sign_in(form: SignInForm) -> Result<(), AppError> {
    use crate::account::store;
    use crate::server::guard::rate::{Costly, spend};
    use crate::server::{scope::Public, session};

    let form = form.validate()?;
    spend(Costly::Password)?;
    let next = form.next.clone();
    let token = store::sign_in(Public::enter().await?, form).await?;
    session::start(&token)?;
    leptos_axum::redirect(&next);
    Ok(())
}

/// Ends this session.
#[server]
pub async fn sign_out() -> Result<(), AppError> {
    use crate::account::store;
    use crate::server::{scope::Scope, session};

    if let Ok(person) = Scope::signed_in().await {
        store::sign_out(person).await?;
    }
    session::end()?;
    leptos_axum::redirect("/signin");
    Ok(())
}

/// Remembers the theme in this browser.
#[server]
pub async fn set_theme(theme: Theme) -> Result<(), AppError> {
    // Not even Public:: is needed: nothing is read or written but a cookie.
    crate::server::session::keep_theme(theme.word())
}
