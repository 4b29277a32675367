//! The forms of a product.

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::product::api::{CreateProduct, DeleteProduct, GetProduct, UpdateProduct};
use crate::product::model::{self, Product, ProductPage};
use crate::product::portfolio::api::ListProducts;
use crate::product::portfolio::model::{Portfolio, PortfolioQuery};
use crate::ui::form::{ServerForm, Submit, TextArea, TextField, Version};
use crate::ui::layout::{Crumb, PageHead};
use crate::ui::load::{Failure, Load, data};

/// `/orgs/{org}/products/new`
#[component]
pub fn NewProductPage() -> impl IntoView {
    let org = param("org");
    let allowed = data(move || ListProducts { org: org.get(), query: PortfolioQuery::default() });
    let view = move |data: Portfolio| match data.role.can(Perm::ProductWrite) {
        true => view! { <NewProduct org=org.get_untracked() /> }.into_any(),
        false => view! { <Failure error=AppError::Forbidden /> }.into_any(),
    };
    view! { <Load of=allowed view /> }
}

#[component]
fn NewProduct(org: String) -> impl IntoView {
    let portfolio = format!("/orgs/{org}/products");
    let back = portfolio.clone();
    view! {
        <PageHead title="New product" crumbs=vec![Crumb::new("Portfolio", portfolio)] />
        <ServerForm to=CreateProduct::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <ProductFields product=None />
            <div class="actions">
                <Submit label="Create product" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}

/// The fields that creating and changing a product share.
#[component]
fn ProductFields(product: Option<Product>) -> impl IntoView {
    let hint = match product.is_some() {
        true => "Part of the product's address and of its items' names. Links and names with the old key stop working when you change it.",
        false => {
            "Part of the product's address, such as mobile-app, and of its items' names, such as MOBILE-APP-12. Made from the name if you leave it empty."
        }
    };
    let (name, key, description, vision) = product.map(|p| (p.name, p.key, p.description, p.vision)).unwrap_or_default();
    view! {
        <TextField name="name" label="Name" value=name required=true />
        <TextField
            name="key"
            label="Key"
            value=key
            hint=hint
        />
        <TextArea name="description" label="Description" value=description.unwrap_or_default() rows=4 />
        <TextArea name="vision" label="Vision" value=vision.unwrap_or_default() hint="For whom is it, and what changes for them?" rows=4 />
    }
}

/// `/orgs/{org}/products/{key}/settings`
#[component]
pub fn ProductSettingsPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let product = data(move || GetProduct { org: org.get(), key: key.get() });
    let view = move |data: ProductPage| match data.role.can(Perm::ProductWrite) {
        true => view! { <ProductSettings org=org.get_untracked() product=data.summary.product /> }.into_any(),
        false => view! { <Failure error=AppError::Forbidden /> }.into_any(),
    };
    view! { <Load of=product view /> }
}

#[component]
fn ProductSettings(org: String, product: Product) -> impl IntoView {
    let href = format!("/orgs/{org}/products/{}", product.key);
    let crumbs = vec![Crumb::new("Portfolio", format!("/orgs/{org}/products")), Crumb::new(product.name.clone(), href)];
    let (doomed_org, doomed_key, key) = (org.clone(), product.key.clone(), product.key.clone());
    view! {
        <PageHead title="Product settings" crumbs />
        <ServerForm to=UpdateProduct::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="key" value=key />
            <Version of=model::ProductFields::from(&product).version() />
            <ProductFields product=Some(product) />
            <div class="actions"><Submit label="Save product" /></div>
        </ServerForm>
        <section class="card danger form">
            <h2>"Delete this product"</h2>
            <p class="muted">"It leaves the portfolio with all that belongs to it. You can restore it from the deleted products."</p>
            <ServerForm to=DeleteProduct::PATH>
                <input type="hidden" name="org" value=doomed_org />
                <input type="hidden" name="key" value=doomed_key />
                <Submit label="Delete product" class="danger" />
            </ServerForm>
        </section>
    }
}
