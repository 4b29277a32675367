//! The forms of an idea.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::crumbs;
use crate::idea::api::{CreateIdea, GetIdea, ListIdeas, UpdateIdea};
use crate::idea::model::{self, Idea, IdeaList, IdeaPage, IdeaProduct, IdeaQuery};
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::ui::form::{ServerForm, Submit, TextArea, TextField, Version};
use crate::ui::layout::PageHead;
use crate::ui::load::{Failure, Load, data};

/// `/orgs/{org}/products/{key}/ideas/new`
#[component]
pub fn NewIdeaPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let product = data(move || ListIdeas { org: org.get(), product: key.get(), query: IdeaQuery::default() });
    let view = move |data: IdeaList| match data.role.can(Perm::IdeaWrite) {
        true => view! { <NewIdea org=org.get_untracked() product=data.product /> }.into_any(),
        false => view! { <Failure error=AppError::Forbidden /> }.into_any(),
    };
    view! { <Load of=product view /> }
}

#[component]
fn NewIdea(org: String, product: IdeaProduct) -> impl IntoView {
    let crumbs = crumbs(&org, &product);
    let back = format!("/orgs/{org}/products/{}/ideas", product.key);
    view! {
        <PageHead title="New idea" crumbs />
        <ServerForm to=CreateIdea::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="product" value=product.key />
            <IdeaFields idea=None />
            <div class="actions">
                <Submit label="Add idea" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}

/// The fields that adding and changing an idea share.
#[component]
fn IdeaFields(idea: Option<Idea>) -> impl IntoView {
    let (title, description, tags) = idea.map(|i| (i.title, i.description, i.tags.join(", "))).unwrap_or_default();
    view! {
        <TextField name="title" label="Title" value=title required=true placeholder="What could be better?" />
        <TextArea name="description" label="Description" value=description hint="For whom, why now, and how you would notice that it worked." rows=8 />
        <TextField name="tags" label="Tags" value=tags hint="Separated by commas, such as mobile, onboarding." />
    }
}

/// `/orgs/{org}/products/{key}/ideas/{id}/edit`
#[component]
pub fn EditIdeaPage() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let idea = data(move || GetIdea { org: org.get(), product: key.get(), id: id.get() });
    let view = move |data: IdeaPage| match data.idea.editable_by(&data.user_id, data.role) {
        true => view! { <EditIdea org=org.get_untracked() product=data.product idea=data.idea /> }.into_any(),
        false => view! { <Failure error=AppError::Forbidden /> }.into_any(),
    };
    view! { <Load of=idea view /> }
}

#[component]
fn EditIdea(org: String, product: IdeaProduct, idea: Idea) -> impl IntoView {
    let crumbs = crumbs(&org, &product);
    let back = format!("/orgs/{org}/products/{}/ideas/{}", product.key, idea.id);
    view! {
        <PageHead title="Edit idea" crumbs />
        <ServerForm to=UpdateIdea::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=idea.id.clone() />
            <Version of=model::IdeaFields::from(&idea).version() />
            <IdeaFields idea=Some(idea) />
            <div class="actions">
                <Submit label="Save idea" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}
