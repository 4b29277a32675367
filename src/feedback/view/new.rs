//! The form for feedback.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::crumbs;
use crate::feedback::api::{ListFeedback, SubmitFeedback};
use crate::feedback::model::{FeedbackList, FeedbackQuery, FeedbackType};
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::org::view::param;
use crate::product::model::ProductName;
use crate::ui::form::{ServerForm, Submit, TextArea, TextField};
use crate::ui::layout::PageHead;
use crate::ui::load::{Failure, Load, data};
use crate::ui::select::SelectField;

/// `/orgs/{org}/products/{key}/feedback/new`
#[component]
pub fn NewFeedbackPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let product = data(move || ListFeedback { org: org.get(), product: key.get(), query: FeedbackQuery::default() });
    let view = move |data: FeedbackList| match data.role.can(Perm::FeedbackSubmit) {
        true => view! { <NewFeedback org=org.get_untracked() product=data.product /> }.into_any(),
        false => view! { <Failure error=AppError::Forbidden /> }.into_any(),
    };
    view! { <Load of=product view /> }
}

#[component]
fn NewFeedback(org: String, product: ProductName) -> impl IntoView {
    let crumbs = crumbs(&org, &product);
    let back = format!("/orgs/{org}/products/{}/feedback", product.key);
    let kinds = FeedbackType::options();
    view! {
        <PageHead title="New feedback" crumbs />
        <ServerForm to=SubmitFeedback::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="product" value=product.key />
            <TextField name="title" label="Title" required=true placeholder="In one line, what was said?" />
            <TextArea name="description" label="Description" hint="In their own words, and what they were trying to do." rows=8 />
            <SelectField name="kind" label="Type" options=kinds value=FeedbackType::default().word() />
            <TextField name="source" label="Source" hint="Where it came from, such as support, survey or interview." />
            <TextField
                name="user_email"
                label="Their e-mail address"
                kind="email"
                hint="Only those who sort feedback see it. Leave it empty if they should stay unknown."
            />
            <div class="actions">
                <Submit label="Send feedback" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}
