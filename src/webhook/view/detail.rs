//! A webhook's own page.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::chart::HealthCard;
use super::log::Log;
use super::settings::{Danger, SecretCard, SettingsCard};
use super::{Standing, crumbs};
use crate::kernel::time::moment;
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::ui::again::again_until;
use crate::ui::copy::LinkField;
use crate::ui::form::{Sent, ServerForm, Submit};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::PageHead;
use crate::ui::live::is_typing;
use crate::ui::load::{Data, Load, data};
use crate::webhook::api::{GetWebhook, SwitchWebhook, TestWebhook};
use crate::webhook::model::{DeliveryQuery, Webhook, WebhookFields, WebhookPage};

/// The forms of the page, which outlive a new look at its data.
#[derive(Clone, Copy)]
pub struct Forms {
    pub saved: Sent,
    pub switched: Sent,
    pub rotated: Sent,
    pub resent: Sent,
}

/// `/orgs/{org}/webhooks/{id}`
#[component]
pub fn WebhookPageView() -> impl IntoView {
    let (org, id) = (param("org"), param("id"));
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(|params| DeliveryQuery::of_params(|name| params.get(name))));
    let shown = Memo::new(move |_| params.with(|params| params.get("shown")));
    let forms = Forms { saved: Sent::new(), switched: Sent::new(), rotated: Sent::new(), resent: Sent::new() };
    let page = data(move || GetWebhook { org: org.get(), id: id.get(), query: query.get(), shown: shown.get() });
    let page = [forms.saved, forms.switched, forms.rotated, forms.resent].into_iter().fold(page, |page, sent| page.after(sent));
    let view =
        move |data: WebhookPage| view! { <WebhookView data page org=org.get_untracked() query=query.get_untracked() forms /> }.into_any();
    view! { <Load of=page view /> }
}

/// How it does and what was sent at the left; what it is at the right.
#[component]
fn WebhookView(data: WebhookPage, page: Data<WebhookPage>, org: String, query: DeliveryQuery, forms: Forms) -> impl IntoView {
    let WebhookPage { webhook, secret, events, .. } = data.clone();
    let (name, id) = (webhook.name.clone(), webhook.id.clone());
    let base = format!("/orgs/{org}/webhooks/{id}");
    let crumbs = crumbs(&org);
    // Deliveries tell nobody that they went out, so this is asked for again; what somebody types stays as it is meanwhile.
    let now = RwSignal::new(WebhookPage { secret: None, ..data });
    again_until(&GetWebhook { org: org.clone(), id: id.clone(), query: query.clone(), shown: None }, now, move || page.refetch());
    let was = WebhookFields::from(&webhook).version();
    // Only administrators may hear of webhooks, so that `ui::live` tells nobody of them.
    Effect::new(move || {
        if now.with(|now| WebhookFields::from(&now.webhook).version() != was) && !is_typing() {
            page.refetch();
        }
    });
    let present = Memo::new(move |_| now.with(|now| now.webhook.clone()));
    let health = Memo::new(move |_| now.with(|now| now.health.clone()));
    let switch = {
        let org = org.clone();
        move || view! { <SwitchButton org=org.clone() webhook=present.get() switched=forms.switched /> }
    };
    // What each part takes along.
    let [tested, rotated, saved, doomed] = [(); 4].map(|()| (org.clone(), webhook.clone()));
    view! {
        <PageHead title=name crumbs>
            <ServerForm to=TestWebhook::PATH>
                <input type="hidden" name="org" value=tested.0 />
                <input type="hidden" name="id" value=tested.1.id />
                <Submit label="Send test event" class="" />
            </ServerForm>
            {switch}
        </PageHead>
        {secret.map(|secret| view! { <NewSecret secret /> })}
        {move || view! { <Trouble webhook=present.get() /> }}
        <div class="columns">
            <div class="stack">
                {move || view! { <HealthCard health=health.get() /> }}
                <Log org base id now query events resent=forms.resent />
            </div>
            <div class="stack">
                {move || view! { <Facts webhook=present.get() /> }}
                <SecretCard org=rotated.0 webhook=rotated.1 rotated=forms.rotated />
                <SettingsCard org=saved.0 webhook=saved.1 saved=forms.saved />
                <Danger org=doomed.0 id=doomed.1.id />
            </div>
        </div>
    }
}

/// The one time that a secret is shown.
#[component]
fn NewSecret(secret: String) -> impl IntoView {
    view! {
        <section class="card stack" aria-labelledby="new-secret">
            <h2 id="new-secret">"Signing secret"</h2>
            <p>"Give this to the receiver now. It is kept encrypted and is not shown again."</p>
            <LinkField label="Signing secret".to_owned() link=secret />
        </section>
    }
}

/// What is wrong with the endpoint, if anything is.
#[component]
fn Trouble(webhook: Webhook) -> impl IntoView {
    let told = match (webhook.active, webhook.disabled_reason, webhook.failing_since) {
        (false, Some(reason), _) => {
            let at = webhook.disabled_at.map(|at| format!(" on {}", moment(at))).unwrap_or_default();
            format!("This webhook was switched off{at}. {} What waits for it goes out when you switch it on.", reason.told())
        }
        (true, _, Some(since)) => {
            format!("Deliveries have failed since {}. After five days without a success the webhook is switched off.", moment(since))
        }
        _ => return ().into_any(),
    };
    view! { <p class="alert" role="status"><IconView icon=Icon::Alert /><span>{told}</span></p> }.into_any()
}

#[component]
fn SwitchButton(org: String, webhook: Webhook, switched: Sent) -> impl IntoView {
    let label = if webhook.active { "Switch off" } else { "Switch on" };
    let class = if webhook.active { "" } else { "primary" };
    view! {
        <ServerForm to=SwitchWebhook::PATH sent=switched>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=webhook.id />
            <input type="hidden" name="wanted" value=(!webhook.active).to_string() />
            <Submit label class />
        </ServerForm>
    }
}

#[component]
fn Facts(webhook: Webhook) -> impl IntoView {
    let standing = webhook.standing();
    let paused = webhook.paused_until.filter(|_| webhook.active && webhook.failing_since.is_some());
    let paused = paused.map(|until| view! { <div><dt>"Asked to wait until"</dt><dd>{moment(until)}</dd></div> });
    view! {
        <section class="card" aria-label="Details">
            <dl class="facts">
                <div><dt>"Status"</dt><dd><Standing of=standing /></dd></div>
                <div><dt>"Address"</dt><dd class="address" dir="ltr">{webhook.url}</dd></div>
                <div><dt>"Events"</dt><dd class="event-list">{webhook.events.join(", ")}</dd></div>
                {paused}
                <div><dt>"Added"</dt><dd>{moment(webhook.created_at)}</dd></div>
            </dl>
        </section>
    }
}
