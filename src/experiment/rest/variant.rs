//! The REST API of variants: who gets what.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::live;
use crate::experiment::model::number::{Unit, plain};
use crate::experiment::model::{SLOTS, VARIANTS_MAX, Variant, VariantsFields, VariantsForm};
use crate::experiment::store;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Api, Body, Call, Patch, Problem, Resource, Wrong};

pub fn routes(api: Api) -> Api {
    let all = "/orgs/{org}/products/{key}/experiments/{id}/variants";
    api.tag("Variants of experiments", "Who gets what. Their weights sum to 1, so all of them are changed at once.")
        .get(all, Perm::Read, "The experiment's variants, the control first.", get)
        .change(
            all,
            Perm::PlanWrite,
            "Takes these as the experiment's variants: one with an id is changed, one without is new, one that is missing goes. \
             Once the experiment has started only names and texts can be changed.",
            change,
        )
}

/// All variants of an experiment.
#[derive(Serialize, ToSchema)]
struct Variants {
    variants: Vec<Variant>,
}

impl Resource for Variants {
    fn key(&self) -> String {
        String::new()
    }

    fn version(&self) -> Option<String> {
        Some(VariantsFields::from(self.variants.as_slice()).version())
    }
}

/// What some of the users get.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VariantBody {
    /// Of one that is there already.
    id: Option<String>,
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// The share of the users that get it, from 0 to 1. Those of all variants sum to 1.
    #[schema(minimum = 0, maximum = 1)]
    weight: f64,
    /// Whether it is what everybody had before; of one of them.
    #[serde(default)]
    control: bool,
}

/// All that some or others of the users get.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VariantsBody {
    #[schema(min_items = 1, max_items = 6)]
    variants: Vec<VariantBody>,
}

impl Body for VariantsBody {
    const NAMES: &'static [(&'static str, &'static str)] = &[
        ("name_1", "variants/0/name"),
        ("share_1", "variants/0/weight"),
        ("about_1", "variants/0/description"),
        ("name_2", "variants/1/name"),
        ("share_2", "variants/1/weight"),
        ("about_2", "variants/1/description"),
        ("name_3", "variants/2/name"),
        ("share_3", "variants/2/weight"),
        ("about_3", "variants/2/description"),
        ("name_4", "variants/3/name"),
        ("share_4", "variants/3/weight"),
        ("about_4", "variants/3/description"),
        ("name_5", "variants/4/name"),
        ("share_5", "variants/4/weight"),
        ("about_5", "variants/4/description"),
        ("name_6", "variants/5/name"),
        ("share_6", "variants/5/weight"),
        ("about_6", "variants/5/description"),
        ("control", "variants"),
    ];

    fn example() -> Value {
        json!({ "variants": [{ "name": "Control", "weight": 0.5, "control": true }, { "name": "Three fields", "weight": 0.5 }] })
    }
}

impl From<&Variants> for VariantsBody {
    fn from(all: &Variants) -> Self {
        let body = |variant: &Variant| {
            let Variant { id, name, description, weight, control, .. } = variant.clone();
            VariantBody { id: Some(id), name, description, weight, control }
        };
        VariantsBody { variants: all.variants.iter().map(body).collect() }
    }
}

impl VariantsBody {
    /// # Errors
    /// Of each id that none of the stored variants has.
    fn has_known_ids(&self, stored: &[Variant]) -> Result<(), Problem> {
        let strange = |id: &String| stored.iter().all(|variant| variant.id != *id);
        let of = |(at, variant): (usize, &VariantBody)| {
            let told = "Name one of the experiment's variants, or leave the id out for a new one.";
            variant.id.as_ref().filter(|id| strange(id)).map(|_| Wrong::at(format!("#/variants/{at}/id"), told))
        };
        let wrong: Vec<Wrong> = self.variants.iter().enumerate().filter_map(of).collect();
        if wrong.is_empty() { Ok(()) } else { Err(Problem::of(wrong)) }
    }

    fn fields(self) -> Result<VariantsFields, Problem> {
        if !(1..=VARIANTS_MAX).contains(&self.variants.len()) {
            return Err(Problem::at("#/variants", format!("Name from one to {VARIANTS_MAX} variants.")));
        }
        if self.variants.iter().filter(|variant| variant.control).count() != 1 {
            return Err(Problem::at("#/variants", "Say of one of the variants that it is the control, and of that one alone."));
        }
        let (mut form, mut control) = (BTreeMap::new(), String::new());
        for ((at, variant), slot) in (1_usize..).zip(self.variants).zip(&SLOTS) {
            form.insert(slot.id.to_owned(), variant.id.unwrap_or_default());
            form.insert(slot.name.to_owned(), variant.name);
            form.insert(slot.share.to_owned(), plain(variant.weight));
            form.insert(slot.about.to_owned(), variant.description.unwrap_or_default());
            if variant.control {
                control = at.to_string();
            }
        }
        form.insert("control".into(), control);
        VariantsForm(form).validate_in(Unit::One).map_err(of_all)
    }
}

/// The same, with what is wrong with all of them together told of the list.
fn of_all(error: AppError) -> Problem {
    let mut problem = Problem::from(error);
    for wrong in problem.errors.iter_mut().filter(|wrong| wrong.field.as_deref() == Some("")) {
        wrong.pointer = Some("#/variants".into());
    }
    problem
}

async fn read(call: &mut Call) -> Result<(String, Variants), Problem> {
    let (experiment, variants, _) = live(call).await?;
    Ok((experiment.id, Variants { variants }))
}

async fn get(mut call: Call, _: Whole) -> Answered<Variants> {
    let (_, variants) = read(&mut call).await?;
    call.done(variants)
}

async fn change(mut call: Call, patch: Patch<VariantsBody>) -> Answered<Variants> {
    let mut seen = call.seen();
    loop {
        let (experiment, variants) = read(&mut call).await?;
        let version = seen.version(&variants)?;
        let body = patch.over(&variants)?;
        body.has_known_ids(&variants.variants)?;
        let fields = body.fields()?;
        if seen.is_settled(store::update_variants(&mut call.scope, &experiment, &version, fields).await)? {
            break;
        }
    }
    let (_, variants) = read(&mut call).await?;
    call.done(variants)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(variants: Value) -> Vec<Option<String>> {
        let body: VariantsBody = serde_json::from_value(json!({ "variants": variants })).unwrap();
        let problem = body.fields().unwrap_err().located(VariantsBody::NAMES);
        problem.errors.into_iter().map(|wrong| wrong.pointer).collect()
    }

    #[test]
    fn variants_are_told_by_their_places() {
        let body: VariantsBody = serde_json::from_value(VariantsBody::example()).unwrap();
        let fields = body.fields().unwrap();
        assert_eq!(fields.0.iter().map(|(_, one)| (one.weight, one.control)).collect::<Vec<_>>(), [(0.5, true), (0.5, false)]);
        let at = |pointer: &str| vec![Some(pointer.to_owned())];
        assert_eq!(refused(json!([])), at("#/variants"));
        assert_eq!(refused(json!([{ "name": "A", "weight": 1.0 }])), at("#/variants"));
        let two = json!([{ "name": "A", "weight": 0.5, "control": true }, { "name": "a", "weight": 0.5 }]);
        assert_eq!(refused(two), at("#/variants/1/name"));
        let short = json!([{ "name": "A", "weight": 0.5, "control": true }, { "name": "B", "weight": 0.4 }]);
        assert_eq!(refused(short), at("#/variants"), "the sum is of all of them");
        assert_eq!(
            refused(json!([{ "name": "A", "weight": 0.5, "control": true }, { "name": "B", "weight": 0.5, "control": true }])),
            at("#/variants")
        );
    }
}
