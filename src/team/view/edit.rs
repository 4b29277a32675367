//! The forms of a team.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::crumbs;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::team::api::{CreateTeam, DeleteTeam, GetTeam, ListTeams, UpdateTeam};
use crate::team::model::{self, Team, TeamList, TeamPage};
use crate::ui::form::{ServerForm, Submit, TextArea, TextField, Version};
use crate::ui::layout::{Crumb, PageHead};
use crate::ui::load::{Failure, Load, data};

/// `/orgs/{org}/teams/new`
#[component]
pub fn NewTeamPage() -> impl IntoView {
    let org = param("org");
    let allowed = data(move || ListTeams { org: org.get(), deleted: false });
    let view = move |data: TeamList| match data.role.can(Perm::OrgManage) {
        true => view! { <NewTeam org=org.get_untracked() /> }.into_any(),
        false => view! { <Failure error=AppError::Forbidden /> }.into_any(),
    };
    view! { <Load of=allowed view /> }
}

#[component]
fn NewTeam(org: String) -> impl IntoView {
    let back = format!("/orgs/{org}/teams");
    view! {
        <PageHead title="New team" crumbs=crumbs(&org) />
        <ServerForm to=CreateTeam::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <TeamFields team=None />
            <div class="actions">
                <Submit label="Create team" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}

/// The fields that creating and changing a team share.
#[component]
fn TeamFields(team: Option<Team>) -> impl IntoView {
    let (name, slug, description) = team.map(|team| (team.name, team.slug, team.description)).unwrap_or_default();
    view! {
        <TextField name="name" label="Name" value=name required=true />
        <TextField name="slug" label="Address" value=slug hint="Part of the team's links, such as mobile-web. Made from the name if you leave it empty." />
        <TextArea name="description" label="Description (optional)" value=description.unwrap_or_default() rows=4 />
    }
}

/// `/orgs/{org}/teams/{team}/settings`
#[component]
pub fn TeamSettingsPage() -> impl IntoView {
    let (org, team) = (param("org"), param("team"));
    let page = data(move || GetTeam { org: org.get(), team: team.get() });
    let view = move |data: TeamPage| match data.role.can(Perm::OrgManage) {
        true => view! { <TeamSettings org=org.get_untracked() team=data.team /> }.into_any(),
        false => view! { <Failure error=AppError::Forbidden /> }.into_any(),
    };
    view! { <Load of=page view /> }
}

#[component]
fn TeamSettings(org: String, team: Team) -> impl IntoView {
    let mut way = crumbs(&org);
    way.push(Crumb::new(team.name.clone(), format!("/orgs/{org}/teams/{}", team.slug)));
    let (doomed_org, doomed, slug) = (org.clone(), team.slug.clone(), team.slug.clone());
    view! {
        <PageHead title="Team settings" crumbs=way />
        <ServerForm to=UpdateTeam::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="team" value=slug />
            <Version of=model::TeamFields::from(&team).version() />
            <TeamFields team=Some(team) />
            <div class="actions"><Submit label="Save team" /></div>
        </ServerForm>
        <section class="card danger form" aria-labelledby="delete">
            <h2 id="delete">"Delete this team"</h2>
            <p class="muted">"Its members stay in the organisation. You can restore it, with its members and products, from the deleted teams."</p>
            <ServerForm to=DeleteTeam::PATH>
                <input type="hidden" name="org" value=doomed_org />
                <input type="hidden" name="team" value=doomed />
                <Submit label="Delete team" class="danger" />
            </ServerForm>
        </section>
    }
}
