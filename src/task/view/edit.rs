//! The forms of a task.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::crumbs;
use crate::kernel::day::typed;
use crate::kernel::named::Named;
use crate::kernel::priority::Priority;
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::task::api::{CreateTask, GetTaskForm, UpdateTask};
use crate::task::model::{self, Task, TaskFormPage};
use crate::ui::form::{ServerForm, Submit, TextArea, TextField, Version};
use crate::ui::layout::PageHead;
use crate::ui::load::{Load, data};
use crate::ui::select::SelectField;

/// `/orgs/{org}/products/{key}/tasks/new`; `?feature=` says what it is a part of at first.
#[component]
pub fn NewTaskPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let params = use_query_map();
    let feature = move || params.with_untracked(|params| params.get("feature")).unwrap_or_default();
    let form = data(move || GetTaskForm { org: org.get(), product: key.get(), id: None });
    let view = move |data: TaskFormPage| view! { <NewTask org=org.get_untracked() data feature=feature() /> }.into_any();
    view! { <Load of=form view /> }
}

#[component]
fn NewTask(org: String, data: TaskFormPage, feature: String) -> impl IntoView {
    let crumbs = crumbs(&org, &data.product);
    let product = format!("/orgs/{org}/products/{}", data.product.key);
    // Back to where one came from.
    let back = match data.features.iter().any(|offered| offered.id == feature) {
        true => format!("{product}/features/{feature}"),
        false => format!("{product}/tasks"),
    };
    view! {
        <PageHead title="New task" crumbs />
        <ServerForm to=CreateTask::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="product" value=data.product.key />
            <TaskFields task=None people=data.people features=data.features feature />
            <div class="actions">
                <Submit label="Add task" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}

/// What there is to choose from, behind what stands for none.
fn options(none: &str, choices: Vec<Named>) -> Vec<(String, String)> {
    let none = (String::new(), none.to_owned());
    [none].into_iter().chain(choices.into_iter().map(|choice| (choice.id, choice.name))).collect()
}

/// The fields that adding and changing a task share. `feature` is what it is a part of at first.
#[component]
fn TaskFields(task: Option<Task>, people: Vec<Named>, features: Vec<Named>, feature: String) -> impl IntoView {
    let priority = task.as_ref().map_or(Priority::default(), |task| task.priority);
    let due = task.as_ref().map(|task| typed(task.due_date)).unwrap_or_default();
    let (title, description, assignee) =
        task.map(|task| (task.title, task.description.unwrap_or_default(), task.assignee_id.unwrap_or_default())).unwrap_or_default();
    view! {
        <TextField name="title" label="Title" value=title required=true placeholder="What has to be done?" />
        <TextArea name="description" label="Description" value=description rows=6 />
        <SelectField name="feature" label="Feature" options=options("No feature", features) value=feature hint="The feature that this is a part of, if any." />
        <SelectField name="assignee" label="Assignee" options=options("Nobody", people) value=assignee />
        <SelectField name="priority" label="Priority" options=Priority::options() value=priority.word() />
        <TextField name="due" label="Due date" kind="date" value=due hint="The last day to get it done, or nothing." />
    }
}

/// `/orgs/{org}/products/{key}/tasks/{id}/edit`
#[component]
pub fn EditTaskPage() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let form = data(move || GetTaskForm { org: org.get(), product: key.get(), id: Some(id.get()) });
    let view = move |data: TaskFormPage| view! { <EditTask org=org.get_untracked() data /> }.into_any();
    view! { <Load of=form view /> }
}

#[component]
fn EditTask(org: String, data: TaskFormPage) -> impl IntoView {
    let TaskFormPage { product, task, people, features } = data;
    let crumbs = crumbs(&org, &product);
    let id = task.as_ref().map(|task| task.id.clone()).unwrap_or_default();
    let feature = task.as_ref().and_then(|task| task.feature_id.clone()).unwrap_or_default();
    let back = format!("/orgs/{org}/products/{}/tasks/{id}", product.key);
    view! {
        <PageHead title="Edit task" crumbs />
        <ServerForm to=UpdateTask::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            {task.as_ref().map(|task| view! { <Version of=model::TaskFields::from(task).version() /> })}
            <TaskFields task people features feature />
            <div class="actions">
                <Submit label="Save task" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}
