//! Pages of objectives.

mod close;
mod detail;
mod edit;
mod list;
mod objective;
mod result;
mod results;
mod tree;

use leptos::prelude::*;

use close::CloseQuarterPage;
use detail::OkrPageView;
use edit::{EditOkrPage, NewOkrPage};
use list::OkrListPage;
use objective::{EditObjectivePage, NewObjectivePage, ObjectivePageView};
use result::{EditResultPage, ResultPageView};
use tree::ObjectiveTreePage;

use super::model::{OkrStatus, percent};
use crate::kernel::named::Named;
use crate::product::model::ProductName;
use crate::ui::layout::Crumb;

crate::lazy_pages!(
    goal: OkrList = OkrListPage,
    NewOkr = NewOkrPage,
    OkrDetail = OkrPageView,
    EditOkr = EditOkrPage,
    CloseQuarter = CloseQuarterPage,
    KeyResultDetail = ResultPageView,
    EditKeyResult = EditResultPage,
    Objectives = ObjectiveTreePage,
    NewObjective = NewObjectivePage,
    ObjectiveDetail = ObjectivePageView,
    EditObjective = EditObjectivePage,
);

/// A status as a small label.
#[component]
fn OkrBadge(status: OkrStatus) -> impl IntoView {
    view! { <span class="badge" data-status=status.word()>{status.label()}</span> }
}

/// That something is at risk, and by how much it is behind; nothing where it is not.
#[component]
fn Risk(behind: Option<i64>) -> impl IntoView {
    behind.map(|points| {
        let how_far = if points == 1 { "Behind by 1 point".to_owned() } else { format!("Behind by {points} points") };
        view! { <span class="risk"><span class="badge at-risk">"At risk"</span><span class="muted">{how_far}</span></span> }
    })
}

/// Progress from 0 to 100 as a bar with its number.
#[component]
fn ProgressBar(progress: f64, #[prop(default = "Progress")] label: &'static str) -> impl IntoView {
    let percent = percent(progress);
    view! {
        <span class="okr-progress">
            <progress aria-label=label value=percent max="100"></progress>
            <span>{format!("{percent} %")}</span>
        </span>
    }
}

/// People as the options of a field.
fn options(choices: Vec<Named>) -> Vec<(String, String)> {
    choices.into_iter().map(|choice| (choice.id, choice.name)).collect()
}

/// The way from the portfolio to a product's objectives.
fn crumbs(org: &str, product: &ProductName) -> Vec<Crumb> {
    let href = format!("/orgs/{org}/products/{}", product.key);
    vec![
        Crumb::new("Portfolio", format!("/orgs/{org}/products")),
        Crumb::new(product.name.clone(), href.clone()),
        Crumb::new("OKRs", format!("{href}/okrs")),
    ]
}
