//! Where an item of any kind stands, in the words of its own pages.

use crate::document::model::DocumentStatus;
use crate::experiment::model::ExperimentStatus;
use crate::feature::epic::model::EpicStatus;
use crate::feature::model::FeatureStatus;
use crate::feedback::model::FeedbackStatus;
use crate::goal::okr::model::OkrStatus;
use crate::idea::model::IdeaStatus;
use crate::release::model::ReleaseStatus;
use crate::task::model::TaskStatus;

/// A status as its own pages have it, by the section that the item's page is in and the status' name in the database; nothing
/// for what has none.
pub fn stated(section: &str, status: &str) -> String {
    let label = match section {
        "ideas" => IdeaStatus::parse(status).map(IdeaStatus::label),
        "epics" => EpicStatus::parse(status).map(EpicStatus::label),
        "features" => FeatureStatus::parse(status).map(FeatureStatus::label),
        "tasks" => TaskStatus::parse(status).map(TaskStatus::label),
        "releases" => ReleaseStatus::parse(status).map(ReleaseStatus::label),
        "feedback" => FeedbackStatus::parse(status).map(FeedbackStatus::label),
        "okrs" | "objectives" => OkrStatus::parse(status).map(OkrStatus::label),
        "experiments" => ExperimentStatus::parse(status).map(ExperimentStatus::label),
        "documents" => DocumentStatus::parse(status).map(DocumentStatus::label),
        _ => None,
    };
    label.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_told_as_on_its_own_page() {
        assert_eq!(stated("tasks", "TODO"), "To do");
        assert_eq!(stated("documents", "REVIEW"), "In review");
        assert_eq!((stated("kpis", ""), stated("ideas", "?"), stated("?", "DRAFT")), (String::new(), String::new(), String::new()));
    }
}
