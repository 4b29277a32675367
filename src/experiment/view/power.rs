//! The power calculator: a plain form whose question stands in the address.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::crumbs;
use crate::experiment::api::GetPower;
use crate::experiment::model::analysis::{Computed, MetricDirection, MetricKind, PowerAnswer, Sides};
use crate::experiment::model::{PowerForm, PowerPage, Solve, told};
use crate::kernel::error::FieldError;
use crate::kernel::role::Perm;
use crate::org::view::param;
use crate::ui::layout::PageHead;
use crate::ui::load::{Load, data};

/// `/orgs/{org}/products/{key}/experiments/power`
#[component]
pub fn PowerCalculatorPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let params = use_query_map();
    let asked = Memo::new(move |_| params.with(|params| PowerForm::of_params(|name| params.get(name))));
    let page = data(move || GetPower { org: org.get(), product: key.get(), form: asked.get() });
    let view = move |data: PowerPage| view! { <Calculator data org=org.get_untracked() asked=asked.get_untracked() /> }.into_any();
    view! { <Load of=page view /> }
}

/// Question and answer side by side.
#[component]
fn Calculator(data: PowerPage, org: String, asked: Option<PowerForm>) -> impl IntoView {
    let PowerPage { role, product, answer } = data;
    let crumbs = crumbs(&org, &product);
    let base = format!("/orgs/{org}/products/{}/experiments", product.key);
    let form = asked.unwrap_or_default();
    let (errors, answered) = match answer {
        Some(Err(errors)) => (errors, None),
        Some(Ok(answer)) => (Vec::new(), Some(answer)),
        None => (Vec::new(), None),
    };
    let refused = !errors.is_empty();
    let answer = match answered {
        Some(answer) => view! { <Answer form=form.clone() answer base=base.clone() may_plan=role.can(Perm::PlanWrite) /> }.into_any(),
        None if refused => view! { <p class="alert" role="alert">"Some fields need your attention."</p> }.into_any(),
        None => view! { <p class="muted">"Fill in what you know and press the button."</p> }.into_any(),
    };
    view! {
        <PageHead title="Power calculator" crumbs />
        <div class="columns">
            <Question form errors action=format!("{base}/power") />
            <section class="card stack answer" aria-labelledby="answer">
                <h2 id="answer">"Answer"</h2>
                {answer}
            </section>
        </div>
    }
}

/// What there is to say, or why nothing.
#[component]
fn Answer(form: PowerForm, answer: Computed<PowerAnswer>, base: String, may_plan: bool) -> impl IntoView {
    let answer = match answer {
        Ok(answer) => answer,
        Err(why) => return view! { <p>{why.to_string()}</p> }.into_any(),
    };
    let sentences = told(&form, &answer).into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view();
    let size = answer.sequential_units.clone().unwrap_or_else(|_| answer.units());
    let plan =
        may_plan.then(|| view! { <p><a class="button" href=format!("{base}/new?size={size}")>"New experiment of this size"</a></p> });
    view! { {sentences}{plan} }.into_any()
}

/// The form; which of its fields count depends on what is asked for, and is told beside them.
#[component]
fn Question(form: PowerForm, errors: Vec<FieldError>, action: String) -> impl IntoView {
    let of = |name: &str| errors.iter().find(|error| error.field == name).map(|error| error.message.clone()).unwrap_or_default();
    let solve = form.solves();
    view! {
        <form method="get" action=action class="card stack power">
            <Choose name="solve" label="What is asked for" options=Solve::options() value=solve.word() />
            <Choose name="kind" label="Kind of the metric" options=MetricKind::options() value=form.kind().word() />
            <div class="field-pair">
                <Ask name="mean" label="The control's mean" value=form.mean hint="In per cent for a proportion." error=of("mean") />
                <Ask name="sd" label="Standard deviation of one unit" value=form.sd hint="Of a mean or ratio alone." error=of("sd") />
            </div>
            <div class="field-pair">
                <Ask name="effect" label="Smallest effect worth finding, in %" value=form.effect hint="Of the control's mean. Not needed when it is asked for." error=of("effect") />
                <Ask name="units" label="Units in both variants" value=form.units hint="Not needed when they are asked for." error=of("units") />
            </div>
            <div class="field-pair">
                <Ask name="power" label="Power in %" value=form.power hint="The chance to find the effect. Not needed when it is asked for." error=of("power") />
                <Ask name="alpha" label="Alpha" value=form.alpha hint="The chance of a false alarm." error=of("alpha") />
            </div>
            <div class="field-pair">
                <Choose name="sides" label="Sides" options=Sides::options() value=form.sides />
                <Choose name="direction" label="Direction" options=MetricDirection::options() value=form.direction />
            </div>
            <div class="field-pair">
                <Ask name="share" label="Share of the control in %" value=form.share hint="Of both variants." error=of("share") + &of("control_share") />
            </div>
            <div class="actions"><button class="button primary">"Calculate"</button></div>
        </form>
    }
}

/// A field of the address.
#[component]
fn Ask(name: &'static str, label: &'static str, value: String, hint: &'static str, error: String) -> impl IntoView {
    let (id, wrong) = (format!("ask-{name}"), !error.is_empty());
    let (hinted, told) = (format!("{id}-hint"), format!("{id}-error"));
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                name=name
                value=value
                inputmode="decimal"
                autocomplete="off"
                aria-invalid=wrong.to_string()
                aria-describedby=format!("{hinted} {told}")
            />
            <p class="hint" id=hinted>{hint}</p>
            <p class="field-error" id=told>{error}</p>
        </div>
    }
}

/// A choice of the address.
#[component]
fn Choose(name: &'static str, label: &'static str, options: Vec<(String, String)>, #[prop(into)] value: String) -> impl IntoView {
    let id = format!("ask-{name}");
    let option = move |(word, label): (String, String)| view! { <option selected=word == value value=word.clone()>{label}</option> };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id name=name>{options.into_iter().map(option).collect_view()}</select>
        </div>
    }
}
