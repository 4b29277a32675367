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
    "LaunchChecklistItem",
    "Membership",
    "OKR",
    "Product",
    "Release",
    "Task",
    "TaskComment",
    "Team",
];

/// The kinds of things whose changes may end somebody's way in.
pub const DOORS: &[&str] = &["Membership", "Organization", "User"];
