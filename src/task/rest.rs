//! The REST API of tasks.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::model::{MyTask, Task, TaskFields, TaskForm, TaskQuery, TaskSort, TaskStatus};
use super::store;
use crate::kernel::priority::Priority;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::server::rest::query::{Even, Whole};
use crate::server::rest::value::Day;
use crate::server::rest::{Answered, Api, Body, Call, Filter, Listed, Patch, Problem, Resource, living};
use crate::server::zone;

pub fn routes(api: Api) -> Api {
    let all = "/orgs/{org}/products/{key}/tasks";
    let one = "/orgs/{org}/products/{key}/tasks/{id}";
    let restored = "/orgs/{org}/products/{key}/tasks/{id}/restore";
    let moved = "/orgs/{org}/products/{key}/tasks/{id}/status";
    api.tag("Tasks", "Work that one person does, as part of a feature or by itself.")
        .list(all, Perm::Read, "The product's tasks.", list)
        .create(all, Perm::WorkWrite, "Creates a task.", create)
        .get(one, Perm::Read, "One task.", get)
        .change(one, Perm::WorkWrite, "Changes a task.", change)
        .delete(one, Perm::WorkWrite, "Deletes a task so that it can be restored.", delete)
        .verb(restored, Perm::WorkWrite, "Brings a deleted task back.", restore)
        .act(
            moved,
            Perm::WorkWrite,
            "Moves a task to a status; any other may follow its own. What is done already is not done again.",
            set_status,
        )
        .list(
            "/orgs/{org}/my-work",
            Perm::Read,
            "The open tasks of the token's owner in all products, what is due first before the others.",
            mine,
        )
}

impl Resource for Task {
    fn key(&self) -> String {
        self.id.clone()
    }

    fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    fn version(&self) -> Option<String> {
        Some(TaskFields::from(self).version())
    }
}

/// What is said of a task.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TaskBody {
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// Markdown.
    #[schema(max_length = 20000)]
    description: Option<String>,
    #[serde(default)]
    #[schema(inline)]
    priority: Priority,
    /// A feature of the product.
    feature_id: Option<String>,
    /// A member, by the id of the person.
    assignee_id: Option<String>,
    /// The day on which it is to be done at the latest.
    due_date: Option<Day>,
}

impl Body for TaskBody {
    const NAMES: &'static [(&'static str, &'static str)] = &[("feature", "featureId"), ("assignee", "assigneeId"), ("due", "dueDate")];

    fn example() -> Value {
        json!({ "title": "Write the release notes", "priority": "HIGH", "dueDate": "2026-11-23" })
    }
}

impl From<&Task> for TaskBody {
    fn from(task: &Task) -> Self {
        let Task { title, description, priority, feature_id, assignee_id, due_date, .. } = task.clone();
        TaskBody { title, description, priority, feature_id, assignee_id, due_date: Day::of(due_date) }
    }
}

impl From<TaskBody> for TaskForm {
    fn from(body: TaskBody) -> Self {
        TaskForm {
            title: body.title,
            description: body.description.unwrap_or_default(),
            priority: body.priority.word().into(),
            feature: body.feature_id.unwrap_or_default(),
            assignee: body.assignee_id.unwrap_or_default(),
            due: Day::typed(body.due_date),
        }
    }
}

/// Where a task is to stand.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TaskMove {
    status: TaskStatus,
}

impl Body for TaskMove {
    fn example() -> Value {
        json!({ "status": "DONE" })
    }
}

/// What tasks are narrowed to, and ordered by.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct TaskFilter {
    sort: Option<TaskSort>,
    status: Option<TaskStatus>,
    priority: Option<Priority>,
    /// The id of a person; `me` for the token's owner, or `nobody`.
    #[schema(pattern = "^[A-Za-z0-9]+$")]
    assignee: Option<String>,
    /// The id of a feature.
    #[schema(pattern = "^[A-Za-z0-9]+$")]
    feature: Option<String>,
    /// Only those that should have been done by now, in the owner's time zone.
    overdue: bool,
    /// Those deleted last instead.
    deleted: bool,
}

impl Filter for TaskFilter {}

/// A task with the product that it belongs to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OwnTask {
    #[serde(flatten)]
    task: Task,
    product_key: String,
    product_name: String,
}

impl From<MyTask> for OwnTask {
    fn from(mine: MyTask) -> Self {
        OwnTask { task: mine.task, product_key: mine.product_key, product_name: mine.product_name }
    }
}

/// The task of the address, deleted or not.
pub async fn read(call: &mut Call) -> Result<Task, Problem> {
    let id = call.at("id");
    read_one(call, &id).await
}

async fn read_one(call: &mut Call, id: &str) -> Result<Task, Problem> {
    let key = call.at("key");
    let product = store::product(&mut call.scope, &key).await?;
    Ok(store::get(&mut call.scope, &product.id, id).await?)
}

async fn list(mut call: Call, filter: TaskFilter) -> Answered<Listed<Task>> {
    let key = call.at("key");
    for (name, id) in [("assignee", &filter.assignee), ("feature", &filter.feature)] {
        if id.as_ref().is_some_and(|id| id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric())) {
            return Err(Problem::parameter(name, "Enter an id."));
        }
    }
    let TaskFilter { sort, status, priority, assignee, feature, overdue, deleted } = filter;
    let (sort, cursor) = (sort.unwrap_or_default(), call.cursor_unless(deleted)?);
    let query = TaskQuery { sort, status, priority, assignee, feature, overdue, deleted, cursor };
    let today = zone::days(&mut call.scope).await?.today;
    let product = store::product(&mut call.scope, &key).await?;
    let page = store::list(&mut call.scope, &product.id, &query, today).await?;
    call.done(Listed::page(page, deleted))
}

async fn get(mut call: Call, _: Even) -> Answered<Task> {
    let task = read(&mut call).await?;
    call.done(task)
}

async fn create(mut call: Call, body: TaskBody) -> Answered<Task> {
    let (key, fields) = (call.at("key"), TaskForm::from(body).validate()?);
    let id = store::create(&mut call.scope, &key, fields).await?;
    let task = read_one(&mut call, &id).await?;
    call.done(task)
}

async fn change(mut call: Call, patch: Patch<TaskBody>) -> Answered<Task> {
    let mut seen = call.seen();
    loop {
        let task = living(read(&mut call).await?)?;
        let version = seen.version(&task)?;
        let fields = TaskForm::from(patch.over(&task)?).validate()?;
        if seen.is_settled(store::update(&mut call.scope, &task.id, &version, fields).await)? {
            break;
        }
    }
    let task = read(&mut call).await?;
    call.done(task)
}

async fn set_status(mut call: Call, body: TaskMove) -> Answered<Task> {
    let task = living(read(&mut call).await?)?;
    store::set_status(&mut call.scope, &task.id, body.status).await?;
    let task = read(&mut call).await?;
    call.done(task)
}

async fn delete(mut call: Call) -> Answered<()> {
    let task = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &task.id, true).await?;
    call.done(())
}

async fn restore(mut call: Call) -> Answered<Task> {
    let task = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &task.id, false).await?;
    let task = read(&mut call).await?;
    call.done(task)
}

async fn mine(mut call: Call, _: Whole) -> Answered<Listed<OwnTask>> {
    let days = zone::days(&mut call.scope).await?;
    let work = store::mine(&mut call.scope, days).await?;
    let tasks = work.groups.into_iter().flat_map(|group| group.tasks).map(OwnTask::from).collect();
    call.done(Listed::all(tasks))
}
