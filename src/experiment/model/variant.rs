//! The variants of an experiment: who gets what.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::number::{Unit, between, plain};
use crate::kernel::error::{AppError, Checks};
use crate::kernel::named::chosen;
use crate::kernel::text::{self, NAME_MAX};
use crate::kernel::version::{Edited, Shown, shown};

/// The most variants that an experiment has.
pub const VARIANTS_MAX: usize = 6;
/// The longest text of what a variant is, in characters.
const ABOUT_MAX: usize = 2_000;
/// How far from all of it the shares may sum, as a part of it: a third is 33.33 % to most.
const SLACK: f64 = 0.0002;

/// What some of the users get.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"), schema(as = ExperimentVariant))]
#[serde(rename_all = "camelCase")]
pub struct Variant {
    pub id: String,
    pub experiment_id: String,
    pub name: String,
    pub description: Option<String>,
    /// The share of the users that get it, 0 to 1.
    pub weight: f64,
    /// Whether it is what everybody had before, with which the others are compared.
    pub control: bool,
}

/// The fields of one variant in the form of all of them.
pub struct VariantSlot {
    pub id: &'static str,
    pub name: &'static str,
    pub share: &'static str,
    pub about: &'static str,
    /// How it is spoken of.
    pub labels: [&'static str; 3],
}

macro_rules! slots {
    ($($number:literal),+) => {
        [$(VariantSlot {
            id: concat!("id_", $number),
            name: concat!("name_", $number),
            share: concat!("share_", $number),
            about: concat!("about_", $number),
            labels: [
                concat!("Name of variant ", $number),
                concat!("Share of variant ", $number, " in %"),
                concat!("What variant ", $number, " is"),
            ],
        }),+]
    };
}

/// The fields of all variants, in their order.
pub const SLOTS: [VariantSlot; VARIANTS_MAX] = slots!("1", "2", "3", "4", "5", "6");

/// What is filled in of all variants: the fields of each slot, and as `control` the number of one of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VariantsForm(pub BTreeMap<String, String>);

/// One variant's fields, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VariantFields {
    /// Of one that is there already.
    pub id: Option<String>,
    pub name: String,
    pub description: Option<String>,
    /// 0 to 1.
    pub weight: f64,
    pub control: bool,
}

/// All variants, with the number of the slot that each was typed in, from 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VariantsFields(pub Vec<(usize, VariantFields)>);

impl From<&[Variant]> for VariantsFields {
    fn from(variants: &[Variant]) -> Self {
        let fields = |variant: &Variant| VariantFields {
            id: Some(variant.id.clone()),
            name: variant.name.clone(),
            description: variant.description.clone(),
            weight: variant.weight,
            control: variant.control,
        };
        VariantsFields(variants.iter().map(fields).enumerate().collect())
    }
}

impl VariantsFields {
    /// The same with the shares and the control of those that are stored, for an experiment that has started: only names and
    /// texts can be changed then.
    ///
    /// # Errors
    /// `Conflict` for a variant that comes or goes.
    pub fn named(self, stored: &[Variant]) -> Result<VariantsFields, AppError> {
        let kept = |(slot, fields): (usize, VariantFields)| {
            let of = stored.iter().find(|variant| fields.id.as_deref() == Some(variant.id.as_str()))?;
            Some((slot, VariantFields { weight: of.weight, control: of.control, ..fields }))
        };
        let all: Option<Vec<_>> = self.0.into_iter().map(kept).collect();
        let started = || AppError::Conflict("This experiment has started: variants can be renamed, but none can come or go.".into());
        all.filter(|all| all.len() == stored.len()).map(VariantsFields).ok_or_else(started)
    }
}

impl Edited for VariantsFields {
    fn shown(&self) -> Vec<Shown> {
        let control = self.0.iter().find(|(_, variant)| variant.control).map(|(slot, _)| (slot + 1).to_string());
        let of = |(at, slot): (usize, &VariantSlot)| {
            let variant = self.0.iter().find(|(of, _)| *of == at).map(|(_, variant)| variant);
            let share = variant.map(|variant| plain(variant.weight * 100.0)).unwrap_or_default();
            let about = variant.and_then(|variant| variant.description.clone()).unwrap_or_default();
            [
                shown(slot.name, slot.labels[0], variant.map(|variant| variant.name.clone()).unwrap_or_default()),
                shown(slot.share, slot.labels[1], share),
                shown(slot.about, slot.labels[2], about),
            ]
        };
        let mut all: Vec<Shown> = SLOTS.iter().enumerate().flat_map(of).collect();
        all.push(shown("control", "Control", control.unwrap_or_default()));
        all
    }
}

impl VariantsForm {
    fn get(&self, field: &str) -> &str {
        self.0.get(field).map_or("", String::as_str)
    }

    /// The variants in stored shape, or what is wrong with the form. A slot without a name is no variant. Without shares, as of
    /// an experiment that has started, they are left at zero.
    pub fn validate(self) -> Result<VariantsFields, AppError> {
        self.validate_in(Unit::PerCent)
    }

    /// The same of a form whose shares are in this unit.
    pub fn validate_in(self, unit: Unit) -> Result<VariantsFields, AppError> {
        let mut checks = Checks::default();
        let shared = SLOTS.iter().any(|slot| self.0.contains_key(slot.share));
        let (mut all, mut names, mut shares_read) = (Vec::new(), Vec::new(), true);
        for (at, slot) in SLOTS.iter().enumerate() {
            if [slot.name, slot.share, slot.about].iter().all(|field| self.get(field).trim().is_empty()) {
                continue;
            }
            let name = text::line(self.get(slot.name), "a name", NAME_MAX);
            let twin = name.as_ref().is_ok_and(|name| names.contains(&name.to_lowercase()));
            names.extend(name.as_ref().map(|name| name.to_lowercase()));
            let name = if twin { Err("Another variant has this name.".to_owned()) } else { name };
            let share = if shared { between(self.get(slot.share), 0.0, unit.whole()) } else { Ok(0.0) };
            shares_read &= share.is_ok();
            let fields = VariantFields {
                id: chosen(self.get(slot.id)),
                name: checks.take(slot.name, name),
                description: checks.take(slot.about, text::optional(self.get(slot.about), ABOUT_MAX)),
                weight: checks.take(slot.share, share),
                control: self.get("control").trim() == (at + 1).to_string(),
            };
            all.push((at, fields));
        }
        if shared {
            let sum: f64 = all.iter().map(|(_, variant)| variant.weight).sum();
            // A sum of which a part was not understood tells nothing.
            let right = !shares_read || (sum / unit.whole() - 1.0).abs() <= SLACK;
            let told = format!("The shares sum to {}; they have to sum to {}.", unit.told(sum), unit.told(unit.whole()));
            checks.take("", if right { Ok(()) } else { Err(told) });
            let chosen = all.iter().any(|(_, variant)| variant.control);
            checks.take("control", if chosen { Ok(()) } else { Err("Choose one of the variants above.".to_owned()) });
            all.iter_mut().for_each(|(_, variant)| variant.weight /= sum);
        }
        checks.finish(VariantsFields(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> VariantsForm {
        VariantsForm(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn shares_sum_to_a_hundred_and_one_is_the_control() {
        let three = [("name_1", "A"), ("share_1", "33.33"), ("name_2", "B"), ("share_2", "33.33"), ("name_4", "C"), ("share_4", "33.33")];
        let all = form(&[three.as_slice(), &[("control", "1")]].concat()).validate().unwrap();
        let sum: f64 = all.0.iter().map(|(_, variant)| variant.weight).sum();
        assert!((sum - 1.0).abs() < 1e-12 && all.0[0].1.control && all.0[2].0 == 3);
        assert!(form(&three).validate().unwrap_err().of_field("control").is_some());
        let wrong = |share: &str| {
            form(&[("name_1", "A"), ("share_1", "50"), ("name_2", "B"), ("share_2", share), ("control", "2")]).validate().unwrap_err()
        };
        assert_eq!(wrong("49").of_field("").as_deref(), Some("The shares sum to 99 %; they have to sum to 100 %."));
        let parts = |share: &str| {
            form(&[("name_1", "A"), ("share_1", "0.5"), ("name_2", "B"), ("share_2", share), ("control", "2")]).validate_in(Unit::One)
        };
        assert_eq!(parts("0.5").unwrap().0[1].1.weight, 0.5);
        assert_eq!(parts("0.49").unwrap_err().of_field("").as_deref(), Some("The shares sum to 0.99; they have to sum to 1."));
        assert_eq!(parts("50").unwrap_err().of_field("share_2").as_deref(), Some("Enter a number from 0 to 1."));
        for share in ["NaN", "inf", "-1", "101", ""] {
            assert!(wrong(share).of_field("share_2").is_some() && wrong(share).of_field("").is_none(), "{share}");
        }
        let twins = form(&[("name_1", "A"), ("share_1", "50"), ("name_2", "a"), ("share_2", "50"), ("control", "1")]);
        assert!(twins.validate().unwrap_err().of_field("name_2").is_some());
        assert!(form(&[]).validate().is_ok(), "nothing is sent of an experiment that has started and has none");
    }

    #[test]
    fn of_one_that_has_started_only_names_change() {
        let stored = [
            Variant { id: "a".into(), name: "A".into(), weight: 0.8, control: true, ..Default::default() },
            Variant { id: "b".into(), name: "B".into(), weight: 0.2, ..Default::default() },
        ];
        let renamed = form(&[("id_1", "a"), ("name_1", "Old"), ("id_2", "b"), ("name_2", "New")]).validate().unwrap();
        let kept = renamed.named(&stored).unwrap();
        assert_eq!(kept.0[1].1, VariantFields { id: Some("b".into()), name: "New".into(), weight: 0.2, ..Default::default() });
        for wrong in [form(&[("id_1", "a"), ("name_1", "A")]), form(&[("id_1", "a"), ("name_1", "A"), ("name_2", "C")])] {
            assert!(matches!(wrong.validate().unwrap().named(&stored), Err(AppError::Conflict(_))));
        }
    }
}
