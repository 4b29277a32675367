//! The list of a product's epics.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::{EpicBadge, Progress};
use crate::feature::epic::api::{ListEpics, RestoreEpic};
use crate::feature::epic::model::{Epic, EpicList, EpicQuery, EpicStatus};
use crate::kernel::day::span;
use crate::kernel::page::Page;
use crate::kernel::role::Perm;
use crate::org::view::param;
use crate::ui::icon::{Icon, IconView};
use crate::ui::item::RestoreButton;
use crate::ui::layout::{Crumb, Empty, Notice, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::pages::pages;
use crate::ui::reference::Reference;

/// `/orgs/{org}/products/{key}/epics`
#[component]
pub fn EpicListPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(|params| EpicQuery::of_params(|name| params.get(name))));
    let just_deleted = Signal::derive(move || params.with(|params| params.get("deleted")));
    let epics = data(move || ListEpics { org: org.get(), product: key.get(), query: query.get() }).live(&["Epic", "Feature"]);
    let view = move |data: EpicList| {
        view! { <EpicListView data org=org.get_untracked() query=query.get_untracked() just_deleted=just_deleted.get_untracked() /> }
            .into_any()
    };
    view! { <Load of=epics view /> }
}

/// Head, filters, table and the ways on.
#[component]
fn EpicListView(data: EpicList, org: String, query: EpicQuery, just_deleted: Option<String>) -> impl IntoView {
    let product = format!("/orgs/{org}/products/{}", data.product.key);
    let base = format!("{product}/epics");
    let crumbs = vec![Crumb::new("Portfolio", format!("/orgs/{org}/products")), Crumb::new(data.product.name.clone(), product.clone())];
    let may_plan = data.role.can(Perm::PlanWrite);
    let new = may_plan.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New epic"</a> });
    let undo = just_deleted.filter(|_| may_plan).map(|id| {
        let org = org.clone();
        view! { <Notice>"The epic is deleted; its features stay. "<RestoreButton to=RestoreEpic::PATH org id label="Undo" /></Notice> }
    });
    let body = if data.page.rows.is_empty() {
        view! { <NoEpics query=query.clone() may_plan base=base.clone() /> }.into_any()
    } else {
        view! { <EpicTable page=data.page product query=query.clone() org may_plan /> }.into_any()
    };
    view! {
        <PageHead title="Epics" crumbs>{new}</PageHead>
        {undo}
        <Filters base query may_plan />
        {body}
    }
}

/// Narrows the list by status.
#[component]
fn Filters(base: String, query: EpicQuery, may_plan: bool) -> impl IntoView {
    let tab = |label: &'static str, status: Option<EpicStatus>, deleted: bool| {
        let to = EpicQuery { status, deleted, cursor: None };
        let here = (query.status, query.deleted) == (status, deleted);
        view! { <li><a href=format!("{base}{}", to.params()) aria-current=here.then_some("page")>{label}</a></li> }
    };
    let statuses = EpicStatus::ALL.map(|status| tab(status.label(), Some(status), false)).collect_view();
    view! {
        <div class="filters">
            <nav aria-label="Filter by status">
                <ul class="tabs">{tab("All", None, false)}{statuses}{may_plan.then(|| tab("Deleted", None, true))}</ul>
            </nav>
        </div>
    }
}

/// What stands in place of epics, and what to do about it.
#[component]
fn NoEpics(query: EpicQuery, may_plan: bool, base: String) -> impl IntoView {
    if query.deleted {
        return view! { <Empty icon=Icon::Trash title="Nothing deleted" text="Epics that are deleted can be brought back from here." /> }
            .into_any();
    }
    if query.is_filtered() {
        return view! {
            <Empty icon=Icon::Flag title="No epic matches" text="Nothing here has this status.">
                <a class="button" href=base>"Show all epics"</a>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty icon=Icon::Flag title="No epics yet" text="An epic holds the features of one large piece of work, and tells how far they are.">
            {may_plan.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New epic"</a> })}
        </Empty>
    }
    .into_any()
}

/// The epics of a page.
#[component]
fn EpicTable(page: Page<Epic>, product: String, query: EpicQuery, org: String, may_plan: bool) -> impl IntoView {
    let base = format!("{product}/epics");
    let to = |cursor| EpicQuery { cursor: Some(cursor), ..query.clone() }.params();
    let pages = pages(&page, ["Newer", "Older"], |cursor| format!("{base}{}", to(cursor)));
    let restores = query.deleted && may_plan;
    let row = |epic: Epic| {
        let restore = restores.then(|| view! { <RestoreButton to=RestoreEpic::PATH org=org.clone() id=epic.id.clone() label="Restore" /> });
        view! {
            <tr>
                <th scope="row">
                    <div class="idea-cell">
                        <a class="idea-title" href=format!("{base}/{}", epic.id) dir="auto">{epic.title}</a>
                        <Reference number=epic.number />
                        {restore}
                    </div>
                </th>
                <td class="corner"><EpicBadge status=epic.status /></td>
                <td class="wide-only">{span(epic.start_date, epic.end_date)}</td>
                <td class="whole"><Progress work=epic.work epic=epic.id product=product.clone() /></td>
            </tr>
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Epics">
            <table class="table stacked">
                <thead>
                    <tr>
                        <th scope="col">"Epic"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col" class="wide-only">"Dates"</th>
                        <th scope="col">"Progress"</th>
                    </tr>
                </thead>
                <tbody>{page.rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        {pages}
    }
}
