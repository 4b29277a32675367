//! From an idea to features.

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::feature::api::ConvertIdea;
use crate::feature::model::may_convert;
use crate::idea::api::GetIdea;
use crate::idea::model::{Idea, IdeaPage, IdeaProduct};
use crate::kernel::error::AppError;
use crate::kernel::priority::Priority;
use crate::kernel::role::Perm;
use crate::org::view::param;
use crate::ui::form::{ServerForm, Submit, TextArea};
use crate::ui::layout::{Crumb, PageHead};
use crate::ui::load::{Failure, Load, data};
use crate::ui::select::SelectField;

/// `/orgs/{org}/products/{key}/ideas/{id}/convert`
#[component]
pub fn ConvertPage() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let idea = data(move || GetIdea { org: org.get(), product: key.get(), id: id.get() });
    let view = move |data: IdeaPage| match data.role.can(Perm::IdeaReview) {
        true => view! { <Convert org=org.get_untracked() product=data.product idea=data.idea /> }.into_any(),
        false => view! { <Failure error=AppError::Forbidden /> }.into_any(),
    };
    view! { <Load of=idea view /> }
}

/// The form, or why there is none.
#[component]
fn Convert(org: String, product: IdeaProduct, idea: Idea) -> impl IntoView {
    let base = format!("/orgs/{org}/products/{}", product.key);
    let back = format!("{base}/ideas/{}", idea.id);
    let crumbs = vec![
        Crumb::new("Portfolio", format!("/orgs/{org}/products")),
        Crumb::new(product.name, base.clone()),
        Crumb::new("Ideas", format!("{base}/ideas")),
        Crumb::new(idea.title.clone(), back.clone()),
    ];
    let body = match may_convert(idea.status, idea.features) {
        Ok(()) => view! { <ConvertForm org idea back /> }.into_any(),
        Err(reason) => view! {
            <p class="alert" role="alert">{reason.to_string()}</p>
            <a class="button" href=back>"Back to the idea"</a>
        }
        .into_any(),
    };
    view! {
        <PageHead title="Convert to features" crumbs />
        <div class="stack form">{body}</div>
    }
}

#[component]
fn ConvertForm(org: String, idea: Idea, back: String) -> impl IntoView {
    view! {
        <ServerForm to=ConvertIdea::PATH class="stack">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="idea" value=idea.id />
            <TextArea
                name="titles"
                label="Features"
                value=idea.title
                hint="One title a line. Each becomes a feature that leads back to the idea; when all of them are done, the idea is implemented."
                rows=4
            />
            <TextArea name="description" label="Description" value=idea.description hint="Each of the features begins with it." rows=8 />
            <SelectField name="priority" label="Priority" options=Priority::options() value=Priority::default().word() />
            <div class="actions">
                <Submit label="Convert" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}
