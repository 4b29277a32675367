//! Pages of tasks.

mod detail;
mod edit;
mod list;
mod mine;
mod of_feature;

use leptos::prelude::*;

use detail::TaskPageView;
use edit::{EditTaskPage, NewTaskPage};
use list::TaskListPage;
use mine::MyWorkPage;
pub use of_feature::FeatureWork;

use super::model::{Task, TaskStatus};
use crate::kernel::time::{Timestamp, day};
use crate::product::model::ProductName;
use crate::ui::layout::Crumb;

crate::lazy_pages!(work: TaskList = TaskListPage, NewTask = NewTaskPage, TaskDetail = TaskPageView, EditTask = EditTaskPage, MyWork = MyWorkPage);

/// A status as a small label.
#[component]
fn StatusBadge(status: TaskStatus) -> impl IntoView {
    view! { <span class="badge" data-status=status.word()>{status.label()}</span> }
}

/// The day on which a task is due; marked where it is past.
fn due(task: &Task, overdue: bool) -> AnyView {
    due_day(task.due_date, overdue)
}

/// The same of anything.
fn due_day(date: Option<Timestamp>, overdue: bool) -> AnyView {
    match date.map(day) {
        None => view! { <span class="muted">"No date"</span> }.into_any(),
        Some(day) if overdue => view! { <span class="overdue">{format!("{day} · overdue")}</span> }.into_any(),
        Some(day) => view! { <span>{day}</span> }.into_any(),
    }
}

/// As `due`, for a reader on this day.
fn due_on(task: &Task, today: Timestamp) -> AnyView {
    due(task, task.is_overdue(today))
}

/// Who does a task.
fn assignee(task: &Task) -> AnyView {
    match task.assignee() {
        Some(name) => view! { <span dir="auto">{name.to_owned()}</span> }.into_any(),
        None => view! { <span class="muted">"Nobody"</span> }.into_any(),
    }
}

/// The way from the portfolio to a product's tasks.
fn crumbs(org: &str, product: &ProductName) -> Vec<Crumb> {
    let href = format!("/orgs/{org}/products/{}", product.key);
    vec![
        Crumb::new("Portfolio", format!("/orgs/{org}/products")),
        Crumb::new(product.name.clone(), href.clone()),
        Crumb::new("Tasks", format!("{href}/tasks")),
    ]
}
