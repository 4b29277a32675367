//! Pages of experiments.

mod answer;
mod decide;
mod detail;
mod edit;
mod exposure;
mod facts;
mod list;
mod looks;
mod metric;
mod plot;
mod power;
mod result;
mod results;
mod setup;
mod table;
mod variants;

use leptos::prelude::*;

use detail::ExperimentDetailPage;
use edit::{EditExperimentPage, NewExperimentPage};
use list::ExperimentListPage;
use metric::EditMetricPage;
use power::PowerCalculatorPage;
use result::EditResultPage;
use results::ResultListPage;
use variants::EditVariantsPage;

use super::model::{Experiment, ExperimentStatus};
use crate::product::model::ProductName;
use crate::ui::layout::Crumb;

crate::lazy_pages!(
    goal: ExperimentList = ExperimentListPage,
    NewExperiment = NewExperimentPage,
    PowerCalculator = PowerCalculatorPage,
    ExperimentDetail = ExperimentDetailPage,
    EditExperiment = EditExperimentPage,
    EditVariants = EditVariantsPage,
    EditMetric = EditMetricPage,
    ResultList = ResultListPage,
    EditResult = EditResultPage,
);

/// A status as a small label.
#[component]
fn ExperimentBadge(status: ExperimentStatus) -> impl IntoView {
    view! { <span class="badge" data-status=status.word()>{status.label()}</span> }
}

/// The way from the portfolio to a product's experiments.
fn crumbs(org: &str, product: &ProductName) -> Vec<Crumb> {
    let href = format!("/orgs/{org}/products/{}", product.key);
    vec![
        Crumb::new("Portfolio", format!("/orgs/{org}/products")),
        Crumb::new(product.name.clone(), href.clone()),
        Crumb::new("Experiments", format!("{href}/experiments")),
    ]
}

/// The same to one experiment.
fn crumbs_of(org: &str, product: &ProductName, experiment: &Experiment) -> Vec<Crumb> {
    let mut crumbs = crumbs(org, product);
    crumbs.push(Crumb::new(experiment.name.clone(), page_of(org, product, experiment)));
    crumbs
}

/// The address of an experiment's page.
fn page_of(org: &str, product: &ProductName, experiment: &Experiment) -> String {
    format!("/orgs/{org}/products/{}/experiments/{}", product.key, experiment.id)
}
