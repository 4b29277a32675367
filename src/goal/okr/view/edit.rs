//! The forms of an objective.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::{crumbs, options};
use crate::goal::okr::api::{CreateOkr, GetOkrForm, UpdateOkr};
use crate::goal::okr::model::{self, OkrFormPage, Quarter};
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::ui::form::{ServerForm, Submit, TextArea, TextField, Version};
use crate::ui::layout::PageHead;
use crate::ui::load::{Load, data};
use crate::ui::select::SelectField;

/// `/orgs/{org}/products/{key}/okrs/new`
#[component]
pub fn NewOkrPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let form = data(move || GetOkrForm { org: org.get(), product: key.get(), id: None });
    let view = move |data: OkrFormPage| view! { <NewOkr org=org.get_untracked() data /> }.into_any();
    view! { <Load of=form view /> }
}

#[component]
fn NewOkr(org: String, data: OkrFormPage) -> impl IntoView {
    let crumbs = crumbs(&org, &data.product);
    let key = data.product.key.clone();
    let back = format!("/orgs/{org}/products/{key}/okrs");
    view! {
        <PageHead title="New objective" crumbs />
        <ServerForm to=CreateOkr::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="product" value=key />
            <OkrFields data />
            <div class="actions">
                <Submit label="Add objective" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}

/// The fields that adding and changing an objective share.
#[component]
fn OkrFields(data: OkrFormPage) -> impl IntoView {
    let OkrFormPage { okr, people, parents, me, today, .. } = data;
    let quarter = okr.as_ref().map_or(Quarter::of(today), |okr| okr.quarter);
    let quarters = Quarter::options(today, Some(quarter));
    let serves = okr.as_ref().and_then(|okr| okr.served().cloned()).unwrap_or_default();
    let nothing = (String::new(), "Nothing".to_owned());
    let parents = [nothing].into_iter().chain(options(parents)).collect();
    let (title, description, owner) =
        okr.map_or((String::new(), String::new(), me), |okr| (okr.title, okr.description.unwrap_or_default(), okr.owner_id));
    view! {
        <TextField name="title" label="Objective" value=title required=true placeholder="What is to be different at the end of the quarter?" />
        <TextArea name="description" label="Description" value=description rows=6 />
        <div class="field-pair">
            <SelectField name="quarter" label="Quarter" options=quarters value=quarter.word() />
            <SelectField name="owner" label="Owner" options=options(people) value=owner />
        </div>
        <SelectField name="serves" label="Aligned with" options=parents value=serves hint="What this serves: an objective of the organisation, or of this or another product." />
    }
}

/// `/orgs/{org}/products/{key}/okrs/{id}/edit`
#[component]
pub fn EditOkrPage() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let form = data(move || GetOkrForm { org: org.get(), product: key.get(), id: Some(id.get()) });
    let view = move |data: OkrFormPage| view! { <EditOkr org=org.get_untracked() data /> }.into_any();
    view! { <Load of=form view /> }
}

#[component]
fn EditOkr(org: String, data: OkrFormPage) -> impl IntoView {
    let crumbs = crumbs(&org, &data.product);
    let id = data.okr.as_ref().map(|okr| okr.id.clone()).unwrap_or_default();
    let version = data.okr.as_ref().map(|okr| model::OkrFields::from(okr).version()).unwrap_or_default();
    let back = format!("/orgs/{org}/products/{}/okrs/{id}", data.product.key);
    view! {
        <PageHead title="Edit objective" crumbs />
        <ServerForm to=UpdateOkr::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <Version of=version />
            <OkrFields data />
            <div class="actions">
                <Submit label="Save objective" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}
