//! Where links in mails lead. The pages only ask; nothing happens before a button is pressed.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::{Doorway, NewPassword};
use crate::account::api::links::{ConfirmEmail, ForgotPassword, GetLink, ResetPassword};
use crate::account::model::security::{LinkKind, LinkState};
use crate::kernel::http::set_status;
use crate::org::view::param;
use crate::palette::view::ForgetPages;
use crate::ui::form::{ServerForm, Submit, TextField};
use crate::ui::layout::Notice;
use crate::ui::load::{Load, data};
use crate::ui::mail::{NoMail, mail_goes_out};

/// `/forgot`
#[component]
pub fn ForgotPage() -> impl IntoView {
    let query = use_query_map();
    let sent = Memo::new(move |_| query.with(|query| query.get("sent").is_some()));
    let told = move || {
        (sent.get() && mail_goes_out()).then(
            || view! { <Notice>"If there is an account with this address, a link is on its way to it. It works for an hour."</Notice> },
        )
    };
    view! {
        <Doorway title="Forgot your password?" lead="Tell us your e-mail address, and we send you a link to set a new one.">
            {told}
            <NoMail way="Ask whoever runs it to help you." />
            <ServerForm to=ForgotPassword::PATH class="stack">
                <TextField name="email" label="E-mail address" kind="email" autocomplete="username" required=true />
                <Submit label="Send the link" class="primary wide" />
            </ServerForm>
            <p class="aside"><a href="/signin">"Back to sign in"</a></p>
        </Doorway>
    }
}

/// `/verify/{token}`
#[component]
pub fn VerifyPage() -> impl IntoView {
    let token = param("token");
    let link = data(move || GetLink { kind: LinkKind::Confirm, token: token.get() });
    let view = move |state: LinkState| match state {
        LinkState::Valid { email } => view! {
            <p class="prose">"Is "<strong>{email}</strong>" your address?"</p>
            <ServerForm to=ConfirmEmail::PATH class="stack">
                <input type="hidden" name="token" value=token.get_untracked() />
                <Submit label="Confirm this address" class="primary wide" />
            </ServerForm>
        }
        .into_any(),
        state => view! { <Dead state href="/account" way="To your account, for a new link" /> }.into_any(),
    };
    view! {
        <Doorway title="Confirm your e-mail address" lead="One press, and it is done.">
            <Load of=link view />
        </Doorway>
    }
}

/// `/reset/{token}`
#[component]
pub fn ResetPage() -> impl IntoView {
    let token = param("token");
    let link = data(move || GetLink { kind: LinkKind::Reset, token: token.get() });
    let view = move |state: LinkState| match state {
        LinkState::Valid { .. } => view! {
            <ServerForm to=ResetPassword::PATH class="stack">
                <p class="prose">"You will be signed out everywhere else."</p>
                <input type="hidden" name="token" value=token.get_untracked() />
                <NewPassword name="new_password" label="New password" />
                <Submit label="Set password" class="primary wide" />
            </ServerForm>
        }
        .into_any(),
        state => view! { <Dead state href="/forgot" way="Ask for a new link" /> }.into_any(),
    };
    view! {
        <Doorway title="Set a new password" lead="The link in our mail lets you choose one, once.">
            <Load of=link view />
        </Doorway>
    }
}

/// A link that does not work any more, or never did.
#[component]
fn Dead(state: LinkState, href: &'static str, way: &'static str) -> impl IntoView {
    let (status, text) = match state {
        LinkState::Used => (410, "This link was used already, or something newer has taken its place."),
        LinkState::Expired => (410, "This link has expired."),
        _ => (404, "There is no such link. Please check that you have all of it."),
    };
    set_status(status);
    view! {
        <div class="stack">
            <p class="alert" role="alert">{text}</p>
            <a class="button" href=href>{way}</a>
        </div>
    }
}

/// `/verified`
#[component]
pub fn VerifiedPage() -> impl IntoView {
    view! {
        <Doorway title="Your address is confirmed" lead="Thank you.">
            <a class="button primary wide" href="/">"Go on"</a>
        </Doorway>
    }
}

/// `/deleted`
#[component]
pub fn DeletedPage() -> impl IntoView {
    view! {
        <Doorway title="Your account is deleted" lead="What you made stays with your organisations. Goodbye, and thank you.">
            <ForgetPages />
            <a class="button wide" href="/">"Go to the start page"</a>
        </Doorway>
    }
}
