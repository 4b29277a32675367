//! Pages of feedback.

mod asked;
mod inbox;
mod item;
mod link;
mod new;
mod triage;

use leptos::prelude::*;

pub use asked::AskedFor;
use inbox::InboxPage;
use item::ItemPage;
use new::NewFeedbackPage;

use super::model::FeedbackStatus;
use crate::kernel::priority::Priority;
use crate::product::model::ProductName;
use crate::ui::layout::Crumb;

crate::lazy_pages!(work: FeedbackInbox = InboxPage, NewFeedback = NewFeedbackPage, FeedbackItem = ItemPage);

/// What each key does in the inbox and on an item's page.
const KEYS: &[(&str, &str)] = &[
    ("j or ↓", "The next item"),
    ("k or ↑", "The item before"),
    ("1 – 4", "Priority: critical, high, medium, low"),
    ("u", "Under review"),
    ("p", "Planned"),
    ("r", "Reject"),
    ("l", "Look for an idea to link"),
    ("i", "New idea from this"),
    ("n", "New feedback"),
    ("?", "These keys"),
];

/// A status as a small label.
#[component]
fn StatusBadge(status: FeedbackStatus) -> impl IntoView {
    view! { <span class="badge" data-status=status.word()>{status.label()}</span> }
}

/// A priority as a small label.
#[component]
fn PriorityBadge(priority: Priority) -> impl IntoView {
    view! { <span class="badge" data-priority=priority.word()>{priority.label()}</span> }
}

/// The way from the portfolio to a product's feedback.
fn crumbs(org: &str, product: &ProductName) -> Vec<Crumb> {
    let href = format!("/orgs/{org}/products/{}", product.key);
    vec![
        Crumb::new("Portfolio", format!("/orgs/{org}/products")),
        Crumb::new(product.name.clone(), href.clone()),
        Crumb::new("Feedback", format!("{href}/feedback")),
    ]
}
