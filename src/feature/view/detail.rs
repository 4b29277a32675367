//! A feature's own page.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::list::RestoreButton;
use super::{FeatureBadge, PriorityBadge, crumbs};
use crate::feature::api::{DeleteFeature, GetFeature, MoveFeature};
use crate::feature::model::{Feature, FeaturePage, FeatureStatus};
use crate::idea::model::IdeaLink;
use crate::idea::view::StatusBadge;
use crate::kernel::role::Perm;
use crate::kernel::time::day;
use crate::org::view::param;
use crate::ui::form::{Sent, ServerForm, Submit};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Notice, PageHead, Prose};
use crate::ui::load::{Load, data};

/// `/orgs/{org}/products/{key}/features/{id}`
#[component]
pub fn FeaturePageView() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let (moved, restored) = (Sent::new(), Sent::new());
    let feature = data(move || GetFeature { org: org.get(), product: key.get(), id: id.get() }).after(moved).after(restored);
    let feature = feature.live_item(&["Feature", "Idea"], id);
    let view = move |data: FeaturePage| view! { <FeatureView data org=org.get_untracked() moved restored /> }.into_any();
    view! { <Load of=feature view /> }
}

/// Text at the left; status and facts at the right.
#[component]
fn FeatureView(data: FeaturePage, org: String, moved: Sent, restored: Sent) -> impl IntoView {
    let FeaturePage { role, product, feature, ideas } = data;
    let base = format!("/orgs/{org}/products/{}", product.key);
    let (live, may_write) = (feature.deleted_at.is_none(), role.can(Perm::FeatureWrite));
    let may_move = live && may_write;
    let restore = (!live && may_write).then(|| {
        view! { <RestoreButton org=org.clone() id=feature.id.clone() label="Restore" sent=restored /> }
    });
    let deleted = (!live).then(|| view! { <Notice>"This feature is deleted. "{restore}</Notice> });
    let actions = may_move.then(|| {
        view! {
            <a class="button" href=format!("{base}/features/{}/edit", feature.id)><IconView icon=Icon::Edit />"Edit"</a>
            <DeleteButton org=org.clone() id=feature.id.clone() />
        }
    });
    view! {
        <PageHead title=feature.title.clone() crumbs=crumbs(&org, &product)>{actions}</PageHead>
        {deleted}
        <div class="columns">
            <div class="stack">
                <section class="card" aria-label="Description"><Prose text=feature.description.clone() empty="No description yet." /></section>
                <section class="card" aria-labelledby="criteria">
                    <h2 id="criteria">"Acceptance criteria"</h2>
                    <Prose text=feature.acceptance_criteria.clone().unwrap_or_default() empty="None yet. Say what has to hold for this to be done." />
                </section>
                <Origins ideas base />
            </div>
            <div class="stack">
                <StatusPanel org=org.clone() id=feature.id.clone() status=feature.status may_move moved />
                <Facts feature />
            </div>
        </div>
    }
}

/// The ideas that the feature came from.
#[component]
fn Origins(ideas: Vec<IdeaLink>, base: String) -> impl IntoView {
    let none = ideas.is_empty().then(|| view! { <p class="muted">"It came from no idea."</p> });
    let link = |idea: IdeaLink| {
        view! { <li class="actions"><a href=format!("{base}/ideas/{}", idea.id) dir="auto">{idea.title}</a><StatusBadge status=idea.status /></li> }
    };
    view! {
        <section class="card" aria-labelledby="origins">
            <h2 id="origins">"Built for"</h2>
            {none}
            <ul aria-label="Ideas">{ideas.into_iter().map(link).collect_view()}</ul>
        </section>
    }
}

/// Where the work stands; for those who may, each status is a button.
#[component]
fn StatusPanel(org: String, id: String, status: FeatureStatus, may_move: bool, moved: Sent) -> impl IntoView {
    let button =
        |to: FeatureStatus| view! { <button type="submit" class="button small" name="status" value=to.word()>{to.label()}</button> };
    let form = may_move.then(|| {
        view! {
            <ServerForm to=MoveFeature::PATH sent=moved>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <div class="actions" role="group" aria-label="Move to">
                    {FeatureStatus::ALL.into_iter().filter(|to| *to != status).map(button).collect_view()}
                </div>
            </ServerForm>
        }
    });
    view! {
        <section class="card" aria-labelledby="status">
            <div class="card-head">
                <h2 id="status">"Status"</h2>
                <FeatureBadge status />
            </div>
            {form}
        </section>
    }
}

/// Size, urgency and dates.
#[component]
fn Facts(feature: Feature) -> impl IntoView {
    let points = feature.story_points.map_or_else(|| "Not estimated".to_owned(), |points| points.to_string());
    view! {
        <section class="card" aria-label="Details">
            <dl class="facts">
                <div><dt>"Priority"</dt><dd><PriorityBadge priority=feature.priority /></dd></div>
                <div><dt>"Story points"</dt><dd>{points}</dd></div>
                <div><dt>"Added"</dt><dd>{day(feature.created_at)}</dd></div>
                <div><dt>"Changed"</dt><dd>{day(feature.updated_at)}</dd></div>
            </dl>
        </section>
    }
}

/// Deletes the feature; the list it leads to offers to undo that.
#[component]
fn DeleteButton(org: String, id: String) -> impl IntoView {
    view! {
        <ServerForm to=DeleteFeature::PATH>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <Submit label="Delete" class="danger" />
        </ServerForm>
    }
}
