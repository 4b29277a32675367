//! The forms of a checklist's item and of a changelog's entry.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::changelog::ChangeFields;
use super::checklist::ItemFields;
use super::crumbs;
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::release::api::changelog::{GetChange, UpdateChange};
use crate::release::api::checklist::{GetChecklistItem, UpdateChecklistItem};
use crate::release::model::{self, ChangePage, ItemPage};
use crate::ui::form::{ServerForm, Submit, Version};
use crate::ui::layout::PageHead;
use crate::ui::load::{Load, data};

/// `/orgs/{org}/products/{key}/releases/{id}/checklist/{item}`
#[component]
pub fn ItemEditPage() -> impl IntoView {
    let (org, key, release, item) = (param("org"), param("key"), param("id"), param("item"));
    let page = data(move || GetChecklistItem { org: org.get(), product: key.get(), release: release.get(), id: item.get() });
    let view = move |data: ItemPage| {
        let org = org.get_untracked();
        let back = format!("/orgs/{org}/products/{}/releases/{}", data.product.key, release.get_untracked());
        let crumbs = crumbs(&org, &data.product);
        if data.frozen {
            return view! {
                <PageHead title="Checklist item" crumbs />
                <section class="card stack">
                    <h2 dir="auto">{data.item.title}</h2>
                    <p>"The checklist is frozen: the release is out, and it stays as it was when it went out."</p>
                    <p><a href=back>"Back to the release"</a></p>
                </section>
            }
            .into_any();
        }
        view! {
            <PageHead title="Edit checklist item" crumbs />
            <ServerForm to=UpdateChecklistItem::PATH class="stack form">
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=data.item.id.clone() />
                <Version of=model::ItemFields::from(&data.item).version() />
                <ItemFields item=Some(data.item) people=data.people />
                <Way back label="Save item" />
            </ServerForm>
        }
        .into_any()
    };
    view! { <Load of=page view /> }
}

/// `/orgs/{org}/products/{key}/releases/{id}/changelog/{item}`
#[component]
pub fn ChangeEditPage() -> impl IntoView {
    let (org, key, release, item) = (param("org"), param("key"), param("id"), param("item"));
    let page = data(move || GetChange { org: org.get(), product: key.get(), release: release.get(), id: item.get() });
    let view = move |data: ChangePage| {
        let org = org.get_untracked();
        let back = format!("/orgs/{org}/products/{}/releases/{}", data.product.key, release.get_untracked());
        view! {
            <PageHead title="Edit changelog entry" crumbs=crumbs(&org, &data.product) />
            <ServerForm to=UpdateChange::PATH class="stack form">
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=data.change.id.clone() />
                <Version of=model::ChangeFields::from(&data.change).version() />
                <ChangeFields change=Some(data.change) />
                <Way back label="Save entry" />
            </ServerForm>
        }
        .into_any()
    };
    view! { <Load of=page view /> }
}

/// Saves, or goes back to the release.
#[component]
fn Way(back: String, label: &'static str) -> impl IntoView {
    view! {
        <div class="actions">
            <Submit label />
            <a class="button quiet" href=back>"Cancel"</a>
        </div>
    }
}
