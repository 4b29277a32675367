//! The launch checklist on a release's page.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::detail::Forms;
use super::{Progress, owners};
use crate::kernel::named::Named;
use crate::kernel::time::day;
use crate::release::api::checklist::{AddChecklistItem, ApplyTemplate, RemoveChecklistItem, TickChecklistItem};
use crate::release::model::{ChecklistItem, Template};
use crate::ui::fold::Fold;
use crate::ui::form::{CheckField, ServerForm, Submit, TextField, is_refused};
use crate::ui::rows::anew;
use crate::ui::select::SelectField;

/// What is to be done before the release goes out; READY waits for the required items. Once it is out, what was done.
#[component]
pub fn ChecklistPanel(
    items: Vec<ChecklistItem>,
    people: Vec<Named>,
    templates: Vec<Template>,
    org: String,
    id: String,
    page: String,
    plans: bool,
    works: bool,
    out: bool,
    forms: Forms,
) -> impl IntoView {
    let (plans, works) = (plans && !out, works && !out);
    let said = match (out, items.is_empty()) {
        (false, true) => Some("Nothing on the checklist yet. The release can become ready at once."),
        (false, false) => None,
        (true, true) => Some("The release went out without a checklist."),
        (true, false) => Some("The release is out. Its checklist stays as it was when it went out."),
    };
    let said = said.map(|said| view! { <p class="muted">{said}</p> });
    let (done, all) = (items.iter().filter(|item| item.completed).count() as i64, items.len() as i64);
    let list = items.into_iter().map(|item| view! { <ItemRow item page=page.clone() plans works /> }).collect_view();
    let of_tick = org.clone();
    let changes = plans.then(|| {
        let (of_remove, of_templates, same_id) = (org.clone(), org.clone(), id.clone());
        view! {
            <ServerForm id="remove-item" to=RemoveChecklistItem::PATH sent=forms.item_removed>
                <input type="hidden" name="org" value=of_remove />
            </ServerForm>
            <Templates templates org=of_templates id=same_id forms />
            <AddItem people org id forms />
        }
    });
    view! {
        <section class="card stack" aria-labelledby="checklist">
            <div class="card-head">
                <h2 id="checklist" tabindex="-1">"Launch checklist"</h2>
                <Progress label="Checklist done" done all />
            </div>
            {said}
            <ServerForm to=TickChecklistItem::PATH sent=forms.ticked>
                <input type="hidden" name="org" value=of_tick />
                <ul class="checklist" aria-labelledby="checklist">{list}</ul>
            </ServerForm>
            {changes}
        </section>
    }
}

/// An item; for those who may, its box is a button that ticks it.
#[component]
fn ItemRow(item: ChecklistItem, page: String, plans: bool, works: bool) -> impl IntoView {
    let mark = view! { <span class="box" class:met=item.completed aria-hidden="true"></span> };
    let said = if item.completed { "Done" } else { "Open" };
    let tick = if works {
        // The same button after it was pressed, so that the focus stays on it.
        let name = if item.completed { "untick" } else { "tick" };
        let (label, pressed) = (format!("Done: {}", item.title), item.completed.to_string());
        view! {
            <button type="submit" class="tick" name=name value=item.id.clone() aria-label=label aria-pressed=pressed>
                {mark}
            </button>
        }
        .into_any()
    } else {
        view! { <span class="tick">{mark}<span class="visually-hidden">{said}</span></span> }.into_any()
    };
    let about: Vec<String> = [
        item.required.then(|| "Required".to_owned()),
        item.assignee.clone(),
        item.due_date.map(|at| format!("due {}", day(at))),
        item.completed_at.map(|at| match &item.completed_by {
            Some(name) => format!("done {} by {name}", day(at)),
            None => format!("done {}", day(at)),
        }),
    ]
    .into_iter()
    .flatten()
    .collect();
    let change = plans.then(|| {
        let (id, remove) = (item.id.clone(), format!("Remove {}", item.title));
        let edit = format!("Edit {}", item.title);
        view! {
            <a class="button quiet small" href=format!("{page}/checklist/{}", item.id) aria-label=edit>"Edit"</a>
            {anew(move || {
                let (id, label) = (id.clone(), remove.clone());
                view! { <button type="submit" class="button quiet small" form="remove-item" name="id" value=id aria-label=label>"Remove"</button> }
            })}
        }
    });
    view! {
        <li>
            {tick}
            <span class="what">
                <span class="idea-title" dir="auto">{item.title}</span>
                <span class="muted" dir="auto">{about.join(" · ")}</span>
            </span>
            <span class="actions">{change}</span>
        </li>
    }
}

/// Copies what a template has and the checklist lacks.
#[component]
fn Templates(templates: Vec<Template>, org: String, id: String, forms: Forms) -> impl IntoView {
    let manage = format!("/orgs/{org}/settings/checklists");
    let apply = (!templates.is_empty()).then(|| {
        let options = templates.into_iter().map(|template| (template.id, format!("{} ({})", template.name, template.items))).collect();
        view! {
            <ServerForm to=ApplyTemplate::PATH sent=forms.applied class="add-row">
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <SelectField name="template" label="Template" options />
                <Submit label="Apply template" class="" />
            </ServerForm>
        }
    });
    view! {
        {apply}
        <p class="hint"><a href=manage>"Checklist templates"</a></p>
    }
}

/// Adds an item.
#[component]
fn AddItem(people: Vec<Named>, org: String, id: String, forms: Forms) -> impl IntoView {
    view! {
        <Fold label="Add an item" open=is_refused(AddChecklistItem::PATH)>
            <ServerForm to=AddChecklistItem::PATH sent=forms.item_added class="stack" emptied=true>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <ItemFields item=None people />
                <div class="actions"><Submit label="Add item" class="" /></div>
            </ServerForm>
        </Fold>
    }
}

/// The fields that adding and changing an item share.
#[component]
pub fn ItemFields(item: Option<ChecklistItem>, people: Vec<Named>) -> impl IntoView {
    let required = item.as_ref().is_none_or(|item| item.required);
    let due = crate::kernel::day::typed(item.as_ref().and_then(|item| item.due_date));
    let (title, owner) = item.map(|item| (item.title, item.assignee_id.unwrap_or_default())).unwrap_or_default();
    view! {
        <TextField name="item" label="What is to be done" value=title required=true />
        <CheckField name="required" label="The release waits for it" checked=required />
        <SelectField name="owner" label="Owner" options=owners(people) value=owner />
        <TextField name="due" label="Due" value=due kind="date" />
    }
}
