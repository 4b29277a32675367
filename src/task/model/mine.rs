//! What somebody has to do, over all products of an organisation.

use serde::{Deserialize, Serialize};

use super::Task;
use crate::feature::model::FeatureStatus;
use crate::kernel::priority::Priority;
use crate::kernel::role::Role;
use crate::kernel::time::Timestamp;

/// Tasks of a group that are shown.
pub const MINE_SHOWN: i64 = 50;

/// When something has to be done, as a reader sees it on their day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Span {
    Overdue,
    /// From today to Sunday.
    ThisWeek,
    Later,
    NoDate,
}

crate::words!(Span {
    Overdue: "overdue", "Overdue";
    ThisWeek: "week", "Due this week";
    Later: "later", "Later";
    NoDate: "no-date", "No date";
});

/// A task with the product that it belongs to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct MyTask {
    #[cfg_attr(feature = "ssr", sqlx(flatten))]
    pub task: Task,
    pub product_key: String,
    pub product_name: String,
    /// The place of its group in `Span::ALL`.
    pub span: i32,
    /// Tasks of its group.
    pub total: i64,
}

/// Tasks that have to be done by about the same time, what is due first before the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MyGroup {
    pub span: Span,
    /// At most `MINE_SHOWN`.
    pub tasks: Vec<MyTask>,
    pub total: i64,
}

/// An open feature that a person builds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct MyFeature {
    pub id: String,
    pub title: String,
    pub number: Option<i32>,
    pub status: FeatureStatus,
    pub priority: Priority,
    pub due_date: Option<Timestamp>,
    pub overdue: bool,
    pub product_key: String,
    pub product_name: String,
    /// Features in all.
    pub total: i64,
}

/// The open tasks of a person, and the features that they build.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MyWork {
    pub role: Role,
    /// Those groups that have any.
    pub groups: Vec<MyGroup>,
    /// What is due first comes first; at most `MINE_SHOWN`.
    pub features: Vec<MyFeature>,
}

impl MyWork {
    /// Puts the tasks into their groups; they come in order.
    pub fn of(role: Role, rows: Vec<MyTask>, features: Vec<MyFeature>) -> MyWork {
        let group = |(place, span): (i32, Span)| {
            let tasks: Vec<MyTask> = rows.iter().filter(|row| row.span == place).cloned().collect();
            tasks.first().map(|first| first.total).map(|total| MyGroup { span, total, tasks })
        };
        MyWork { role, groups: (0..).zip(Span::ALL).filter_map(group).collect(), features }
    }

    /// How many tasks there are to do, and how many of them are overdue.
    pub fn counts(&self) -> (i64, i64) {
        let of = |wanted: Option<Span>| {
            self.groups.iter().filter(|group| wanted.is_none_or(|span| span == group.span)).map(|group| group.total).sum()
        };
        (of(None), of(Some(Span::Overdue)))
    }

    /// The same in a sentence.
    pub fn told(&self) -> String {
        let tasks = |count: i64| if count == 1 { "1 open task".to_owned() } else { format!("{count} open tasks") };
        match self.counts() {
            (all, 0) => format!("{}, none of them overdue.", tasks(all)),
            (1, 1) => "1 open task, and it is overdue.".to_owned(),
            (all, overdue) => format!("{}, {overdue} of them overdue.", tasks(all)),
        }
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::task::model::TaskStatus;

    pub fn task() -> Task {
        let at = Timestamp::UNIX_EPOCH;
        Task {
            id: "c1".into(),
            title: "T".into(),
            description: None,
            product_id: "p".into(),
            number: None,
            feature_id: None,
            assignee_id: None,
            status: TaskStatus::Todo,
            priority: Priority::Medium,
            due_date: None,
            created_at: at,
            updated_at: at,
            deleted_at: None,
            completed_at: None,
            assignee_name: None,
            feature_title: None,
            feature_number: None,
        }
    }

    fn row(span: i32, total: i64) -> MyTask {
        MyTask { task: task(), product_key: "rocket".into(), product_name: "Rocket".into(), span, total }
    }

    #[test]
    fn tasks_stand_in_their_groups() {
        let work = MyWork::of(Role::Developer, vec![row(0, 2), row(0, 2), row(3, 70)], Vec::new());
        assert_eq!(
            work.groups.iter().map(|group| (group.span, group.tasks.len())).collect::<Vec<_>>(),
            [(Span::Overdue, 2), (Span::NoDate, 1)]
        );
        assert_eq!((work.counts(), work.told()), ((72, 2), "72 open tasks, 2 of them overdue.".to_owned()));
        assert_eq!(MyWork::of(Role::Developer, vec![row(1, 1)], Vec::new()).told(), "1 open task, none of them overdue.");
        assert_eq!(MyWork::of(Role::Developer, vec![row(0, 1)], Vec::new()).told(), "1 open task, and it is overdue.");
    }

    #[test]
    fn what_is_done_is_not_late() {
        let (yesterday, today) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH + chrono::Days::new(1));
        let due = |due, status| Task { due_date: Some(due), status, ..task() }.is_overdue(today);
        assert!(due(yesterday, TaskStatus::InReview) && !due(today, TaskStatus::Todo));
        assert!(!due(yesterday, TaskStatus::Done) && !due(yesterday, TaskStatus::Cancelled));
    }
}
