//! The list of an organisation's webhooks.

use leptos::prelude::*;

use super::Standing;
use crate::org::view::param;
use crate::ui::again::again;
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Crumb, Empty, PageHead};
use crate::ui::load::{Load, data};
use crate::webhook::api::ListWebhooks;
use crate::webhook::model::Webhook;

/// `/orgs/{org}/webhooks`
#[component]
pub fn WebhookListPage() -> impl IntoView {
    let org = param("org");
    let webhooks = data(move || ListWebhooks { org: org.get() });
    let view = move |webhooks: Vec<Webhook>| view! { <WebhookListView webhooks org=org.get_untracked() /> }.into_any();
    view! { <Load of=webhooks view /> }
}

#[component]
fn WebhookListView(webhooks: Vec<Webhook>, org: String) -> impl IntoView {
    let base = format!("/orgs/{org}/webhooks");
    let new = |base: &str| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New webhook"</a> };
    let head = new(&base);
    // Deliveries tell nobody that they went out, so their share is asked for again.
    let now = RwSignal::new(webhooks);
    again(&ListWebhooks { org: org.clone() }, now);
    let body = move || {
        let webhooks = now.get();
        if webhooks.is_empty() {
            let text =
                "A webhook tells a program of yours what happens here: a new idea, a release that went out, a key result that moved.";
            let first = new(&base);
            view! { <Empty icon=Icon::Hook title="No webhooks yet" text>{first}</Empty> }.into_any()
        } else {
            view! { <WebhookTable webhooks base=base.clone() /> }.into_any()
        }
    };
    view! {
        <PageHead title="Webhooks" crumbs=vec![Crumb::new("Portfolio", format!("/orgs/{org}/products"))]>{head}</PageHead>
        {body}
    }
}

#[component]
fn WebhookTable(webhooks: Vec<Webhook>, base: String) -> impl IntoView {
    let row = |webhook: Webhook| {
        let standing = webhook.standing();
        let rate = webhook.tally.rate().unwrap_or_else(|| "–".to_owned());
        view! {
            <tr>
                <th scope="row">
                    <div class="idea-cell">
                        <a class="idea-title" href=format!("{base}/{}", webhook.id) dir="auto">{webhook.name}</a>
                        <span class="muted address" dir="ltr">{webhook.url}</span>
                    </div>
                </th>
                <td><Standing of=standing /></td>
                <td class="wide-only event-list">{webhook.events.join(", ")}</td>
                <td class="number">{rate}</td>
            </tr>
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Webhooks">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Webhook"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col" class="wide-only">"Events"</th>
                        <th scope="col" class="number">"Delivered"</th>
                    </tr>
                </thead>
                <tbody>{webhooks.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <p class="hint">"“Delivered” is the share of the last hundred deliveries that the endpoint has taken."</p>
    }
}
