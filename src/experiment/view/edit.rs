//! The forms of an experiment itself.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::{crumbs, crumbs_of, page_of};
use crate::experiment::api::{CreateExperiment, GetExperimentForm, GetNewExperiment, UpdateExperiment};
use crate::experiment::model::analysis::{Correction, Settings, Sides};
use crate::experiment::model::{self, Experiment, ExperimentEdit, ExperimentStatus, HYPOTHESIS_TEMPLATE, Judged};
use crate::kernel::day::typed;
use crate::kernel::named::Named;
use crate::kernel::time::Timestamp;
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::product::model::ProductName;
use crate::ui::fold::Fold;
use crate::ui::form::{CheckField, ServerForm, Submit, TextArea, TextField, Version, was_returned};
use crate::ui::layout::PageHead;
use crate::ui::load::{Load, data};
use crate::ui::select::SelectField;

/// `/orgs/{org}/products/{key}/experiments/new`, with `?size=` from the power calculator.
#[component]
pub fn NewExperimentPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let size = use_query_map().with_untracked(|params| params.get("size")).and_then(|size| size.parse::<i64>().ok());
    let form = data(move || GetNewExperiment { org: org.get(), product: key.get() });
    let view = move |data: ExperimentEdit| view! { <NewExperiment org=org.get_untracked() data size /> }.into_any();
    view! { <Load of=form view /> }
}

#[component]
fn NewExperiment(org: String, data: ExperimentEdit, size: Option<i64>) -> impl IntoView {
    let crumbs = crumbs(&org, &data.product);
    let back = format!("/orgs/{org}/products/{}/experiments", data.product.key);
    let settings = Settings { planned: size, ..Settings::default() };
    let power = format!("{back}/power");
    view! {
        <PageHead title="New experiment" crumbs />
        <ServerForm to=CreateExperiment::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="product" value=data.product.key />
            <Fields experiment=None people=data.people me=data.me />
            <ReadFields settings power open=size.is_some() />
            <p class="hint">"It begins as a draft with a control and one treatment, half of the users each. Metrics come next."</p>
            <div class="actions">
                <Submit label="Add experiment" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}

/// The fields that adding and changing an experiment share.
#[component]
fn Fields(experiment: Option<Experiment>, people: Vec<Named>, me: String) -> impl IntoView {
    let (name, hypothesis, description, owner) = match experiment {
        Some(one) => (one.name, one.hypothesis, one.description.unwrap_or_default(), one.owner_id),
        None => (String::new(), HYPOTHESIS_TEMPLATE.to_owned(), String::new(), me),
    };
    let mut people: Vec<(String, String)> = people.into_iter().map(|person| (person.id, person.name)).collect();
    // Whoever has left still owns it until somebody else does.
    if !people.iter().any(|(id, _)| *id == owner) {
        people.insert(0, (owner.clone(), "Somebody who has left".into()));
    }
    view! {
        <TextField name="name" label="Name" value=name required=true placeholder="What is tried?" />
        <TextArea
            name="hypothesis"
            label="Hypothesis"
            value=hypothesis
            rows=5
            hint="We believe that (a change) for (whom) will (move which metric, how far) because (what we know)."
        />
        <TextArea name="description" label="Description" value=description rows=4 hint="Whom it is shown to, how it is switched on, what to look out for." />
        <SelectField name="owner" label="Owner" options=people value=owner />
    }
}

/// How it is read, which is settled before it starts.
#[component]
fn ReadFields(settings: Settings, power: String, open: bool) -> impl IntoView {
    let Judged { planned_size, alpha, tuned_for, prior_mean, prior_sd } = Judged::from(&settings);
    view! {
        <TextField
            name="planned_size"
            label="Planned size"
            value=planned_size
            hint="Units, such as people, in all variants together. Empty for no end."
        />
        <p class="hint"><a href=power target="_blank">"How many do I need? The power calculator opens in a new tab."</a></p>
        <Fold label="How it is read" open=open || was_returned()>
            <div class="stack">
                <p class="hint">"This is settled with the start, so that nobody reads the results until they say what they like."</p>
                <div class="field-pair">
                    <TextField name="alpha" label="Alpha" value=alpha hint="The chance of a false alarm, such as 0.05." />
                    <SelectField name="sides" label="Sides" options=Sides::options() value=settings.sides.word() />
                </div>
                <div class="field-pair">
                    <SelectField name="correction" label="Correction for several metrics" options=Correction::options() value=settings.correction.word() />
                    <TextField name="tuned_for" label="Tuned for (N*)" value=tuned_for hint="Units at which the sequential interval is narrowest." />
                </div>
                <div class="field-pair">
                    <TextField name="prior_mean" label="Prior: mean effect in %" value=prior_mean hint="Of the relative effect; empty for a flat prior." />
                    <TextField name="prior_sd" label="Prior: standard deviation in %" value=prior_sd />
                </div>
                <CheckField name="cuped" label="Use what was known of the units before (CUPED), where it is there" checked=settings.cuped />
            </div>
        </Fold>
    }
}

/// `/orgs/{org}/products/{key}/experiments/{id}/edit`
#[component]
pub fn EditExperimentPage() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let form = data(move || GetExperimentForm { org: org.get(), product: key.get(), id: id.get() });
    let view = move |data: ExperimentEdit| {
        let ExperimentEdit { product, experiment, people, me, .. } = data;
        experiment.map(|experiment| view! { <EditExperiment org=org.get_untracked() product experiment people me /> }).into_any()
    };
    view! { <Load of=form view /> }
}

#[component]
fn EditExperiment(org: String, product: ProductName, experiment: Experiment, people: Vec<Named>, me: String) -> impl IntoView {
    let crumbs = crumbs_of(&org, &product, &experiment);
    let back = page_of(&org, &product, &experiment);
    let draft = experiment.status == ExperimentStatus::Draft;
    let begun = !draft && experiment.start_date.is_some();
    let power = format!("/orgs/{org}/products/{}/experiments/power", product.key);
    let settings = experiment.settings();
    let (start, end) = (experiment.start_date, experiment.end_date.filter(|_| experiment.status == ExperimentStatus::Completed));
    view! {
        <PageHead title="Edit experiment" crumbs />
        <ServerForm to=UpdateExperiment::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=experiment.id.clone() />
            <Version of=model::ExperimentFields::from(&experiment).version() />
            <Fields experiment=Some(experiment) people me />
            // What stands within the form is made within it, which tells its fields what is wrong.
            {begun.then(|| view! { <DayFields start end /> })}
            {draft.then(|| view! { <ReadFields settings power open=true /> })}
            <div class="actions">
                <Submit label="Save experiment" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}

/// When it began and ended. How it is read was settled with the start, and goes along as it is.
#[component]
fn DayFields(start: Option<Timestamp>, end: Option<Timestamp>) -> impl IntoView {
    view! {
        <div class="field-pair">
            <TextField name="start_date" label="Start date" kind="date" value=typed(start) />
            {end.map(|end| view! { <TextField name="end_date" label="End date" kind="date" value=typed(Some(end)) /> })}
        </div>
        <p class="hint">"How it is read was settled with the start."</p>
    }
}
