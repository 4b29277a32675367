//! Changing one member.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::{crumbs, role_options, team_options};
use crate::kernel::version::Edited;
use crate::member::api::{GetMember, RemoveMember, UpdateMember};
use crate::member::model::{MemberForm, MemberPage};
use crate::org::view::param;
use crate::ui::form::{ServerForm, Submit, Version};
use crate::ui::layout::PageHead;
use crate::ui::load::{Load, data};
use crate::ui::select::SelectField;

/// `/orgs/{org}/members/{id}`
#[component]
pub fn EditMemberPage() -> impl IntoView {
    let (org, id) = (param("org"), param("id"));
    let member = data(move || GetMember { org: org.get(), id: id.get() });
    let view = move |data: MemberPage| view! { <EditMember data org=org.get_untracked() /> }.into_any();
    view! { <Load of=member view /> }
}

#[component]
fn EditMember(data: MemberPage, org: String) -> impl IntoView {
    let MemberPage { member, teams, own } = data;
    let back = format!("/orgs/{org}/members");
    let name = member.shown().to_owned();
    let version = MemberForm::from(&member).version();
    let role_hint = if own { "This is your own role. With a lower one you cannot undo the change." } else { "" };
    let remove = (!own).then({
        let (org, id, name) = (org.clone(), member.id.clone(), name.clone());
        move || view! { <Remove org id name /> }
    });
    view! {
        <PageHead title=name crumbs=crumbs(&org) />
        <ServerForm to=UpdateMember::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=member.id />
            <Version of=version />
            <p class="muted" dir="auto">{member.email}</p>
            <SelectField name="role" label="Role" options=role_options() value=member.role.word() hint=role_hint />
            <SelectField name="team" label="Team" options=team_options(teams) value=member.team_id.unwrap_or_default() />
            <div class="actions">
                <Submit label="Save member" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
        {remove}
    }
}

/// Takes somebody out of the organisation, in two steps; the address says which.
#[component]
fn Remove(org: String, id: String, name: String) -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(|query| query.get("remove").is_some()));
    let page = format!("/orgs/{org}/members/{id}");
    move || {
        let (org, id, name, page) = (org.clone(), id.clone(), name.clone(), page.clone());
        match asked.get() {
            true => view! { <RemoveCard org id name page /> }.into_any(),
            false => {
                view! { <p class="apart-section"><a href=format!("{page}?remove=1")>"Remove from the organisation"</a></p> }.into_any()
            }
        }
    }
}

#[component]
fn RemoveCard(org: String, id: String, name: String, page: String) -> impl IntoView {
    view! {
        <section class="card danger form" aria-labelledby="remove">
            <h2 id="remove" dir="auto">{format!("Remove {name} from the organisation?")}</h2>
            <p class="muted" dir="auto">
                {format!("{name} will no longer see anything in it. What they made stays. Only a new invitation brings them back.")}
            </p>
            <ServerForm to=RemoveMember::PATH class="stack">
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <div class="actions">
                    <Submit label="Remove member" class="danger" />
                    <a class="button quiet" href=page>"Keep"</a>
                </div>
            </ServerForm>
        </section>
    }
}
