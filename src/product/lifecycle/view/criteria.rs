//! The exit criteria of all stages, and the form that changes those of one.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::product::lifecycle::api::{ListCriteria, UpdateCriteria};
use crate::product::lifecycle::model::{CriteriaFields, CriteriaPage, StageCriteria};
use crate::product::model::Lifecycle;
use crate::ui::form::{Sent, ServerForm, Submit, TextArea, Version};
use crate::ui::layout::{Crumb, PageHead};
use crate::ui::load::{Load, data};

/// `/orgs/{org}/lifecycle/criteria`, with `?stage=STAGE` for the form.
#[component]
pub fn CriteriaPageView() -> impl IntoView {
    let org = param("org");
    let query = use_query_map();
    let editing = Memo::new(move |_| query.with(|query| query.get("stage")).and_then(|word| Lifecycle::parse(&word)));
    let saved = Sent::new();
    let page = data(move || ListCriteria { org: org.get() }).after(saved).live(&["LifecycleCriteria"]);
    let view = move |page: CriteriaPage| {
        let org = org.get_untracked();
        let may_write = page.role.can(Perm::ProductWrite);
        let crumbs =
            vec![Crumb::new("Portfolio", format!("/orgs/{org}/products")), Crumb::new("Lifecycle", format!("/orgs/{org}/lifecycle"))];
        let stages = page.stages;
        let cards = move || {
            let card = |stage: StageCriteria| {
                let edited = may_write && editing.get() == Some(stage.stage);
                view! { <StageCard org=org.clone() stage may_write edited saved /> }
            };
            stages.clone().into_iter().map(card).collect_view()
        };
        view! {
            <PageHead title="Exit criteria" crumbs />
            <p class="muted">"What has to hold before a product moves on from a stage. Each product's page shows those of its own stage."</p>
            <div class="stack">{cards}</div>
        }
        .into_any()
    };
    view! { <Load of=page view /> }
}

/// A stage with its criteria, or with the form that changes them.
#[component]
fn StageCard(org: String, stage: StageCriteria, may_write: bool, edited: bool, saved: Sent) -> impl IntoView {
    let StageCriteria { stage, criteria, own } = stage;
    let word = stage.word();
    let page = format!("/orgs/{org}/lifecycle/criteria");
    let id = format!("stage-{}", word.to_lowercase());
    let whose = own.then(|| view! { <span class="badge">"Your own"</span> });
    let edit = (may_write && !edited).then(|| {
        view! { <a class="button small" href=format!("{page}?stage={word}#{id}") aria-label=format!("Edit criteria of {}", stage.label())>"Edit"</a> }
    });
    let body = if edited {
        let fields = CriteriaFields { criteria };
        view! {
            <ServerForm to=UpdateCriteria::PATH sent=saved class="stack">
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="stage" value=word />
                <Version of=fields.version() />
                <TextArea
                    name="criteria"
                    label="Criteria, one a line"
                    value=fields.criteria.join("\n")
                    hint="Leave it empty to go back to those that come with ProdMatic. A criterion that is reworded has to be ticked again."
                />
                <div class="actions">
                    <Submit label="Save criteria" />
                    <a class="button quiet" href=page>"Cancel"</a>
                </div>
            </ServerForm>
        }
        .into_any()
    } else {
        let row = |criterion: String| view! { <li dir="auto">{criterion}</li> };
        view! { <ul class="bullets" aria-labelledby=id.clone()>{criteria.into_iter().map(row).collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="card stack" aria-labelledby=id.clone()>
            <div class="card-head">
                <h2 id=id.clone()>{stage.label()}</h2>
                {whose}
                {edit}
            </div>
            {body}
        </section>
    }
}
