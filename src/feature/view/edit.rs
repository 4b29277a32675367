//! The forms of a feature.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::{crumbs, priorities};
use crate::feature::api::{CreateFeature, GetFeature, ListFeatures, UpdateFeature};
use crate::feature::model::{self, Feature, FeatureList, FeaturePage, FeatureQuery};
use crate::kernel::entry::Entry;
use crate::kernel::error::AppError;
use crate::kernel::priority::Priority;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::product::model::ProductName;
use crate::ui::form::{ServerForm, Submit, TextArea, TextField, Version};
use crate::ui::layout::PageHead;
use crate::ui::load::{Failure, Load, data};
use crate::ui::select::SelectField;

/// `/orgs/{org}/products/{key}/features/new`
#[component]
pub fn NewFeaturePage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let product = data(move || ListFeatures { org: org.get(), product: key.get(), query: FeatureQuery::default() });
    let view = move |data: FeatureList| match data.role.can(Perm::FeatureWrite) {
        true => view! { <NewFeature org=org.get_untracked() product=data.product /> }.into_any(),
        false => view! { <Failure error=AppError::Forbidden /> }.into_any(),
    };
    view! { <Load of=product view /> }
}

#[component]
fn NewFeature(org: String, product: ProductName) -> impl IntoView {
    let crumbs = crumbs(&org, &product);
    let back = format!("/orgs/{org}/products/{}/features", product.key);
    view! {
        <PageHead title="New feature" crumbs />
        <ServerForm to=CreateFeature::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="product" value=product.key />
            <FeatureFields feature=None />
            <div class="actions">
                <Submit label="Add feature" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}

/// The fields that adding and changing a feature share.
#[component]
fn FeatureFields(feature: Option<Feature>) -> impl IntoView {
    let priority = feature.as_ref().map_or(Priority::default(), |feature| feature.priority);
    let points = Entry::from(feature.as_ref().and_then(|feature| feature.story_points)).0;
    let (title, description, criteria) =
        feature.map(|f| (f.title, f.description, f.acceptance_criteria.unwrap_or_default())).unwrap_or_default();
    view! {
        <TextField name="title" label="Title" value=title required=true placeholder="What will be built?" />
        <TextArea name="description" label="Description" value=description rows=8 />
        <TextArea name="acceptance_criteria" label="Acceptance criteria" value=criteria hint="What has to hold for this to be done." rows=5 />
        <SelectField name="priority" label="Priority" options=priorities() value=priority.word() />
        <TextField name="story_points" label="Story points" value=points hint="A whole number from 0 to 1000, or nothing." />
    }
}

/// `/orgs/{org}/products/{key}/features/{id}/edit`
#[component]
pub fn EditFeaturePage() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let feature = data(move || GetFeature { org: org.get(), product: key.get(), id: id.get() });
    let view = move |data: FeaturePage| match data.role.can(Perm::FeatureWrite) {
        true => view! { <EditFeature org=org.get_untracked() product=data.product feature=data.feature /> }.into_any(),
        false => view! { <Failure error=AppError::Forbidden /> }.into_any(),
    };
    view! { <Load of=feature view /> }
}

#[component]
fn EditFeature(org: String, product: ProductName, feature: Feature) -> impl IntoView {
    let crumbs = crumbs(&org, &product);
    let back = format!("/orgs/{org}/products/{}/features/{}", product.key, feature.id);
    view! {
        <PageHead title="Edit feature" crumbs />
        <ServerForm to=UpdateFeature::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=feature.id.clone() />
            <Version of=model::FeatureFields::from(&feature).version() />
            <FeatureFields feature=Some(feature) />
            <div class="actions">
                <Submit label="Save feature" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}
