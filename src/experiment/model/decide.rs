//! How an experiment ends.

use serde::{Deserialize, Serialize};

use super::Variant;
use super::analysis::Analysis;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::text;
use crate::kernel::time::Timestamp;

/// The longest note, in characters.
const NOTE_MAX: usize = 5_000;

/// What was decided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = ExperimentDecision))]
pub enum Choice {
    /// Everybody gets one of the variants.
    Ship,
    /// Everybody gets what the control had.
    Keep,
    #[default]
    Inconclusive,
}

crate::words!(Choice {
    Ship: "SHIP", "Ship";
    Keep: "KEEP", "Keep the control";
    Inconclusive: "INCONCLUSIVE", "Inconclusive";
});

/// What an experiment came to, as it is stored in its `results`, where clients of the published schema find it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    pub decision: Choice,
    /// The variant that is shipped, by its id and the name that it had.
    #[serde(default)]
    pub variant_id: Option<String>,
    #[serde(default)]
    pub variant: Option<String>,
    #[serde(default)]
    pub note: String,
    pub decided_at: Timestamp,
    #[serde(default)]
    pub decided_by_id: Option<String>,
    #[serde(default)]
    pub decided_by: Option<String>,
    /// What was known then.
    #[serde(default)]
    pub analysis: Option<Analysis>,
}

impl Outcome {
    /// Reads what is stored; what another client has left there is none. An analysis that an older program wrote may not be read
    /// any more, and is left out.
    pub fn of(stored: &serde_json::Value) -> Option<Outcome> {
        serde_json::from_value(stored.clone()).ok().or_else(|| {
            let mut without = stored.clone();
            without.as_object_mut()?.remove("analysis");
            serde_json::from_value(without).ok()
        })
    }

    /// The decision in words.
    pub fn words(&self) -> String {
        match (self.decision, &self.variant) {
            (Choice::Ship, Some(variant)) => format!("Shipped “{variant}”"),
            (Choice::Ship, None) => "Shipped".into(),
            (Choice::Keep, _) => "Kept the control".into(),
            (Choice::Inconclusive, _) => "Inconclusive".into(),
        }
    }
}

/// What is filled in to complete an experiment.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DecisionForm {
    /// The id of the variant to ship, `KEEP` or `INCONCLUSIVE`.
    pub decision: String,
    pub note: String,
}

/// A decision, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DecisionFields {
    pub choice: Choice,
    /// The id of the variant to ship.
    pub variant: Option<String>,
    pub note: String,
}

impl DecisionForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<DecisionFields, AppError> {
        let mut checks = Checks::default();
        let note = checks.take("note", text::block(&self.note, NOTE_MAX));
        let decided = match self.decision.trim() {
            "" => Err("Choose what was decided.".to_owned()),
            "KEEP" => Ok((Choice::Keep, None)),
            "INCONCLUSIVE" => Ok((Choice::Inconclusive, None)),
            id => Ok((Choice::Ship, Some(id.to_owned()))),
        };
        let (choice, variant) = checks.take("decision", decided);
        checks.finish(DecisionFields { choice, variant, note })
    }

    /// What can be decided of these variants; the control is kept and not shipped.
    pub fn options(variants: &[Variant]) -> Vec<(String, String)> {
        let ship = variants.iter().filter(|variant| !variant.control).map(|one| (one.id.clone(), format!("Ship “{}”", one.name)));
        let mut options = vec![(String::new(), "Choose …".to_owned())];
        options.extend(ship);
        options.extend([Choice::Keep, Choice::Inconclusive].map(|choice| (choice.word().into(), choice.label().into())));
        options
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_decision_is_one_of_three() {
        let of = |decision: &str| DecisionForm { decision: decision.into(), note: " n ".into() }.validate();
        assert_eq!(of("KEEP").unwrap(), DecisionFields { choice: Choice::Keep, variant: None, note: "n".into() });
        assert_eq!(of("cgreen").unwrap().variant.as_deref(), Some("cgreen"));
        assert!(of(" ").unwrap_err().of_field("decision").is_some());
    }

    #[test]
    fn what_others_have_stored_is_read_or_is_none() {
        assert_eq!(Outcome::of(&json!({ "uplift": 3 })), None);
        let stored = json!({ "decision": "SHIP", "variant": "Green", "decidedAt": "2026-11-02T00:00:00Z" });
        assert_eq!(Outcome::of(&stored).unwrap().words(), "Shipped “Green”");
        let older = json!({ "decision": "KEEP", "decidedAt": "2026-11-02T00:00:00Z", "analysis": { "x": 1 } });
        assert_eq!(Outcome::of(&older).unwrap().words(), "Kept the control");
    }
}
