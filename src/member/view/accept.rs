//! The page that an invitation's link leads to.

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::account::view::{Doorway, NewPassword, sign_in_with};
use crate::kernel::http::set_status;
use crate::kernel::text::query_value;
use crate::member::api::{AcceptInvitation, ChangeInvitee, GetInvitation, JoinOrg};
use crate::member::model::{InvitationPage, InvitationState, Invited, same_address};
use crate::org::view::param;
use crate::ui::form::{Sent, ServerForm, Submit, TextField};
use crate::ui::layout::Prose;
use crate::ui::load::{Load, data};

/// `/invitations/{token}`
#[component]
pub fn InvitationPageView() -> impl IntoView {
    let token = param("token");
    let left = Sent::new();
    let invitation = data(move || GetInvitation { token: token.get() }).after(left);
    let view = move |data: InvitationPage| {
        let token = token.get_untracked();
        match data.invited {
            None => view! { <Unknown /> }.into_any(),
            Some(invited) if invited.state == InvitationState::Pending => {
                view! { <Open invited viewer=data.viewer token left /> }.into_any()
            }
            Some(invited) => view! { <Over state=invited.state /> }.into_any(),
        }
    };
    view! { <Load of=invitation view /> }
}

/// A token that belongs to no invitation.
#[component]
fn Unknown() -> impl IntoView {
    set_status(404);
    view! {
        <Doorway title="Invitation not found" lead="No invitation has this link. Check that you copied all of it, or ask for a new one.">
            <a class="button wide" href="/">"Go to the start page"</a>
        </Doorway>
    }
}

/// An invitation that cannot be accepted any more.
#[component]
fn Over(state: InvitationState) -> impl IntoView {
    set_status(410);
    view! {
        <Doorway title="Invitation" lead=state.reason()>
            <a class="button wide" href="/">"Go to the start page"</a>
        </Doorway>
    }
}

/// Who invites into what, and the way in.
#[component]
fn Open(invited: Invited, viewer: Option<String>, token: String, left: Sent) -> impl IntoView {
    let inviter = invited.inviter_name.clone().unwrap_or_else(|| "Somebody".into());
    let message = invited.message.clone().map(|text| view! { <div class="quote"><Prose text empty="" /></div> });
    let team = invited.team_name.clone().map(|team| view! { <div><dt>"Team"</dt><dd dir="auto">{team}</dd></div> });
    let way = match viewer {
        Some(viewer) if same_address(&viewer, &invited.email) => view! { <Accept token viewer /> }.into_any(),
        Some(viewer) => view! { <OtherPerson token viewer email=invited.email.clone() left /> }.into_any(),
        None if invited.has_account => view! { <SignInFirst token email=invited.email.clone() /> }.into_any(),
        None => view! { <Join token email=invited.email.clone() /> }.into_any(),
    };
    view! {
        <Doorway title="Invitation" lead="You are invited to work together on ProdMatic.">
            <div class="stack">
                <dl class="facts">
                    <div><dt>"Organisation"</dt><dd class="strong" dir="auto">{invited.organization_name}</dd></div>
                    <div><dt>"From"</dt><dd dir="auto">{inviter}</dd></div>
                    <div><dt>"Your role"</dt><dd>{invited.role.label()}</dd></div>
                    {team}
                </dl>
                {message}
                {way}
            </div>
        </Doorway>
    }
}

/// For whoever is signed in with the address that was invited.
#[component]
fn Accept(token: String, viewer: String) -> impl IntoView {
    view! {
        <ServerForm to=AcceptInvitation::PATH class="stack">
            <input type="hidden" name="token" value=token />
            <p class="hint" dir="auto">{format!("You are signed in as {viewer}.")}</p>
            <Submit label="Accept invitation" class="primary wide" />
        </ServerForm>
    }
}

/// For whoever is signed in with another address.
#[component]
fn OtherPerson(token: String, viewer: String, email: String, left: Sent) -> impl IntoView {
    view! {
        <p dir="auto">{format!("This invitation is for {email}. You are signed in as {viewer}.")}</p>
        <ServerForm to=ChangeInvitee::PATH class="stack" sent=left>
            <input type="hidden" name="token" value=token />
            <Submit label="Sign out and go on" class="wide" />
        </ServerForm>
    }
}

/// Where somebody signs in with the invited address, and comes back from.
fn sign_in_and_back(token: &str, email: &str) -> String {
    format!("{}&next={}", sign_in_with(email), query_value(&format!("/invitations/{}", query_value(token))))
}

/// For somebody with an account, signed out.
#[component]
fn SignInFirst(token: String, email: String) -> impl IntoView {
    let href = sign_in_and_back(&token, &email);
    view! {
        <p dir="auto">{format!("{email} has an account here. Sign in with it to accept.")}</p>
        <a class="button primary wide" href=href>"Sign in to accept"</a>
    }
}

/// For somebody without an account, or of whom that is not told.
#[component]
fn Join(token: String, email: String) -> impl IntoView {
    let href = sign_in_and_back(&token, &email);
    view! {
        <ServerForm to=JoinOrg::PATH class="stack">
            <input type="hidden" name="token" value=token />
            <p dir="auto">{format!("Create your account for {email} to accept.")}</p>
            <TextField name="name" label="Your name" autocomplete="name" required=true />
            <NewPassword name="password" label="Password" />
            <Submit label="Create account and accept" class="primary wide" />
        </ServerForm>
        <p class="aside">"Already have an account? " <a href=href>"Sign in"</a></p>
    }
}
