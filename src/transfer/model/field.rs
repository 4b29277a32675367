//! What kinds of things come and go as tables, and which fields each has.

use serde::{Deserialize, Serialize};

use crate::feature::model::{FeatureStatus, POINTS_MAX};
use crate::feedback::model::{FeedbackStatus, FeedbackType, SOURCE_MAX};
use crate::idea::model::{IdeaStatus, REACH_MAX};
use crate::kernel::priority::Priority;
use crate::kernel::role::{Perm, Role};
use crate::kernel::text::{DESCRIPTION_MAX, TITLE_MAX, grouped};
use crate::task::model::TaskStatus;

/// A kind of thing that comes and goes as a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(
    feature = "ssr",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "\"ImportKind\"", rename_all = "SCREAMING_SNAKE_CASE"),
    schema(as = ImportKind)
)]
pub enum Kind {
    Ideas,
    Feedback,
    Features,
    Tasks,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Ideas, Kind::Feedback, Kind::Features, Kind::Tasks];

    /// Its name in the database and on the wire.
    pub fn word(self) -> &'static str {
        self.texts().0
    }

    /// Its name on the screen.
    pub fn label(self) -> &'static str {
        self.texts().1
    }

    /// Its name in addresses, as of its list, and of files.
    pub fn path(self) -> &'static str {
        self.texts().2
    }

    fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Kind::Ideas => ("IDEAS", "Ideas", "ideas"),
            Kind::Feedback => ("FEEDBACK", "Feedback", "feedback"),
            Kind::Features => ("FEATURES", "Features", "features"),
            Kind::Tasks => ("TASKS", "Tasks", "tasks"),
        }
    }

    /// Reads what `word` wrote.
    pub fn parse(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Reads what `path` wrote.
    pub fn of_path(path: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.path() == path)
    }

    /// What one has to be allowed to take such things in, since a table sets all of their fields.
    pub fn perm(self) -> Perm {
        match self {
            Kind::Ideas => Perm::IdeaReview,
            Kind::Feedback => Perm::Publish,
            Kind::Features => Perm::FeatureWrite,
            Kind::Tasks => Perm::WorkWrite,
        }
    }

    /// The kinds that somebody of this role may take in.
    pub fn of_role(role: Role) -> Vec<Kind> {
        Kind::ALL.into_iter().filter(|kind| role.can(kind.perm())).collect()
    }

    /// So many of them: `1,204 ideas`.
    pub fn counted(self, number: i64) -> String {
        let words = match (self, number) {
            (Kind::Ideas, 1) => "idea",
            (Kind::Ideas, _) => "ideas",
            (Kind::Feedback, 1) => "item of feedback",
            (Kind::Feedback, _) => "items of feedback",
            (Kind::Features, 1) => "feature",
            (Kind::Features, _) => "features",
            (Kind::Tasks, 1) => "task",
            (Kind::Tasks, _) => "tasks",
        };
        format!("{} {words}", grouped(number))
    }

    /// Its fields, in the order in which they are written.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Kind::Ideas => IDEAS,
            Kind::Feedback => FEEDBACK,
            Kind::Features => FEATURES,
            Kind::Tasks => TASKS,
        }
    }

    /// What is written behind the fields and not read: it follows from them.
    pub fn derived(self) -> &'static [&'static str] {
        if self == Kind::Ideas { &["rice", "ice", "wsjf"] } else { &[] }
    }
}

/// A field of a table.
#[derive(Debug)]
pub struct Field {
    /// Its name as it is written.
    pub name: &'static str,
    /// Its name on the screen.
    pub label: &'static str,
    pub rule: Rule,
    pub blank: Blank,
}

impl Field {
    /// Whether every row needs it.
    pub fn required(&self) -> bool {
        matches!(self.blank, Blank::Refused)
    }

    /// Whether it takes all columns of one heading together, as programs write several labels.
    pub fn is_list(&self) -> bool {
        matches!(self.rule, Rule::Tags)
    }

    /// The name on the screen of a choice's word.
    pub fn word_label(&self, word: &str) -> Option<String> {
        let Rule::Choice(choices) = self.rule else { return None };
        choices().into_iter().find(|(known, _)| *known == word).map(|(_, label)| label.to_owned())
    }
}

/// How a cell becomes a value.
#[derive(Debug)]
pub enum Rule {
    /// One line of text: what it is, and characters at most.
    Line(&'static str, usize),
    Block,
    /// A whole number in these bounds.
    Whole(i32, i32),
    /// One of a few words: each with its name on the screen.
    Choice(fn() -> Vec<(&'static str, &'static str)>),
    Tags,
    Moment,
    Email,
    /// A member, by e-mail address.
    Member,
}

/// What an empty cell, or none, means.
#[derive(Debug)]
pub enum Blank {
    /// That the row is wrong.
    Refused,
    /// That there is no value.
    Nothing,
    /// This value.
    Is(&'static str),
    /// This value, but none in a file of ours, where it was none.
    Usually(&'static str),
    /// The word that stands for the default of the choice.
    Default(fn() -> &'static str),
}

const fn field(name: &'static str, label: &'static str, rule: Rule, blank: Blank) -> Field {
    Field { name, label, rule, blank }
}

const TITLE: Field = field("title", "Title", Rule::Line("a title", TITLE_MAX), Blank::Refused);
const DESCRIPTION: Field = field("description", "Description", Rule::Block, Blank::Is(""));
const CREATED: Field = field("createdAt", "Created", Rule::Moment, Blank::Nothing);
const PRIORITY: Field = field("priority", "Priority", Rule::Choice(Priority::pairs), Blank::Default(|| Priority::default().word()));

/// The bounds are those of the form in which an idea is scored.
static IDEAS: &[Field] = &[
    TITLE,
    DESCRIPTION,
    field("status", "Status", Rule::Choice(idea_statuses), Blank::Default(|| IdeaStatus::default().word())),
    field("tags", "Tags", Rule::Tags, Blank::Nothing),
    field("priority", "Priority", Rule::Whole(0, 100), Blank::Is("0")),
    field("effort", "Effort", Rule::Whole(1, 10), Blank::Usually("1")),
    field("impact", "Impact", Rule::Whole(0, 10), Blank::Usually("1")),
    field("confidence", "Confidence", Rule::Whole(0, 10), Blank::Usually("1")),
    field("reach", "Reach", Rule::Whole(0, REACH_MAX), Blank::Is("100")),
    field("businessValue", "Business value", Rule::Whole(0, 100), Blank::Nothing),
    field("timeCriticality", "Time criticality", Rule::Whole(0, 100), Blank::Nothing),
    field("riskReduction", "Risk reduction", Rule::Whole(0, 100), Blank::Nothing),
    field("jobSize", "Job size", Rule::Whole(0, 100), Blank::Nothing),
    CREATED,
];

static FEEDBACK: &[Field] = &[
    TITLE,
    DESCRIPTION,
    field("type", "Type", Rule::Choice(FeedbackType::pairs), Blank::Default(|| FeedbackType::default().word())),
    field("status", "Status", Rule::Choice(FeedbackStatus::pairs), Blank::Default(|| FeedbackStatus::default().word())),
    PRIORITY,
    field("source", "Source", Rule::Line("a source", SOURCE_MAX), Blank::Nothing),
    field("userEmail", "Their e-mail address", Rule::Email, Blank::Nothing),
    CREATED,
];

static FEATURES: &[Field] = &[
    TITLE,
    DESCRIPTION,
    field("status", "Status", Rule::Choice(FeatureStatus::pairs), Blank::Default(|| FeatureStatus::default().word())),
    PRIORITY,
    field("storyPoints", "Story points", Rule::Whole(0, POINTS_MAX), Blank::Nothing),
    field("acceptanceCriteria", "Acceptance criteria", Rule::Block, Blank::Nothing),
    CREATED,
];

static TASKS: &[Field] = &[
    TITLE,
    field("description", "Description", Rule::Block, Blank::Nothing),
    field("status", "Status", Rule::Choice(TaskStatus::pairs), Blank::Default(|| TaskStatus::default().word())),
    PRIORITY,
    field("dueDate", "Due date", Rule::Moment, Blank::Nothing),
    field("assignee", "Assignee's e-mail address", Rule::Member, Blank::Nothing),
    CREATED,
];

/// The most characters of a block of text.
pub const BLOCK_MAX: usize = DESCRIPTION_MAX;

fn idea_statuses() -> Vec<(&'static str, &'static str)> {
    IdeaStatus::ALL.map(|one| (one.word(), one.label())).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_paths_read_back() {
        for kind in Kind::ALL {
            assert_eq!((Kind::parse(kind.word()), Kind::of_path(kind.path())), (Some(kind), Some(kind)));
            assert!(kind.fields()[0].required(), "each begins with a title");
            let mut names: Vec<_> = kind.fields().iter().map(|field| field.name).chain(kind.derived().iter().copied()).collect();
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{kind:?}");
        }
        assert_eq!((Kind::parse("ideas"), Kind::of_path("releases")), (None, None));
    }

    #[test]
    fn roles_take_in_what_they_may_write() {
        let counts = Role::ALL.map(|role| Kind::of_role(role).len());
        assert_eq!(counts, [4, 4, 2, 1, 0]);
    }

    #[test]
    fn things_are_counted_in_words() {
        assert_eq!([1, 2, 1_204].map(|n| Kind::Ideas.counted(n)), ["1 idea", "2 ideas", "1,204 ideas"]);
        assert_eq!(Kind::Feedback.counted(1), "1 item of feedback");
    }
}
