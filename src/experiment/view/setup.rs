//! Variants and metrics on an experiment's page.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::metric::MetricInputs;
use crate::experiment::api::setup::{AddMetric, RemoveMetric};
use crate::experiment::model::number::percent;
use crate::experiment::model::{Metric, MetricFields, Variant};
use crate::ui::fold::Fold;
use crate::ui::form::{Sent, ServerForm, Submit, is_refused};
use crate::ui::rows::anew;

/// Who gets what.
#[component]
pub fn VariantsPanel(variants: Vec<Variant>, page: String, may_plan: bool) -> impl IntoView {
    let none = variants.is_empty().then(|| view! { <p class="muted">"No variants yet."</p> });
    let edit = may_plan.then(|| view! { <a class="button small" href=format!("{page}/variants")>"Edit variants"</a> });
    let entry = |variant: Variant| {
        let about = variant.description.map(|text| view! { <span class="muted" dir="auto">{text}</span> });
        view! {
            <li>
                <span class="what">
                    <span class="idea-title" dir="auto">{variant.name}</span>
                    {about}
                </span>
                {variant.control.then(|| view! { <span class="badge">"Control"</span> })}
                <span class="share">{percent(variant.weight)}</span>
            </li>
        }
    };
    view! {
        <section class="card stack" aria-labelledby="variants">
            <div class="card-head"><h2 id="variants">"Variants"</h2>{edit}</div>
            {none}
            <ul class="setup-list" aria-labelledby="variants">{variants.into_iter().map(entry).collect_view()}</ul>
        </section>
    }
}

/// What is measured; in a draft, with the ways in and out.
#[component]
pub fn MetricsPanel(
    metrics: Vec<Metric>,
    org: String,
    id: String,
    page: String,
    may_plan: bool,
    draft: bool,
    added: Sent,
    removed: Sent,
) -> impl IntoView {
    let none = metrics.is_empty().then(|| view! { <p class="muted">"No metrics yet. One that is primary says whether it was better."</p> });
    let entry = |metric: Metric| view! { <MetricRow metric page=page.clone() may_plan draft /> };
    let list = metrics.into_iter().map(entry).collect_view();
    let changes = (may_plan && draft).then(|| {
        let of_removal = org.clone();
        view! {
            <ServerForm id="remove-metric" to=RemoveMetric::PATH sent=removed>
                <input type="hidden" name="org" value=of_removal />
            </ServerForm>
            <AddMetricForm org id added />
        }
    });
    view! {
        <section class="card stack" aria-labelledby="metrics">
            <h2 id="metrics" tabindex="-1">"Metrics"</h2>
            {none}
            <ul class="setup-list" aria-labelledby="metrics">{list}</ul>
            {changes}
        </section>
    }
}

#[component]
fn MetricRow(metric: Metric, page: String, may_plan: bool, draft: bool) -> impl IntoView {
    let margin = metric.margin.map(|margin| format!(" · may worsen by {}", percent(margin))).unwrap_or_default();
    let about = format!("{} · {}{margin}", metric.kind.label(), metric.direction.label());
    let (edit, remove) = (format!("Edit {}", metric.name), format!("Remove {}", metric.name));
    let href = format!("{page}/metrics/{}", metric.id);
    let removal = draft.then(|| {
        let id = metric.id.clone();
        anew(move || {
            let (id, label) = (id.clone(), remove.clone());
            view! { <button type="submit" class="button quiet small" form="remove-metric" name="id" value=id aria-label=label>"Remove"</button> }
        })
    });
    let changes = may_plan.then(|| {
        view! {
            <span class="actions">
                <a class="button quiet small" href=href aria-label=edit>"Edit"</a>
                {removal}
            </span>
        }
    });
    view! {
        <li>
            <span class="what">
                <span class="idea-title" dir="auto">{metric.name}</span>
                <span class="muted">{about}</span>
            </span>
            <span class="badge" data-role=metric.role.word()>{metric.role.label()}</span>
            {changes}
        </li>
    }
}

#[component]
fn AddMetricForm(org: String, id: String, added: Sent) -> impl IntoView {
    view! {
        <Fold label="Add a metric" open=is_refused(AddMetric::PATH)>
            <ServerForm to=AddMetric::PATH class="stack" sent=added emptied=true>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <MetricInputs fields=MetricFields::default() draft=true />
                <div class="actions"><Submit label="Add metric" class="" /></div>
            </ServerForm>
        </Fold>
    }
}
