//! The products as cards.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::Place;
use crate::product::api::RestoreProduct;
use crate::product::model::ProductSummary;
use crate::product::portfolio::model::ProductRow;
use crate::product::view::StageMeter;
use crate::ui::form::{ServerForm, Submit};

/// A card for each product; the deleted ones with a way back.
#[component]
pub fn Grid(products: Vec<ProductRow>, place: Place, may_write: bool) -> impl IntoView {
    let card = |row: ProductRow| view! { <ProductCard summary=row.summary org=place.org.clone() may_write /> };
    let cards = products.into_iter().map(card).collect_view();
    view! { <ul class="cards">{cards}</ul> }
}

/// A product's name, which leads to it unless it is deleted.
#[component]
pub fn NameLink(name: String, href: String, deleted: bool) -> impl IntoView {
    if deleted { view! { <span dir="auto">{name}</span> }.into_any() } else { view! { <a href=href dir="auto">{name}</a> }.into_any() }
}

/// What a product's numbers need to lead to the lists that they count. Of a deleted product there is nothing to go to.
pub struct Figures {
    /// The address of its pages.
    pub base: String,
    pub name: String,
    pub deleted: bool,
}

impl Figures {
    /// So many of these, leading to this list.
    pub fn figure(&self, count: i64, what: &str, list: &str) -> AnyView {
        if self.deleted {
            return view! { <span>{count}</span> }.into_any();
        }
        let (href, told) = (format!("{}/{list}", self.base), format!("{count} {what} of {}", self.name));
        view! { <a href=href aria-label=told>{count}</a> }.into_any()
    }
}

/// A product with its stage and what it holds.
#[component]
fn ProductCard(summary: ProductSummary, org: String, may_write: bool) -> impl IntoView {
    let ProductSummary { product, ideas, features, releases } = summary;
    let (href, deleted) = (format!("/orgs/{org}/products/{}", product.key), product.deleted_at.is_some());
    let figures = Figures { base: href.clone(), name: product.name.clone(), deleted };
    let (ideas, features) = (figures.figure(ideas, "ideas", "ideas"), figures.figure(features, "features", "features"));
    let releases = figures.figure(releases, "releases", "releases?show=all");
    let restore = (deleted && may_write).then(|| view! { <RestoreButton org key=product.key.clone() /> });
    view! {
        <li class="card product-card">
            <div class="card-head">
                <h2><NameLink name=product.name href deleted /></h2>
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
pub fn RestoreButton(org: String, key: String) -> impl IntoView {
    view! {
        <ServerForm to=RestoreProduct::PATH>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="key" value=key />
            <Submit label="Restore" class="small" />
        </ServerForm>
    }
}
