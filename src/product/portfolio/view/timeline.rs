//! The products' epics, dated features and releases in time.

use std::sync::Arc;

use leptos::prelude::*;

use super::{Head, Nothing, Place};
use crate::kernel::role::Perm;
use crate::product::portfolio::api::GetPortfolioTimeline;
use crate::product::portfolio::model::{ITEMS_MAX, PortfolioQuery, PortfolioTimeline};
use crate::roadmap::view::{Group, ManyTimeline, To};
use crate::ui::icon::Icon;
use crate::ui::layout::Empty;
use crate::ui::load::{Load, data};

#[component]
pub fn InTime(org: Signal<String>, query: Memo<PortfolioQuery>) -> impl IntoView {
    let timeline =
        data(move || GetPortfolioTimeline { org: org.get(), query: query.get() }).live(&["Product", "Epic", "Feature", "Release"]);
    let view = move |data: PortfolioTimeline| {
        let place = Place::new(org.get_untracked(), query.get_untracked());
        let may_write = data.role.can(Perm::ProductWrite);
        let role = data.role;
        let body = if data.products.is_empty() {
            view! { <Nothing place=place.clone() may_write /> }.into_any()
        } else {
            view! { <Timeline data place=place.clone() /> }.into_any()
        };
        view! {
            <Head place role />
            {body}
        }
        .into_any()
    };
    view! { <Load of=timeline view /> }
}

#[component]
fn Timeline(data: PortfolioTimeline, place: Place) -> impl IntoView {
    let (window, today) = (place.query.window(data.today), data.today);
    let more = data.more.then(|| {
        view! { <p class="notice">{format!("There is more than {ITEMS_MAX} items here. Those with the latest dates are shown.")}</p> }
    });
    // Of a deleted product there is nothing to go to.
    let group = |(product, items): (crate::product::model::ProductName, Vec<_>)| Group {
        product: (!place.query.deleted).then(|| format!("{}/{}", place.base, product.key)),
        name: product.name,
        key: product.key,
        items,
    };
    let groups: Vec<Group> = data.by_product().into_iter().map(group).collect();
    if groups.is_empty() {
        return view! {
            <Empty icon=Icon::Roadmap title="Nothing in time yet" text="Epics, features and releases with dates stand here, product by product." />
        }
        .into_any();
    }
    let (org, from, here) = (place.org.clone(), place.query.from, place.clone());
    let to: To = Arc::new(move |zoom, from| here.to(&here.query.with(|query| (query.zoom, query.from) = (zoom, from))));
    view! {
        {more}
        <ManyTimeline groups window from today org to />
    }
    .into_any()
}
