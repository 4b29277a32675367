//! The form of a metric.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::{crumbs_of, page_of};
use crate::experiment::api::setup::{GetMetric, UpdateMetric};
use crate::experiment::model::analysis::{MetricDirection, MetricKind, MetricRole};
use crate::experiment::model::number::plain;
use crate::experiment::model::{ExperimentStatus, MetricEdit, MetricFields};
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::ui::form::{ServerForm, Submit, TextField, Version};
use crate::ui::layout::PageHead;
use crate::ui::load::{Load, data};
use crate::ui::select::SelectField;

/// `/orgs/{org}/products/{key}/experiments/{id}/metrics/{metric}`
#[component]
pub fn EditMetricPage() -> impl IntoView {
    let (org, key, id, metric) = (param("org"), param("key"), param("id"), param("metric"));
    let form = data(move || GetMetric { org: org.get(), product: key.get(), experiment: id.get(), id: metric.get() });
    let view = move |data: MetricEdit| view! { <EditMetric org=org.get_untracked() data /> }.into_any();
    view! { <Load of=form view /> }
}

#[component]
fn EditMetric(org: String, data: MetricEdit) -> impl IntoView {
    let MetricEdit { product, experiment, metric, .. } = data;
    let crumbs = crumbs_of(&org, &product, &experiment);
    let back = page_of(&org, &product, &experiment);
    let fields = MetricFields::from(&metric);
    let draft = experiment.status == ExperimentStatus::Draft;
    let hint = (!draft).then(|| view! { <p class="hint">"This experiment has started: the name can be changed, and nothing else."</p> });
    view! {
        <PageHead title="Edit metric" crumbs />
        <ServerForm to=UpdateMetric::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=metric.id />
            <Version of=fields.version() />
            {hint}
            <MetricInputs fields draft />
            <div class="actions">
                <Submit label="Save metric" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}

/// The fields that adding and changing a metric share.
#[component]
pub fn MetricInputs(fields: MetricFields, draft: bool) -> impl IntoView {
    let margin = fields.margin.map(|margin| plain(margin * 100.0)).unwrap_or_default();
    let kinds = [
        (MetricKind::Proportion, "Proportion: each unit did it or did not"),
        (MetricKind::Mean, "Mean: each unit has a number"),
        (MetricKind::Ratio, "Ratio: each unit has a numerator and a denominator"),
    ];
    let kinds = kinds.map(|(kind, label)| (kind.word().to_owned(), label.to_owned())).to_vec();
    let roles = [(MetricRole::Primary, "Primary: it is to get better"), (MetricRole::Guardrail, "Guardrail: it must not get worse")];
    let roles = roles.map(|(role, label)| (role.word().to_owned(), label.to_owned())).to_vec();
    let rest = draft.then(|| {
        view! {
            <div class="field-pair">
                <SelectField name="kind" label="Kind" options=kinds value=fields.kind.word() />
                <SelectField name="direction" label="Direction" options=MetricDirection::options() value=fields.direction.word() />
            </div>
            <div class="field-pair">
                <SelectField name="role" label="Role" options=roles value=fields.role.word() />
                <TextField
                    name="margin"
                    label="Margin in %"
                    value=margin
                    hint="How much worse a guardrail may become, of the control's mean. With one it has to be shown to be safe."
                />
            </div>
        }
    });
    view! {
        <TextField name="name" label="Metric" value=fields.name required=true placeholder="Sign-ups, revenue per user …" />
        {rest}
    }
}
