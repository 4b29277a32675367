//! The log of a webhook's deliveries.

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::kernel::page::Cursor;
use crate::kernel::time::moment;
use crate::ui::form::{Sent, ServerForm, Submit};
use crate::ui::layout::Pager;
use crate::ui::page::once_alive;
use crate::webhook::api::RedeliverFailed;
use crate::webhook::model::{Delivery, DeliveryQuery, DeliveryStatus, KEPT_DAYS, WebhookPage, duration};

/// Filters, deliveries and the ways on.
#[component]
pub fn Log(
    org: String,
    /// The webhook's address.
    base: String,
    id: String,
    now: RwSignal<WebhookPage>,
    query: DeliveryQuery,
    events: Vec<String>,
    resent: Sent,
) -> impl IntoView {
    let page = Memo::new(move |_| now.with(|now| now.deliveries.clone()));
    let (at, asked) = (base.clone(), query.clone());
    let body = move || {
        let page = page.get();
        let step = |cursor: Option<Cursor>, label: &'static str| {
            cursor.map(|cursor| {
                let to = DeliveryQuery { cursor: Some(cursor), ..asked.clone() };
                view! { <a class="button" href=format!("{at}{}", to.params())>{label}</a> }
            })
        };
        let (previous, next) = (step(page.previous.clone(), "Newer"), step(page.next.clone(), "Older"));
        let range = page.range();
        let rows = match (page.rows.is_empty(), asked.is_filtered()) {
            (true, true) => view! { <p class="muted">"No delivery is of this status and event."</p> }.into_any(),
            (true, false) => view! { <p class="muted">"Nothing was sent yet. Send a test event to try the endpoint."</p> }.into_any(),
            _ => view! { <Table rows=page.rows base=at.clone() /> }.into_any(),
        };
        view! {
            {rows}
            <Pager range>{previous}{next}</Pager>
        }
    };
    view! {
        <section class="card stack" aria-labelledby="deliveries">
            <div class="card-head">
                <h2 id="deliveries">"Deliveries"</h2>
                <ServerForm to=RedeliverFailed::PATH sent=resent>
                    <input type="hidden" name="org" value=org />
                    <input type="hidden" name="id" value=id />
                    <Submit label="Send all failed again" class="small" />
                </ServerForm>
            </div>
            <Filters base query events />
            {body}
            <p class="hint">{format!("Finished deliveries are kept for {KEPT_DAYS} days.")}</p>
        </section>
    }
}

/// Narrows the log, by a plain form whose fields stand in the address.
#[component]
fn Filters(base: String, query: DeliveryQuery, mut events: Vec<String>) -> impl IntoView {
    let clear = query.is_filtered().then(|| view! { <a class="button quiet" href=base.clone()>"Show all"</a> });
    if let Some(event) = query.event.clone().filter(|event| !events.contains(event)) {
        events.push(event);
    }
    let option = |value: String, label: String, selected: bool| view! { <option value=value selected=selected prop:selected=once_alive(selected)>{label}</option> };
    let statuses = DeliveryStatus::ALL
        .map(|status| option(status.word().to_owned(), status.label().to_owned(), query.status == Some(status)))
        .collect_view();
    let events = events.into_iter().map(|event| option(event.clone(), event.clone(), query.event.as_ref() == Some(&event))).collect_view();
    view! {
        <form method="get" action=base class="log-filter" autocomplete="off" role="search" aria-label="Filter the deliveries">
            <label>"Status"<select name="status"><option value="" prop:selected=once_alive(query.status.is_none())>"Any status"</option>{statuses}</select></label>
            <label>"Event"<select name="event"><option value="" prop:selected=once_alive(query.event.is_none())>"Any event"</option>{events}</select></label>
            <div class="actions"><button class="button">"Filter"</button>{clear}</div>
        </form>
    }
}

#[component]
fn Table(rows: Vec<Delivery>, base: String) -> impl IntoView {
    let row = |delivery: Delivery| {
        let outcome = delivery.outcome();
        let latency = delivery.latency.map(|latency| duration(f64::from(latency)));
        view! {
            <tr>
                <th scope="row"><a class="idea-title" href=format!("{base}/deliveries/{}", delivery.id)>{delivery.event}</a></th>
                <td><DeliveryBadge status=delivery.status /></td>
                <td class="outcome">{outcome}</td>
                <td class="number wide-only">{delivery.attempts}</td>
                <td class="number wide-only">{latency}</td>
                <td class="number">{moment(delivery.created_at)}</td>
            </tr>
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Table of deliveries">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Event"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col">"Answer"</th>
                        <th scope="col" class="number wide-only">"Attempts"</th>
                        <th scope="col" class="number wide-only">"Took"</th>
                        <th scope="col" class="number">"Time"</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// Where a delivery stands, as a small label.
#[component]
pub fn DeliveryBadge(status: DeliveryStatus) -> impl IntoView {
    view! { <span class="badge" data-delivery=status.word()>{status.label()}</span> }
}
