//! Pages of epics.

mod detail;
mod edit;
mod features;
mod list;

use leptos::prelude::*;

use detail::EpicPageView;
use edit::{EditEpicPage, NewEpicPage};
use list::EpicListPage;

use super::model::{EpicStatus, Work};
use crate::product::model::ProductName;
use crate::ui::layout::Crumb;

crate::lazy_pages!(work: EpicList = EpicListPage, NewEpic = NewEpicPage, EpicDetail = EpicPageView, EditEpic = EditEpicPage);

/// A status as a small label.
#[component]
pub fn EpicBadge(status: EpicStatus) -> impl IntoView {
    view! { <span class="badge" data-status=status.word()>{status.label()}</span> }
}

/// How far the features of an epic are, as a bar with its numbers, which lead to those that are done.
#[component]
fn Progress(
    work: Work,
    epic: String,
    /// The address of the product's pages.
    product: String,
) -> impl IntoView {
    let bar = (work.features > 0).then(|| {
        view! { <progress aria-label="Features done" value=work.done.to_string() max=work.features.to_string()></progress> }
    });
    let words = work.features_words();
    let words = match work.done {
        0 => view! { <span>{words}</span> }.into_any(),
        _ => view! { <a href=format!("{product}/features?epic={epic}&status=DONE")>{words}</a> }.into_any(),
    };
    view! {
        <div class="rollup">
            {bar}
            {words}
            <span class="muted">{work.points_words()}</span>
        </div>
    }
}

/// The way from the portfolio to a product's epics.
fn crumbs(org: &str, product: &ProductName) -> Vec<Crumb> {
    let href = format!("/orgs/{org}/products/{}", product.key);
    vec![
        Crumb::new("Portfolio", format!("/orgs/{org}/products")),
        Crumb::new(product.name.clone(), href.clone()),
        Crumb::new("Epics", format!("{href}/epics")),
    ]
}
