//! The forms of an epic.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::crumbs;
use crate::feature::epic::api::{CreateEpic, GetEpic, ListEpics, UpdateEpic};
use crate::feature::epic::model::{Epic, EpicList, EpicPage, EpicQuery};
use crate::kernel::day::typed;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::org::view::param;
use crate::product::model::ProductName;
use crate::ui::form::{ServerForm, Submit, TextArea, TextField};
use crate::ui::layout::PageHead;
use crate::ui::load::{Failure, Load, data};

/// `/orgs/{org}/products/{key}/epics/new`
#[component]
pub fn NewEpicPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let product = data(move || ListEpics { org: org.get(), product: key.get(), query: EpicQuery::default() });
    let view = move |data: EpicList| match data.role.can(Perm::PlanWrite) {
        true => view! { <NewEpic org=org.get_untracked() product=data.product /> }.into_any(),
        false => view! { <Failure error=AppError::Forbidden /> }.into_any(),
    };
    view! { <Load of=product view /> }
}

#[component]
fn NewEpic(org: String, product: ProductName) -> impl IntoView {
    let crumbs = crumbs(&org, &product);
    let back = format!("/orgs/{org}/products/{}/epics", product.key);
    view! {
        <PageHead title="New epic" crumbs />
        <ServerForm to=CreateEpic::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="product" value=product.key />
            <EpicFields epic=None />
            <div class="actions">
                <Submit label="Add epic" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}

/// The fields that adding and changing an epic share.
#[component]
fn EpicFields(epic: Option<Epic>) -> impl IntoView {
    let (start, end) = epic.as_ref().map(|epic| (typed(epic.start_date), typed(epic.end_date))).unwrap_or_default();
    let (title, description) = epic.map(|epic| (epic.title, epic.description)).unwrap_or_default();
    view! {
        <TextField name="title" label="Title" value=title required=true placeholder="Which large piece of work?" />
        <TextArea name="description" label="Description" value=description rows=8 />
        <div class="field-pair">
            <TextField name="start_date" label="Start date" kind="date" value=start />
            <TextField name="end_date" label="End date" kind="date" value=end />
        </div>
    }
}

/// `/orgs/{org}/products/{key}/epics/{id}/edit`
#[component]
pub fn EditEpicPage() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let epic = data(move || GetEpic { org: org.get(), product: key.get(), id: id.get(), at: None, find: String::new() });
    let view = move |data: EpicPage| match data.role.can(Perm::PlanWrite) {
        true => view! { <EditEpic org=org.get_untracked() product=data.product epic=data.epic /> }.into_any(),
        false => view! { <Failure error=AppError::Forbidden /> }.into_any(),
    };
    view! { <Load of=epic view /> }
}

#[component]
fn EditEpic(org: String, product: ProductName, epic: Epic) -> impl IntoView {
    let crumbs = crumbs(&org, &product);
    let back = format!("/orgs/{org}/products/{}/epics/{}", product.key, epic.id);
    view! {
        <PageHead title="Edit epic" crumbs />
        <ServerForm to=UpdateEpic::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=epic.id.clone() />
            <EpicFields epic=Some(epic) />
            <div class="actions">
                <Submit label="Save epic" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}
