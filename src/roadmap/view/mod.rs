//! The roadmap page of a product.

mod chart;
mod columns;
mod drag;
mod many;
mod table;
mod timeline;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use columns::Columns;
use drag::Told;
pub use many::{Group, ManyTimeline};
use table::Table;
pub use timeline::To;
use timeline::{Said, Timeline};

use super::api::GetRoadmap;
use super::model::{ITEMS_MAX, Item, Roadmap, RoadmapQuery, View};
use crate::org::view::param;
use crate::ui::icon::Icon;
use crate::ui::layout::{Crumb, Empty, PageHead};
use crate::ui::load::{Load, data};

crate::lazy_pages!(roadmap: RoadmapRoute = RoadmapPage);

/// Where the page is, for whatever is on it.
#[derive(Clone)]
pub struct Place {
    org: String,
    /// The product's key.
    key: String,
    /// The address of the product's pages.
    product: String,
    query: RoadmapQuery,
}

impl Place {
    /// The address of this page with another query.
    fn to(&self, query: RoadmapQuery) -> String {
        format!("{}/roadmap{}", self.product, query.params())
    }
}

/// `/orgs/{org}/products/{key}/roadmap`
#[component]
pub fn RoadmapPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(|params| RoadmapQuery::of_params(|name| params.get(name))));
    let roadmap = data(move || GetRoadmap { org: org.get(), product: key.get(), query: query.get() }).live(&["Epic", "Feature", "Release"]);
    let told = Told::new();
    Effect::new(move |before: Option<(String, RoadmapQuery)>| {
        let now = (key.get(), query.get());
        if before.is_some_and(|before| before != now) {
            told.forget();
        }
        now
    });
    let view = move |data: Roadmap| {
        let org = org.get_untracked();
        let key = data.product.key.clone();
        let product = format!("/orgs/{org}/products/{key}");
        let place = Place { org, key, product, query: query.get_untracked() };
        let said = (place.query.view == View::Timeline).then(|| view! { <Said told /> });
        let body = if data.items.is_empty() {
            view! { <Nothing product=place.product.clone() /> }.into_any()
        } else {
            match place.query.view {
                View::Timeline => view! { <Timeline place=place.clone() data=data.clone() told /> }.into_any(),
                View::Table => view! { <Table place=place.clone() data=data.clone() /> }.into_any(),
                View::Columns => view! { <Columns place=place.clone() data=data.clone() /> }.into_any(),
            }
        };
        view! {
            <Head place data />
            {said}
            {body}
        }
        .into_any()
    };
    view! { <Load of=roadmap view /> }
}

/// The page's name, the ways to look at it, and what is left out.
#[component]
fn Head(place: Place, data: Roadmap) -> impl IntoView {
    let Place { org, product, query, .. } = place.clone();
    let crumbs = vec![Crumb::new("Portfolio", format!("/orgs/{org}/products")), Crumb::new(data.product.name, product)];
    let tab = |view: View| {
        let to = place.to(RoadmapQuery { view, ..query });
        view! { <li><a href=to aria-current=(view == query.view).then_some("page")>{view.label()}</a></li> }
    };
    let more = data.more.then(|| {
        view! { <p class="notice">{format!("There is more than {ITEMS_MAX} items here. Those with the latest dates are shown.")}</p> }
    });
    view! {
        <PageHead title="Roadmap" crumbs />
        <div class="filters">
            <nav aria-label="View"><ul class="tabs">{View::ALL.map(tab).collect_view()}</ul></nav>
        </div>
        {more}
    }
}

/// What stands here until there is something to show.
#[component]
fn Nothing(product: String) -> impl IntoView {
    view! {
        <Empty icon=Icon::Roadmap title="Nothing on the roadmap yet" text="Epics, features and releases with dates stand here in time.">
            <a class="button" href=format!("{product}/features")>"Go to the features"</a>
        </Empty>
    }
}

/// What an item is called, leading to its page.
#[component]
fn ItemLink(item: Item, product: String) -> impl IntoView {
    let href = item.href(&product);
    view! { <a href=href dir="auto">{item.title}</a> }
}

/// Where an item stands, as a small label.
#[component]
fn ItemBadge(item: Item) -> impl IntoView {
    let label = item.status_label();
    view! { <span class="badge" data-status=item.status>{label}</span> }
}
