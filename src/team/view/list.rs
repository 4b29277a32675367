//! The organisation's teams.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use crate::kernel::role::Perm;
use crate::org::view::param;
use crate::team::api::{ListTeams, RestoreTeam};
use crate::team::model::{TeamList, TeamSummary};
use crate::ui::form::{ServerForm, Submit};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Empty, PageHead};
use crate::ui::load::{Load, data};

/// `/orgs/{org}/teams`
#[component]
pub fn TeamListPage() -> impl IntoView {
    let org = param("org");
    let query = use_query_map();
    let deleted = Signal::derive(move || query.with(|query| query.get("show").as_deref() == Some("deleted")));
    let teams = data(move || ListTeams { org: org.get(), deleted: deleted.get() }).live(&["Team", "Membership"]);
    let view = move |data: TeamList| view! { <Teams data org=org.get_untracked() deleted=deleted.get_untracked() /> }.into_any();
    view! { <Load of=teams view /> }
}

/// The teams as cards.
#[component]
fn Teams(data: TeamList, org: String, deleted: bool) -> impl IntoView {
    let base = format!("/orgs/{org}/teams");
    let manages = data.role.can(Perm::OrgManage);
    let new = manages.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New team"</a> });
    let tab = |href: String, label: &'static str, here: bool| {
        view! { <li><a href=href aria-current=here.then_some("page")>{label}</a></li> }
    };
    let tabs = manages.then(|| {
        view! {
            <nav aria-label="Teams shown"><ul class="tabs">
                {tab(base.clone(), "Live", !deleted)}
                {tab(format!("{base}?show=deleted"), "Deleted", deleted)}
            </ul></nav>
        }
    });
    let body = if data.teams.is_empty() {
        view! { <NoTeams deleted manages base=base.clone() /> }.into_any()
    } else {
        let cards = data.teams.into_iter().map(|summary| view! { <TeamCard summary org=org.clone() manages /> }).collect_view();
        view! { <ul class="cards" aria-label="Teams">{cards}</ul> }.into_any()
    };
    view! {
        <PageHead title="Teams">{new}</PageHead>
        {tabs}
        {body}
    }
}

/// What stands in place of teams, and what to do about it.
#[component]
fn NoTeams(deleted: bool, manages: bool, base: String) -> impl IntoView {
    if deleted {
        return view! { <Empty icon=Icon::Trash title="Nothing deleted" text="Teams that are deleted can be brought back from here." /> }
            .into_any();
    }
    let text = if manages {
        "A team says who works together, and on which products. Create the first one to begin."
    } else {
        "As soon as an administrator creates one, it appears here."
    };
    view! {
        <Empty icon=Icon::Team title="No teams yet" text>
            {manages.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New team"</a> })}
        </Empty>
    }
    .into_any()
}

/// A team with its numbers.
#[component]
fn TeamCard(summary: TeamSummary, org: String, manages: bool) -> impl IntoView {
    let TeamSummary { team, members, products } = summary;
    let href = format!("/orgs/{org}/teams/{}", team.slug);
    let restore = (team.deleted_at.is_some() && manages).then(|| {
        view! {
            <ServerForm to=RestoreTeam::PATH>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="team" value=team.slug.clone() />
                <Submit label="Restore" class="small" />
            </ServerForm>
        }
    });
    let name = if team.deleted_at.is_some() {
        view! { <span dir="auto">{team.name}</span> }.into_any()
    } else {
        view! { <a href=href dir="auto">{team.name}</a> }.into_any()
    };
    view! {
        <li class="card product-card">
            <div class="card-head"><h2>{name}</h2></div>
            <p class="muted clip-lines" dir="auto">{team.description.unwrap_or_else(|| "No description yet.".into())}</p>
            <dl class="counts">
                <div><dt>"Members"</dt><dd>{members}</dd></div>
                <div><dt>"Products"</dt><dd>{products}</dd></div>
            </dl>
            {restore}
        </li>
    }
}
