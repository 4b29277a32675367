//! An organisation's settings.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::param;
use crate::kernel::version::Edited;
use crate::org::api::{DeleteOrg, GetOrg, RemoveLogo, SetSwitch, UpdateOrg};
use crate::org::model::{OrgFields, Organization, RESTORE_DAYS, Switch, domain_only, primary_color};
use crate::ui::form::{CheckField, Sent, ServerForm, Submit, TextArea, TextField, Version};
use crate::ui::layout::{Crumb, Notice, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::upload::UploadForm;

/// The pages of the settings.
#[component]
pub fn SettingsTabs(org: String, current: &'static str) -> impl IntoView {
    let tab = |(tail, name): (&'static str, &'static str)| {
        let here = (tail == current).then_some("page");
        view! { <li><a href=format!("/orgs/{org}/settings{tail}") aria-current=here>{name}</a></li> }
    };
    view! {
        <nav class="filters" aria-label="Settings">
            <ul class="tabs">{[("", "General"), ("/features", "Features"), ("/roles", "Roles")].map(tab).collect_view()}</ul>
        </nav>
    }
}

/// `/orgs/{org}/settings`
#[component]
pub fn OrgSettingsPage() -> impl IntoView {
    let org = param("org");
    let (saved, removed, uploaded) = (Sent::new(), Sent::new(), Sent::new());
    let organization = data(move || GetOrg { org: org.get() }).after(saved).after(removed).after(uploaded);
    let view = move |organization: Organization| view! { <OrgSettings organization saved removed uploaded /> }.into_any();
    view! { <Load of=organization view /> }
}

/// The form for profile and branding.
#[component]
fn OrgSettings(organization: Organization, saved: Sent, removed: Sent, uploaded: Sent) -> impl IntoView {
    let color = primary_color(organization.settings.as_ref()).unwrap_or_default().to_owned();
    let kept = domain_only(organization.settings.as_ref());
    let version = OrgFields::from(&organization).version();
    let portfolio = format!("/orgs/{}/products", organization.slug);
    let doomed = organization.slug.clone();
    let Organization { name, slug, description, website, domain, logo, .. } = organization;
    let of_logo = slug.clone();
    view! {
        <PageHead title="Organisation settings" crumbs=vec![Crumb::new(name.clone(), portfolio)] />
        <SettingsTabs org=slug.clone() current="" />
        <Saved />
        <ServerForm to=UpdateOrg::PATH sent=saved class="stack form">
            <input type="hidden" name="org" value=slug.clone() />
            <Version of=version />
            <TextField name="name" label="Name" value=name required=true />
            <TextField name="slug" label="Address" value=slug.clone() hint="Links that hold the old address stop working when you change it." required=true />
            <TextArea name="description" label="Description" value=description.unwrap_or_default() rows=4 />
            <TextField name="website" label="Website" value=website.unwrap_or_default() hint="Shown in the organisation's menu, with the description." placeholder="https://www.example.com" />
            <TextField name="domain" label="E-mail domain" value=domain.unwrap_or_default() hint="The part of your people's addresses behind the @, such as example.com." />
            <CheckField name="domain_only" label="Invite only people with an address at this domain" checked=kept />
            <TextField
                name="primary_color"
                label="Accent colour"
                value=color
                hint="Such as #3b82f6. It is made a little darker or lighter where a page needs that. Leave it empty for the default."
            />
            <div class="actions"><Submit label="Save settings" /></div>
        </ServerForm>
        <LogoSection slug=of_logo logo removed uploaded />
        <DeleteSection slug=doomed />
    }
}

/// Says that the settings were saved, as the address does after the form was accepted.
#[component]
fn Saved() -> impl IntoView {
    let query = use_query_map();
    let saved = Memo::new(move |_| query.with(|query| query.get("saved")));
    let told = |word: String| if word == "picture" { "The logo is saved." } else { "The settings are saved." };
    move || saved.get().map(|word| view! { <Notice>{told(word)}</Notice> })
}

/// The organisation's mark in the navigation.
#[component]
fn LogoSection(slug: String, logo: Option<String>, removed: Sent, uploaded: Sent) -> impl IntoView {
    let to = format!("/orgs/{slug}/settings/image");
    let shown = logo.map(|logo| {
        let slug = slug.clone();
        view! {
            <div class="logo-now">
                <img class="org-mark" src=logo alt="The logo as it is now" />
                <ServerForm to=RemoveLogo::PATH sent=removed>
                    <input type="hidden" name="org" value=slug />
                    <Submit label="Remove logo" class="small" />
                </ServerForm>
            </div>
        }
    });
    view! {
        <section class="card form" aria-labelledby="logo">
            <h2 id="logo">"Logo"</h2>
            {shown}
            <UploadForm
                to
                sent=uploaded
                name="picture"
                label="Logo file"
                hint="PNG, JPEG, WebP or GIF, at most 1 MB. It is cut to a square."
                accept="image/png,image/jpeg,image/webp,image/gif"
                submit="Upload logo"
            />
        </section>
    }
}

#[component]
fn DeleteSection(slug: String) -> impl IntoView {
    view! {
        <section class="card danger form">
            <h2>"Delete this organisation"</h2>
            <p class="muted">
                {format!("Nobody reaches it any more. Its administrators can bring it back for {RESTORE_DAYS} days, with everything in it and its audit log.")}
            </p>
            <ServerForm to=DeleteOrg::PATH class="stack">
                <input type="hidden" name="org" value=slug.clone() />
                <TextField name="confirm" label="The organisation's address, to confirm" placeholder="" hint="Type it as it stands above." required=true />
                <div class="actions"><Submit label="Delete organisation" class="danger" /></div>
            </ServerForm>
        </section>
    }
}

/// `/orgs/{org}/settings/features`
#[component]
pub fn FeaturesPage() -> impl IntoView {
    let org = param("org");
    let switched = Sent::new();
    let organization = data(move || GetOrg { org: org.get() }).after(switched);
    view! { <Load of=organization view=move |organization: Organization| view! { <Features organization switched /> }.into_any() /> }
}

/// A switch for each part that can be done without.
#[component]
fn Features(organization: Organization, switched: Sent) -> impl IntoView {
    let Organization { name, slug, settings, .. } = organization;
    let org = slug.clone();
    let rows = Switch::ALL
        .into_iter()
        .map(|switch| {
            let (title, text) = switch.texts();
            let org = org.clone();
            let on = switch.is_on(settings.as_ref());
            let (to, label) = if on { ("off", format!("Switch {title} off")) } else { ("on", format!("Switch {title} on")) };
            view! {
                <li class="card switch-row">
                    <div>
                        <h2><span>{title}</span> <span class="badge" data-switch=if on { "on" } else { "off" }>{if on { "On" } else { "Off" }}</span></h2>
                        <p class="muted">{text}</p>
                    </div>
                    <ServerForm to=SetSwitch::PATH sent=switched>
                        <input type="hidden" name="org" value=org />
                        <input type="hidden" name="switch" value=format!("{switch:?}") />
                        <input type="hidden" name="to" value=to />
                        <Submit label class="small" />
                    </ServerForm>
                </li>
            }
        })
        .collect_view();
    view! {
        <PageHead title="Features" crumbs=vec![Crumb::new(name, format!("/orgs/{slug}/products"))] />
        <SettingsTabs org=slug.clone() current="/features" />
        <ul class="switches">{rows}</ul>
    }
}
