//! The invitations of an organisation.

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::kernel::time::day;
use crate::member::api::{ResendInvitation, RevokeInvitation};
use crate::member::model::{Invitation, InvitationState};
use crate::ui::copy::LinkField;
use crate::ui::form::{Sent, ServerForm};
use crate::ui::rows::anew;

/// The invitations, and what can be done with those that are open. The rows' buttons belong to two forms before the
/// table, so that what goes wrong is told once.
#[component]
pub fn Invitations(invitations: Vec<Invitation>, org: String, resent: Sent, revoked: Sent) -> impl IntoView {
    if invitations.is_empty() {
        return ().into_any();
    }
    let also = org.clone();
    let row = |invitation: Invitation| anew(move || view! { <InvitationRow invitation=invitation.clone() /> });
    let rows = invitations.into_iter().map(row).collect_view();
    view! {
        <section class="apart-section" aria-labelledby="invitations">
            <h2 id="invitations" tabindex="-1">"Invitations"</h2>
            <ServerForm id="resend" to=ResendInvitation::PATH sent=resent><input type="hidden" name="org" value=org /></ServerForm>
            <ServerForm id="revoke" to=RevokeInvitation::PATH sent=revoked><input type="hidden" name="org" value=also /></ServerForm>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Table of invitations">
                <table class="table">
                    <caption class="visually-hidden">"Invitations"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Invited"</th>
                            <th scope="col" class="wide-only">"Role"</th>
                            <th scope="col">"State"</th>
                            <th scope="col" class="wide-only">"Until"</th>
                            <th scope="col"><span class="visually-hidden">"Change"</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

/// An invitation, with its link while it works.
#[component]
fn InvitationRow(invitation: Invitation) -> impl IntoView {
    let Invitation { id, email, role, team_name, inviter_name, state, expires_at, link } = invitation;
    let by = inviter_name.map(|name| format!("by {name}"));
    let team = team_name.map(|team| format!(" · {team}"));
    let link = link.map(|link| {
        view! {
            <details class="copy">
                <summary aria-label=format!("Copy link for {email}")>"Copy link"</summary>
                <LinkField label=format!("Link for {email}") link />
            </details>
        }
    });
    let buttons = state.is_open().then(|| {
        view! {
            <span class="actions">
                <button type="submit" class="button small" form="resend" name="id" value=id.clone() aria-label=format!("Resend to {email}")>"Resend"</button>
                <button type="submit" class="button small danger" form="revoke" name="id" value=id aria-label=format!("Revoke for {email}")>"Revoke"</button>
            </span>
        }
    });
    let until = (state == InvitationState::Pending).then(|| day(expires_at));
    // On a narrow screen role and time stand under the address.
    let narrow = until.as_ref().map_or_else(|| role.label().to_owned(), |until| format!("{} · until {until}", role.label()));
    view! {
        <tr>
            <th scope="row">
                <span class="who">
                    <span class="name" dir="auto">{email}</span>
                    {by.map(|by| view! { <span class="muted clip" dir="auto">{by}</span> })}
                    <span class="muted narrow-only">{narrow}</span>
                    {link}
                </span>
            </th>
            <td class="wide-only">{role.label()}{team}</td>
            <td><span class="badge" data-state=state.word()>{state.label()}</span></td>
            <td class="wide-only muted">{until}</td>
            <td class="number">{buttons}</td>
        </tr>
    }
}
