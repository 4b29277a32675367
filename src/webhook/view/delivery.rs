//! A delivery's own page: what was sent, and what came back.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::crumbs_to;
use super::log::DeliveryBadge;
use crate::kernel::time::moment;
use crate::org::view::param;
use crate::ui::again::again;
use crate::ui::form::{Sent, ServerForm, Submit};
use crate::ui::layout::PageHead;
use crate::ui::load::{Load, data};
use crate::webhook::api::{GetDelivery, Redeliver};
use crate::webhook::model::{Attempt, Delivery, DeliveryPage, duration};

/// `/orgs/{org}/webhooks/{id}/deliveries/{delivery}`
#[component]
pub fn DeliveryPageView() -> impl IntoView {
    let (org, webhook, id) = (param("org"), param("id"), param("delivery"));
    let resent = Sent::new();
    let page = data(move || GetDelivery { org: org.get(), webhook: webhook.get(), id: id.get() }).after(resent);
    let view = move |data: DeliveryPage| view! { <DeliveryView data org=org.get_untracked() resent /> }.into_any();
    view! { <Load of=page view /> }
}

#[component]
fn DeliveryView(data: DeliveryPage, org: String, resent: Sent) -> impl IntoView {
    let (crumbs, delivery) = (crumbs_to(&org, &data.webhook), data.attempt.delivery.clone());
    let arguments = GetDelivery { org: org.clone(), webhook: data.webhook.id.clone(), id: delivery.id.clone() };
    // The next attempt tells nobody that it was made, so it is asked for again.
    let now = RwSignal::new(data);
    again(&arguments, now);
    view! {
        <PageHead title=delivery.event crumbs>
            <ServerForm to=Redeliver::PATH sent=resent>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=delivery.id />
                <Submit label="Send again" class="" />
            </ServerForm>
        </PageHead>
        {move || view! { <AttemptView of=now.get() /> }}
    }
}

/// What was sent and what came back at the last attempt.
#[component]
fn AttemptView(of: DeliveryPage) -> impl IntoView {
    let next = of.next_attempt();
    let DeliveryPage { webhook, attempt } = of;
    let Attempt { delivery, body, request_headers, response_headers, response } = attempt;
    let outcome = delivery.outcome();
    view! {
        <div class="columns">
            <div class="stack">
                <section class="card stack" aria-labelledby="request">
                    <h2 id="request">"Request"</h2>
                    <p class="address" dir="ltr"><code>"POST "{webhook.url}</code></p>
                    <Headers label="Request headers" of=request_headers />
                    <Text label="Request body" text=body />
                    <p class="hint">"The body is laid out for reading; it is sent and signed without the spaces."</p>
                </section>
                <section class="card stack" aria-labelledby="response">
                    <h2 id="response">"Response"</h2>
                    <p>{outcome}</p>
                    <Headers label="Response headers" of=response_headers />
                    {response.filter(|text| !text.is_empty()).map(|text| view! { <Text label="Response body" text /> })}
                </section>
            </div>
            <div class="stack"><Facts delivery next /></div>
        </div>
    }
}

#[component]
fn Headers(label: &'static str, of: Option<Vec<(String, String)>>) -> impl IntoView {
    let headers = of.filter(|headers| !headers.is_empty())?;
    let row = |(name, value): (String, String)| view! { <tr><th scope="row">{name}</th><td>{value}</td></tr> };
    Some(view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=label>
            <table class="table headers"><tbody>{headers.into_iter().map(row).collect_view()}</tbody></table>
        </div>
    })
}

/// Text of a program, line by line. It may be wide, so it scrolls in itself.
#[component]
fn Text(label: &'static str, text: String) -> impl IntoView {
    view! { <pre class="payload" tabindex="0" role="region" aria-label=label dir="ltr">{text}</pre> }
}

#[component]
fn Facts(delivery: Delivery, next: Option<String>) -> impl IntoView {
    let id = delivery.id.clone();
    let fact = |name: &'static str, value: Option<String>| value.map(|value| view! { <div><dt>{name}</dt><dd>{value}</dd></div> });
    view! {
        <section class="card" aria-label="Details">
            <dl class="facts">
                <div><dt>"Status"</dt><dd><DeliveryBadge status=delivery.status /></dd></div>
                <div><dt>"webhook-id"</dt><dd><code>{id}</code></dd></div>
                <div><dt>"Event of"</dt><dd>{moment(delivery.created_at)}</dd></div>
                <div><dt>"Attempts"</dt><dd>{delivery.attempts}</dd></div>
                {fact("Last attempt", delivery.attempted_at.map(moment))}
                {fact("Took", delivery.latency.map(|latency| duration(f64::from(latency))))}
                {fact("Next attempt", next)}
            </dl>
        </section>
    }
}
