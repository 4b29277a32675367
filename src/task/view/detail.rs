//! A task's own page.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::list::RestoreButton;
use super::{StatusBadge, assignee, crumbs, due_on};
use crate::audit::view::History;
use crate::discuss::model::Subject;
use crate::discuss::view::Comments;
use crate::feature::view::PriorityBadge;
use crate::kernel::reference::reference;
use crate::kernel::role::Perm;
use crate::kernel::time::{Timestamp, day};
use crate::org::view::param;
use crate::task::api::{DeleteTask, GetTask, MoveTask, TakeTask};
use crate::task::model::{Task, TaskPage, TaskStatus};
use crate::ui::form::{Sent, ServerForm, Submit};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Notice, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::reference::{LinkedProse, Reference};

/// The forms of the page, which outlive a new look at its data.
#[derive(Clone, Copy)]
struct Forms {
    moved: Sent,
    taken: Sent,
    restored: Sent,
}

/// `/orgs/{org}/products/{key}/tasks/{id}`
#[component]
pub fn TaskPageView() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let forms = Forms { moved: Sent::new(), taken: Sent::new(), restored: Sent::new() };
    let Forms { moved, taken, restored } = forms;
    let task = data(move || GetTask { org: org.get(), product: key.get(), id: id.get() })
        .after(moved)
        .after(taken)
        .after(restored)
        .live_item(&["Task", "Feature"], id);
    let view = move |data: TaskPage| view! { <TaskView data org=org.get_untracked() forms /> }.into_any();
    view! {
        <div class="item-page">
            <Load of=task view />
            <Comments subject=Subject::Task org key id />
            <History org entity="Task" item=id after=vec![moved, taken, restored] />
        </div>
    }
}

/// Text at the left; status and facts at the right.
#[component]
fn TaskView(data: TaskPage, org: String, forms: Forms) -> impl IntoView {
    let TaskPage { role, user_id, product, task, today, named } = data;
    let base = format!("/orgs/{org}/products/{}", product.key);
    let (live, may_write) = (task.deleted_at.is_none(), role.can(Perm::WorkWrite));
    let may_change = live && may_write;
    let restore = (!live && may_write).then(|| {
        view! { <RestoreButton org=org.clone() id=task.id.clone() label="Restore" sent=forms.restored /> }
    });
    let deleted = (!live).then(|| view! { <Notice>"This task is deleted. "{restore}</Notice> });
    let actions = may_change.then(|| {
        view! {
            <a class="button" href=format!("{base}/tasks/{}/edit", task.id)><IconView icon=Icon::Edit />"Edit"</a>
            <DeleteButton org=org.clone() id=task.id.clone() />
        }
    });
    view! {
        <div class="item-head">
            <PageHead title=task.title.clone() reference=reference(&product.key, task.number) crumbs=crumbs(&org, &product)>{actions}</PageHead>
            {deleted}
        </div>
        <div class="columns">
            <div class="stack">
                <section class="card" aria-label="Description">
                    <LinkedProse text=task.description.clone().unwrap_or_default() links=named empty="No description yet." />
                </section>
            </div>
            <div class="stack">
                <StatusPanel org=org.clone() id=task.id.clone() status=task.status may_change moved=forms.moved />
                <AssigneePanel org task=task.clone() user_id may_change taken=forms.taken />
                <Facts task base today />
            </div>
        </div>
    }
}

/// Where the work stands; for those who may, each status is a button.
#[component]
fn StatusPanel(org: String, id: String, status: TaskStatus, may_change: bool, moved: Sent) -> impl IntoView {
    let button = |to: TaskStatus| view! { <button type="submit" class="button small" name="status" value=to.word()>{to.label()}</button> };
    let form = may_change.then(|| {
        view! {
            <ServerForm to=MoveTask::PATH sent=moved>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <div class="actions" role="group" aria-label="Move to">
                    {TaskStatus::ALL.into_iter().filter(|to| *to != status).map(button).collect_view()}
                </div>
            </ServerForm>
        }
    });
    view! {
        <section class="card" aria-labelledby="status">
            <div class="card-head">
                <h2 id="status">"Status"</h2>
                <StatusBadge status />
            </div>
            {form}
        </section>
    }
}

/// Who does it; for those who may, with a way to take it on or to give it back.
#[component]
fn AssigneePanel(org: String, task: Task, user_id: String, may_change: bool, taken: Sent) -> impl IntoView {
    let mine = task.assignee_id.as_deref() == Some(&user_id);
    let (wanted, label) = if mine { ("false", "Give it back") } else { ("true", "Assign to me") };
    let id = task.id.clone();
    let form = may_change.then(|| {
        view! {
            <ServerForm to=TakeTask::PATH sent=taken>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="wanted" value=wanted />
                <Submit label=label class="small" />
            </ServerForm>
        }
    });
    view! {
        <section class="card" aria-labelledby="assignee">
            <div class="card-head">
                <h2 id="assignee">"Assignee"</h2>
                {assignee(&task)}
            </div>
            {form}
        </section>
    }
}

/// Urgency, feature and dates.
#[component]
fn Facts(task: Task, base: String, today: Timestamp) -> impl IntoView {
    let feature = match task.feature_id.clone().zip(task.feature_title.clone()) {
        Some((id, title)) => view! {
            <span class="named">
                <a href=format!("{base}/features/{id}") dir="auto">{title}</a>
                <Reference number=task.feature_number />
            </span>
        }
        .into_any(),
        None => view! { <span class="muted">"None"</span> }.into_any(),
    };
    let done = task.completed_at.map(|at| view! { <div><dt>"Done"</dt><dd>{day(at)}</dd></div> });
    view! {
        <section class="card" aria-label="Details">
            <dl class="facts">
                <div><dt>"Priority"</dt><dd><PriorityBadge priority=task.priority /></dd></div>
                <div><dt>"Due"</dt><dd>{due_on(&task, today)}</dd></div>
                <div><dt>"Feature"</dt><dd>{feature}</dd></div>
                {done}
                <div><dt>"Added"</dt><dd>{day(task.created_at)}</dd></div>
                <div><dt>"Changed"</dt><dd>{day(task.updated_at)}</dd></div>
            </dl>
        </section>
    }
}

/// Deletes the task; the list it leads to offers to undo that.
#[component]
fn DeleteButton(org: String, id: String) -> impl IntoView {
    view! {
        <ServerForm to=DeleteTask::PATH>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <Submit label="Delete" class="danger" />
        </ServerForm>
    }
}
