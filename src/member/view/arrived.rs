//! What waits for somebody who has just come.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use crate::member::api::{AcceptOwnInvitation, GetArrival};
use crate::member::model::{Arrival, Waiting};
use crate::ui::form::ServerForm;
use crate::ui::layout::Notice;
use crate::ui::load::data;
use crate::ui::mail::mail_goes_out;

/// The invitations to a confirmed address, or the word that it has to be confirmed for them to be shown.
#[component]
pub fn Arrived() -> impl IntoView {
    let arrival = data(|| GetArrival {});
    let new = use_query_map().with_untracked(|query| query.get("welcome").is_some());
    let shown = move |arrival: Arrival| match arrival.confirmed {
        true => view! { <Invitations waiting=arrival.waiting /> }.into_any(),
        false => view! { <Unconfirmed email=arrival.email new /> }.into_any(),
    };
    view! { <Transition fallback=|| ()>{move || Suspend::new(async move { arrival.get().await.ok().map(shown) })}</Transition> }
}

/// Says that a mail was sent to somebody who has just signed up, and what it is good for.
#[component]
fn Unconfirmed(email: String, new: bool) -> impl IntoView {
    let later = "Invitations to it are listed here once it is confirmed.";
    let text = match (mail_goes_out(), new) {
        (true, true) => format!("We have sent a mail to {email}. Follow the link in it to confirm your address. {later}"),
        (true, false) => format!("Your address {email} is not confirmed yet: follow the link in our mail. {later}"),
        (false, _) => "Mail is not set up on this server. If you were invited, follow the link that you were given.".into(),
    };
    view! { <Notice><p dir="auto">{text}</p></Notice> }
}

#[component]
fn Invitations(waiting: Vec<Waiting>) -> impl IntoView {
    let row = |one: Waiting| {
        let by = one.inviter_name.map(|name| format!("from {name}, ")).unwrap_or_default();
        view! {
            <li>
                <span class="who">
                    <span class="name" dir="auto">{one.organization_name.clone()}</span>
                    <span class="muted" dir="auto">{format!("{by}as {}", one.role.label().to_lowercase())}</span>
                </span>
                <ServerForm to=AcceptOwnInvitation::PATH>
                    <input type="hidden" name="id" value=one.id />
                    <button type="submit" class="button small primary" aria-label=format!("Accept the invitation to {}", one.organization_name)>
                        "Accept"
                    </button>
                </ServerForm>
            </li>
        }
    };
    (!waiting.is_empty()).then(|| {
        view! {
            <section class="waiting" aria-labelledby="waiting-invitations">
                <h2 id="waiting-invitations">"You are invited"</h2>
                <ul>{waiting.into_iter().map(row).collect_view()}</ul>
            </section>
        }
    })
}
