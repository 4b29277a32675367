//! RICE, ICE and WSJF.
//!
//! The formulas are those of the data specification; the database keeps the same three columns by the same rules,
//! and a test compares the two.

use serde::{Deserialize, Serialize};

use super::Idea;
use crate::kernel::entry::Entry;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::number::{in_threes, trimmed};
use crate::kernel::version::{self, Edited, Shown};

/// The largest reach, in people per period.
pub const REACH_MAX: i32 = 1_000_000_000;
/// The reach of an idea of which nobody has said any.
pub const REACH_DEFAULT: i32 = 100;

/// What the scores are made of; a part that was not given is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreInputs {
    pub reach: Option<i32>,
    pub impact: Option<i32>,
    pub confidence: Option<i32>,
    pub effort: Option<i32>,
    pub business_value: Option<i32>,
    pub time_criticality: Option<i32>,
    pub risk_reduction: Option<i32>,
    pub job_size: Option<i32>,
}

/// The three scores; one whose inputs are not all there is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    pub rice: Option<f64>,
    pub ice: Option<f64>,
    pub wsjf: Option<f64>,
}

impl From<&Idea> for ScoreInputs {
    fn from(idea: &Idea) -> Self {
        ScoreInputs {
            reach: Some(idea.reach),
            impact: idea.impact,
            confidence: idea.confidence,
            effort: idea.effort,
            business_value: idea.business_value,
            time_criticality: idea.time_criticality,
            risk_reduction: idea.risk_reduction,
            job_size: idea.job_size,
        }
    }
}

/// `dividend / divisor`, and 0 for a divisor of 0.
fn ratio(dividend: f64, divisor: i32) -> f64 {
    if divisor == 0 { 0.0 } else { dividend / f64::from(divisor) }
}

impl ScoreInputs {
    /// The scores of these inputs.
    pub fn scores(&self) -> Scores {
        Scores { rice: self.rice(), ice: self.ice(), wsjf: self.wsjf() }
    }

    /// Reach × impact × confidence ÷ effort.
    fn rice(&self) -> Option<f64> {
        Some(ratio(f64::from(self.reach?) * f64::from(self.impact?) * f64::from(self.confidence?), self.effort?))
    }

    /// Impact × confidence × ease, where ease is 10 − effort + 1.
    fn ice(&self) -> Option<f64> {
        Some(f64::from(self.impact?) * f64::from(self.confidence?) * f64::from(10 - self.effort? + 1))
    }

    /// (Business value + time criticality + risk reduction) ÷ job size.
    fn wsjf(&self) -> Option<f64> {
        let delay = f64::from(self.business_value?) + f64::from(self.time_criticality?) + f64::from(self.risk_reduction?);
        Some(ratio(delay, self.job_size?))
    }

    /// The RICE formula with these numbers in it.
    pub fn rice_formula(&self) -> String {
        format!("{} × {} × {} ÷ {}", part(self.reach), part(self.impact), part(self.confidence), part(self.effort))
    }

    /// The ICE formula with these numbers in it.
    pub fn ice_formula(&self) -> String {
        format!("{} × {} × (10 − {} + 1)", part(self.impact), part(self.confidence), part(self.effort))
    }

    /// The WSJF formula with these numbers in it.
    pub fn wsjf_formula(&self) -> String {
        let delay = [self.business_value, self.time_criticality, self.risk_reduction].map(part).join(" + ");
        format!("({delay}) ÷ {}", part(self.job_size))
    }
}

fn part(value: Option<i32>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| value.to_string())
}

/// A score as it is written on the screen: at most two decimals, and a dash for none.
pub fn shown(score: Option<f64>) -> String {
    let Some(score) = score else { return "–".to_owned() };
    in_threes(&trimmed(format!("{score:.2}")))
}

/// What is filled in to score an idea.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ScoreForm {
    pub priority: Entry,
    pub reach: Entry,
    pub impact: Entry,
    pub confidence: Entry,
    pub effort: Entry,
    pub business_value: Entry,
    pub time_criticality: Entry,
    pub risk_reduction: Entry,
    pub job_size: Entry,
}

/// An idea's scoring, checked.
#[derive(Debug, Clone, Copy, Default)]
pub struct ScoreFields {
    pub priority: i32,
    pub inputs: ScoreInputs,
}

impl From<&Idea> for ScoreFields {
    fn from(idea: &Idea) -> Self {
        ScoreFields { priority: idea.priority.unwrap_or_default(), inputs: idea.into() }
    }
}

impl Edited for ScoreFields {
    fn shown(&self) -> Vec<Shown> {
        let number = |field, label, value: Option<i32>| version::shown(field, label, Entry::from(value).0);
        let inputs = &self.inputs;
        vec![
            number("reach", "Reach", inputs.reach),
            number("impact", "Impact", inputs.impact),
            number("confidence", "Confidence", inputs.confidence),
            number("effort", "Effort", inputs.effort),
            number("business_value", "Business value", inputs.business_value),
            number("time_criticality", "Time criticality", inputs.time_criticality),
            number("risk_reduction", "Risk reduction", inputs.risk_reduction),
            number("job_size", "Job size", inputs.job_size),
            number("priority", "Priority", Some(self.priority)),
        ]
    }
}

impl ScoreForm {
    /// The numbers, or what is wrong with each field. WSJF may be left out, RICE and ICE may not.
    pub fn validate(self) -> Result<ScoreFields, AppError> {
        let mut checks = Checks::default();
        let fields = ScoreFields {
            priority: checks.take("priority", self.priority.whole(0, 100)),
            inputs: ScoreInputs {
                reach: Some(checks.take("reach", self.reach.whole(0, REACH_MAX))),
                impact: Some(checks.take("impact", self.impact.whole(0, 10))),
                confidence: Some(checks.take("confidence", self.confidence.whole(0, 10))),
                effort: Some(checks.take("effort", self.effort.whole(1, 10))),
                business_value: checks.take("business_value", self.business_value.optional(0, 100)),
                time_criticality: checks.take("time_criticality", self.time_criticality.optional(0, 100)),
                risk_reduction: checks.take("risk_reduction", self.risk_reduction.optional(0, 100)),
                job_size: checks.take("job_size", self.job_size.optional(0, 100)),
            },
        };
        checks.finish(fields)
    }
}

impl ScoreForm {
    /// As `validate`, but any number may be left out, as those do who have their ideas from elsewhere. Reach and priority then are
    /// what they are in a new idea.
    pub fn validate_some(self) -> Result<ScoreFields, AppError> {
        let mut checks = Checks::default();
        let fields = ScoreFields {
            priority: checks.take("priority", self.priority.optional(0, 100)).unwrap_or_default(),
            inputs: ScoreInputs {
                reach: Some(checks.take("reach", self.reach.optional(0, REACH_MAX)).unwrap_or(REACH_DEFAULT)),
                impact: checks.take("impact", self.impact.optional(0, 10)),
                confidence: checks.take("confidence", self.confidence.optional(0, 10)),
                effort: checks.take("effort", self.effort.optional(1, 10)),
                business_value: checks.take("business_value", self.business_value.optional(0, 100)),
                time_criticality: checks.take("time_criticality", self.time_criticality.optional(0, 100)),
                risk_reduction: checks.take("risk_reduction", self.risk_reduction.optional(0, 100)),
                job_size: checks.take("job_size", self.job_size.optional(0, 100)),
            },
        };
        checks.finish(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn inputs(reach: i32, impact: i32, confidence: i32, effort: i32) -> ScoreInputs {
        ScoreInputs { reach: Some(reach), impact: Some(impact), confidence: Some(confidence), effort: Some(effort), ..Default::default() }
    }

    #[test]
    fn the_specifications_example() {
        let mobile_app = inputs(100, 9, 7, 8);
        assert_eq!(mobile_app.scores(), Scores { rice: Some(787.5), ice: Some(189.0), wsjf: None });
        assert_eq!(mobile_app.rice_formula(), "100 × 9 × 7 ÷ 8");
    }

    #[test]
    fn a_zero_divisor_gives_zero() {
        assert_eq!(inputs(100, 9, 7, 0).scores().rice, Some(0.0));
        let wsjf = ScoreInputs {
            business_value: Some(5),
            time_criticality: Some(8),
            risk_reduction: Some(3),
            job_size: Some(0),
            ..Default::default()
        };
        assert_eq!(wsjf.scores().wsjf, Some(0.0));
        assert_eq!(ScoreInputs { job_size: Some(4), ..wsjf }.scores().wsjf, Some(4.0));
    }

    #[test]
    fn scores_are_written_shortly() {
        for (score, text) in [(787.5, "787.5"), (0.0, "0"), (1000.0, "1,000"), (1_333.333, "1,333.33"), (1.0 / 3.0, "0.33")] {
            assert_eq!(shown(Some(score)), text);
        }
        assert_eq!(shown(None), "–");
    }

    proptest! {
        #[test]
        fn more_impact_never_ranks_lower(reach in 0..1000i32, impact in 0..10i32, confidence in 0..=10i32, effort in 1..=10i32) {
            let (less, more) = (inputs(reach, impact, confidence, effort).scores(), inputs(reach, impact + 1, confidence, effort).scores());
            prop_assert!(more.rice >= less.rice && more.ice >= less.ice);
        }

        #[test]
        fn more_effort_never_ranks_higher(reach in 0..1000i32, impact in 0..=10i32, confidence in 0..=10i32, effort in 1..10i32) {
            let (less, more) = (inputs(reach, impact, confidence, effort).scores(), inputs(reach, impact, confidence, effort + 1).scores());
            prop_assert!(more.rice <= less.rice && more.ice <= less.ice);
        }
    }
}
