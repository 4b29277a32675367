//! What the reader has to do, over all products.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::{StatusBadge, due, due_day};
use crate::feature::view::{FeatureBadge, PriorityBadge};
use crate::kernel::role::Perm;
use crate::org::view::param;
use crate::task::api::{FinishTask, GetMyWork, MoveTask};
use crate::task::model::{MyFeature, MyGroup, MyTask, MyWork, Span, TaskStatus};
use crate::ui::form::{Sent, ServerForm};
use crate::ui::icon::Icon;
use crate::ui::layout::{Crumb, Empty, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::reference::Reference;
use crate::ui::rows::{anew, then_focus};

/// The forms that the rows' buttons belong to.
const START: &str = "start";
const FINISH: &str = "finish";

/// `/orgs/{org}/my-work`
#[component]
pub fn MyWorkPage() -> impl IntoView {
    let org = param("org");
    let (started, finished) = (Sent::new(), Sent::new());
    let work = data(move || GetMyWork { org: org.get() }).after(started).after(finished).live(&["Task", "Feature"]);
    then_focus(started, "open-tasks");
    then_focus(finished, "open-tasks");
    let view = move |work: MyWork| view! { <Work work org=org.get_untracked() started finished /> }.into_any();
    view! { <Load of=work view /> }
}

/// The groups, one below the other.
#[component]
fn Work(work: MyWork, org: String, started: Sent, finished: Sent) -> impl IntoView {
    let crumbs = vec![Crumb::new("Portfolio", format!("/orgs/{org}/products"))];
    let may_move = work.role.can(Perm::WorkWrite);
    let (here, also) = (org.clone(), org.clone());
    let forms = may_move.then(|| {
        view! {
            <ServerForm id=START to=MoveTask::PATH sent=started>
                <input type="hidden" name="org" value=here />
                <input type="hidden" name="status" value=TaskStatus::InProgress.word() />
            </ServerForm>
            <ServerForm id=FINISH to=FinishTask::PATH sent=finished><input type="hidden" name="org" value=also /></ServerForm>
        }
    });
    let features = (!work.features.is_empty()).then(|| view! { <Features features=work.features.clone() org=org.clone() /> });
    let body = if work.groups.is_empty() && work.features.is_empty() {
        view! {
            <Empty icon=Icon::Check title="Nothing to do" text="Tasks and features that are assigned to you stand here, from all products." />
        }
        .into_any()
    } else {
        work.groups.iter().cloned().map(|group| view! { <Group group org=org.clone() may_move /> }).collect_view().into_any()
    };
    let told = (!work.groups.is_empty()).then(|| work.told());
    view! {
        <PageHead title="My work" crumbs />
        <p id="open-tasks" class="muted" tabindex="-1">{told}</p>
        {forms}
        {body}
        {features}
    }
}

/// The features that the reader builds.
#[component]
fn Features(features: Vec<MyFeature>, org: String) -> impl IntoView {
    let (shown, total) = (features.len() as i64, features.first().map_or(0, |feature| feature.total));
    let cut = (shown < total).then(|| view! { <p class="muted">{format!("The first {shown} of {total} are shown.")}</p> });
    let row = move |feature: MyFeature| {
        let product = format!("/orgs/{org}/products/{}", feature.product_key);
        view! {
            <tr>
                <th scope="row">
                    <div class="idea-cell">
                        <a class="idea-title" href=format!("{product}/features/{}", feature.id) dir="auto">{feature.title}</a>
                        <Reference number=feature.number product=feature.product_key />
                        <span class="muted narrow-only" dir="auto">{feature.product_name.clone()}</span>
                        <span class="narrow-only">{due_day(feature.due_date, feature.overdue)}</span>
                    </div>
                </th>
                <td class="wide-only"><a href=product dir="auto">{feature.product_name}</a></td>
                <td class="wide-only"><PriorityBadge priority=feature.priority /></td>
                <td><FeatureBadge status=feature.status /></td>
                <td class="number wide-only">{due_day(feature.due_date, feature.overdue)}</td>
            </tr>
        }
    };
    view! {
        <section class="apart-section" aria-labelledby="my-features">
            <h2 id="my-features">"Features"<span class="muted">{format!(" {total}")}</span></h2>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Features that you build">
                <table class="table">
                    <caption class="visually-hidden">"Features"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Feature"</th>
                            <th scope="col" class="wide-only">"Product"</th>
                            <th scope="col" class="wide-only">"Priority"</th>
                            <th scope="col">"Status"</th>
                            <th scope="col" class="number wide-only">"Due"</th>
                        </tr>
                    </thead>
                    <tbody>{features.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            {cut}
        </section>
    }
}

/// The tasks of a group.
#[component]
fn Group(group: MyGroup, org: String, may_move: bool) -> impl IntoView {
    let MyGroup { span, tasks, total } = group;
    let heading = format!("group-{}", span.word());
    let shown = tasks.len() as i64;
    let cut = (shown < total).then(|| view! { <p class="muted">{format!("The first {shown} of {total} are shown.")}</p> });
    let row = |row: MyTask| {
        let org = org.clone();
        anew(move || view! { <Row row=row.clone() span org=org.clone() may_move /> })
    };
    view! {
        <section class="apart-section" aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>{span.label()}<span class="muted">{format!(" {total}")}</span></h2>
            <div class="table-scroll" tabindex="0" role="region" aria-label=format!("Tasks: {}", span.label())>
                <table class="table">
                    <caption class="visually-hidden">{span.label()}</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Task"</th>
                            <th scope="col" class="wide-only">"Product"</th>
                            <th scope="col" class="wide-only">"Priority"</th>
                            <th scope="col" class="wide-only">"Status"</th>
                            <th scope="col" class="number wide-only">"Due"</th>
                            <th scope="col"><span class="visually-hidden">"Move on"</span></th>
                        </tr>
                    </thead>
                    <tbody>{tasks.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            {cut}
        </section>
    }
}

/// A task, and the ways on from where it stands. On a narrow screen what there is to know stands under the title.
#[component]
fn Row(row: MyTask, span: Span, org: String, may_move: bool) -> impl IntoView {
    let MyTask { task, product_key, product_name, .. } = row;
    let (product, late) = (format!("/orgs/{org}/products/{product_key}"), span == Span::Overdue);
    let feature = task.feature_id.clone().zip(task.feature_title.clone()).map(|(id, title)| {
        view! { <a class="muted clip" href=format!("{product}/features/{id}") dir="auto">{title}</a> }
    });
    let button = |form: &'static str, label: &'static str| {
        let told = format!("{label}: {}", task.title);
        view! { <button type="submit" class="button small" form=form name="id" value=task.id.clone() aria-label=told>{label}</button> }
    };
    let buttons = may_move.then(|| {
        let start = (task.status == TaskStatus::Todo).then(|| button(START, "Start"));
        view! { <span class="actions">{start}{button(FINISH, "Done")}</span> }
    });
    view! {
        <tr>
            <th scope="row">
                <div class="idea-cell">
                    <a class="idea-title" href=format!("{product}/tasks/{}", task.id) dir="auto">{task.title.clone()}</a>
                    <Reference number=task.number product=product_key />
                    {feature}
                    <span class="muted narrow-only" dir="auto">{product_name.clone()}</span>
                    <span class="narrow-only"><StatusBadge status=task.status /></span>
                    <span class="narrow-only">{due(&task, late)}</span>
                </div>
            </th>
            <td class="wide-only"><a href=product.clone() dir="auto">{product_name}</a></td>
            <td class="wide-only"><PriorityBadge priority=task.priority /></td>
            <td class="wide-only"><StatusBadge status=task.status /></td>
            <td class="number wide-only">{due(&task, late)}</td>
            <td class="number">{buttons}</td>
        </tr>
    }
}
