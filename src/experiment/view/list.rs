//! The list of a product's experiments.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::ExperimentBadge;
use crate::experiment::api::{ListExperiments, RestoreExperiment};
use crate::experiment::model::{ExperimentList, ExperimentQuery, ExperimentStatus, Listed};
use crate::kernel::day::span;
use crate::kernel::page::Page;
use crate::kernel::role::Perm;
use crate::kernel::text::grouped;
use crate::org::view::param;
use crate::ui::icon::{Icon, IconView};
use crate::ui::item::RestoreButton;
use crate::ui::layout::{Crumb, Empty, Notice, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::pages::pages;
use crate::ui::reference::Reference;

/// `/orgs/{org}/products/{key}/experiments`
#[component]
pub fn ExperimentListPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(|params| ExperimentQuery::of_params(|name| params.get(name))));
    let just_deleted = Signal::derive(move || params.with(|params| params.get("deleted")));
    let experiments = data(move || ListExperiments { org: org.get(), product: key.get(), query: query.get() }).live(&[
        "Experiment",
        "ExperimentVariant",
        "ExperimentMetric",
        "ExperimentResult",
    ]);
    let view = move |data: ExperimentList| {
        view! { <ExperimentListView data org=org.get_untracked() query=query.get_untracked() just_deleted=just_deleted.get_untracked() /> }
            .into_any()
    };
    view! { <Load of=experiments view /> }
}

/// Head, filters, table and the ways on.
#[component]
fn ExperimentListView(data: ExperimentList, org: String, query: ExperimentQuery, just_deleted: Option<String>) -> impl IntoView {
    let product = format!("/orgs/{org}/products/{}", data.product.key);
    let base = format!("{product}/experiments");
    let crumbs = vec![Crumb::new("Portfolio", format!("/orgs/{org}/products")), Crumb::new(data.product.name.clone(), product)];
    let may_plan = data.role.can(Perm::PlanWrite);
    let new =
        may_plan.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New experiment"</a> });
    let power = format!("{base}/power");
    let undo = just_deleted.filter(|_| may_plan).map(|id| {
        let org = org.clone();
        view! { <Notice>"The experiment is deleted. "<RestoreButton to=RestoreExperiment::PATH org id label="Undo" /></Notice> }
    });
    let body = if data.page.rows.is_empty() {
        view! { <NoExperiments query=query.clone() may_plan base=base.clone() /> }.into_any()
    } else {
        view! { <ExperimentTable page=data.page base=base.clone() query=query.clone() org may_plan /> }.into_any()
    };
    view! {
        <PageHead title="Experiments" crumbs>
            <a class="button" href=power>"Power calculator"</a>
            {new}
        </PageHead>
        {undo}
        <Filters base query may_plan />
        {body}
    }
}

/// Narrows the list by status.
#[component]
fn Filters(base: String, query: ExperimentQuery, may_plan: bool) -> impl IntoView {
    let tab = |label: &'static str, status: Option<ExperimentStatus>, deleted: bool| {
        let to = ExperimentQuery { status, deleted, cursor: None };
        let here = (query.status, query.deleted) == (status, deleted);
        view! { <li><a href=format!("{base}{}", to.params()) aria-current=here.then_some("page")>{label}</a></li> }
    };
    let statuses = ExperimentStatus::ALL.map(|status| tab(status.label(), Some(status), false)).collect_view();
    view! {
        <div class="filters">
            <nav aria-label="Filter by status">
                <ul class="tabs">{tab("All", None, false)}{statuses}{may_plan.then(|| tab("Deleted", None, true))}</ul>
            </nav>
        </div>
    }
}

/// What stands in place of experiments, and what to do about it.
#[component]
fn NoExperiments(query: ExperimentQuery, may_plan: bool, base: String) -> impl IntoView {
    if query.deleted {
        return view! { <Empty icon=Icon::Trash title="Nothing deleted" text="Experiments that are deleted can be brought back from here." /> }
            .into_any();
    }
    if query.is_filtered() {
        return view! {
            <Empty icon=Icon::Flask title="No experiment matches" text="Nothing here has this status.">
                <a class="button" href=base>"Show all experiments"</a>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty icon=Icon::Flask title="No experiments yet" text="An experiment tries something on some of the users, and says whether it is better.">
            {may_plan.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New experiment"</a> })}
        </Empty>
    }
    .into_any()
}

/// The experiments of a page, each with its answer in words.
#[component]
fn ExperimentTable(page: Page<Listed>, base: String, query: ExperimentQuery, org: String, may_plan: bool) -> impl IntoView {
    let to = |cursor| ExperimentQuery { cursor: Some(cursor), ..query.clone() }.params();
    let pages = pages(&page, ["Newer", "Older"], |cursor| format!("{base}{}", to(cursor)));
    let restores = query.deleted && may_plan;
    let row = |listed: Listed| {
        let Listed { experiment, answer, units } = listed;
        let restore = restores
            .then(|| view! { <RestoreButton to=RestoreExperiment::PATH org=org.clone() id=experiment.id.clone() label="Restore" /> });
        let units = units.map_or_else(|| "–".to_owned(), grouped);
        let word = answer.word();
        let head = view! { <strong class="verdict" data-verdict=word>{answer.head}</strong> };
        view! {
            <tr>
                <th scope="row">
                    <div class="idea-cell">
                        <a class="idea-title" href=format!("{base}/{}", experiment.id) dir="auto">{experiment.name}</a>
                        <Reference number=experiment.number />
                        {restore}
                    </div>
                </th>
                <td class="corner"><ExperimentBadge status=experiment.status /></td>
                <td class="said whole">{head}<span class="muted clip-lines" dir="auto">{answer.sentence}</span></td>
                <td class="number wide-only">{units}</td>
                <td class="wide-only">{span(experiment.start_date, experiment.end_date)}</td>
                <td class="wide-only" dir="auto">{experiment.owner}</td>
            </tr>
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Experiments">
            <table class="table stacked">
                <thead>
                    <tr>
                        <th scope="col">"Experiment"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col">"Answer"</th>
                        <th scope="col" class="number wide-only">"Units"</th>
                        <th scope="col" class="wide-only">"Dates"</th>
                        <th scope="col" class="wide-only">"Owner"</th>
                    </tr>
                </thead>
                <tbody>{page.rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        {pages}
    }
}
