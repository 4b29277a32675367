//! An objective of the organisation: its page and its forms.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::detail::{Facts, gone_by};
use super::tree::Branches;
use super::{OkrBadge, ProgressBar, Risk, options};
use crate::audit::view::History;
use crate::goal::okr::api::objective::{
    CreateObjective, DeleteObjective, GetObjective, GetObjectiveForm, MoveObjective, RestoreObjective, UpdateObjective,
};
use crate::goal::okr::model::{self, ObjectiveFormPage, ObjectivePage, Quarter};
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::ui::form::{Sent, ServerForm, Submit, TextArea, TextField, Version};
use crate::ui::icon::{Icon, IconView};
use crate::ui::item::{DeleteButton, RestoreButton, StatusPanel};
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
        view! { <RestoreButton to=RestoreObjective::PATH org=org.clone() id=objective.id.clone() label="Restore" sent=restored /> }
    });
    let deleted = (!live).then(|| view! { <Notice>"This objective is deleted. "{restore}</Notice> });
    let actions = (live && may_plan).then(|| {
        let (slug, id) = (org.clone(), objective.id.clone());
        view! {
            <a class="button" href=format!("/orgs/{org}/okrs/{id}/edit")><IconView icon=Icon::Edit />"Edit"</a>
            <DeleteButton to=DeleteObjective::PATH org=slug id />
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
                <StatusPanel to=MoveObjective::PATH org id=objective.id.clone() steps=objective.status.steps() may_move=live && may_plan moved>
                    <OkrBadge status=objective.status />
                </StatusPanel>
                <section class="card" aria-labelledby="progress">
                    <h2 id="progress">"Progress"</h2>
                    <ProgressBar progress=objective.progress />
                    <Risk behind />
                    <p class="hint">{format!("The mean of what serves it directly. {}", gone_by(objective.quarter, today))}</p>
                </section>
                <Facts quarter=objective.quarter owner=objective.owner() added=objective.created_at changed=objective.updated_at />
            </div>
        </div>
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
