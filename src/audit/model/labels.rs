//! What the fixed words of the database are called on the screen, as the forms have them.

use crate::board::model::BoardKind;
use crate::document::model::DocumentType;
use crate::experiment::model::Choice;
use crate::experiment::model::analysis::{Correction, MetricDirection, MetricKind, MetricRole, Sides};
use crate::feedback::model::FeedbackType;
use crate::goal::kpi::model::{Aggregation, AlertKind, Direction as KpiDirection, Frequency};
use crate::goal::okr::model::Direction as ResultDirection;
use crate::kernel::priority::Priority;
use crate::kernel::role::{Role, TokenScope};
use crate::release::model::{ChangeKind, ReleaseType};
use crate::search::model::status_label;
use crate::transfer::model::Source;

/// The name on the screen of a word in this field of this thing, the thing named as actions begin: `kpi_alert`. Nothing for what is no
/// such word.
pub fn choice_label(thing: &str, field: &str, word: &str) -> Option<&'static str> {
    let label = match (thing, field) {
        (_, "status" | "lifecycle" | "stage" | "fromStage" | "toStage" | "columnName") => Some(status_label(word)),
        (_, "priority") => Priority::parse(word).map(Priority::label),
        (_, "frequency") => Frequency::parse(word).map(Frequency::label),
        (_, "aggregation") => Aggregation::parse(word).map(Aggregation::label),
        (_, "correction") => Correction::parse(word).map(Correction::label),
        (_, "sides") => Sides::parse(word).map(Sides::label),
        ("experiment", "decision") => Choice::parse(word).map(Choice::label),
        ("experiment_metric", "kind") => MetricKind::parse(word).map(MetricKind::label),
        ("experiment_metric", "direction") => MetricDirection::parse(word).map(MetricDirection::label),
        ("experiment_metric", "role") => MetricRole::parse(word).map(MetricRole::label),
        ("kpi" | "kpi_alert", "kind") => AlertKind::parse(word).map(AlertKind::label),
        ("kpi", "direction") => KpiDirection::parse(word).map(KpiDirection::label),
        ("key_result", "direction") => ResultDirection::parse(word).map(ResultDirection::label),
        ("changelog", "kind") => ChangeKind::parse(word).map(ChangeKind::label),
        ("release", "type") => ReleaseType::parse(word).map(ReleaseType::label),
        ("document", "type") => DocumentType::parse(word).map(DocumentType::label),
        ("feedback", "type") => FeedbackType::parse(word).map(FeedbackType::label),
        ("board_limit", "board") => BoardKind::parse(word).map(BoardKind::label),
        ("import", "source") => Source::parse(word).map(Source::label),
        ("api_token", "scope") => TokenScope::parse(word).map(TokenScope::label),
        (_, "role") => Role::ALL.into_iter().find(|role| role.word() == word).map(Role::label),
        _ => None,
    };
    label.filter(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::choice_label;

    #[test]
    fn a_word_is_called_as_in_the_form_of_its_thing() {
        for (thing, field, word, label) in [
            ("experiment", "sides", "TWO", "Two-sided"),
            ("experiment", "correction", "HOLM", "Holm"),
            ("experiment", "correction", "BENJAMINI_HOCHBERG", "Benjamini–Hochberg"),
            ("experiment", "correction", "NONE", "No correction"),
            ("experiment", "decision", "KEEP", "Keep the control"),
            ("experiment_metric", "direction", "DECREASE", "Lower is better"),
            ("experiment_metric", "role", "GUARDRAIL", "Guardrail"),
            ("key_result", "direction", "DECREASE", "Decrease"),
            ("key_result", "direction", "MAINTAIN", "Maintain within a band"),
            ("kpi", "direction", "LOWER", "Lower is better"),
            ("kpi", "aggregation", "MEAN", "Their mean counts"),
            ("kpi_alert", "kind", "CHANGE", "The value changes by percent"),
            ("changelog", "kind", "SECURITY", "Security"),
            ("document", "status", "REVIEW", "In review"),
            ("document", "type", "SPEC", "Specification"),
            ("task", "status", "TODO", "To do"),
            ("product", "lifecycle", "SUNSET", "Sunset"),
            ("member", "role", "ADMIN", "Administrator"),
            ("api_token", "scope", "WRITE", "Read and write"),
        ] {
            assert_eq!(choice_label(thing, field, word), Some(label), "{thing} {field} {word}");
        }
        for (thing, field, word) in [("idea", "title", "TODO"), ("idea", "status", "SOMETHING"), ("x", "kind", "ABOVE"), ("", "", "")] {
            assert_eq!(choice_label(thing, field, word), None, "{thing} {field} {word}");
        }
    }
}
