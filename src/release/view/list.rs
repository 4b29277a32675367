//! The list of a product's releases.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::{Progress, ReleaseBadge};
use crate::kernel::page::Page;
use crate::kernel::role::Perm;
use crate::kernel::time::day;
use crate::org::view::param;
use crate::release::api::changelog::SetPublicChangelog;
use crate::release::api::{ListReleases, RestoreRelease};
use crate::release::model::{ReleaseList, ReleaseQuery, ReleaseSummary, ReleaseType, Show};
use crate::ui::form::{Sent, ServerForm, Submit};
use crate::ui::icon::{Icon, IconView};
use crate::ui::item::RestoreButton;
use crate::ui::layout::{Crumb, Empty, Notice, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::pages::pages;
use crate::ui::reference::Reference;
use crate::ui::select::FilterSelect;

/// `/orgs/{org}/products/{key}/releases`
#[component]
pub fn ReleaseListPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(|params| ReleaseQuery::of_params(|name| params.get(name))));
    let just_deleted = Signal::derive(move || params.with(|params| params.get("deleted")));
    let switched = Sent::new();
    let releases = data(move || ListReleases { org: org.get(), product: key.get(), query: query.get() }).after(switched).live(&[
        "Release",
        "Feature",
        "LaunchChecklistItem",
    ]);
    let view = move |data: ReleaseList| {
        let (org, query, just_deleted) = (org.get_untracked(), query.get_untracked(), just_deleted.get_untracked());
        view! { <ReleaseListView data org query just_deleted switched /> }.into_any()
    };
    view! { <Load of=releases view /> }
}

/// Head, filters, table, and what the world may read.
#[component]
fn ReleaseListView(data: ReleaseList, org: String, query: ReleaseQuery, just_deleted: Option<String>, switched: Sent) -> impl IntoView {
    let product = format!("/orgs/{org}/products/{}", data.product.key);
    let base = format!("{product}/releases");
    let crumbs = vec![Crumb::new("Portfolio", format!("/orgs/{org}/products")), Crumb::new(data.product.name.clone(), product)];
    let plans = data.role.can(Perm::PlanWrite);
    let new = plans.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New release"</a> });
    let same_org = org.clone();
    let undo = just_deleted.filter(|_| plans).map(|id| {
        view! { <Notice>"The release is deleted. "<RestoreButton to=RestoreRelease::PATH org=same_org id label="Undo" /></Notice> }
    });
    let body = if data.page.rows.is_empty() {
        view! { <NoReleases query=query.clone() plans base=base.clone() /> }.into_any()
    } else {
        view! { <ReleaseTable page=data.page base=base.clone() query=query.clone() /> }.into_any()
    };
    let may_switch = data.role.can(Perm::ProductWrite);
    view! {
        <PageHead title="Releases" crumbs>{new}</PageHead>
        {undo}
        <Filters base query plans />
        {body}
        <PublicSwitch org key=data.product.key public=data.public may_switch switched />
    }
}

/// Narrows the list by how far the releases are and by their type.
#[component]
fn Filters(base: String, query: ReleaseQuery, plans: bool) -> impl IntoView {
    let tab = |show: Show| {
        let to = query.with(|q| q.show = show).params();
        view! { <li><a href=format!("{base}{to}") aria-current=(query.show == show).then_some("page")>{show.label()}</a></li> }
    };
    let tabs = Show::ALL.into_iter().filter(|show| plans || *show != Show::Deleted).map(tab).collect_view();
    let kind = query.kind.map(ReleaseType::word).unwrap_or_default();
    view! {
        <div class="filters">
            <nav aria-label="Filter by status"><ul class="tabs">{tabs}</ul></nav>
            <form method="get" action=base.clone() class="tag-filter" role="search" aria-label="Filter by type">
                {(query.show != Show::default()).then(|| view! { <input type="hidden" name="show" value=query.show.word() /> })}
                <FilterSelect name="type" label="Type" all="Any type" options=ReleaseType::options() value=kind />
                <button class="button small">"Filter"</button>
            </form>
        </div>
    }
}

/// What stands in place of releases, and what to do about it.
#[component]
fn NoReleases(query: ReleaseQuery, plans: bool, base: String) -> impl IntoView {
    if query != ReleaseQuery::default() {
        return view! {
            <Empty icon=Icon::Rocket title="No release matches" text="Nothing here is of this kind.">
                <a class="button" href=base>"Show upcoming releases"</a>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty icon=Icon::Rocket title="No releases planned" text="A release gathers features, has a checklist for its launch, and tells afterwards what is new.">
            {plans.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New release"</a> })}
        </Empty>
    }
    .into_any()
}

/// The releases of a page.
#[component]
fn ReleaseTable(page: Page<ReleaseSummary>, base: String, query: ReleaseQuery) -> impl IntoView {
    let to = |cursor| ReleaseQuery { cursor: Some(cursor), ..query.clone() }.params();
    let pages = pages(&page, ["Previous", "Next"], |cursor| format!("{base}{}", to(cursor)));
    let rows = page.rows.into_iter().map(|row| view! { <ReleaseRow row base=base.clone() /> }).collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Releases">
            <table class="table stacked">
                <thead>
                    <tr>
                        <th scope="col">"Release"</th>
                        <th scope="col">"Version"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col" class="wide-only">"Features"</th>
                        <th scope="col" class="wide-only">"Checklist"</th>
                        <th scope="col" class="number">"Date"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {pages}
    }
}

#[component]
fn ReleaseRow(row: ReleaseSummary, base: String) -> impl IntoView {
    let ReleaseSummary { release, features_done, features, items_done, items } = row;
    let date = release.release_date.or(release.target_date).map_or_else(|| "–".to_owned(), day);
    view! {
        <tr>
            <th scope="row">
                <div class="idea-cell">
                    <a class="idea-title" href=format!("{base}/{}", release.id) dir="auto">{release.name}</a>
                    <Reference number=release.number />
                </div>
            </th>
            <td data-label="Version">{release.version}</td>
            <td class="corner"><ReleaseBadge status=release.status /></td>
            <td class="wide-only"><Progress label="Features done" done=features_done all=features /></td>
            <td class="wide-only"><Progress label="Checklist done" done=items_done all=items /></td>
            <td class="number muted" data-label="Date">{date}</td>
        </tr>
    }
}

/// Whether the world may read the published changelog; for those who may, with the switch.
#[component]
fn PublicSwitch(org: String, key: String, public: bool, may_switch: bool, switched: Sent) -> impl IntoView {
    let page = format!("/p/{org}/{key}/changelog");
    let said = if public {
        view! {
            <p class="muted">
                "Everybody may read what is published of the releases that are out: "
                <a href=page.clone() rel="external">"public changelog"</a>" and its "<a href=format!("{page}.atom") rel="external">"feed"</a>"."
            </p>
        }
        .into_any()
    } else {
        view! { <p class="muted">"Only members of the organisation see the changelog."</p> }.into_any()
    };
    let (wanted, label) = if public { ("false", "Make it private") } else { ("true", "Make it public") };
    let form = may_switch.then(|| {
        view! {
            <ServerForm to=SetPublicChangelog::PATH sent=switched>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="product" value=key />
                <input type="hidden" name="wanted" value=wanted />
                <Submit label class="small" />
            </ServerForm>
        }
    });
    view! {
        <section class="card apart" aria-labelledby="public-changelog">
            <h2 id="public-changelog">"Public changelog"</h2>
            {said}
            {form}
        </section>
    }
}
