//! What of the log everybody in the organisation may hear of at once.

/// The kinds of things whose changes reach every member's screen, by the names of their tables. All of these can be read by every
/// role. What belongs to one person, as a saved view, and what only administrators see, as an invitation, is not among them.
pub const LIVE: &[&str] = &[
    "BoardLimit",
    "Changelog",
    "Document",
    "DocumentComment",
    "DocumentReview",
    "Epic",
    "Experiment",
    "ExperimentMetric",
    "ExperimentResult",
    "ExperimentVariant",
    "Feature",
    "FeatureComment",
    "Feedback",
    "Idea",
    "IdeaComment",
    "IdeaVote",
    "KPI",
    "KPIDataPoint",
    "KeyResult",
    "KeyResultCheckIn",
    "LaunchChecklistItem",
    "LifecycleCriteria",
    "Membership",
    "OKR",
    "OrganizationObjective",
    "Product",
    "Release",
    "Task",
    "TaskComment",
    "Team",
];

/// The kinds of things whose changes may end somebody's way in.
pub const DOORS: &[&str] = &["Membership", "Organization", "User"];

#[cfg(test)]
mod tests {
    use std::fs::{read_dir, read_to_string};
    use std::path::Path;

    use super::LIVE;

    /// The kinds that the sources in a folder say their pages follow.
    fn followed(folder: &Path) -> Vec<String> {
        let mut kinds = Vec::new();
        for entry in read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                kinds.extend(followed(&path));
                continue;
            }
            let source = read_to_string(&path).unwrap_or_default();
            for way in ["live(", "live_item(", "live="] {
                let list = |rest: &str| rest.split(']').next().unwrap_or_default().to_owned();
                for list in source.split(&format!("{way}&[")).skip(1).map(list) {
                    kinds.extend(list.split('"').skip(1).step_by(2).map(str::to_owned));
                }
            }
        }
        kinds
    }

    #[test]
    fn what_pages_follow_is_told() {
        let kinds = followed(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
        assert!(kinds.len() > 50, "{kinds:?}");
        let untold: Vec<_> = kinds.iter().filter(|kind| !LIVE.contains(&kind.as_str())).collect();
        assert!(untold.is_empty(), "{untold:?}");
    }
}
