//! Server functions for people.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{SignInForm, SignUpForm, Theme, User};
use crate::kernel::error::AppError;

/// Makes an account, signs it in and leads on to the first organisation.
#[server]
pub async fn sign_up(form: SignUpForm) -> Result<(), AppError> {
    use crate::account::store;
    use crate::server::{scope::Public, session};

    let person = store::NewPerson::of(form.validate()?).await?;
    let token = store::sign_up(Public::enter().await?, person).await?;
    session::start(&token)?;
    leptos_axum::redirect("/orgs/new");
    Ok(())
}

/// Signs in and leads on to where the person wanted to go.
#[server]
pub async fn sign_in(form: SignInForm) -> Result<(), AppError> {
    use crate::account::store;
    use crate::server::{scope::Public, session};

    let form = form.validate()?;
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

/// The signed-in person, if there is one.
#[server(input = Json)]
pub async fn current_user() -> Result<Option<User>, AppError> {
    use crate::server::scope::Scope;

    match Scope::signed_in().await {
        Ok(person) => {
            let user = person.user().clone();
            Ok(Some(User { id: user.id, name: user.name, email: user.email }))
        }
        Err(AppError::Unauthorized) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Remembers the theme in this browser.
#[server]
pub async fn set_theme(theme: Theme) -> Result<(), AppError> {
    // Not even Public:: is needed: nothing is read or written but a cookie.
    crate::server::session::keep_theme(theme.word())
}
