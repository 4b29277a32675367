//! Inviting somebody.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::{crumbs, role_options, team_options};
use crate::kernel::role::Role;
use crate::member::api::{InviteMember, ListTeamChoices};
use crate::org::view::param;
use crate::team::model::TeamChoice;
use crate::ui::form::{ServerForm, Submit, TextArea, TextField};
use crate::ui::layout::PageHead;
use crate::ui::load::{Load, data};
use crate::ui::mail::NoMail;
use crate::ui::select::SelectField;

/// `/orgs/{org}/members/invite`
#[component]
pub fn InvitePage() -> impl IntoView {
    let org = param("org");
    let teams = data(move || ListTeamChoices { org: org.get() });
    let view = move |teams: Vec<TeamChoice>| view! { <Invite teams org=org.get_untracked() /> }.into_any();
    view! { <Load of=teams view /> }
}

#[component]
fn Invite(teams: Vec<TeamChoice>, org: String) -> impl IntoView {
    let back = format!("/orgs/{org}/members");
    view! {
        <PageHead title="Invite people" crumbs=crumbs(&org) />
        <NoMail way="You get a link to pass on yourself." />
        <ServerForm to=InviteMember::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <TextField name="email" label="E-mail address" kind="email" required=true hint="The invitation can be accepted with this address only, for 7 days." />
            <SelectField name="role" label="Role" options=role_options() value=Role::Stakeholder.word() hint="You can change it later." />
            <SelectField name="team" label="Team" options=team_options(teams) />
            <TextArea name="message" label="Message (optional)" rows=4 />
            <div class="actions">
                <Submit label="Send invitation" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}
