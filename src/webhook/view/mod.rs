//! Pages of webhooks.

mod chart;
mod delivery;
mod detail;
mod edit;
mod list;
mod log;
mod settings;

use leptos::prelude::*;

use delivery::DeliveryPageView;
use detail::WebhookPageView;
use edit::NewWebhookPage;
use list::WebhookListPage;

use super::model::Webhook;
use crate::ui::layout::Crumb;

crate::lazy_pages!(admin: WebhookList = WebhookListPage, NewWebhook = NewWebhookPage, WebhookDetail = WebhookPageView, WebhookDelivery = DeliveryPageView);

/// Where a webhook stands, as a small label.
#[component]
fn Standing(of: (&'static str, &'static str)) -> impl IntoView {
    let (word, label) = of;
    view! { <span class="badge" data-webhook=word>{label}</span> }
}

/// The way from the portfolio to the webhooks.
fn crumbs(org: &str) -> Vec<Crumb> {
    vec![Crumb::new("Portfolio", format!("/orgs/{org}/products")), Crumb::new("Webhooks", format!("/orgs/{org}/webhooks"))]
}

/// The way to the pages below a webhook.
fn crumbs_to(org: &str, webhook: &Webhook) -> Vec<Crumb> {
    let mut way = crumbs(org);
    way.push(Crumb::new(webhook.name.clone(), format!("/orgs/{org}/webhooks/{}", webhook.id)));
    way
}
