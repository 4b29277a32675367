//! The list of a product's KPIs.

use chrono::NaiveDate;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::{StatusBadge, change_view};
use crate::goal::kpi::api::{ListKpis, RestoreKpi};
use crate::goal::kpi::model::{Frequency, KpiList, KpiQuery, KpiSummary, Show, Status};
use crate::kernel::number::with_unit;
use crate::kernel::page::Page;
use crate::kernel::role::Perm;
use crate::org::view::param;
use crate::ui::chart::Sparkline;
use crate::ui::icon::{Icon, IconView};
use crate::ui::item::RestoreButton;
use crate::ui::layout::{Crumb, Empty, Notice, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::pages::pages;
use crate::ui::reference::Reference;
use crate::ui::select::FilterSelect;

/// `/orgs/{org}/products/{key}/kpis`
#[component]
pub fn KpiListPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(|params| KpiQuery::of_params(|name| params.get(name))));
    let just_deleted = Signal::derive(move || params.with(|params| params.get("deleted")));
    let kpis = data(move || ListKpis { org: org.get(), product: key.get(), query: query.get() }).live(&["KPI", "KPIDataPoint"]);
    let view = move |data: KpiList| {
        let (org, query, just_deleted) = (org.get_untracked(), query.get_untracked(), just_deleted.get_untracked());
        view! { <KpiListView data org query just_deleted /> }.into_any()
    };
    view! { <Load of=kpis view /> }
}

/// Head, filters, and the table.
#[component]
fn KpiListView(data: KpiList, org: String, query: KpiQuery, just_deleted: Option<String>) -> impl IntoView {
    let product = format!("/orgs/{org}/products/{}", data.product.key);
    let base = format!("{product}/kpis");
    let crumbs = vec![Crumb::new("Portfolio", format!("/orgs/{org}/products")), Crumb::new(data.product.name.clone(), product)];
    let plans = data.role.can(Perm::PlanWrite);
    let new = plans.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New KPI"</a> });
    let undo = just_deleted.filter(|_| plans).map(|id| {
        view! { <Notice>"The KPI is deleted. "<RestoreButton to=RestoreKpi::PATH org=org.clone() id label="Undo" /></Notice> }
    });
    let unread: i64 = data.page.rows.iter().map(|row| row.unread).sum();
    let alarm = (unread > 0).then(|| {
        let said = if unread == 1 { "1 new alert on this page.".to_owned() } else { format!("{unread} new alerts on this page.") };
        view! { <p class="notice warning" role="status"><IconView icon=Icon::Alert /><span>{said}</span></p> }
    });
    let body = if data.page.rows.is_empty() {
        view! { <NoKpis query=query.clone() plans base=base.clone() /> }.into_any()
    } else {
        view! { <KpiTable page=data.page today=data.today base=base.clone() query=query.clone() /> }.into_any()
    };
    view! {
        <PageHead title="KPIs" crumbs>{new}</PageHead>
        {undo}
        {alarm}
        <Filters base query plans />
        {body}
    }
}

/// Narrows the list by how KPIs stand and how often they are measured, and shows the deleted ones to those who may restore them.
#[component]
fn Filters(base: String, query: KpiQuery, plans: bool) -> impl IntoView {
    let tab = |label: &'static str, show: Show, status: Option<Status>| {
        let to = query.with(|q| (q.show, q.status) = (show, status)).params();
        let here = (query.show, query.status) == (show, status);
        view! { <li><a href=format!("{base}{to}") aria-current=here.then_some("page")>{label}</a></li> }
    };
    let all = tab(Show::Present.label(), Show::Present, None);
    let statuses = Status::ALL.map(|status| tab(status.label(), Show::Present, Some(status))).collect_view();
    let deleted = plans.then(|| tab(Show::Deleted.label(), Show::Deleted, None));
    let frequency = query.frequency.map(Frequency::word).unwrap_or_default();
    view! {
        <div class="filters">
            <nav aria-label="Filter by status"><ul class="tabs">{all}{statuses}{deleted}</ul></nav>
            <form method="get" action=base.clone() class="tag-filter" role="search" aria-label="Filter by frequency">
                {query.status.map(|status| view! { <input type="hidden" name="status" value=status.word() /> })}
                <FilterSelect name="frequency" label="Frequency" all="Any frequency" options=Frequency::options() value=frequency />
                <button class="button small">"Filter"</button>
            </form>
        </div>
    }
}

/// What stands in place of KPIs, and what to do about it.
#[component]
fn NoKpis(query: KpiQuery, plans: bool, base: String) -> impl IntoView {
    if query.is_filtered() {
        return view! {
            <Empty icon=Icon::Chart title="No KPI matches" text="Nothing here is of this kind.">
                <a class="button" href=base>"Show all KPIs"</a>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty icon=Icon::Chart title="No KPIs yet" text="A KPI has a target, a value for each period, and tells when it goes astray.">
            {plans.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New KPI"</a> })}
        </Empty>
    }
    .into_any()
}

/// The KPIs of a page.
#[component]
fn KpiTable(page: Page<KpiSummary>, today: NaiveDate, base: String, query: KpiQuery) -> impl IntoView {
    let to = |cursor| KpiQuery { cursor: Some(cursor), ..query.clone() }.params();
    let pages = pages(&page, ["Previous", "Next"], |cursor| format!("{base}{}", to(cursor)));
    let rows = page.rows.into_iter().map(|row| view! { <KpiRow row today base=base.clone() /> }).collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="KPIs">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"KPI"</th>
                        <th scope="col" class="number">"Value"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col" class="wide-only">"Change"</th>
                        <th scope="col" class="wide-only">"Last periods"</th>
                        <th scope="col" class="wide-only">"Owner"</th>
                        <th scope="col" class="wide-only">"Measured"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {pages}
    }
}

#[component]
fn KpiRow(row: KpiSummary, today: NaiveDate, base: String) -> impl IntoView {
    let (standing, sparks) = (row.standing(today), row.sparks(today));
    let (kpi, unread) = (row.kpi, row.unread);
    let value = standing.period.map_or_else(|| "–".to_owned(), |(_, value)| with_unit(value, &kpi.unit));
    let known = sparks.iter().flatten().count();
    let label = format!("{known} values of the last {} {}s", sparks.len(), kpi.frequency.noun());
    let mark = (unread > 0).then(|| {
        let said = if unread == 1 { "1 new alert".to_owned() } else { format!("{unread} new alerts") };
        view! { <span class="badge" data-status="ALERT">{said}</span> }
    });
    view! {
        <tr>
            <th scope="row">
                <div class="idea-cell">
                    <a class="idea-title" href=format!("{base}/{}", kpi.id) dir="auto">{kpi.name}</a>
                    <Reference number=kpi.number />
                    {mark}
                </div>
            </th>
            <td class="number">{value}</td>
            <td><StatusBadge status=standing.status /></td>
            <td class="wide-only">{change_view(standing.change, &kpi.unit)}</td>
            <td class="wide-only"><Sparkline values=sparks label /></td>
            <td class="wide-only" dir="auto">{row.owner}</td>
            <td class="wide-only muted">{kpi.frequency.label()}</td>
        </tr>
    }
}
