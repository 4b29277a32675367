//! The list of a product's objectives.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::{OkrBadge, ProgressBar, Risk};
use crate::goal::okr::api::{ListOkrs, RestoreOkr};
use crate::goal::okr::model::{Okr, OkrList, OkrQuery, OkrStatus, Quarter};
use crate::kernel::role::Perm;
use crate::kernel::time::Timestamp;
use crate::org::view::param;
use crate::ui::icon::{Icon, IconView};
use crate::ui::item::RestoreButton;
use crate::ui::layout::{Crumb, Empty, Notice, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::pages::pages;
use crate::ui::reference::Reference;
use crate::ui::select::FilterSelect;

/// What has just been done, as the address tells.
#[derive(Clone, Default)]
struct Told {
    deleted: Option<String>,
    closed: Option<Quarter>,
}

/// `/orgs/{org}/products/{key}/okrs`
#[component]
pub fn OkrListPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(|params| OkrQuery::of_params(|name| params.get(name))));
    let told = Signal::derive(move || {
        params.with(|params| Told { deleted: params.get("deleted"), closed: params.get("closed").and_then(|word| Quarter::parse(&word)) })
    });
    let okrs = data(move || ListOkrs { org: org.get(), product: key.get(), query: query.get() }).live(&["OKR", "KeyResult"]);
    let view = move |data: OkrList| {
        view! { <OkrListView data org=org.get_untracked() query=query.get_untracked() told=told.get_untracked() /> }.into_any()
    };
    view! { <Load of=okrs view /> }
}

/// Head, filters, a table for each quarter, and the ways on.
#[component]
fn OkrListView(data: OkrList, org: String, query: OkrQuery, told: Told) -> impl IntoView {
    let product = format!("/orgs/{org}/products/{}", data.product.key);
    let base = format!("{product}/okrs");
    let crumbs = vec![Crumb::new("Portfolio", format!("/orgs/{org}/products")), Crumb::new(data.product.name.clone(), product)];
    let may_plan = data.role.can(Perm::PlanWrite);
    let tree = view! { <a class="button" href=format!("/orgs/{org}/okrs")><IconView icon=Icon::Compass />"Alignment"</a> };
    let new =
        may_plan.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New objective"</a> });
    let undo = told.deleted.filter(|_| may_plan).map(|id| {
        let org = org.clone();
        view! { <Notice>"The objective is deleted. "<RestoreButton to=RestoreOkr::PATH org id label="Undo" /></Notice> }
    });
    let closed = told.closed.map(|quarter| view! { <Notice>{format!("{} is closed.", quarter.label())}</Notice> });
    let (owners, quarters) = (data.owners(), data.quarters.clone());
    let body = if data.page.rows.is_empty() {
        view! { <NoOkrs query=query.clone() may_plan base=base.clone() /> }.into_any()
    } else {
        view! { <Quarters data base=base.clone() query=query.clone() org may_plan /> }.into_any()
    };
    view! {
        <PageHead title="OKRs" crumbs>{tree}{new}</PageHead>
        {undo}
        {closed}
        <Filters base query may_plan owners quarters />
        {body}
    }
}

/// Narrows the list by status, quarter and owner.
#[component]
fn Filters(base: String, query: OkrQuery, may_plan: bool, owners: Vec<(String, String)>, quarters: Vec<Quarter>) -> impl IntoView {
    let tab = |label: &'static str, to: OkrQuery, here: bool| {
        view! { <li><a href=format!("{base}{}", to.params()) aria-current=here.then_some("page")>{label}</a></li> }
    };
    let to = |status, at_risk, deleted| query.with(|q| (q.status, q.at_risk, q.deleted) = (status, at_risk, deleted));
    let all = tab("All", to(None, false, false), query.status.is_none() && query.show().is_none());
    let statuses =
        OkrStatus::ALL.map(|status| tab(status.label(), to(Some(status), false, false), query.status == Some(status))).collect_view();
    let at_risk = tab("At risk", to(None, true, false), query.show() == Some("at-risk"));
    let deleted = may_plan.then(|| tab("Deleted", to(None, false, true), query.deleted));
    let clear = (query.owner.is_some() || query.quarter.is_some()).then(|| {
        let to = query.with(|q| (q.owner, q.quarter) = (None, None)).params();
        view! { <a class="button quiet small" href=format!("{base}{to}")>"Clear"</a> }
    });
    let quarters = quarters.into_iter().map(|quarter| (quarter.word(), quarter.label())).collect();
    view! {
        <div class="filters">
            <nav aria-label="Filter by status"><ul class="tabs">{all}{statuses}{at_risk}{deleted}</ul></nav>
            <form method="get" action=base.clone() class="tag-filter" role="search" aria-label="Filter by quarter and owner">
                {query.status.map(|status| view! { <input type="hidden" name="status" value=status.word() /> })}
                {query.show().map(|show| view! { <input type="hidden" name="show" value=show /> })}
                <FilterSelect name="quarter" label="Quarter" all="Every quarter" options=quarters value=query.quarter.map(Quarter::word).unwrap_or_default() />
                <FilterSelect name="owner" label="Owner" all="Anybody" options=owners value=query.owner.clone().unwrap_or_default() />
                <button class="button small">"Filter"</button>
                {clear}
            </form>
        </div>
    }
}

/// What stands in place of objectives, and what to do about it.
#[component]
fn NoOkrs(query: OkrQuery, may_plan: bool, base: String) -> impl IntoView {
    if query.deleted {
        return view! { <Empty icon=Icon::Trash title="Nothing deleted" text="Objectives that are deleted can be brought back from here." /> }
            .into_any();
    }
    if query.is_filtered() {
        return view! {
            <Empty icon=Icon::Target title="No objective matches" text="Nothing here has what you ask for.">
                <a class="button" href=base>"Show all objectives"</a>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty icon=Icon::Target title="No objectives yet" text="An objective says what is to be different at the end of a quarter, and its key results how one would see it.">
            {may_plan.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New objective"</a> })}
        </Empty>
    }
    .into_any()
}

/// The objectives of a page, a table for each quarter.
#[component]
fn Quarters(data: OkrList, base: String, query: OkrQuery, org: String, may_plan: bool) -> impl IntoView {
    let to = |cursor| OkrQuery { cursor: Some(cursor), ..query.clone() }.params();
    let pages = pages(&data.page, ["Previous", "Next"], |cursor| format!("{base}{}", to(cursor)));
    let today = data.today;
    let restore = (query.deleted && may_plan).then_some(org);
    let may_close = may_plan && !query.deleted;
    let tables = data
        .by_quarter()
        .into_iter()
        .map(|(quarter, okrs)| {
            view! { <QuarterTable quarter okrs base=base.clone() today may_close restore=restore.clone() /> }
        })
        .collect_view();
    view! {
        {tables}
        {pages}
    }
}

/// A quarter's objectives with how much of it has gone by. `restore` is the organisation, where deleted ones can be brought back.
#[component]
fn QuarterTable(
    quarter: Quarter,
    okrs: Vec<Okr>,
    base: String,
    today: Timestamp,
    may_close: bool,
    restore: Option<String>,
) -> impl IntoView {
    let id = format!("quarter-{}", quarter.word());
    let heading = id.clone();
    let gone = match quarter.elapsed(today) {
        elapsed if elapsed >= 100.0 => "Over".to_owned(),
        elapsed if elapsed > 0.0 || quarter == Quarter::of(today) => format!("{elapsed:.0} % of the quarter has passed"),
        _ => "Not begun".to_owned(),
    };
    let close = (may_close && okrs.iter().any(|okr| okr.status == OkrStatus::Active) && quarter <= Quarter::of(today)).then(|| {
        let (href, label) = (format!("{base}/close?quarter={}", quarter.word()), format!("Close {}", quarter.label()));
        view! { <a class="button small" href=href>{label}</a> }
    });
    let rows = okrs
        .into_iter()
        .map(|okr| {
            let restore =
                restore.clone().map(|org| view! { <RestoreButton to=RestoreOkr::PATH org id=okr.id.clone() label="Restore" /> }.into_any());
            view! { <OkrRow okr base=base.clone() today restore /> }
        })
        .collect_view();
    view! {
        <section class="quarter" aria-labelledby=id>
            <div class="card-head">
                <h2 id=heading>{quarter.label()}</h2>
                <span class="muted">{gone}</span>
                {close}
            </div>
            <div class="table-scroll" tabindex="0" role="region" aria-label=format!("Objectives of {}", quarter.label())>
                <table class="table stacked">
                    <thead>
                        <tr>
                            <th scope="col">"Objective"</th>
                            <th scope="col">"Status"</th>
                            <th scope="col">"Progress"</th>
                            <th scope="col" class="number wide-only">"Key results"</th>
                            <th scope="col" class="wide-only">"Owner"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn OkrRow(okr: Okr, base: String, today: Timestamp, restore: Option<AnyView>) -> impl IntoView {
    let (behind, owner) = (okr.behind(today), okr.owner());
    view! {
        <tr>
            <th scope="row">
                <div class="idea-cell">
                    <a class="idea-title" href=format!("{base}/{}", okr.id) dir="auto">{okr.title}</a>
                    <Reference number=okr.number />
                    {restore}
                </div>
            </th>
            <td class="corner"><OkrBadge status=okr.status /></td>
            <td class="whole"><ProgressBar progress=okr.progress /><Risk behind /></td>
            <td class="number wide-only">{okr.results}</td>
            <td class="wide-only" dir="auto">{owner}</td>
        </tr>
    }
}
