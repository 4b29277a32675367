//! The overviews of an organisation and of a product.

mod pictures;
mod table;

use leptos::prelude::*;

use pictures::Drawn;
use table::{Done, HealthBadge, NextRelease, ProductTable};

use super::api::GetOverview;
use super::model::{Health, ITEMS_MAX, Item, MineHere, Overview, ProductLine};
use crate::goal::okr::model::percent;
use crate::kernel::role::Perm;
use crate::kernel::time::day;
use crate::org::view::param;
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Empty, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::reference::Reference;

crate::lazy_pages!(product: OrgOverview = OrgOverviewPage);

/// What changes an overview.
const KINDS: &[&str] =
    &["Product", "Idea", "Feature", "Epic", "Release", "OKR", "KeyResult", "KPI", "KPIDataPoint", "Experiment", "Feedback", "Task"];

/// `/orgs/{org}`
#[component]
pub fn OrgOverviewPage() -> impl IntoView {
    let org = param("org");
    let overview = data(move || GetOverview { org: org.get(), product: None }).live(KINDS);
    let view = move |overview: Overview| view! { <OrgOverviewView overview org=org.get_untracked() /> }.into_any();
    view! { <Load of=overview view /> }
}

/// Products in numbers, then what is at risk, what comes and what has moved.
#[component]
fn OrgOverviewView(overview: Overview, org: String) -> impl IntoView {
    let portfolio = format!("/orgs/{org}/products");
    let body = if overview.products.is_empty() {
        let new = overview.role.can(Perm::ProductWrite).then(|| {
            view! { <a class="button primary" href=format!("{portfolio}/new")><IconView icon=Icon::Plus />"New product"</a> }
        });
        view! {
            <Empty icon=Icon::Layers title="No products yet" text="How products are doing stands here as soon as there is one.">{new}</Empty>
        }
        .into_any()
    } else {
        view! {
            <ProductTable overview=overview.clone() org=org.clone() />
            <Sections overview=overview.clone() org=org.clone() named=true />
        }
        .into_any()
    };
    view! {
        <PageHead title="Overview" crumbs=Vec::new()><a class="button" href=portfolio>"Portfolio"</a></PageHead>
        {overview.mine.map(|mine| view! { <MyWork parts=mine.parts() tasks=mine.tasks page=format!("/orgs/{org}/my-work") org named=true /> })}
        {body}
    }
}

/// What the reader has to do: in numbers, each leading to its part of a page, and what is late or due this week.
#[component]
fn MyWork(
    /// Name, number, and what follows the page's address.
    parts: [(&'static str, i64, &'static str); 4],
    tasks: Vec<Item>,
    page: String,
    org: String,
    /// Whether the products are named.
    named: bool,
) -> impl IntoView {
    let part = |(name, count, place): (&'static str, i64, &'static str)| {
        view! { <div><dt><a href=format!("{page}{place}")>{name}</a></dt><dd>{count}</dd></div> }
    };
    let parts = parts.map(part).collect_view();
    let entry = |item: Item| view! { <Entry words=item.due() item org=org.clone() named /> };
    let tasks = if tasks.is_empty() {
        view! { <p class="muted">"None of your tasks is late or due this week."</p> }.into_any()
    } else {
        view! { <ul class="overview-list" aria-label="Late or due this week">{tasks.into_iter().map(entry).collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="card my-work" aria-labelledby="my-work">
            <h2 id="my-work">"My work"</h2>
            <dl class="figures overview-figures">{parts}</dl>
            {tasks}
        </section>
    }
}

/// What is at risk, what comes, and what has moved; with the names of products where there are several.
#[component]
fn Sections(overview: Overview, org: String, named: bool) -> impl IntoView {
    let list = |items: Vec<Item>, words: fn(&Item) -> String, label: &'static str, none: &'static str| {
        if items.is_empty() {
            return view! { <p class="muted">{none}</p> }.into_any();
        }
        let entry = |item: Item| view! { <Entry words=words(&item) item org=org.clone() named /> };
        view! { <ul class="overview-list" aria-label=label>{items.into_iter().map(entry).collect_view()}</ul> }.into_any()
    };
    let mut risks = overview.risks;
    let rest = risks.split_off(risks.len().min(ITEMS_MAX as usize));
    let more = (!rest.is_empty()).then(|| {
        view! {
            <details class="overview-more">
                <summary>{format!("And {} more", rest.len())}</summary>
                {list(rest, Item::risk, "More at risk", "")}
            </details>
        }
    });
    view! {
        <div class="overview-sections">
            <Alerts alerts=overview.alerts org=org.clone() named />
            <section class="card" aria-labelledby="at-risk">
                <h2 id="at-risk">"At risk"</h2>
                {list(risks, Item::risk, "At risk", "Nothing is behind.")}
                {more}
            </section>
            <section class="card" aria-labelledby="upcoming">
                <h2 id="upcoming">"Next two weeks"</h2>
                {list(overview.upcoming, |item| item.date.map(day).unwrap_or_default(), "Next two weeks", "Nothing is due within two weeks.")}
            </section>
            <section class="card" aria-labelledby="moved">
                <h2 id="moved">"Moved this week"</h2>
                {list(overview.moved, Item::moved, "Moved this week", "Nothing has moved within a week.")}
            </section>
        </div>
    }
}

/// What KPIs' rules have told and the reader has not seen; nothing where there is nothing new.
#[component]
fn Alerts(alerts: Vec<Item>, org: String, named: bool) -> impl IntoView {
    let new = alerts.len();
    (new > 0).then(|| {
        let mut alerts = alerts;
        let rest = alerts.split_off(new.min(ITEMS_MAX as usize));
        let entry = |item: Item| view! { <Entry words=item.alert() item org=org.clone() named /> };
        let more = (!rest.is_empty()).then(|| {
            view! {
                <details class="overview-more">
                    <summary>{format!("And {} more", rest.len())}</summary>
                    <ul class="overview-list" aria-label="More KPI alerts">{rest.into_iter().map(entry).collect_view()}</ul>
                </details>
            }
        });
        let entries = alerts.into_iter().map(entry).collect_view();
        view! {
            <section class="card" aria-labelledby="kpi-alerts">
                <div class="card-head">
                    <h2 id="kpi-alerts">"KPI alerts"</h2>
                    <span class="badge" data-status="ALERT">{format!("{new} new")}</span>
                </div>
                <ul class="overview-list" aria-labelledby="kpi-alerts">{entries}</ul>
                {more}
            </section>
        }
    })
}

/// An item, with what there is to say of it.
#[component]
fn Entry(item: Item, words: String, org: String, named: bool) -> impl IntoView {
    let href = item.href(&org);
    let product = named.then(|| view! { <span class="muted" dir="auto">{item.product_name.clone()}</span> });
    view! {
        <li>
            <span class="badge">{item.kind.label()}</span>
            <a class="idea-title" href=href dir="auto">{item.title}</a>
            <Reference number=item.number product=item.product_key />
            {product}
            <span class="muted words">{words}</span>
        </li>
    }
}

/// The sections of one product, for its own page.
#[component]
pub fn ProductSections(org: Signal<String>, product: Signal<String>) -> impl IntoView {
    let overview = data(move || GetOverview { org: org.get(), product: Some(product.get()) }).live(KINDS);
    let view = move |overview: Overview| {
        let base = format!("/orgs/{}/products/{}", org.get_untracked(), product.get_untracked());
        let line = overview.products.first().cloned();
        let health = line.as_ref().map(|line| overview.health(&line.key));
        let mine = overview.mine_here.clone().map(|here: MineHere| {
            let page = format!("{base}/tasks");
            view! { <MyWork parts=here.parts() tasks=here.tasks page org=org.get_untracked() named=false /> }
        });
        let figures = line.map(|line| view! { <Figures line health base /> });
        let pictures = overview.pictures.clone().map(|pictures| view! { <Drawn pictures /> });
        view! {
            {figures}
            {mine}
            <Sections overview org=org.get_untracked() named=false />
            {pictures}
        }
        .into_any()
    };
    // That a product is not there, the page says already.
    view! { <Transition fallback=|| ()>{move || Suspend::new(async move { overview.get().await.ok().map(view) })}</Transition> }
}

/// A product's numbers, each leading to its list.
#[component]
fn Figures(line: ProductLine, health: Option<Health>, base: String) -> impl IntoView {
    let tile = |label: &'static str, count: i64, to: &str| {
        view! { <div><dt><a href=format!("{base}/{to}")>{label}</a></dt><dd>{count}</dd></div> }
    };
    let health = health.map(|health| view! { <div><dt>"Health"</dt><dd><HealthBadge health href="#at-risk".to_owned() /></dd></div> });
    let okrs = line.okr_progress.map(|progress| format!(" · {} %", percent(progress)));
    view! {
        <section class="card" aria-label="In numbers">
            <dl class="overview-figures">
                {health}
                {tile("New ideas", line.ideas, "ideas?status=SUBMITTED")}
                {tile("New feedback", line.feedback, "feedback?status=SUBMITTED")}
                {tile("Features in progress", line.features, "features?status=IN_PROGRESS")}
                <div><dt><a href=format!("{base}/okrs?status=ACTIVE")>"Active objectives"</a></dt><dd><span>{line.okrs}</span><span class="muted">{okrs}</span></dd></div>
                {tile("KPIs", line.kpis, "kpis")}
                {tile("KPIs off target", line.kpis_off_target, "kpis?status=OFF_TARGET")}
                {tile("Running experiments", line.experiments, "experiments?status=RUNNING")}
                <div><dt>"Features done"</dt><dd><Done line=line.clone() base=base.clone() /></dd></div>
                <div><dt>"Next release"</dt><dd><NextRelease line base=base.clone() /></dd></div>
            </dl>
        </section>
    }
}
