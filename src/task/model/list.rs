//! The list of tasks, and how it is asked for in an address.

use serde::{Deserialize, Serialize};

use super::{Task, TaskStatus};
use crate::kernel::named::Named;
use crate::kernel::page::{Cursor, Page, TIME_BOUNDS};
use crate::kernel::priority::Priority;
use crate::kernel::role::Role;
use crate::kernel::text::query_value;
use crate::kernel::time::Timestamp;
use crate::product::model::ProductName;

/// What the list is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum TaskSort {
    /// The newest first.
    #[default]
    Newest,
    /// What is due first; what has no date comes last.
    Due,
    /// The most urgent first, and of these the newest.
    Priority,
}

crate::words!(TaskSort {
    Newest: "newest", "Added";
    Due: "due", "Due";
    Priority: "priority", "Priority";
});

impl TaskSort {
    /// What a task is sorted by: a time in milliseconds, or how urgent it is, from -1 for the most to -4.
    pub fn key(self, task: &Task) -> f64 {
        match self {
            TaskSort::Newest => task.created_at.timestamp_millis() as f64,
            TaskSort::Due => task.due_date.map_or(TIME_BOUNDS.1, |due| due.timestamp_millis() as f64),
            TaskSort::Priority => -1.0 - f64::from(task.priority as u8),
        }
    }

    /// The lowest and the highest key that a task can have.
    pub fn bounds(self) -> (f64, f64) {
        match self {
            TaskSort::Newest | TaskSort::Due => TIME_BOUNDS,
            TaskSort::Priority => (-4.0, 0.0),
        }
    }

    /// The key that comes before all others.
    pub fn first(self) -> f64 {
        match self {
            TaskSort::Newest | TaskSort::Priority => self.bounds().1,
            TaskSort::Due => self.bounds().0,
        }
    }

    /// How the column is sorted, for screen readers.
    pub fn way(self) -> &'static str {
        if self == TaskSort::Due { "ascending" } else { "descending" }
    }
}

/// The words that stand for the reader and for no assignee in an address.
const ME: &str = "me";
const NOBODY: &str = "nobody";

/// Which tasks are asked for, in which order, from where on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskQuery {
    pub sort: TaskSort,
    pub status: Option<TaskStatus>,
    pub priority: Option<Priority>,
    /// `me`, `nobody`, or the id of a person.
    pub assignee: Option<String>,
    /// The id of a feature.
    pub feature: Option<String>,
    pub overdue: bool,
    pub deleted: bool,
    pub cursor: Option<Cursor>,
}

impl TaskQuery {
    /// Reads the parameters of an address; what it does not know it leaves out.
    pub fn of_params(get: impl Fn(&str) -> Option<String>) -> TaskQuery {
        let id = |name: &str| get(name).filter(|id| !id.is_empty() && !id.contains('\0'));
        TaskQuery {
            sort: get("sort").and_then(|word| TaskSort::parse(&word)).unwrap_or_default(),
            status: get("status").and_then(|word| TaskStatus::parse(&word)),
            priority: get("priority").and_then(|word| Priority::parse(&word)),
            assignee: id("assignee"),
            feature: id("feature"),
            overdue: get("show").as_deref() == Some("overdue"),
            deleted: get("show").as_deref() == Some("deleted"),
            cursor: get("at").and_then(|word| Cursor::decode(&word)),
        }
    }

    /// The same as parameters of an address, led by `?`; nothing for the plain list.
    pub fn params(&self) -> String {
        let mut pairs = Vec::new();
        if self.sort != TaskSort::default() {
            pairs.push(format!("sort={}", self.sort.word()));
        }
        pairs.extend(self.status.map(|status| format!("status={}", status.word())));
        pairs.extend(self.priority.map(|priority| format!("priority={}", priority.word())));
        pairs.extend(self.assignee.as_ref().map(|id| format!("assignee={}", query_value(id))));
        pairs.extend(self.feature.as_ref().map(|id| format!("feature={}", query_value(id))));
        pairs.extend(self.show().map(|show| format!("show={show}")));
        pairs.extend(self.cursor.as_ref().map(|cursor| format!("at={}", cursor.encode())));
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// What else it is narrowed to than by the tasks' fields.
    pub fn show(&self) -> Option<&'static str> {
        if self.deleted { Some("deleted") } else { self.overdue.then_some("overdue") }
    }

    /// The same list from its beginning, changed by `change`.
    pub fn with(&self, change: impl FnOnce(&mut TaskQuery)) -> TaskQuery {
        let mut query = TaskQuery { cursor: None, ..self.clone() };
        change(&mut query);
        query
    }

    /// Whether it leaves anything out, wherever it begins and however it is sorted.
    pub fn is_filtered(&self) -> bool {
        self.with(|query| query.sort = TaskSort::default()) != TaskQuery::default()
    }

    /// Whose tasks are asked for, by this reader: an id, or nothing for those that are nobody's.
    pub fn assignee_for<'a>(&'a self, reader: &'a str) -> Option<&'a str> {
        self.assignee.as_deref().map(|word| match word {
            ME => reader,
            NOBODY => "",
            id => id,
        })
    }
}

/// The tasks of a product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskList {
    pub role: Role,
    pub product: ProductName,
    pub page: Page<Task>,
    /// Whose tasks can be asked for.
    pub people: Vec<Named>,
    /// The feature that the list is narrowed to, if it is there.
    pub feature: Option<Named>,
    /// The reader's day, see `Task::is_overdue`.
    pub today: Timestamp,
}

impl TaskList {
    /// Whose tasks can be asked for: the reader's own, nobody's, or a member's.
    pub fn assignees(&self) -> Vec<(String, String)> {
        let fixed = [(ME, "Me"), (NOBODY, "Nobody")].map(|(word, label)| (word.to_owned(), label.to_owned()));
        fixed.into_iter().chain(self.people.iter().map(|person| (person.id.clone(), person.name.clone()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::model::mine::tests::task;

    #[test]
    fn an_address_reads_back() {
        let query = TaskQuery {
            sort: TaskSort::Due,
            status: Some(TaskStatus::InReview),
            priority: Some(Priority::Low),
            assignee: Some("nobody".into()),
            feature: Some("cabc".into()),
            overdue: true,
            deleted: false,
            cursor: Some(Cursor { key: 1_795_132_800_000.0, id: "cabc".into(), place: 20, back: true }),
        };
        let text = query.params();
        let pairs: Vec<(&str, &str)> = text[1..].split('&').filter_map(|pair| pair.split_once('=')).collect();
        let again = TaskQuery::of_params(|name| pairs.iter().find(|(k, _)| *k == name).map(|(_, v)| (*v).to_owned()));
        assert_eq!(again, query);
        assert!(query.is_filtered() && !TaskQuery { sort: TaskSort::Due, ..Default::default() }.is_filtered());
        assert_eq!(TaskQuery { deleted: true, ..Default::default() }.params(), "?show=deleted");
    }

    #[test]
    fn a_reader_is_whom_me_stands_for() {
        let asked = |word: &str| TaskQuery { assignee: Some(word.into()), ..Default::default() }.assignee_for("u1").map(str::to_owned);
        assert_eq!(["me", "nobody", "u2"].map(asked), ["u1", "", "u2"].map(|id| Some(id.to_owned())));
        assert_eq!(TaskQuery::default().assignee_for("u1"), None);
    }

    #[test]
    fn each_key_lies_within_its_bounds() {
        for sort in TaskSort::ALL {
            let (lowest, highest) = sort.bounds();
            for priority in Priority::ALL {
                let key = sort.key(&Task { priority, ..task() });
                assert!(key >= lowest && key <= highest, "{sort:?} {priority:?} {key}");
            }
        }
        assert_eq!(TaskSort::Priority.key(&Task { priority: Priority::Critical, ..task() }), -1.0);
    }
}
