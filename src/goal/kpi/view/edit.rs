//! The forms of a KPI.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::crumbs;
use crate::goal::kpi::api::{CreateKpi, GetKpiForm, UpdateKpi};
use crate::goal::kpi::model::{self, Aggregation, Direction, Frequency, Kpi, KpiEditing, typed_number};
use crate::kernel::named::Named;
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::ui::form::{ServerForm, Submit, TextArea, TextField, Version};
use crate::ui::layout::PageHead;
use crate::ui::load::{Load, data};
use crate::ui::select::SelectField;

/// `/orgs/{org}/products/{key}/kpis/new`
#[component]
pub fn NewKpiPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let form = data(move || GetKpiForm { org: org.get(), product: key.get(), id: None });
    let view = move |data: KpiEditing| {
        let org = org.get_untracked();
        let back = format!("/orgs/{org}/products/{}/kpis", data.product.key);
        view! {
            <PageHead title="New KPI" crumbs=crumbs(&org, &data.product) />
            <ServerForm to=CreateKpi::PATH class="stack form">
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="product" value=data.product.key />
                <KpiFields kpi=None people=data.people me=data.me />
                <div class="actions">
                    <Submit label="Add KPI" />
                    <a class="button quiet" href=back>"Cancel"</a>
                </div>
            </ServerForm>
        }
        .into_any()
    };
    view! { <Load of=form view /> }
}

/// `/orgs/{org}/products/{key}/kpis/{id}/edit`
#[component]
pub fn EditKpiPage() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let form = data(move || GetKpiForm { org: org.get(), product: key.get(), id: Some(id.get()) });
    let view = move |data: KpiEditing| {
        let (org, id) = (org.get_untracked(), id.get_untracked());
        let back = format!("/orgs/{org}/products/{}/kpis/{id}", data.product.key);
        let version = data.kpi.as_ref().map(|kpi| model::KpiFields::from(kpi).version()).unwrap_or_default();
        view! {
            <PageHead title="Edit KPI" crumbs=crumbs(&org, &data.product) />
            <ServerForm to=UpdateKpi::PATH class="stack form">
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <Version of=version />
                <KpiFields kpi=data.kpi people=data.people me=data.me />
                <div class="actions">
                    <Submit label="Save KPI" />
                    <a class="button quiet" href=back>"Cancel"</a>
                </div>
            </ServerForm>
        }
        .into_any()
    };
    view! { <Load of=form view /> }
}

/// The fields that adding and changing a KPI share.
#[component]
fn KpiFields(kpi: Option<Kpi>, people: Vec<Named>, me: String) -> impl IntoView {
    let (direction, frequency, aggregation) = kpi.as_ref().map(|kpi| (kpi.direction, kpi.frequency, kpi.aggregation)).unwrap_or_default();
    let (name, unit, target, description, owner) = match kpi {
        Some(kpi) => (kpi.name, kpi.unit, typed_number(kpi.target_value), kpi.description.unwrap_or_default(), kpi.owner_id),
        None => (String::new(), String::new(), String::new(), String::new(), me),
    };
    // Somebody who has left may own it still.
    let gone = (!people.iter().any(|person| person.id == owner)).then(|| (owner.clone(), "A former member".to_owned()));
    let owners = gone.into_iter().chain(people.into_iter().map(|person| (person.id, person.name))).collect::<Vec<_>>();
    view! {
        <TextField name="name" label="Name" value=name required=true placeholder="What is measured?" />
        <div class="field-pair">
            <TextField name="target" label="Target" value=target required=true />
            <TextField name="unit" label="Unit" value=unit hint="Such as %, users, € or ms; nothing for a plain number." />
        </div>
        <SelectField name="direction" label="Direction" options=Direction::options() value=direction.word() />
        <SelectField name="frequency" label="Measured" options=Frequency::options() value=frequency.word() hint="A KPI is overdue once such a period is over without a value." />
        <SelectField name="aggregation" label="More than one value in a period" options=Aggregation::options() value=aggregation.word() />
        <SelectField name="owner" label="Owner" options=owners value=owner />
        <TextArea name="description" label="Description" value=description rows=4 hint="How it is measured, and where the figures come from." />
    }
}
