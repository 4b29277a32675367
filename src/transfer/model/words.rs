//! What other programs call a status, a priority or a type, and what that is here.
//!
//! The names are those that each program begins with; people rename them, and what is not known is told as wrong or, if they
//! say so, becomes the default.

use super::{Kind, Source, bare};

/// How far work on something is, for what the words of different programs have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    New,
    Considered,
    Ready,
    Doing,
    Reviewed,
    Tested,
    Done,
    Dropped,
}

/// The word for a field's value that another program's word stands for.
pub fn translated(source: Source, kind: Kind, field: &str, theirs: &str) -> Option<String> {
    let name = bare(theirs);
    let word = match field {
        "status" => word_of(kind, stage(source, &name)?),
        "priority" if kind == Kind::Ideas => number(&name)?,
        "priority" => priority(&name)?,
        "type" => feedback_type(&name)?,
        _ => return None,
    };
    Some(word.to_owned())
}

/// Where each program's names are from:
/// - Jira: the statuses of its default workflows, "What are issue statuses, priorities, and resolutions?" (Atlassian support);
/// - Linear: "Issue status" (its documentation), and the words of its own importer, `packages/import` of `linear/linear`;
/// - Trello: the lists of a new board; Productboard: "Getting familiar with Productboard's default fields" (its support);
/// - GitHub: the states of an issue (REST, `state` and `state_reason`) and the columns of a new project.
fn stage(source: Source, name: &str) -> Option<Stage> {
    Some(match (source, name) {
        (Source::Other | Source::Prodmatic, _) => return None,
        (Source::Linear, "triage") => Stage::Considered,
        (Source::Productboard, "candidate" | "discovery" | "underconsideration" | "processed") => Stage::Considered,
        (Source::Jira, "backlog" | "open" | "reopened" | "new") => Stage::New,
        (Source::Linear, "backlog") | (Source::Trello, "backlog" | "ideas") | (Source::GitHub, "open" | "backlog") => Stage::New,
        (Source::Productboard, "newidea" | "new" | "backlog" | "unprocessed") => Stage::New,
        (Source::GitHub, "ready") | (Source::Jira, "selectedfordevelopment") | (Source::Productboard, "planned") => Stage::Ready,
        (_, "todo") => Stage::Ready,
        (_, "inprogress" | "doing" | "started") => Stage::Doing,
        (_, "inreview" | "review" | "codereview") => Stage::Reviewed,
        (_, "testing" | "qa" | "intesting") => Stage::Tested,
        (_, "done" | "closed" | "resolved" | "completed" | "released") => Stage::Done,
        (Source::GitHub, "notplanned") => Stage::Dropped,
        (_, "canceled" | "cancelled" | "duplicate" | "wontdo" | "wontfix" | "declined") => Stage::Dropped,
        _ => return None,
    })
}

fn word_of(kind: Kind, stage: Stage) -> &'static str {
    use Stage::{Considered, Doing, Done, Dropped, New, Ready, Reviewed, Tested};
    match (kind, stage) {
        (Kind::Ideas | Kind::Feedback, New) => "SUBMITTED",
        (Kind::Ideas | Kind::Feedback, Considered) => "UNDER_REVIEW",
        (Kind::Ideas, Ready) => "APPROVED",
        (Kind::Ideas, Doing | Reviewed | Tested) => "IN_DEVELOPMENT",
        (Kind::Ideas, Done) => "IMPLEMENTED",
        (Kind::Ideas | Kind::Feedback, Dropped) => "REJECTED",
        (Kind::Feedback, Ready) => "PLANNED",
        (Kind::Feedback, Doing | Reviewed | Tested) => "IN_PROGRESS",
        (Kind::Feedback, Done) => "COMPLETED",
        (Kind::Features, New | Considered | Ready) => "BACKLOG",
        (Kind::Tasks, New | Considered | Ready) => "TODO",
        (Kind::Features | Kind::Tasks, Doing) => "IN_PROGRESS",
        (Kind::Features, Reviewed) | (Kind::Tasks, Reviewed | Tested) => "IN_REVIEW",
        (Kind::Features, Tested) => "TESTING",
        (Kind::Features | Kind::Tasks, Done) => "DONE",
        (Kind::Features | Kind::Tasks, Dropped) => "CANCELLED",
    }
}

/// Jira's five priorities and those of its older versions, Linear's, and what people call them elsewhere.
fn priority(name: &str) -> Option<&'static str> {
    Some(match name {
        "highest" | "blocker" | "urgent" | "critical" | "p0" => "CRITICAL",
        "high" | "major" | "p1" => "HIGH",
        "medium" | "normal" | "nopriority" | "none" | "p2" => "MEDIUM",
        "low" | "minor" | "lowest" | "trivial" | "p3" | "p4" => "LOW",
        _ => return None,
    })
}

/// The same as the number that an idea's priority is, 0 to 100.
fn number(name: &str) -> Option<&'static str> {
    Some(match name {
        "nopriority" | "none" => "0",
        "lowest" | "trivial" => "10",
        _ => match priority(name)? {
            "CRITICAL" => "90",
            "HIGH" => "70",
            "MEDIUM" => "50",
            _ => "30",
        },
    })
}

/// Jira's types of issues, and what labels commonly say.
fn feedback_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "bug" | "defect" | "incident" | "problem" => "BUG_REPORT",
        "story" | "newfeature" | "feature" | "enhancement" | "idea" | "request" | "epic" => "FEATURE_REQUEST",
        "task" | "subtask" | "change" => "IMPROVEMENT",
        "praise" => "COMPLIMENT",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::model::field::Rule;

    #[test]
    fn their_words_become_ours() {
        let to = |source, kind, field, theirs| translated(source, kind, field, theirs).unwrap_or_default();
        assert_eq!(to(Source::Jira, Kind::Features, "priority", "Highest"), "CRITICAL");
        assert_eq!(to(Source::Linear, Kind::Tasks, "priority", "Urgent"), "CRITICAL");
        assert_eq!(to(Source::Linear, Kind::Tasks, "priority", "No priority"), "MEDIUM");
        assert_eq!(to(Source::Linear, Kind::Ideas, "priority", "No priority"), "0");
        assert_eq!(to(Source::Jira, Kind::Ideas, "status", "Selected for Development"), "APPROVED");
        assert_eq!(to(Source::Trello, Kind::Tasks, "status", "Doing"), "IN_PROGRESS");
        assert_eq!(to(Source::GitHub, Kind::Feedback, "status", "closed"), "COMPLETED");
        assert_eq!(to(Source::GitHub, Kind::Feedback, "status", "not_planned"), "REJECTED");
        assert_eq!(to(Source::Productboard, Kind::Ideas, "status", "Candidate"), "UNDER_REVIEW");
        assert_eq!(to(Source::Productboard, Kind::Feedback, "status", "Unprocessed"), "SUBMITTED");
        assert_eq!(to(Source::Productboard, Kind::Feedback, "status", "Processed"), "UNDER_REVIEW");
        assert_eq!(to(Source::Jira, Kind::Feedback, "type", "Bug"), "BUG_REPORT");
        assert_eq!(translated(Source::Other, Kind::Tasks, "status", "Doing"), None);
        assert_eq!(translated(Source::Jira, Kind::Tasks, "title", "Done"), None);
    }

    /// Whatever a word becomes is one of the field's own.
    #[test]
    fn every_translation_is_a_word_of_the_field() {
        let stages =
            [Stage::New, Stage::Considered, Stage::Ready, Stage::Doing, Stage::Reviewed, Stage::Tested, Stage::Done, Stage::Dropped];
        for kind in Kind::ALL {
            let choices = |name: &str| match kind.fields().iter().find(|field| field.name == name).map(|field| &field.rule) {
                Some(Rule::Choice(choices)) => choices().into_iter().map(|(word, _)| word).collect(),
                _ => Vec::new(),
            };
            for stage in stages {
                assert!(choices("status").contains(&word_of(kind, stage)), "{kind:?} {stage:?}");
            }
        }
    }
}
