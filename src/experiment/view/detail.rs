//! An experiment's own page: the answer in words, the picture, the numbers; and what it is.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::answer::AnswerPanel;
use super::decide::DecidePanel;
use super::exposure::ExposurePanel;
use super::facts::Facts;
use super::plot::EffectsPlot;
use super::setup::{MetricsPanel, VariantsPanel};
use super::table::Numbers;
use super::{ExperimentBadge, crumbs, page_of};
use crate::audit::view::History;
use crate::experiment::api::{DeleteExperiment, GetExperiment, MoveExperiment, RestoreExperiment};
use crate::experiment::model::{ExperimentPage, ExperimentStatus};
use crate::kernel::reference::reference;
use crate::kernel::role::Perm;
use crate::kernel::text::grouped;
use crate::org::view::param;
use crate::ui::form::Sent;
use crate::ui::icon::{Icon, IconView};
use crate::ui::item::{DeleteButton, RestoreButton, StatusPanel};
use crate::ui::layout::{Notice, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::reference::LinkedProse;
use crate::ui::rows::then_focus;

/// The forms of the page, which outlive a new look at its data.
#[derive(Clone, Copy)]
struct Forms {
    moved: Sent,
    restored: Sent,
    completed: Sent,
    added: Sent,
    removed: Sent,
}

impl Forms {
    fn new() -> Forms {
        let [moved, restored, completed, added, removed] = std::array::from_fn(|_| Sent::new());
        Forms { moved, restored, completed, added, removed }
    }

    fn all(self) -> [Sent; 5] {
        [self.moved, self.restored, self.completed, self.added, self.removed]
    }
}

/// `/orgs/{org}/products/{key}/experiments/{id}`
#[component]
pub fn ExperimentDetailPage() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let forms = Forms::new();
    let experiment = data(move || GetExperiment { org: org.get(), product: key.get(), id: id.get() })
        .live_item(&["Experiment", "ExperimentVariant", "ExperimentMetric", "ExperimentResult"], id);
    let experiment = forms.all().into_iter().fold(experiment, |experiment, sent| experiment.after(sent));
    forget_after(forms);
    then_focus(forms.removed, "metrics");
    let view = move |data: ExperimentPage| view! { <ExperimentView data org=org.get_untracked() forms /> }.into_any();
    view! {
        <div class="item-page">
            <Load of=experiment view />
            <History org entity="Experiment" item=id after=vec![forms.moved, forms.restored, forms.completed] />
        </div>
    }
}

/// What was wrong with one form is of no interest any more once another has been accepted.
fn forget_after(forms: Forms) {
    for sent in forms.all() {
        Effect::new(move || {
            if sent.times() > 0 {
                forms.all().into_iter().for_each(Sent::forget);
            }
        });
    }
}

/// Answer, picture and numbers at the left, above what it is; status, exposure and facts at the right.
#[component]
fn ExperimentView(data: ExperimentPage, org: String, forms: Forms) -> impl IntoView {
    let ExperimentPage { role, product, experiment, variants, metrics, analysis, cannot, outcome, results, named } = data;
    let (live, may_plan) = (experiment.deleted_at.is_none(), role.can(Perm::PlanWrite));
    let plans = live && may_plan;
    let (page, id, status) = (page_of(&org, &product, &experiment), experiment.id.clone(), experiment.status);
    let restore = (!live && may_plan).then(|| {
        view! { <RestoreButton to=RestoreExperiment::PATH org=org.clone() id=id.clone() label="Restore" sent=forms.restored /> }
    });
    let deleted = (!live).then(|| view! { <Notice>"This experiment is deleted. "{restore}</Notice> });
    let actions = plans.then(|| {
        view! {
            <a class="button" href=format!("{page}/edit")><IconView icon=Icon::Edit />"Edit"</a>
            <DeleteButton to=DeleteExperiment::PATH org=org.clone() id=id.clone() />
        }
    });
    let (draft, steps) = (status == ExperimentStatus::Draft, status.steps(experiment.start_date.is_some()));
    let measured = analysis.clone().filter(|_| results > 0).map(|analysis| {
        let numbers = analysis.clone();
        view! {
            <EffectsPlot analysis />
            <Numbers analysis=numbers />
        }
    });
    let exposure = analysis.clone().map(|analysis| view! { <ExposurePanel analysis /> });
    let decide = (plans && status == ExperimentStatus::Running).then(|| {
        let (org, id, variants, analysis) = (org.clone(), id.clone(), variants.clone(), analysis.clone());
        view! { <DecidePanel org id variants analysis completed=forms.completed /> }
    });
    let entered = (!draft).then(|| view! { <ResultsLink page=page.clone() results /> });
    let (hypothesis, description) = (experiment.hypothesis.clone(), experiment.description.clone());
    view! {
        <div class="item-head">
            <PageHead title=experiment.name.clone() reference=reference(&product.key, experiment.number) crumbs=crumbs(&org, &product)>{actions}</PageHead>
            {deleted}
        </div>
        <div class="columns">
            <div class="stack">
                <AnswerPanel experiment=experiment.clone() variants=variants.clone() metrics=metrics.clone() analysis cannot outcome />
                {measured}
                <section class="card stack" aria-labelledby="hypothesis">
                    <h2 id="hypothesis">"Hypothesis"</h2>
                    <LinkedProse text=hypothesis links=named.clone() empty="None." />
                    {description.map(|text| view! { <LinkedProse text links=named.clone() empty="" /> })}
                </section>
                <VariantsPanel variants page=page.clone() may_plan=plans />
                <MetricsPanel metrics org=org.clone() id=id.clone() page may_plan=plans draft added=forms.added removed=forms.removed />
            </div>
            <div class="stack">
                <StatusPanel to=MoveExperiment::PATH org id steps may_move=plans moved=forms.moved>
                    <ExperimentBadge status />
                </StatusPanel>
                {decide}
                {exposure}
                {entered}
                <Facts experiment />
            </div>
        </div>
    }
}

/// The way to what was entered.
#[component]
fn ResultsLink(page: String, results: i64) -> impl IntoView {
    let count = if results == 1 { "1 result".to_owned() } else { format!("{} results", grouped(results)) };
    view! {
        <section class="card" aria-labelledby="results">
            <div class="card-head">
                <h2 id="results">"Results"</h2>
                <a class="button small" href=format!("{page}/results")>"Enter or see results"</a>
            </div>
            <p class="muted">{count}</p>
        </section>
    }
}
