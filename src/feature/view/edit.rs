//! The forms of a feature.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::crumbs;
use crate::feature::api::{CreateFeature, GetFeatureForm, UpdateFeature};
use crate::feature::model::{self, Choices, Feature, FeatureFormPage};
use crate::kernel::day;
use crate::kernel::entry::Entry;
use crate::kernel::error::AppError;
use crate::kernel::named::Named;
use crate::kernel::priority::Priority;
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::product::model::ProductName;
use crate::ui::form::{ServerForm, Submit, TextArea, TextField, Version};
use crate::ui::layout::PageHead;
use crate::ui::load::{Failure, Load, data};
use crate::ui::select::SelectField;

/// `/orgs/{org}/products/{key}/features/new`; `?epic=` chooses an epic beforehand.
#[component]
pub fn NewFeaturePage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let params = use_query_map();
    let epic = move || params.with_untracked(|params| params.get("epic")).unwrap_or_default();
    let form = data(move || GetFeatureForm { org: org.get(), product: key.get(), id: None });
    let view = move |data: FeatureFormPage| {
        view! { <NewFeature org=org.get_untracked() product=data.product choices=data.choices epic=epic() /> }.into_any()
    };
    view! { <Load of=form view /> }
}

#[component]
fn NewFeature(org: String, product: ProductName, choices: Choices, epic: String) -> impl IntoView {
    let crumbs = crumbs(&org, &product);
    let back = format!("/orgs/{org}/products/{}/features", product.key);
    view! {
        <PageHead title="New feature" crumbs />
        <ServerForm to=CreateFeature::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="product" value=product.key />
            <FeatureFields feature=None choices epic />
            <div class="actions">
                <Submit label="Add feature" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}

/// What can be chosen: nothing, one of the names, or what is chosen already though it is not among them any more.
fn options(none: &str, names: Vec<Named>, chosen: &str, chosen_name: Option<String>) -> Vec<(String, String)> {
    let missing = !chosen.is_empty() && names.iter().all(|named| named.id != chosen);
    let missing = chosen_name.filter(|_| missing).map(|name| (chosen.to_owned(), name));
    let names = names.into_iter().map(|named| (named.id, named.name));
    [(String::new(), none.to_owned())].into_iter().chain(names).chain(missing).collect()
}

/// The fields that adding and changing a feature share.
#[component]
fn FeatureFields(feature: Option<Feature>, choices: Choices, #[prop(optional)] epic: String) -> impl IntoView {
    let priority = feature.as_ref().map_or(Priority::default(), |feature| feature.priority);
    let points = Entry::from(feature.as_ref().and_then(|feature| feature.story_points)).0;
    let date = |get: fn(&Feature) -> Option<crate::kernel::time::Timestamp>| day::typed(feature.as_ref().and_then(get));
    let (start, due) = (date(|f| f.start_date), date(|f| f.due_date));
    // An epic that is deleted cannot be chosen; the feature's place in it stays all the same.
    let epic = feature.as_ref().map_or(epic, |f| f.epic_id.clone().filter(|_| f.epic_title.is_some()).unwrap_or_default());
    let epic_title = feature.as_ref().and_then(|f| f.epic_title.clone());
    let assignee = feature.as_ref().and_then(|f| f.assignee_id.clone()).unwrap_or_default();
    let assignee_name = feature.as_ref().and_then(|f| f.assignee_name.clone());
    let epics = options("No epic", choices.epics, &epic, epic_title);
    let people = options("Nobody", choices.people, &assignee, assignee_name);
    let (title, description, criteria) =
        feature.map(|f| (f.title, f.description, f.acceptance_criteria.unwrap_or_default())).unwrap_or_default();
    view! {
        <TextField name="title" label="Title" value=title required=true placeholder="What will be built?" />
        <TextArea name="description" label="Description" value=description rows=8 />
        <TextArea
            name="acceptance_criteria"
            label="Acceptance criteria"
            value=criteria
            hint="What has to hold for this to be done. A line such as “- [ ] It works offline” can be ticked on the feature's page."
            rows=5
        />
        <SelectField name="epic" label="Epic" options=epics value=epic />
        <div class="field-pair">
            <SelectField name="priority" label="Priority" options=Priority::options() value=priority.word() />
            <TextField name="story_points" label="Story points" value=points hint="A whole number from 0 to 1000, or nothing." />
        </div>
        <SelectField name="assignee" label="Assignee" options=people value=assignee />
        <div class="field-pair">
            <TextField name="start_date" label="Start date" kind="date" value=start />
            <TextField name="due_date" label="Due date" kind="date" value=due />
        </div>
    }
}

/// `/orgs/{org}/products/{key}/features/{id}/edit`
#[component]
pub fn EditFeaturePage() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let form = data(move || GetFeatureForm { org: org.get(), product: key.get(), id: Some(id.get()) });
    let view = move |data: FeatureFormPage| match data.feature {
        Some(feature) => view! { <EditFeature org=org.get_untracked() product=data.product feature choices=data.choices /> }.into_any(),
        None => view! { <Failure error=AppError::NotFound /> }.into_any(),
    };
    view! { <Load of=form view /> }
}

#[component]
fn EditFeature(org: String, product: ProductName, feature: Feature, choices: Choices) -> impl IntoView {
    let crumbs = crumbs(&org, &product);
    let back = format!("/orgs/{org}/products/{}/features/{}", product.key, feature.id);
    view! {
        <PageHead title="Edit feature" crumbs />
        <ServerForm to=UpdateFeature::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=feature.id.clone() />
            <Version of=model::FeatureFields::from(&feature).version() />
            <FeatureFields feature=Some(feature) choices />
            <div class="actions">
                <Submit label="Save feature" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}
