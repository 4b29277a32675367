//! The form of all variants of an experiment.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::{crumbs_of, page_of};
use crate::experiment::api::GetExperimentForm;
use crate::experiment::api::setup::UpdateVariants;
use crate::experiment::model::number::plain;
use crate::experiment::model::{Experiment, ExperimentEdit, ExperimentStatus, SLOTS, Variant, VariantSlot, VariantsFields};
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::product::model::ProductName;
use crate::ui::form::{ServerForm, Submit, TextField, Version};
use crate::ui::layout::PageHead;
use crate::ui::load::{Load, data};
use crate::ui::select::SelectField;

/// `/orgs/{org}/products/{key}/experiments/{id}/variants`
#[component]
pub fn EditVariantsPage() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let form = data(move || GetExperimentForm { org: org.get(), product: key.get(), id: id.get() });
    let view = move |data: ExperimentEdit| {
        let ExperimentEdit { product, experiment, variants, .. } = data;
        experiment.map(|experiment| view! { <EditVariants org=org.get_untracked() product experiment variants /> }).into_any()
    };
    view! { <Load of=form view /> }
}

#[component]
fn EditVariants(org: String, product: ProductName, experiment: Experiment, variants: Vec<Variant>) -> impl IntoView {
    let crumbs = crumbs_of(&org, &product, &experiment);
    let back = page_of(&org, &product, &experiment);
    let draft = experiment.status == ExperimentStatus::Draft;
    let version = VariantsFields::from(variants.as_slice()).version();
    let hint = match draft {
        true => "A variant without a name is none. The shares have to sum to 100 %.",
        false => "This experiment has started: names and texts can be changed, and nothing else.",
    };
    view! {
        <PageHead title="Edit variants" crumbs />
        <ServerForm to=UpdateVariants::PATH class="stack form variants-form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=experiment.id />
            <Version of=version />
            <p class="hint">{hint}</p>
            <AllInputs variants draft />
            <div class="actions">
                <Submit label="Save variants" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}

/// The fields of all variants; made within the form, which tells them what is wrong.
#[component]
fn AllInputs(variants: Vec<Variant>, draft: bool) -> impl IntoView {
    let control = variants.iter().position(|variant| variant.control).map(|at| (at + 1).to_string()).unwrap_or_default();
    let shown = if draft { SLOTS.len() } else { variants.len() };
    let slots = SLOTS
        .iter()
        .take(shown)
        .enumerate()
        .map(|(at, slot)| view! { <VariantInputs fields=slot variant=variants.get(at).cloned() draft /> });
    let slots = slots.collect_view();
    let numbers = (1..=SLOTS.len()).map(|number| (number.to_string(), format!("Variant {number}"))).collect();
    let control = draft.then(|| {
        view! { <SelectField name="control" label="Control" options=numbers value=control hint="What everybody had before, with which the others are compared." /> }
    });
    view! {
        {slots}
        {control}
    }
}

/// One variant's fields.
#[component]
fn VariantInputs(fields: &'static VariantSlot, variant: Option<Variant>, draft: bool) -> impl IntoView {
    let share = variant.as_ref().map(|variant| plain(variant.weight * 100.0)).unwrap_or_default();
    let (id, name, about) = variant.map(|variant| (variant.id, variant.name, variant.description.unwrap_or_default())).unwrap_or_default();
    let [of_name, of_share, of_about] = fields.labels;
    view! {
        <fieldset class="variant-slot">
            <input type="hidden" name=format!("form[{}]", fields.id) value=id />
            <TextField name=fields.name label=of_name value=name />
            {draft.then(|| view! { <TextField name=fields.share label=of_share value=share /> })}
            <TextField name=fields.about label=of_about value=about />
        </fieldset>
    }
}
