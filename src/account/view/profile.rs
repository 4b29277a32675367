//! `/account`: what a person tells of themselves.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::frame::{AccountFrame, Saved};
use crate::account::api::profile::{GetProfile, RemovePicture, ResendVerification, SetShortcuts, UpdateProfile};
use crate::account::model::initials;
use crate::account::model::profile::{LOCALES, Profile, ProfileFields};
use crate::kernel::version::Edited;
use crate::ui::form::{Sent, ServerForm, Submit, TextArea, TextField, Version};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::Avatar;
use crate::ui::load::{Load, data};
use crate::ui::mail::mail_goes_out;
use crate::ui::select::SelectField;
use crate::ui::upload::UploadForm;

/// `/account`
#[component]
pub fn ProfilePage() -> impl IntoView {
    let (saved, removed, uploaded, switched) = (Sent::new(), Sent::new(), Sent::new(), Sent::new());
    let profile = data(|| GetProfile {}).after(saved).after(removed).after(uploaded).after(switched);
    let view = move |profile: Profile| view! { <ProfileView profile saved removed uploaded switched /> }.into_any();
    view! {
        <AccountFrame title="Your account">
            <Load of=profile view />
        </AccountFrame>
    }
}

/// Banner, picture, form and keyboard.
#[component]
fn ProfileView(profile: Profile, saved: Sent, removed: Sent, uploaded: Sent, switched: Sent) -> impl IntoView {
    let version = ProfileFields::from(&profile).version();
    let Profile { user, verified, title, bio, timezone, locale, zones, shortcuts } = profile;
    let email = user.email.clone();
    let (picture, letters) = (user.picture(), initials(user.shown()));
    let zone = |name: String| (name.clone(), name);
    let zones: Vec<_> = [(String::new(), "Not set: UTC".to_owned())].into_iter().chain(zones.into_iter().map(zone)).collect();
    let locales: Vec<_> = LOCALES.map(|(code, name)| (code.to_owned(), name.to_owned())).into();
    view! {
        <Saved />
        {(!verified).then(|| view! { <Unverified email /> })}
        <div class="stack form">
            <Picture picture letters removed uploaded />
            <section class="card" aria-labelledby="profile">
                <h2 id="profile">"Profile"</h2>
                <ServerForm to=UpdateProfile::PATH sent=saved class="stack">
                    <Version of=version />
                    <TextField name="name" label="Your name" value=user.name.unwrap_or_default() autocomplete="name" required=true />
                    <TextField name="title" label="Title" value=title autocomplete="organization-title" hint="What you do, such as Product manager." />
                    <TextArea name="bio" label="About you" value=bio rows=4 />
                    <SelectField name="timezone" label="Time zone" options=zones value=timezone />
                    <SelectField name="locale" label="Language" options=locales value=locale />
                    <div class="actions"><Submit label="Save profile" /></div>
                </ServerForm>
            </section>
            <Keyboard shortcuts switched />
        </div>
    }
}

/// Switches single keys on or off as shortcuts: who dictates, or whose hand is not steady, presses them without meaning to.
#[component]
fn Keyboard(shortcuts: bool, switched: Sent) -> impl IntoView {
    let (to, label) = if shortcuts { ("off", "Switch single keys off") } else { ("on", "Switch single keys on") };
    view! {
        <section class="card" aria-labelledby="keyboard">
            <h2 id="keyboard">"Keyboard" <span class="badge">{if shortcuts { "Single keys on" } else { "Single keys off" }}</span></h2>
            <p class="muted">
                "In an organisation, g and then p leads to the portfolio, n begins something new, and ? lists the rest. A key in a field is always text. "
                "Ctrl K, or ⌘K on a Mac, works either way."
            </p>
            <ServerForm to=SetShortcuts::PATH sent=switched>
                <input type="hidden" name="to" value=to />
                <Submit label class="small" />
            </ServerForm>
        </section>
    }
}

/// Says that the address is not confirmed, and offers the mail again.
#[component]
fn Unverified(email: String) -> impl IntoView {
    view! {
        <section class="notice warning" aria-label="E-mail address not confirmed">
            <IconView icon=Icon::Alert />
            {if mail_goes_out() {
                view! {
                    <p>"We have sent a link to "<strong>{email}</strong>". Follow it to confirm that this address is yours."</p>
                    <ServerForm to=ResendVerification::PATH class="inline">
                        <Submit label="Send again" class="small" />
                    </ServerForm>
                }
                .into_any()
            } else {
                view! { <p>"Your address "<strong>{email}</strong>" is not confirmed: mail is not set up on this server."</p> }.into_any()
            }}
        </section>
    }
}

/// The person's picture, with the ways to another one and to none.
#[component]
fn Picture(picture: Option<String>, letters: String, removed: Sent, uploaded: Sent) -> impl IntoView {
    let has_one = picture.is_some();
    view! {
        <section class="card" aria-labelledby="picture">
            <h2 id="picture">"Picture"</h2>
            <div class="picture">
                <Avatar initials=letters src=picture />
                <UploadForm
                    to="/account/image"
                    sent=uploaded
                    name="picture"
                    label="Picture file"
                    hint="PNG, JPEG, WebP or GIF, at most 1 MB. It is cut to a square, and what the file says about place and camera is left out."
                    accept="image/png,image/jpeg,image/webp,image/gif"
                    submit="Upload picture"
                />
            </div>
            {has_one
                .then(|| {
                    view! {
                        <ServerForm to=RemovePicture::PATH sent=removed>
                            <Submit label="Remove picture" class="quiet small" />
                        </ServerForm>
                    }
                })}
        </section>
    }
}
