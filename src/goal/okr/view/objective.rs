//! An objective of the organisation: its page and its forms.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::detail::gone_by;
use super::tree::Branches;
use super::{OkrBadge, ProgressBar, Risk, options};
use crate::audit::view::History;
use crate::goal::okr::api::objective::{
    CreateObjective, DeleteObjective, GetObjective, GetObjectiveForm, MoveObjective, RestoreObjective, UpdateObjective,
};
use crate::goal::okr::model::{self, Objective, ObjectiveFormPage, ObjectivePage, OkrStatus, Quarter};
use crate::kernel::role::Perm;
use crate::kernel::time::day;
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::ui::form::{Sent, ServerForm, Submit, TextArea, TextField, Version};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Crumb, Notice, PageHead, Prose};
use crate::ui::load::{Load, data};
use crate::ui::select::SelectField;

fn crumbs(org: &str) -> Vec<Crumb> {
    vec![Crumb::new("Objectives", format!("/orgs/{org}/okrs"))]
}

/// `/orgs/{org}/okrs/{id}`
#[component]
pub fn ObjectivePageView() -> impl IntoView {
    let (org, id) = (param("org"), param("id"));
    let (moved, restored) = (Sent::new(), Sent::new());
    let page = data(move || GetObjective { org: org.get(), id: id.get() }).live_item(&["OrganizationObjective", "OKR"], id);
    let page = page.after(moved).after(restored);
    let view = move |data: ObjectivePage| view! { <ObjectiveView data org=org.get_untracked() moved restored /> }.into_any();
    view! {
        <div class="item-page">
            <Load of=page view />
            <History org entity="OrganizationObjective" item=id after=vec![moved, restored] />
        </div>
    }
}

/// Text and what serves it at the left; status, progress and facts at the right.
#[component]
fn ObjectiveView(data: ObjectivePage, org: String, moved: Sent, restored: Sent) -> impl IntoView {
    let ObjectivePage { role, objective, below, today } = data;
    let (live, may_plan) = (objective.deleted_at.is_none(), role.can(Perm::PlanWrite));
    let restore = (!live && may_plan).then(|| {
        view! { <RestoreButton org=org.clone() id=objective.id.clone() label="Restore" sent=restored /> }
    });
    let deleted = (!live).then(|| view! { <Notice>"This objective is deleted. "{restore}</Notice> });
    let actions = (live && may_plan).then(|| {
        let (slug, id) = (org.clone(), objective.id.clone());
        view! {
            <a class="button" href=format!("/orgs/{org}/okrs/{id}/edit")><IconView icon=Icon::Edit />"Edit"</a>
            <DeleteButton org=slug id />
        }
    });
    let none = below
        .is_empty()
        .then(|| view! { <p class="muted">"Nothing serves it yet. Products' objectives are aligned with it in their own forms."</p> });
    let behind = objective.behind(today);
    view! {
        <div class="item-head">
            <PageHead title=objective.title.clone() crumbs=crumbs(&org)>{actions}</PageHead>
            {deleted}
        </div>
        <div class="columns">
            <div class="stack">
                <section class="card" aria-label="Description"><Prose text=objective.description.clone().unwrap_or_default() empty="No description yet." /></section>
                <section class="card" aria-labelledby="serving">
                    <h2 id="serving">"What serves it"</h2>
                    {none}
                    <Branches branches=below org=org.clone() today />
                </section>
            </div>
            <div class="stack">
                <StatusPanel org id=objective.id.clone() status=objective.status may_move=live && may_plan moved />
                <section class="card" aria-labelledby="progress">
                    <h2 id="progress">"Progress"</h2>
                    <ProgressBar progress=objective.progress />
                    <Risk behind />
                    <p class="hint">{format!("The mean of what serves it directly. {}", gone_by(objective.quarter, today))}</p>
                </section>
                <Facts objective />
            </div>
        </div>
    }
}

/// Where the objective stands; for those who may, each status that may follow is a button.
#[component]
fn StatusPanel(org: String, id: String, status: OkrStatus, may_move: bool, moved: Sent) -> impl IntoView {
    let button = move |to: &OkrStatus| view! { <button type="submit" class="button small" name="status" value=to.word()>{status.verb(*to)}</button> };
    let form = may_move.then(|| {
        view! {
            <ServerForm to=MoveObjective::PATH sent=moved>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <div class="actions" role="group" aria-label="Move on">{status.next().iter().map(button).collect_view()}</div>
            </ServerForm>
        }
    });
    view! {
        <section class="card" aria-labelledby="status">
            <div class="card-head">
                <h2 id="status">"Status"</h2>
                <OkrBadge status />
            </div>
            {form}
        </section>
    }
}

/// Deletes the objective; the page it leads to offers to undo that.
#[component]
fn DeleteButton(org: String, id: String) -> impl IntoView {
    view! {
        <ServerForm to=DeleteObjective::PATH>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <Submit label="Delete" class="danger" />
        </ServerForm>
    }
}

#[component]
fn Facts(objective: Objective) -> impl IntoView {
    view! {
        <section class="card" aria-label="Details">
            <dl class="facts">
                <div><dt>"Quarter"</dt><dd>{objective.quarter.label()}</dd></div>
                <div><dt>"Owner"</dt><dd dir="auto">{objective.owner()}</dd></div>
                <div><dt>"Added"</dt><dd>{day(objective.created_at)}</dd></div>
                <div><dt>"Changed"</dt><dd>{day(objective.updated_at)}</dd></div>
            </dl>
        </section>
    }
}

/// `/orgs/{org}/okrs/new`
#[component]
pub fn NewObjectivePage() -> impl IntoView {
    let org = param("org");
    let form = data(move || GetObjectiveForm { org: org.get(), id: None });
    let view = move |data: ObjectiveFormPage| view! { <NewObjective org=org.get_untracked() data /> }.into_any();
    view! { <Load of=form view /> }
}

#[component]
fn NewObjective(org: String, data: ObjectiveFormPage) -> impl IntoView {
    let back = format!("/orgs/{org}/okrs");
    view! {
        <PageHead title="New objective of the organisation" crumbs=crumbs(&org) />
        <ServerForm to=CreateObjective::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <ObjectiveFields data />
            <div class="actions">
                <Submit label="Add objective" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}

/// The fields that adding and changing an objective share.
#[component]
fn ObjectiveFields(data: ObjectiveFormPage) -> impl IntoView {
    let ObjectiveFormPage { objective, people, me, today } = data;
    let quarter = objective.as_ref().map_or(Quarter::of(today), |objective| objective.quarter);
    let quarters = Quarter::options(today, Some(quarter));
    let (title, description, owner) = objective.map_or((String::new(), String::new(), me), |objective| {
        (objective.title, objective.description.unwrap_or_default(), objective.owner_id)
    });
    view! {
        <TextField name="title" label="Objective" value=title required=true placeholder="What does the whole organisation want to reach?" />
        <TextArea name="description" label="Description" value=description rows=6 />
        <div class="field-pair">
            <SelectField name="quarter" label="Quarter" options=quarters value=quarter.word() />
            <SelectField name="owner" label="Owner" options=options(people) value=owner />
        </div>
    }
}

/// `/orgs/{org}/okrs/{id}/edit`
#[component]
pub fn EditObjectivePage() -> impl IntoView {
    let (org, id) = (param("org"), param("id"));
    let form = data(move || GetObjectiveForm { org: org.get(), id: Some(id.get()) });
    let view = move |data: ObjectiveFormPage| view! { <EditObjective org=org.get_untracked() data /> }.into_any();
    view! { <Load of=form view /> }
}

#[component]
fn EditObjective(org: String, data: ObjectiveFormPage) -> impl IntoView {
    let id = data.objective.as_ref().map(|objective| objective.id.clone()).unwrap_or_default();
    let version = data.objective.as_ref().map(|objective| model::ObjectiveFields::from(objective).version()).unwrap_or_default();
    let back = format!("/orgs/{org}/okrs/{id}");
    view! {
        <PageHead title="Edit objective" crumbs=crumbs(&org) />
        <ServerForm to=UpdateObjective::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <Version of=version />
            <ObjectiveFields data />
            <div class="actions">
                <Submit label="Save objective" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}

/// Brings an objective of the organisation back.
#[component]
pub fn RestoreButton(org: String, id: String, label: &'static str, #[prop(optional)] sent: Option<Sent>) -> impl IntoView {
    view! {
        <ServerForm to=RestoreObjective::PATH class="inline" sent=sent.unwrap_or_default()>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <Submit label=label class="small" />
        </ServerForm>
    }
}
