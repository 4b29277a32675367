//! The form of a webhook.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::crumbs;
use crate::org::view::param;
use crate::ui::fold::Fold;
use crate::ui::form::{ServerForm, Submit, TextField, field_id, was_returned, was_ticked};
use crate::ui::layout::PageHead;
use crate::ui::load::{Load, data};
use crate::webhook::api::{CreateWebhook, ListWebhooks};
use crate::webhook::model::{ALL, GROUPS, OTHERS, Thing, Webhook, is_ticked};

/// `/orgs/{org}/webhooks/new`
#[component]
pub fn NewWebhookPage() -> impl IntoView {
    let org = param("org");
    // It asks for nothing but whether the person may do this.
    let allowed = data(move || ListWebhooks { org: org.get() });
    let view = move |_: Vec<Webhook>| view! { <NewWebhook org=org.get_untracked() /> }.into_any();
    view! { <Load of=allowed view /> }
}

#[component]
fn NewWebhook(org: String) -> impl IntoView {
    let back = format!("/orgs/{org}/webhooks");
    view! {
        <PageHead title="New webhook" crumbs=crumbs(&org) />
        <ServerForm to=CreateWebhook::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <WebhookFields webhook=None />
            <div class="actions">
                <Submit label="Add webhook" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}

/// The fields that adding and changing a webhook share.
#[component]
pub fn WebhookFields(webhook: Option<Webhook>) -> impl IntoView {
    let (name, url, events) = webhook.map(|webhook| (webhook.name, webhook.url, webhook.events)).unwrap_or_default();
    let single = events.iter().filter(|event| !is_ticked(event)).cloned().collect::<Vec<_>>().join(", ");
    view! {
        <TextField name="name" label="Name" value=name required=true placeholder="Build server" />
        <TextField
            name="url"
            label="Address"
            kind="url"
            value=url
            required=true
            placeholder="https://example.com/hook"
            hint="Events are sent here as signed JSON, by POST."
        />
        <Groups events />
        <TextField
            name="events"
            label="Single events"
            value=single
            placeholder="idea.created, product.lifecycle_changed"
            hint="By their names, with commas between."
        />
        <AllEvents />
    }
}

/// What can be typed.
#[component]
fn AllEvents() -> impl IntoView {
    let line = |label: &'static str, things: &[Thing]| {
        let names: Vec<String> = things.iter().flat_map(|thing| thing.events()).collect();
        view! { <div><dt>{label}</dt><dd class="event-list">{names.join(", ")}</dd></div> }
    };
    let groups = GROUPS.iter().map(|group| line(group.label, group.things)).collect_view();
    view! {
        <Fold label="Names of all events">
            <dl class="facts">{groups}{line("Others", &OTHERS)}</dl>
        </Fold>
    }
}

/// A box for everything and one for each group.
#[component]
fn Groups(events: Vec<String>) -> impl IntoView {
    let returned = was_returned();
    let ticked = move |word: &str| if returned { was_ticked("groups", word) } else { events.iter().any(|event| event == word) };
    let entry = |word: &'static str, label: &'static str, about: &'static str| {
        let id = format!("{}-{}", field_id("groups"), if word == ALL { "all" } else { word.trim_end_matches(".*") });
        view! {
            <div class="check">
                <input type="checkbox" id=id.clone() name="form[groups][]" value=word checked=ticked(word) />
                <label for=id>{label}" "<span class="muted">{about}</span></label>
            </div>
        }
    };
    let groups = GROUPS.iter().map(|group| entry(group.word, group.label, group.about)).collect_view();
    view! {
        <fieldset class="event-groups">
            <legend>"Events"</legend>
            {entry(ALL, "Everything", "now and in the future")}
            {groups}
        </fieldset>
    }
}
