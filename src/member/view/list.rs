//! The members of an organisation.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::invitations::Invitations;
use crate::account::model::initials;
use crate::kernel::role::Perm;
use crate::kernel::text::query_value;
use crate::kernel::time::day;
use crate::member::api::{LeaveOrg, ListMembers};
use crate::member::model::{Invitation, Member, MemberList};
use crate::org::view::param;
use crate::ui::copy::LinkField;
use crate::ui::form::{Sent, ServerForm, Submit};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Avatar, Empty, Notice, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::mail::mail_goes_out;
use crate::ui::rows::then_focus;

/// `/orgs/{org}/members`
#[component]
pub fn MemberListPage() -> impl IntoView {
    let org = param("org");
    let query = use_query_map();
    let after = Signal::derive(move || query.with(|query| query.get("after")));
    let words = move || query.with(|query| query.get("find")).unwrap_or_default().replace('\0', "").trim().to_owned();
    let find = Memo::new(move |_| words());
    let (resent, revoked) = (Sent::new(), Sent::new());
    let members = data(move || ListMembers { org: org.get(), after: after.get(), find: find.get() });
    let members = members.after(resent).after(revoked).live(&["Membership"]);
    then_focus(resent, "invitations");
    then_focus(revoked, "invitations");
    let view =
        move |data: MemberList| view! { <Members data find=find.get_untracked() org=org.get_untracked() resent revoked /> }.into_any();
    view! { <Load of=members view /> }
}

/// The members; below them the invitations, for those who manage them, and the way out.
#[component]
fn Members(data: MemberList, find: String, org: String, resent: Sent, revoked: Sent) -> impl IntoView {
    let base = format!("/orgs/{org}/members");
    let manages = data.role.can(Perm::OrgManage);
    let invite =
        manages.then(|| view! { <a class="button primary" href=format!("{base}/invite")><IconView icon=Icon::Plus />"Invite people"</a> });
    let invitations = manages.then({
        let (org, invitations) = (org.clone(), data.invitations.clone());
        move || view! { <Invitations invitations org resent revoked /> }
    });
    let roles = format!("/orgs/{org}/settings/roles");
    let body = match data.members.is_empty() && !find.is_empty() {
        true => view! { <Nobody base=base.clone() /> }.into_any(),
        false => view! { <MemberTable members=data.members org=org.clone() manages /> }.into_any(),
    };
    view! {
        <PageHead title="Members">
            <a class="button quiet" href=roles>"What each role may do"</a>
            {invite}
        </PageHead>
        <Told invitations=data.invitations />
        <Narrow find=find.clone() base=base.clone() />
        {body}
        <MorePages next=data.next find base />
        {invitations}
        <Leave org />
    }
}

/// Narrows the members by words.
#[component]
fn Narrow(find: String, base: String) -> impl IntoView {
    let clear = (!find.is_empty()).then(|| view! { <a class="button quiet small" href=base.clone()>"Clear"</a> });
    view! {
        <div class="filters">
            <form method="get" action=base class="tag-filter" role="search" aria-label="Filter the members">
                <input name="find" aria-label="Name or title" placeholder="Name or title" value=find autocomplete="off" dir="auto" />
                <button class="button small">"Filter"</button>
                {clear}
            </form>
        </div>
    }
}

/// What stands in place of members whom nobody matches.
#[component]
fn Nobody(base: String) -> impl IntoView {
    view! {
        <Empty icon=Icon::People title="Nobody matches" text="No member has these words in their name or title.">
            <a class="button" href=base>"Show all members"</a>
        </Empty>
    }
}

/// The members of a page.
#[component]
fn MemberTable(members: Vec<Member>, org: String, manages: bool) -> impl IntoView {
    let rows = members.into_iter().map(|member| view! { <MemberRow member org=org.clone() manages /> }).collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Members">
            <table class="table">
                <caption class="visually-hidden">"Members"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Member"</th>
                        <th scope="col" class="wide-only">"Role"</th>
                        <th scope="col" class="wide-only">"Team"</th>
                        <th scope="col" class="wide-only">"Since"</th>
                        {manages.then(|| view! { <th scope="col"><span class="visually-hidden">"Change"</span></th> })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// The ways on and back to the beginning, where there are any.
#[component]
fn MorePages(next: Option<String>, find: String, base: String) -> impl IntoView {
    let later = use_query_map().with_untracked(|query| query.get("after").is_some());
    let to = |after: Option<String>| {
        let find = (!find.is_empty()).then(|| format!("find={}", query_value(&find)));
        let pairs: Vec<String> = find.into_iter().chain(after.map(|id| format!("after={id}"))).collect();
        if pairs.is_empty() { base.clone() } else { format!("{base}?{}", pairs.join("&")) }
    };
    let next = next.map(|id| view! { <a class="button" href=to(Some(id))>"Next"</a> });
    let first = later.then(|| view! { <a class="button" href=to(None)>"First page"</a> });
    (later || next.is_some()).then(|| view! { <nav class="pager" aria-label="Pages">{first}{next}</nav> })
}

/// What was just done, as the address says after a form was accepted.
#[component]
fn Told(invitations: Vec<Invitation>) -> impl IntoView {
    let query = use_query_map();
    move || {
        let (done, invited) = query.with(|query| (query.get("done"), query.get("invited")));
        let text = match done.as_deref() {
            Some("saved") => Some("The change is saved."),
            Some("removed") => Some("The member is removed."),
            Some("revoked") => Some("The invitation is revoked. Its links no longer work."),
            _ => None,
        };
        let invited = invited.and_then(|id| invitations.iter().find(|invitation| invitation.id == id).cloned());
        let invited = invited.and_then(|invitation| invitation.link.map(|link| (invitation.email, link))).map(|(email, link)| {
            let way = if mail_goes_out() {
                format!("The invitation goes to {email} by mail. You can also pass on this link yourself; it works once, for 7 days.")
            } else {
                format!("Mail is not set up on this server, so pass on this link to {email} yourself. It works once, for 7 days.")
            };
            view! {
                <Notice>
                    <p>{way}</p>
                    <LinkField label=format!("New link for {email}") link />
                </Notice>
            }
        });
        view! {
            {text.map(|text| view! { <Notice>{text}</Notice> })}
            {invited}
        }
    }
}

/// A member. On a narrow screen role and team stand under the name.
#[component]
fn MemberRow(member: Member, org: String, manages: bool) -> impl IntoView {
    let (name, picture) = (member.shown().to_owned(), member.picture());
    let team = member.team_slug.zip(member.team_name).map(|(slug, team)| {
        let href = format!("/orgs/{org}/teams/{slug}");
        move || view! { <a href=href.clone() dir="auto">{team.clone()}</a> }
    });
    let edit = manages.then(|| {
        let href = format!("/orgs/{org}/members/{}", member.id);
        view! {
            <td class="number">
                <a class="button small" href=href aria-label=format!("Change {name}")><IconView icon=Icon::Edit />"Change"</a>
            </td>
        }
    });
    let email = member.email.filter(|email| *email != name);
    view! {
        <tr>
            <th scope="row">
                <span class="person">
                    <Avatar initials=initials(&name) src=picture />
                    <span class="who">
                        <span class="name" dir="auto">{name}</span>
                        {member.title.map(|title| view! { <span class="muted clip" dir="auto">{title}</span> })}
                        {email.map(|email| view! { <span class="muted clip" dir="auto">{email}</span> })}
                        <span class="muted narrow-only">{member.role.label()}{team.clone().map(|team| view! { " · "{team()} })}</span>
                    </span>
                </span>
            </th>
            <td class="wide-only">{member.role.label()}</td>
            <td class="wide-only">{team.map(|team| team())}</td>
            <td class="wide-only muted">{day(member.created_at)}</td>
            {edit}
        </tr>
    }
}

/// The way out of the organisation, in two steps; the address says which.
#[component]
fn Leave(org: String) -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(|query| query.get("leave").is_some()));
    move || match asked.get() {
        true => view! { <LeaveCard org=org.clone() /> }.into_any(),
        false => {
            view! { <p class="apart-section"><a href=format!("/orgs/{org}/members?leave=1")>"Leave this organisation"</a></p> }.into_any()
        }
    }
}

#[component]
fn LeaveCard(org: String) -> impl IntoView {
    let back = format!("/orgs/{org}/members");
    view! {
        <section class="card danger form" aria-labelledby="leave">
            <h2 id="leave">"Leave this organisation"</h2>
            <p class="muted">"You will no longer see anything in it. What you made stays. Only a new invitation brings you back."</p>
            <ServerForm to=LeaveOrg::PATH class="stack">
                <input type="hidden" name="org" value=org />
                <div class="actions">
                    <Submit label="Leave" class="danger" />
                    <a class="button quiet" href=back>"Stay"</a>
                </div>
            </ServerForm>
        </section>
    }
}
