//! `/account/security` and `/account/delete`.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::frame::{AccountFrame, Saved};
use crate::account::api::security::{
    CancelEmailChange, ChangeEmail, ChangePassword, DeleteAccount, GetLeaving, GetSecurity, RevokeOtherSessions, RevokeSession,
};
use crate::account::model::security::{Leaving, Security, SessionEntry};
use crate::account::oidc::view::Providers;
use crate::ui::form::{Sent, ServerForm, Submit, TextField};
use crate::ui::icon::{Icon, IconView};
use crate::ui::load::{Load, data};
use crate::ui::rows::{anew, then_focus};

/// `/account/security`
#[component]
pub fn SecurityPage() -> impl IntoView {
    let (changed, moved, ended) = (Sent::new(), Sent::new(), Sent::new());
    let security = data(|| GetSecurity {}).after(changed).after(moved).after(ended);
    then_focus(ended, "sessions");
    let view = move |security: Security| {
        let Security { email, pending_email, has_password, zone, sessions } = security;
        view! {
            <Saved />
            <div class="stack">
                {if has_password {
                    view! {
                        <PasswordCard changed />
                        <EmailCard email pending=pending_email moved />
                    }
                    .into_any()
                } else {
                    view! { <NoPassword /> }.into_any()
                }}
                <Sessions sessions zone ended />
            </div>
        }
        .into_any()
    };
    view! {
        <AccountFrame title="Security">
            <Load of=security view />
            <Providers />
        </AccountFrame>
    }
}

/// For somebody who signs in by an identity provider alone.
#[component]
fn NoPassword() -> impl IntoView {
    view! {
        <section class="card form" aria-labelledby="no-password">
            <h2 id="no-password">"Password"</h2>
            <p>"You have no password. To change your e-mail address or to delete your account, set one first."</p>
            <p><a class="button" href="/forgot">"Set a password by mail"</a></p>
        </section>
    }
}

#[component]
fn PasswordCard(changed: Sent) -> impl IntoView {
    view! {
        <section class="card form" aria-labelledby="password">
            <h2 id="password">"Change your password"</h2>
            <ServerForm to=ChangePassword::PATH sent=changed class="stack">
                <TextField name="current_password" label="Current password" kind="password" autocomplete="current-password" required=true />
                <TextField
                    name="new_password"
                    label="New password"
                    kind="password"
                    autocomplete="new-password"
                    hint="At least 10 characters. Your other sessions end."
                    required=true
                />
                <div class="actions"><Submit label="Change password" /></div>
            </ServerForm>
        </section>
    }
}

#[component]
fn EmailCard(email: String, pending: Option<String>, moved: Sent) -> impl IntoView {
    view! {
        <section class="card form" aria-labelledby="email">
            <h2 id="email">"Change your e-mail address"</h2>
            <p class="muted">"It is now "<strong>{email}</strong>"."</p>
            {pending.map(|pending| view! { <PendingEmail pending moved /> })}
            <ServerForm to=ChangeEmail::PATH sent=moved class="stack">
                <TextField name="email" label="New e-mail address" kind="email" autocomplete="email" hint="We send a link there to confirm it." required=true />
                <TextField name="email_password" label="Current password" kind="password" autocomplete="current-password" required=true />
                <div class="actions"><Submit label="Change e-mail address" /></div>
            </ServerForm>
        </section>
    }
}

/// The address that was asked for, and the way back.
#[component]
fn PendingEmail(pending: String, moved: Sent) -> impl IntoView {
    view! {
        <div class="notice warning" role="group" aria-label="Change of e-mail address under way">
            <IconView icon=Icon::Alert />
            <p>"It becomes "<strong dir="auto">{pending}</strong>" once the link that we sent there is followed."</p>
            <ServerForm to=CancelEmailChange::PATH sent=moved class="inline">
                <Submit label="Cancel the change" class="small" />
            </ServerForm>
        </div>
    }
}

/// Where the person is signed in.
#[component]
fn Sessions(sessions: Vec<SessionEntry>, zone: String, ended: Sent) -> impl IntoView {
    let others = sessions.iter().any(|session| !session.current);
    let used = format!("Last used ({zone})");
    let label = used.clone();
    let row = |session: SessionEntry| {
        let label = label.clone();
        anew(move || view! { <SessionRow session=session.clone() used=label.clone() ended /> })
    };
    let rows = sessions.into_iter().map(row).collect_view();
    view! {
        <section class="stack" aria-labelledby="sessions">
            <div class="card-head">
                <h2 id="sessions" tabindex="-1">"Sessions"</h2>
                {others
                    .then(|| {
                        view! {
                            <ServerForm to=RevokeOtherSessions::PATH sent=ended>
                                <Submit label="End all other sessions" class="danger small" />
                            </ServerForm>
                        }
                    })}
            </div>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Table of sessions">
                <table class="table stacked">
                    <caption class="visually-hidden">"Where you are signed in"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Device"</th>
                            <th scope="col">"Address"</th>
                            <th scope="col">{used}</th>
                            <th scope="col"><span class="visually-hidden">"End"</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn SessionRow(
    session: SessionEntry,
    /// What stands above, or on a narrow screen beside, the time of the last use.
    used: String,
    ended: Sent,
) -> impl IntoView {
    let SessionEntry { id, device, ip_address, last_used, current } = session;
    let end = if current {
        view! { <span class="badge">"This session"</span> }.into_any()
    } else {
        view! {
            <ServerForm to=RevokeSession::PATH sent=ended>
                <input type="hidden" name="id" value=id />
                <Submit label="End" class="small" />
            </ServerForm>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row">{device}</th>
            <td data-label="Address">{ip_address}</td>
            <td data-label=used>{last_used}</td>
            <td class="number corner">{end}</td>
        </tr>
    }
}

/// `/account/delete`
#[component]
pub fn DeletePage() -> impl IntoView {
    let leaving = data(|| GetLeaving {});
    let view = |leaving: Leaving| match leaving {
        Leaving { has_password: false, .. } => view! { <NoPassword /> }.into_any(),
        Leaving { needed_by, .. } if !needed_by.is_empty() => view! { <Needed by=needed_by /> }.into_any(),
        _ => view! { <DeleteCard /> }.into_any(),
    };
    view! {
        <AccountFrame title="Delete your account">
            <Load of=leaving view />
        </AccountFrame>
    }
}

/// Why the account cannot be deleted yet.
#[component]
fn Needed(by: Vec<String>) -> impl IntoView {
    let names = by.into_iter().map(|name| view! { <li class="strong" dir="auto">{name}</li> }).collect_view();
    view! {
        <section class="card form stack" aria-labelledby="needed">
            <h2 id="needed">"You are still needed"</h2>
            <p>"You are the only administrator here, and there are other members. Make one of them an administrator first:"</p>
            <ul>{names}</ul>
        </section>
    }
}

#[component]
fn DeleteCard() -> impl IntoView {
    view! {
        <section class="card danger form" aria-labelledby="delete">
            <h2 id="delete">"Delete your account"</h2>
            <p>"You leave every organisation and cannot come back to this account. Your name, address, picture and profile are removed."</p>
            <p>"What you made stays with your organisations, shown as by a former member. An organisation in which you are alone is deleted."</p>
            <ServerForm to=DeleteAccount::PATH class="stack">
                <TextField name="current_password" label="Current password" kind="password" autocomplete="current-password" required=true />
                <div class="actions"><Submit label="Delete my account" class="danger" /></div>
            </ServerForm>
        </section>
    }
}
