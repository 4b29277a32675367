//! What a task is.

mod list;
mod mine;
mod status;

pub use list::{TaskList, TaskQuery, TaskSort};
pub use mine::{MINE_SHOWN, MyFeature, MyGroup, MyTask, MyWork, Span};
pub use status::TaskStatus;

use serde::{Deserialize, Serialize};

use crate::kernel::day;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::named::{Named, chosen};
use crate::kernel::priority::Priority;
use crate::kernel::reference::Linked;
use crate::kernel::role::Role;
use crate::kernel::text::{self, DESCRIPTION_MAX, TITLE_MAX};
use crate::kernel::time::Timestamp;
use crate::kernel::version::{Edited, Shown, shown};
use crate::product::model::ProductName;

/// Work that one person does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Task {
    pub id: String,
    pub title: String,
    pub description: Option<String>,
    pub product_id: String,
    /// Its number among the items of its product, of which `KEY-123` is made.
    pub number: Option<i32>,
    /// The feature that it is a part of.
    pub feature_id: Option<String>,
    pub assignee_id: Option<String>,
    pub status: TaskStatus,
    pub priority: Priority,
    /// The day on which it is to be done at the latest: midnight in UTC, whatever zone a reader is in.
    pub due_date: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// When it was done; kept by the database.
    pub completed_at: Option<Timestamp>,
    /// The assignee's name.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    #[serde(default)]
    pub assignee_name: Option<String>,
    /// The feature's title, unless that is deleted.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    #[serde(default)]
    pub feature_title: Option<String>,
    /// The feature's number, unless that is deleted; told of one task alone, and nothing in a list.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    #[serde(default)]
    pub feature_number: Option<i32>,
}

impl Task {
    /// Whether it should have been done before `today`, a reader's day as midnight in UTC.
    pub fn is_overdue(&self, today: Timestamp) -> bool {
        self.status.is_open() && self.due_date.is_some_and(|due| due < today)
    }

    /// Who does it, in words.
    pub fn assignee(&self) -> Option<&str> {
        self.assignee_id.as_ref().map(|_| self.assignee_name.as_deref().unwrap_or("Somebody without a name"))
    }
}

/// A task's own page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskPage {
    pub role: Role,
    pub user_id: String,
    pub product: ProductName,
    pub task: Task,
    /// The reader's day, see `Task::is_overdue`.
    pub today: Timestamp,
    /// What the references in its text lead to.
    pub named: Vec<Linked>,
}

/// What the forms of a task need.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskFormPage {
    pub product: ProductName,
    /// The task to change; none for a new one.
    pub task: Option<Task>,
    /// Who can be given it.
    pub people: Vec<Named>,
    /// What it can be a part of.
    pub features: Vec<Named>,
}

/// The tasks of a feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureTasks {
    pub role: Role,
    /// The key of the product that the feature belongs to.
    pub product: String,
    /// Whether there can be more: the feature is not deleted.
    pub open: bool,
    /// The first of them.
    pub tasks: Vec<Task>,
    pub counts: Counts,
    pub today: Timestamp,
}

/// How many tasks a feature has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Counts {
    pub total: i64,
    /// Those that were not cancelled.
    pub counting: i64,
    pub done: i64,
}

/// What is filled in to create or change a task.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskForm {
    pub title: String,
    pub description: String,
    /// The word of a `Priority`; nothing means medium.
    pub priority: String,
    /// The id of a feature of the same product, or nothing.
    pub feature: String,
    /// The id of a member's person, or nothing.
    pub assignee: String,
    /// A day such as `2026-11-23`, or nothing.
    pub due: String,
}

/// A task's fields, checked but for what only the database knows: that feature and assignee are there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskFields {
    pub title: String,
    pub description: Option<String>,
    pub priority: Priority,
    pub feature_id: Option<String>,
    pub assignee_id: Option<String>,
    pub due_date: Option<Timestamp>,
}

impl From<&Task> for TaskFields {
    fn from(task: &Task) -> Self {
        TaskFields {
            title: task.title.clone(),
            description: task.description.clone(),
            priority: task.priority,
            feature_id: task.feature_id.clone(),
            assignee_id: task.assignee_id.clone(),
            due_date: task.due_date,
        }
    }
}

impl Edited for TaskFields {
    fn shown(&self) -> Vec<Shown> {
        let chosen = |id: &Option<String>| id.clone().unwrap_or_default();
        vec![
            shown("title", "Title", self.title.as_str()),
            shown("description", "Description", self.description.as_deref().unwrap_or_default()),
            shown("priority", "Priority", self.priority.word()),
            shown("feature", "Feature", chosen(&self.feature_id)),
            shown("assignee", "Assignee", chosen(&self.assignee_id)),
            shown("due", "Due date", day::typed(self.due_date)),
        ]
    }
}

impl TaskForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<TaskFields, AppError> {
        let mut checks = Checks::default();
        let fields = TaskFields {
            title: checks.take("title", text::line(&self.title, "a title", TITLE_MAX)),
            description: checks.take("description", text::optional(&self.description, DESCRIPTION_MAX)),
            priority: checks.take("priority", Priority::chosen(&self.priority)),
            feature_id: chosen(&self.feature),
            assignee_id: chosen(&self.assignee),
            due_date: checks.take("due", day::parse(&self.due)),
        };
        checks.finish(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_needs_a_title_and_a_day_that_there_is() {
        let form = TaskForm { title: "Write it down".into(), due: "2028-02-29".into(), ..Default::default() };
        let fields = form.validate().unwrap();
        assert_eq!((fields.description, fields.priority, fields.assignee_id, fields.feature_id), (None, Priority::Medium, None, None));
        assert_eq!(fields.due_date.map(|due| due.to_string()), Some("2028-02-29 00:00:00 UTC".into()));
        for wrong in ["2026-02-29", "tomorrow", "1969-12-31", "12026-01-01", "2026-11-23T10:00"] {
            let form = TaskForm { due: wrong.into(), priority: "URGENT".into(), ..Default::default() };
            let error = form.validate().unwrap_err();
            for field in ["title", "due", "priority"] {
                assert!(error.of_field(field).is_some(), "{field} {wrong}");
            }
        }
    }
}
