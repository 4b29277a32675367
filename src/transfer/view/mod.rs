//! Pages from which tables come and go.

mod import;
mod mapping;
mod progress;
mod report;
mod start;

use leptos::prelude::*;

use import::ImportPageView;
use start::TransferPageView;

use super::model::{ImportStatus, Kind};
use crate::product::model::ProductName;
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::Crumb;

crate::lazy_pages!(admin: Transfer = TransferPageView, ImportDetail = ImportPageView);

/// What the page is called wherever it is named.
const TITLE: &str = "Import and export";

/// Leads from a list to the page, with the kind chosen there; for those who may see it.
#[component]
pub fn TransferLink(
    /// The product's page.
    product: String,
    kind: Kind,
) -> impl IntoView {
    let href = format!("{product}/transfer?kind={}", kind.word());
    view! { <a class="button" href=href><IconView icon=Icon::Transfer />"Import or export"</a> }
}

/// Where an import stands, as a small label.
#[component]
fn StatusBadge(status: ImportStatus) -> impl IntoView {
    view! { <span class="badge" data-status=status.word()>{status.label()}</span> }
}

/// The way from the portfolio to a product.
fn crumbs(org: &str, product: &ProductName) -> Vec<Crumb> {
    vec![
        Crumb::new("Portfolio", format!("/orgs/{org}/products")),
        Crumb::new(product.name.clone(), format!("/orgs/{org}/products/{}", product.key)),
    ]
}
