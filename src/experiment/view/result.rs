//! The form of one result.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::results::SumFields;
use super::{crumbs_of, page_of};
use crate::experiment::api::results::{GetResult, UpdateResult};
use crate::experiment::model::analysis::MetricKind;
use crate::experiment::model::{ResultEdit, ResultForm};
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::ui::form::{ServerForm, Submit, Version};
use crate::ui::layout::{Crumb, PageHead};
use crate::ui::load::{Load, data};

/// `/orgs/{org}/products/{key}/experiments/{id}/results/{result}`
#[component]
pub fn EditResultPage() -> impl IntoView {
    let (org, key, id, result) = (param("org"), param("key"), param("id"), param("result"));
    let form = data(move || GetResult { org: org.get(), product: key.get(), experiment: id.get(), id: result.get() });
    let view = move |data: ResultEdit| view! { <EditResult org=org.get_untracked() data /> }.into_any();
    view! { <Load of=form view /> }
}

#[component]
fn EditResult(org: String, data: ResultEdit) -> impl IntoView {
    let ResultEdit { product, experiment, variant, metric, result, .. } = data;
    let back = format!("{}/results", page_of(&org, &product, &experiment));
    let mut crumbs = crumbs_of(&org, &product, &experiment);
    crumbs.push(Crumb::new("Results", back.clone()));
    let (kind, sums) = (metric.kind, result.sums);
    let of = format!("{} of {}, {}", metric.name, variant.name, result.day);
    view! {
        <PageHead title="Edit result" crumbs />
        <ServerForm to=UpdateResult::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=result.id />
            <Version of=sums.version() />
            <p dir="auto">{of}</p>
            <SumFields ratio=kind == MetricKind::Ratio squares=kind != MetricKind::Proportion form=ResultForm::from(&sums) />
            <div class="actions">
                <Submit label="Save result" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}
