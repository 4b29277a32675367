//! Pages of ideas.

mod detail;
mod edit;
mod list;
mod score;

use leptos::prelude::*;

use detail::IdeaPageView;
use edit::{EditIdeaPage, NewIdeaPage};
use list::IdeaListPage;

use super::model::{IdeaProduct, IdeaStatus};
use crate::ui::layout::Crumb;

crate::lazy_pages!(work: IdeaList = IdeaListPage, NewIdea = NewIdeaPage, IdeaDetail = IdeaPageView, EditIdea = EditIdeaPage);

/// A status as a small label.
#[component]
pub fn StatusBadge(status: IdeaStatus) -> impl IntoView {
    view! { <span class="badge" data-status=status.word()>{status.label()}</span> }
}

/// The way from the portfolio to a product's ideas.
fn crumbs(org: &str, product: &IdeaProduct) -> Vec<Crumb> {
    let href = format!("/orgs/{org}/products/{}", product.key);
    vec![
        Crumb::new("Portfolio", format!("/orgs/{org}/products")),
        Crumb::new(product.name.clone(), href.clone()),
        Crumb::new("Ideas", format!("{href}/ideas")),
    ]
}
