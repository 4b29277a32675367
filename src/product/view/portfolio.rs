//! The organisation's products at a glance.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::overview::StageMeter;
use crate::kernel::role::Perm;
use crate::org::view::param;
use crate::product::api::{ListProducts, RestoreProduct};
use crate::product::model::{Portfolio, ProductSummary};
use crate::ui::form::{ServerForm, Submit};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Empty, Notice, PageHead};
use crate::ui::load::{Load, data};

/// `/orgs/{org}/products`
#[component]
pub fn PortfolioPage() -> impl IntoView {
    let org = param("org");
    let query = use_query_map();
    let deleted = Signal::derive(move || query.with(|query| query.get("show").as_deref() == Some("deleted")));
    let products = data(move || ListProducts { org: org.get(), deleted: deleted.get() }).live(&["Product"]);
    let view = move |data: Portfolio| view! { <PortfolioView data org=org.get_untracked() deleted=deleted.get_untracked() /> }.into_any();
    view! { <Load of=products view /> }
}

/// The products as cards; the deleted ones as a list with a way back.
#[component]
fn PortfolioView(data: Portfolio, org: String, deleted: bool) -> impl IntoView {
    let base = format!("/orgs/{org}/products");
    let may_write = data.role.can(Perm::ProductWrite);
    let new =
        may_write.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New product"</a> });
    let tab = |href: String, label: &'static str, here: bool| {
        view! { <li><a href=href aria-current=here.then_some("page")>{label}</a></li> }
    };
    let tabs = may_write.then(|| {
        view! {
            <nav aria-label="Products shown"><ul class="tabs">
                {tab(base.clone(), "Live", !deleted)}
                {tab(format!("{base}?show=deleted"), "Deleted", deleted)}
            </ul></nav>
        }
    });
    let body = if data.products.is_empty() {
        view! { <NoProducts deleted may_write base=base.clone() /> }.into_any()
    } else {
        let cards = data.products.into_iter().map(|summary| view! { <ProductCard summary org=org.clone() may_write /> }).collect_view();
        view! { <ul class="cards">{cards}</ul> }.into_any()
    };
    view! {
        <PageHead title="Portfolio"><a class="button" href=format!("/orgs/{org}/lifecycle")>"Lifecycle"</a>{new}</PageHead>
        <Restored />
        {tabs}
        {body}
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
fn NoProducts(deleted: bool, may_write: bool, base: String) -> impl IntoView {
    if deleted {
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

/// A product with its stage and what it holds.
#[component]
fn ProductCard(summary: ProductSummary, org: String, may_write: bool) -> impl IntoView {
    let ProductSummary { product, ideas, features, releases } = summary;
    let href = format!("/orgs/{org}/products/{}", product.key);
    let restore = (product.deleted_at.is_some() && may_write).then(|| view! { <RestoreButton org key=product.key.clone() /> });
    let name = if product.deleted_at.is_some() {
        view! { <span dir="auto">{product.name}</span> }.into_any()
    } else {
        view! { <a href=href.clone() dir="auto">{product.name}</a> }.into_any()
    };
    view! {
        <li class="card product-card">
            <div class="card-head">
                <h2>{name}</h2>
                <span class="badge stage">{product.lifecycle.label()}</span>
            </div>
            <p class="muted clip-lines" dir="auto">{product.description.unwrap_or_else(|| "No description yet.".into())}</p>
            <StageMeter stage=product.lifecycle />
            <dl class="counts">
                <div><dt>"Ideas"</dt><dd>{ideas}</dd></div>
                <div><dt>"Features"</dt><dd>{features}</dd></div>
                <div><dt>"Releases"</dt><dd>{releases}</dd></div>
            </dl>
            {restore}
        </li>
    }
}

/// Brings a product back.
#[component]
fn RestoreButton(org: String, key: String) -> impl IntoView {
    view! {
        <ServerForm to=RestoreProduct::PATH>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="key" value=key />
            <Submit label="Restore" class="small" />
        </ServerForm>
    }
}
