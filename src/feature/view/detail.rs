//! A feature's own page.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::criteria::Criteria;
use super::depend::{DependencyPanel, Depending, HEADING};
use super::find::Finder;
use super::list::RestoreButton;
use super::{BlockedBadge, FeatureBadge, PriorityBadge, crumbs};
use crate::audit::view::History;
use crate::feature::api::{DeleteFeature, GetFeature, MoveFeature};
use crate::feature::model::{Feature, FeaturePage, FeatureStatus};
use crate::idea::model::IdeaLink;
use crate::idea::view::StatusBadge;
use crate::kernel::reference::reference;
use crate::kernel::role::Perm;
use crate::kernel::time::day;
use crate::org::view::param;
use crate::task::view::FeatureWork;
use crate::ui::form::{Sent, ServerForm, Submit};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Notice, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::reference::{LinkedProse, Reference};
use crate::ui::rows::then_focus;

/// The forms of the page, which outlive a new look at its data.
#[derive(Clone, Copy)]
struct Forms {
    moved: Sent,
    restored: Sent,
    ticked: Sent,
    depending: Depending,
}

impl Forms {
    fn all(self) -> [Sent; 5] {
        [self.moved, self.restored, self.ticked, self.depending.linked, self.depending.unlinked]
    }
}

/// `/orgs/{org}/products/{key}/features/{id}`
#[component]
pub fn FeaturePageView() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let params = use_query_map();
    let find = Memo::new(move |_| params.with(|params| params.get("find").unwrap_or_default()));
    let depending = Depending { linked: Sent::new(), unlinked: Sent::new(), finder: Finder::new(org, key, id, false) };
    let forms = Forms { moved: Sent::new(), restored: Sent::new(), ticked: Sent::new(), depending };
    let feature = data(move || GetFeature { org: org.get(), product: key.get(), id: id.get(), find: find.get() });
    let feature = forms.all().into_iter().fold(feature, |feature, sent| feature.after(sent));
    // Others of its kind, too: it waits for them, or they for it.
    let feature = feature.live(&["Feature", "Idea", "Epic"]);
    then_focus(depending.unlinked, HEADING);
    // A refusal belongs to the feature that it was about.
    Effect::new(move |before: Option<String>| {
        let now = id.get();
        if before.is_some_and(|before| before != now) {
            forms.all().into_iter().for_each(Sent::forget);
        }
        now
    });
    let view = move |data: FeaturePage| {
        depending.finder.fill(find.get_untracked(), data.found.clone());
        view! { <FeatureView data org=org.get_untracked() forms /> }.into_any()
    };
    view! {
        <div class="item-page">
            <Load of=feature view />
            <FeatureWork org key feature=id after=vec![forms.restored] />
            <History org entity="Feature" item=id after=forms.all().to_vec() />
        </div>
    }
}

/// Text at the left; status and facts at the right.
#[component]
fn FeatureView(data: FeaturePage, org: String, forms: Forms) -> impl IntoView {
    let FeaturePage { role, product, feature, ideas, dependencies, named, .. } = data;
    let base = format!("/orgs/{org}/products/{}", product.key);
    let (live, may_write) = (feature.deleted_at.is_none(), role.can(Perm::FeatureWrite));
    let may_change = live && may_write;
    let restore = (!live && may_write).then(|| {
        view! { <RestoreButton org=org.clone() id=feature.id.clone() label="Restore" sent=forms.restored /> }
    });
    let deleted = (!live).then(|| view! { <Notice>"This feature is deleted. "{restore}</Notice> });
    let actions = may_change.then(|| {
        view! {
            <a class="button" href=format!("{base}/features/{}/edit", feature.id)><IconView icon=Icon::Edit />"Edit"</a>
            <DeleteButton org=org.clone() id=feature.id.clone() />
        }
    });
    let criteria = feature.acceptance_criteria.clone().unwrap_or_default();
    view! {
        <div class="item-head">
            <PageHead title=feature.title.clone() reference=reference(&product.key, feature.number) crumbs=crumbs(&org, &product)>{actions}</PageHead>
            {deleted}
        </div>
        <div class="columns">
            <div class="stack">
                <section class="card" aria-label="Description"><LinkedProse text=feature.description.clone() links=named empty="No description yet." /></section>
                <Criteria org=org.clone() id=feature.id.clone() text=criteria may_tick=may_change ticked=forms.ticked />
                <DependencyPanel
                    org=org.clone()
                    base=format!("{base}/features")
                    id=feature.id.clone()
                    dependencies
                    may_write=may_change
                    depending=forms.depending
                />
                <Origins ideas base=base.clone() />
            </div>
            <div class="stack">
                <StatusPanel org=org.clone() feature=feature.clone() may_move=may_change moved=forms.moved />
                <Facts feature base />
            </div>
        </div>
    }
}

/// The ideas that the feature came from.
#[component]
fn Origins(ideas: Vec<IdeaLink>, base: String) -> impl IntoView {
    let none = ideas.is_empty().then(|| view! { <p class="muted">"It came from no idea."</p> });
    let link = |idea: IdeaLink| {
        view! {
            <li class="actions">
                <a href=format!("{base}/ideas/{}", idea.id) dir="auto">{idea.title}</a>
                <Reference number=idea.number />
                <StatusBadge status=idea.status />
            </li>
        }
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
fn StatusPanel(org: String, feature: Feature, may_move: bool, moved: Sent) -> impl IntoView {
    let (id, status) = (feature.id.clone(), feature.status);
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
                <span class="actions"><BlockedBadge feature /><FeatureBadge status /></span>
            </div>
            {form}
        </section>
    }
}

/// Epic, people, size, urgency and dates.
#[component]
fn Facts(feature: Feature, base: String) -> impl IntoView {
    let points = feature.story_points.map_or_else(|| "Not estimated".to_owned(), |points| points.to_string());
    let epic = match feature.epic_id.zip(feature.epic_title) {
        Some((id, title)) => view! {
            <span class="named">
                <a href=format!("{base}/epics/{id}") dir="auto">{title}</a>
                <Reference number=feature.epic_number />
            </span>
        }
        .into_any(),
        None => "None".into_any(),
    };
    let date = |date: Option<_>| date.map_or_else(|| "Not set".to_owned(), day);
    view! {
        <section class="card" aria-label="Details">
            <dl class="facts">
                <div><dt>"Epic"</dt><dd>{epic}</dd></div>
                <div><dt>"Priority"</dt><dd><PriorityBadge priority=feature.priority /></dd></div>
                <div><dt>"Story points"</dt><dd>{points}</dd></div>
                <div><dt>"Assignee"</dt><dd dir="auto">{feature.assignee_name.unwrap_or_else(|| "Nobody".to_owned())}</dd></div>
                <div><dt>"Start date"</dt><dd>{date(feature.start_date)}</dd></div>
                <div><dt>"Due date"</dt><dd>{date(feature.due_date)}</dd></div>
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
