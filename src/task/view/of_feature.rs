//! What is done for a feature and said of it, on the feature's page.

use leptos::prelude::*;

use super::{StatusBadge, assignee, due_on};
use crate::discuss::model::Subject;
use crate::discuss::view::Comments;
use crate::kernel::role::Perm;
use crate::kernel::time::Timestamp;
use crate::task::api::TasksOfFeature;
use crate::task::model::{FeatureTasks, Task};
use crate::ui::form::Sent;
use crate::ui::icon::{Icon, IconView};
use crate::ui::load::{Data, data};

/// The tasks of a feature and its discussion; the tasks are asked for again after each of the forms in `after`. To be placed
/// beside what loads the page and not inside of it. Shows nothing where the feature cannot be read, since the page says so.
#[component]
pub fn FeatureWork(org: Signal<String>, key: Signal<String>, feature: Signal<String>, #[prop(optional)] after: Vec<Sent>) -> impl IntoView {
    let tasks = data(move || TasksOfFeature { org: org.get(), feature: feature.get() }).live(&["Task"]);
    let tasks = after.into_iter().fold(tasks, Data::after);
    let shown = move |tasks: FeatureTasks| view! { <Tasks tasks org=org.get_untracked() feature=feature.get_untracked() /> };
    view! {
        <div class="below">
            <Transition fallback=|| ()>{move || Suspend::new(async move { tasks.get().await.ok().map(shown) })}</Transition>
        </div>
        <Comments subject=Subject::Feature org key id=feature />
    }
}

#[component]
fn Tasks(tasks: FeatureTasks, org: String, feature: String) -> impl IntoView {
    let FeatureTasks { role, product, open, tasks, counts, today } = tasks;
    let base = format!("/orgs/{org}/products/{product}/tasks");
    let progress =
        (counts.counting > 0).then(|| view! { <span class="muted">{format!("{} of {} done", counts.done, counts.counting)}</span> });
    let add = (open && role.can(Perm::WorkWrite)).then(|| {
        view! { <a class="button small" href=format!("{base}/new?feature={feature}")><IconView icon=Icon::Plus />"Add task"</a> }
    });
    let hidden = counts.total - tasks.len() as i64;
    let more = (hidden > 0).then(|| view! { <a href=format!("{base}?feature={feature}")>{format!("{hidden} more")}</a> });
    let body = if tasks.is_empty() {
        view! { <p class="muted">"No tasks yet."</p> }.into_any()
    } else {
        let rows = tasks.into_iter().map(|task| view! { <TaskItem task base=base.clone() today /> }).collect_view();
        view! { <ul class="askers" aria-label="Tasks">{rows}</ul> }.into_any()
    };
    view! {
        <section class="card asked" aria-labelledby="tasks">
            <div class="card-head">
                <h2 id="tasks">"Tasks"</h2>
                {progress}
                {add}
            </div>
            {body}
            {more}
        </section>
    }
}

#[component]
fn TaskItem(task: Task, base: String, today: Timestamp) -> impl IntoView {
    let due = task.due_date.map(|_| due_on(&task, today));
    view! {
        <li class="actions">
            <a href=format!("{base}/{}", task.id) dir="auto">{task.title.clone()}</a>
            <StatusBadge status=task.status />
            {assignee(&task)}
            {due}
        </li>
    }
}
