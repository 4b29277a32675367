//! The pages of the portfolio.

mod board;
mod grid;
mod list;
mod timeline;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use board::StageBoard;
use grid::Grid;
use list::List;
use timeline::InTime;

use super::api::ListProducts;
use super::model::{Portfolio as Data, PortfolioQuery, Sort, View};
use crate::kernel::role::{Perm, Role};
use crate::org::view::param;
use crate::product::model::Lifecycle;
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Empty, Notice, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::select::FilterSelect;

crate::lazy_pages!(product: Portfolio = PortfolioPage, LifecycleBoardRoute = LifecyclePage);

/// Where the page is, for whatever is on it.
#[derive(Clone)]
struct Place {
    org: String,
    /// The address of the products.
    base: String,
    query: PortfolioQuery,
}

impl Place {
    fn new(org: String, query: PortfolioQuery) -> Place {
        Place { base: format!("/orgs/{org}/products"), org, query }
    }

    /// The address of the portfolio as it is asked for.
    fn to(&self, query: &PortfolioQuery) -> String {
        format!("{}{}", self.base, query.params())
    }
}

/// `/orgs/{org}/products`
#[component]
pub fn PortfolioPage() -> impl IntoView {
    view! { <Looked first=View::Grid /> }
}

/// `/orgs/{org}/lifecycle`, the portfolio as a board.
#[component]
pub fn LifecyclePage() -> impl IntoView {
    view! { <Looked first=View::Board /> }
}

/// The portfolio in the view that the address names, or in this one.
#[component]
fn Looked(first: View) -> impl IntoView {
    let org = param("org");
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(|params| PortfolioQuery::of_params(first, |name| params.get(name))));
    let view = Memo::new(move |_| query.with(|query| query.view));
    move || match view.get() {
        View::Grid | View::List => view! { <Products org query /> }.into_any(),
        View::Board => view! { <StageBoard org query /> }.into_any(),
        View::Timeline => view! { <InTime org query /> }.into_any(),
    }
}

/// The products as cards or as rows.
#[component]
fn Products(org: Signal<String>, query: Memo<PortfolioQuery>) -> impl IntoView {
    let products = data(move || ListProducts { org: org.get(), query: query.get() }).live(&["Product", "Idea", "Feature", "Release"]);
    let view = move |data: Data| {
        let place = Place::new(org.get_untracked(), query.get_untracked());
        let may_write = data.role.can(Perm::ProductWrite);
        let body = match (data.products.is_empty(), place.query.view) {
            (true, _) => view! { <Nothing place=place.clone() may_write /> }.into_any(),
            (false, View::List) => view! { <List products=data.products place=place.clone() may_write /> }.into_any(),
            (false, _) => view! { <Grid products=data.products place=place.clone() may_write /> }.into_any(),
        };
        view! {
            <Head place role=data.role />
            {body}
        }
        .into_any()
    };
    view! { <Load of=products view /> }
}

/// The page's name, the ways to look at it, and what it is narrowed to.
#[component]
fn Head(place: Place, role: Role) -> impl IntoView {
    let may_write = role.can(Perm::ProductWrite);
    let Place { org, base, query } = place.clone();
    let tab = |label: &'static str, to: PortfolioQuery, here: bool| {
        view! { <li><a href=place.to(&to) aria-current=here.then_some("page")>{label}</a></li> }
    };
    let views = View::ALL.map(|view| tab(view.label(), query.with(|query| query.view = view), view == query.view)).collect_view();
    let bins = may_write.then(|| {
        let bin = |label: &'static str, deleted: bool| tab(label, query.with(|query| query.deleted = deleted), deleted == query.deleted);
        view! { <nav aria-label="Products shown"><ul class="tabs">{bin("Live", false)}{bin("Deleted", true)}</ul></nav> }
    });
    let orders = (query.view == View::List).then(|| {
        let orders = Sort::ALL.map(|sort| tab(sort.label(), query.sorted(sort), sort == query.sort)).collect_view();
        view! { <nav aria-label="Order by" class="narrow-only"><ul class="tabs">{orders}</ul></nav> }
    });
    let criteria = (query.view == View::Board).then(|| {
        view! { <a class="button" href=format!("/orgs/{org}/lifecycle/criteria")>"Exit criteria"</a> }
    });
    let new =
        may_write.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New product"</a> });
    view! {
        <PageHead title="Portfolio">{criteria}{new}</PageHead>
        <Restored />
        <div class="filters">
            <nav aria-label="View"><ul class="tabs">{views}</ul></nav>
            {bins}
            {orders}
            <Narrow place />
        </div>
    }
}

/// Narrows the products by stage and words.
#[component]
fn Narrow(place: Place) -> impl IntoView {
    let query = &place.query;
    let kept = query.with(|query| (query.stage, query.find) = (None, None));
    let clear = query.is_narrowed().then(|| view! { <a class="button quiet small" href=place.to(&kept)>"Clear"</a> });
    let hidden = kept.pairs().into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view();
    let stages = Lifecycle::ALL.map(|stage| (stage.word().to_owned(), stage.label().to_owned())).into();
    let stage = query.stage.map(Lifecycle::word).unwrap_or_default();
    let find = query.find.clone().unwrap_or_default();
    view! {
        <form method="get" action=place.base.clone() class="tag-filter" role="search" aria-label="Filter the products">
            {hidden}
            <input name="find" aria-label="Name or description" placeholder="Name or description" value=find autocomplete="off" dir="auto" />
            <FilterSelect name="stage" label="Stage" all="Any stage" options=stages value=stage />
            <button class="button small">"Filter"</button>
            {clear}
        </form>
    }
}

/// Says that the organisation was brought back, as the address does afterwards.
#[component]
fn Restored() -> impl IntoView {
    let query = use_query_map();
    let restored = Memo::new(move |_| query.with(|query| query.get("restored").is_some()));
    move || restored.get().then(|| view! { <Notice>"The organisation is restored, with everything in it."</Notice> })
}

/// What stands in place of products, and what to do about it.
#[component]
fn Nothing(place: Place, may_write: bool) -> impl IntoView {
    let Place { base, query, .. } = place.clone();
    if query.is_narrowed() {
        let all = place.to(&query.with(|query| (query.stage, query.find) = (None, None)));
        return view! {
            <Empty icon=Icon::Layers title="No product matches" text="Nothing here has all that was chosen.">
                <a class="button" href=all>"Show all products"</a>
            </Empty>
        }
        .into_any();
    }
    if query.deleted {
        return view! { <Empty icon=Icon::Trash title="Nothing deleted" text="Products that are deleted can be brought back from here." /> }.into_any();
    }
    let text = if may_write {
        "A product gathers ideas, features and releases, and moves through eight stages. Create the first one to begin."
    } else {
        "As soon as a product manager creates one, it appears here."
    };
    view! {
        <Empty icon=Icon::Layers title="No products yet" text>
            {may_write.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New product"</a> })}
        </Empty>
    }
    .into_any()
}
