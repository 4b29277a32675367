//! The organisation's objectives of a quarter, with what serves them.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::{OkrBadge, ProgressBar, Risk};
use crate::goal::okr::api::objective::{GetObjectives, RestoreObjective};
use crate::goal::okr::model::{Branch, Objective, ObjectiveTree, Quarter, named};
use crate::kernel::role::Perm;
use crate::kernel::time::Timestamp;
use crate::org::view::param;
use crate::ui::fold::Fold;
use crate::ui::icon::{Icon, IconView};
use crate::ui::item::RestoreButton;
use crate::ui::layout::{Empty, Notice, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::reference::Reference;

/// `/orgs/{org}/okrs?quarter=2026-Q4`
#[component]
pub fn ObjectiveTreePage() -> impl IntoView {
    let org = param("org");
    let params = use_query_map();
    let quarter = Memo::new(move |_| params.with(|params| params.get("quarter")).and_then(|word| Quarter::parse(&word)));
    let deleted = Signal::derive(move || params.with(|params| params.get("deleted")));
    let tree = data(move || GetObjectives { org: org.get(), quarter: quarter.get() }).live(&["OrganizationObjective", "OKR"]);
    let view = move |data: ObjectiveTree| view! { <TreeView data org=org.get_untracked() deleted=deleted.get_untracked() /> }.into_any();
    view! { <Load of=tree view /> }
}

#[component]
fn TreeView(data: ObjectiveTree, org: String, deleted: Option<String>) -> impl IntoView {
    let ObjectiveTree { role, quarter, quarters, objectives, below, rest, more, deleted: bin, today } = data;
    let base = format!("/orgs/{org}/okrs");
    let may_plan = role.can(Perm::PlanWrite);
    let new =
        may_plan.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New objective"</a> });
    let undo = deleted.filter(|_| may_plan).map(|id| {
        let org = org.clone();
        view! { <Notice>"The objective is deleted; what serves it stays. "<RestoreButton to=RestoreObjective::PATH org id label="Undo" /></Notice> }
    });
    let tab = |one: Quarter| {
        view! { <li><a href=format!("{base}?quarter={}", one.word()) aria-current=(one == quarter).then_some("page")>{one.label()}</a></li> }
    };
    let tabs = quarters.into_iter().take(8).map(tab).collect_view();
    let none = (objectives.is_empty() && rest.is_empty()).then(|| {
        view! {
            <Empty icon=Icon::Target title="No objectives in this quarter" text="What the whole organisation wants to reach stands here, and below it the objectives of its products that serve it." />
        }
    });
    let cards = objectives
        .into_iter()
        .zip(below)
        .map(|(objective, branches)| view! { <ObjectiveCard objective branches org=org.clone() today /> })
        .collect_view();
    let rest = (!rest.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="unaligned">
                <h2 id="unaligned">"Aligned with none of these"</h2>
                <Branches branches=rest org=org.clone() today />
            </section>
        }
    });
    let more = more
        .then(|| view! { <p class="muted">"There are more objectives than are shown here; each product's page has all of its own."</p> });
    view! {
        <PageHead title="Objectives">{new}</PageHead>
        {undo}
        <nav class="filters" aria-label="Quarter"><ul class="tabs">{tabs}</ul></nav>
        {none}
        <div class="stack">{cards}{rest}</div>
        {more}
        <Bin bin org />
    }
}

/// What was deleted and can be brought back.
#[component]
fn Bin(bin: Vec<Objective>, org: String) -> impl IntoView {
    (!bin.is_empty()).then(|| {
        let entry = |objective: Objective| {
            view! {
                <li>
                    <a class="idea-title" href=format!("/orgs/{org}/okrs/{}", objective.id) dir="auto">{objective.title}</a>
                    <span class="muted">{objective.quarter.label()}</span>
                    <RestoreButton to=RestoreObjective::PATH org=org.clone() id=objective.id label="Restore" />
                </li>
            }
        };
        let entries = bin.into_iter().map(entry).collect_view();
        view! { <Fold label="Deleted objectives" class="adding bin"><ul class="ties">{entries}</ul></Fold> }
    })
}

/// An objective of the organisation with its branches.
#[component]
fn ObjectiveCard(objective: Objective, branches: Vec<Branch>, org: String, today: Timestamp) -> impl IntoView {
    let heading = format!("objective-{}", objective.id);
    let named_by = heading.clone();
    let (behind, owner) = (objective.behind(today), objective.owner());
    let none = branches.is_empty().then(|| view! { <p class="muted">"Nothing serves it yet, so it stays at 0 %."</p> });
    view! {
        <section class="card" aria-labelledby=named_by>
            <div class="card-head">
                <h2 id=heading><a href=format!("/orgs/{org}/okrs/{}", objective.id) dir="auto">{objective.title}</a></h2>
                <OkrBadge status=objective.status />
                <ProgressBar progress=objective.progress />
                <Risk behind />
                <span class="muted" dir="auto">{format!("{} · {owner}", objective.quarter.label())}</span>
            </div>
            {none}
            <Branches branches org today />
        </section>
    }
}

/// OKRs, each with those that serve it below it.
#[component]
pub fn Branches(branches: Vec<Branch>, org: String, today: Timestamp) -> impl IntoView {
    (!branches.is_empty()).then(|| listed(branches, &org, today))
}

fn listed(branches: Vec<Branch>, org: &str, today: Timestamp) -> AnyView {
    let entries = branches.into_iter().map(|branch| entry(branch, org, today)).collect_view();
    view! { <ul class="tree">{entries}</ul> }.into_any()
}

fn entry(branch: Branch, org: &str, today: Timestamp) -> AnyView {
    let Branch { okr, below } = branch;
    let href = format!("/orgs/{org}/products/{}/okrs/{}", okr.product_key, okr.id);
    let behind = okr.quarter.behind(okr.status, okr.progress, today);
    let about = format!("{} · {}", okr.product_name, named(okr.owner_name.as_deref()));
    let below = (!below.is_empty()).then(|| listed(below, org, today));
    view! {
        <li>
            <div class="branch">
                <a class="idea-title" href=href dir="auto">{okr.title}</a>
                <Reference number=okr.number product=okr.product_key />
                <span class="muted" dir="auto">{about}</span>
                <OkrBadge status=okr.status />
                <ProgressBar progress=okr.progress />
                <Risk behind />
            </div>
            {below}
        </li>
    }
    .into_any()
}
