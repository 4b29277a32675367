//! Pages of KPIs.

mod alerts;
mod chart;
mod detail;
mod edit;
mod list;
mod points;

use leptos::prelude::*;

use detail::KpiDetailPage;
use edit::{EditKpiPage, NewKpiPage};
use list::KpiListPage;
use points::PointEditPage;

use super::model::{Change, Status};
use crate::kernel::number::{amount, with_unit};
use crate::product::model::ProductName;
use crate::ui::layout::Crumb;

crate::lazy_pages!(
    goal: KpiListRoute = KpiListPage,
    NewKpi = NewKpiPage,
    KpiDetail = KpiDetailPage,
    EditKpi = EditKpiPage,
    EditKpiPoint = PointEditPage,
);

/// How a KPI stands, as a small label.
#[component]
fn StatusBadge(status: Status) -> impl IntoView {
    view! { <span class="badge" data-status=status.word()>{status.label()}</span> }
}

/// How a value differs from the one before: an arrow, the amount, and whether that is good, which no colour alone says.
fn change_view(change: Option<Change>, unit: &str) -> AnyView {
    let Some(change) = change else { return view! { <span class="muted">"–"</span> }.into_any() };
    let (arrow, said) = match change.by {
        by if by > 0.0 => ("↑", "up"),
        by if by < 0.0 => ("↓", "down"),
        _ => ("→", "unchanged"),
    };
    let by = match change.percent {
        Some(percent) => format!("{} %", amount((percent.abs() * 10.0).round() / 10.0)),
        None => with_unit(change.by.abs(), unit),
    };
    let judged = change.better.map(|better| if better { "better" } else { "worse" });
    view! {
        <span class="kpi-change" data-better=judged>
            <span aria-hidden="true">{arrow}</span>
            <span class="visually-hidden">{said}</span>
            {format!(" {by}")}
            {judged.map(|judged| view! { <span class="visually-hidden">{format!(", {judged}")}</span> })}
        </span>
    }
    .into_any()
}

/// The way from the portfolio to a product's KPIs.
fn crumbs(org: &str, product: &ProductName) -> Vec<Crumb> {
    let href = format!("/orgs/{org}/products/{}", product.key);
    vec![
        Crumb::new("Portfolio", format!("/orgs/{org}/products")),
        Crumb::new(product.name.clone(), href.clone()),
        Crumb::new("KPIs", format!("{href}/kpis")),
    ]
}
