//! The list of a product's tasks.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::{StatusBadge, assignee, due_on};
use crate::feature::view::PriorityBadge;
use crate::kernel::page::{Cursor, Page};
use crate::kernel::priority::Priority;
use crate::kernel::role::Perm;
use crate::kernel::time::{Timestamp, day};
use crate::org::view::param;
use crate::task::api::{ListTasks, RestoreTask};
use crate::task::model::{Task, TaskList, TaskQuery, TaskSort, TaskStatus};
use crate::transfer::model::{Kind, TransferPage};
use crate::transfer::view::TransferLink;
use crate::ui::board::ListOrBoard;
use crate::ui::form::{Sent, ServerForm, Submit};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Crumb, Empty, Notice, PageHead, Pager};
use crate::ui::load::{Load, data};
use crate::ui::reference::Reference;
use crate::ui::select::FilterSelect;

/// `/orgs/{org}/products/{key}/tasks`
#[component]
pub fn TaskListPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(|params| TaskQuery::of_params(|name| params.get(name))));
    let just_deleted = Signal::derive(move || params.with(|params| params.get("deleted")));
    let tasks = data(move || ListTasks { org: org.get(), product: key.get(), query: query.get() }).live(&["Task", "Feature"]);
    let view = move |data: TaskList| {
        view! { <TaskListView data org=org.get_untracked() query=query.get_untracked() just_deleted=just_deleted.get_untracked() /> }
            .into_any()
    };
    view! { <Load of=tasks view /> }
}

/// Head, filters, table and the ways on.
#[component]
fn TaskListView(data: TaskList, org: String, query: TaskQuery, just_deleted: Option<String>) -> impl IntoView {
    let product = format!("/orgs/{org}/products/{}", data.product.key);
    let base = format!("{product}/tasks");
    let crumbs = vec![Crumb::new("Portfolio", format!("/orgs/{org}/products")), Crumb::new(data.product.name.clone(), product.clone())];
    let may_write = data.role.can(Perm::WorkWrite);
    let new = may_write.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New task"</a> });
    let transfer = data.role.can(TransferPage::PERM).then(|| view! { <TransferLink product=product.clone() kind=Kind::Tasks /> });
    let slug = org.clone();
    let undo = just_deleted.filter(|_| may_write).map(|id| {
        view! { <Notice>"The task is deleted. "<RestoreButton org=slug id label="Undo" /></Notice> }
    });
    let assignees = data.assignees();
    let TaskList { page, feature, today, .. } = data;
    let of_feature = query.feature.clone().map(|id| {
        let all = query.with(|q| q.feature = None).params();
        let name = feature.map_or_else(|| "a feature that is not here any more".to_owned(), |feature| feature.name);
        let href = format!("{product}/features/{id}");
        view! { <p class="muted">"Only of the feature "<a href=href dir="auto">{name}</a>". "<a href=format!("{base}{all}")>"Show those of all features"</a></p> }
    });
    let body = if page.rows.is_empty() {
        view! { <NoTasks query=query.clone() may_write base=base.clone() /> }.into_any()
    } else {
        let restore = (query.deleted && may_write).then_some(org);
        view! { <TaskTable page base=base.clone() query=query.clone() today restore /> }.into_any()
    };
    view! {
        <PageHead title="Tasks" crumbs>{transfer}{new}</PageHead>
        {undo}
        <ListOrBoard list=base.clone() board=format!("{base}/board") on_board=false />
        <Filters base query may_write assignees />
        {of_feature}
        {body}
    }
}

/// Narrows the list by status, assignee and priority.
#[component]
fn Filters(base: String, query: TaskQuery, may_write: bool, assignees: Vec<(String, String)>) -> impl IntoView {
    let tab = |label: &'static str, to: TaskQuery, here: bool| {
        view! { <li><a href=format!("{base}{}", to.params()) aria-current=here.then_some("page")>{label}</a></li> }
    };
    let to = |status, overdue, deleted| query.with(|q| (q.status, q.overdue, q.deleted) = (status, overdue, deleted));
    let all = tab("All", to(None, false, false), query.status.is_none() && query.show().is_none());
    let statuses =
        TaskStatus::ALL.map(|status| tab(status.label(), to(Some(status), false, false), query.status == Some(status))).collect_view();
    let overdue = tab("Overdue", to(None, true, false), query.show() == Some("overdue"));
    let deleted = may_write.then(|| tab("Deleted", to(None, false, true), query.deleted));
    let narrowed = query.assignee.is_some() || query.priority.is_some();
    let clear = narrowed.then(|| {
        let to = query.with(|q| (q.assignee, q.priority) = (None, None)).params();
        view! { <a class="button quiet small" href=format!("{base}{to}")>"Clear"</a> }
    });
    let sorts = TaskSort::ALL.map(|sort| tab(sort.label(), query.with(|q| q.sort = sort), query.sort == sort)).collect_view();
    let sort = (query.sort != TaskSort::default()).then_some(query.sort);
    view! {
        <div class="filters">
            <nav aria-label="Filter by status"><ul class="tabs">{all}{statuses}{overdue}{deleted}</ul></nav>
            <nav aria-label="Order by" class="narrow-only"><ul class="tabs">{sorts}</ul></nav>
            <form method="get" action=base.clone() class="tag-filter" role="search" aria-label="Filter by assignee and priority">
                {sort.map(|sort| view! { <input type="hidden" name="sort" value=sort.word() /> })}
                {query.status.map(|status| view! { <input type="hidden" name="status" value=status.word() /> })}
                {query.show().map(|show| view! { <input type="hidden" name="show" value=show /> })}
                {query.feature.clone().map(|feature| view! { <input type="hidden" name="feature" value=feature /> })}
                <FilterSelect name="assignee" label="Assignee" all="Anybody" options=assignees value=query.assignee.clone().unwrap_or_default() />
                <FilterSelect name="priority" label="Priority" all="Any priority" options=Priority::options() value=query.priority.map(Priority::word).unwrap_or_default() />
                <button class="button small">"Filter"</button>
                {clear}
            </form>
        </div>
    }
}

/// What stands in place of tasks, and what to do about it.
#[component]
fn NoTasks(query: TaskQuery, may_write: bool, base: String) -> impl IntoView {
    if query.deleted {
        return view! { <Empty icon=Icon::Trash title="Nothing deleted" text="Tasks that are deleted can be brought back from here." /> }
            .into_any();
    }
    if query.is_filtered() {
        return view! {
            <Empty icon=Icon::Check title="No task matches" text="Nothing here has what you ask for.">
                <a class="button" href=base>"Show all tasks"</a>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty icon=Icon::Check title="No tasks yet" text="Write down who does what by when. A task can be a part of a feature, or stand for itself.">
            {may_write.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New task"</a> })}
        </Empty>
    }
    .into_any()
}

/// The tasks of a page. `restore` is the organisation, where deleted ones can be brought back.
#[component]
fn TaskTable(page: Page<Task>, base: String, query: TaskQuery, today: Timestamp, restore: Option<String>) -> impl IntoView {
    let step = |cursor: Option<Cursor>, label: &'static str| {
        cursor.map(|cursor| {
            let to = TaskQuery { cursor: Some(cursor), ..query.clone() };
            view! { <a class="button" href=format!("{base}{}", to.params())>{label}</a> }
        })
    };
    let (previous, next) = (step(page.previous.clone(), "Previous"), step(page.next.clone(), "Next"));
    let by = |sort: TaskSort, class: &'static str| {
        let here = (query.sort == sort && !query.deleted).then_some(sort.way());
        let to = query.with(|q| (q.sort, q.deleted) = (sort, false)).params();
        view! { <th scope="col" class=class aria-sort=here><a href=format!("{base}{to}")>{sort.label()}</a></th> }
    };
    let (priority, due, added) =
        (by(TaskSort::Priority, "wide-only"), by(TaskSort::Due, "number"), by(TaskSort::Newest, "number wide-only"));
    let range = page.range();
    let rows = page
        .rows
        .into_iter()
        .map(|task| {
            let restore = restore.clone().map(|org| view! { <RestoreButton org id=task.id.clone() label="Restore" /> }.into_any());
            view! { <TaskRow task base=base.clone() today restore /> }
        })
        .collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Tasks">
            <table class="table stacked">
                <caption class="visually-hidden">"Tasks"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Task"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col" class="wide-only">"Assignee"</th>
                        {priority}
                        {due}
                        {added}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pager range>{previous}{next}</Pager>
    }
}

#[component]
fn TaskRow(task: Task, base: String, today: Timestamp, restore: Option<AnyView>) -> impl IntoView {
    let feature = task.feature_title.clone().map(|title| view! { <span class="muted clip" dir="auto">{title}</span> });
    view! {
        <tr>
            <th scope="row">
                <div class="idea-cell">
                    <a class="idea-title" href=format!("{base}/{}", task.id) dir="auto">{task.title.clone()}</a>
                    <Reference number=task.number />
                    {feature}
                    {restore}
                </div>
            </th>
            <td class="corner"><StatusBadge status=task.status /></td>
            <td class="wide-only">{assignee(&task)}</td>
            <td class="wide-only"><PriorityBadge priority=task.priority /></td>
            <td class="number" data-label="Due">{due_on(&task, today)}</td>
            <td class="number wide-only muted">{day(task.created_at)}</td>
        </tr>
    }
}

/// Brings a task back.
#[component]
pub fn RestoreButton(org: String, id: String, label: &'static str, #[prop(optional)] sent: Option<Sent>) -> impl IntoView {
    view! {
        <ServerForm to=RestoreTask::PATH class="inline" sent=sent.unwrap_or_default()>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <Submit label=label class="small" />
        </ServerForm>
    }
}
