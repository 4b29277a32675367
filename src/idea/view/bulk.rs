//! Changing many ideas of the list at once.

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::idea::api::bulk::{BulkIdeas, UndoBulk};
use crate::idea::model::{BulkNotice, IdeaQuery, IdeaStatus};
use crate::ui::form::{Sent, ServerForm, Submit, field_error, first_value, was_ticked};
use crate::ui::layout::Notice;
use crate::ui::page::once_alive;

/// What the box that ticks all the others says, once somebody has used it.
#[derive(Clone, Copy, Default)]
pub struct TickAll(RwSignal<Option<bool>>);

impl TickAll {
    /// The head of the column of boxes. Its box needs scripts, and is hidden without them.
    pub fn heading(self) -> impl IntoView {
        view! {
            <th scope="col" class="tick">
                <span class="visually-hidden">"Tick"</span>
                <input
                    type="checkbox"
                    aria-label="Tick all on this page"
                    on:change=move |event| self.0.set(Some(event_target_checked(&event)))
                />
            </th>
        }
    }
}

/// The box that says that an idea is meant.
#[component]
pub fn Tick(all: TickAll, id: String, title: String) -> impl IntoView {
    let was = was_ticked("ids", &id);
    view! {
        <td class="tick">
            <input
                type="checkbox"
                name="form[ids][]"
                value=id
                aria-label=format!("Tick {title}")
                checked=was
                prop:checked=move || all.0.get().or_else(|| once_alive(was))
            />
        </td>
    }
}

/// The list that a form is about, so that the server finds the same.
#[component]
pub fn ListInputs(query: IdeaQuery) -> impl IntoView {
    view! {
        <input type="hidden" name="view[sort]" value=query.sort.word() />
        {query.status.map(|status| view! { <input type="hidden" name="view[status]" value=status.word() /> })}
        {query.tag.map(|tag| view! { <input type="hidden" name="view[tag]" value=tag /> })}
        {query.deleted.then(|| view! { <input type="hidden" name="view[deleted]" value="true" /> })}
    }
}

/// The form around the table: the boxes in it belong to the bar below it.
#[component]
pub fn BulkArea(org: String, product: String, query: IdeaQuery, more: bool, children: Children) -> impl IntoView {
    let at = query.cursor.as_ref().map(|cursor| cursor.encode()).unwrap_or_default();
    view! {
        <ServerForm to=BulkIdeas::PATH class="bulk">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="product" value=product />
            <input type="hidden" name="at" value=at />
            <ListInputs query />
            {children()}
            <BulkBar more />
        </ServerForm>
    }
}

/// What to do with the ideas that are ticked. The style sheet shows the field that belongs to what is chosen.
#[component]
fn BulkBar(more: bool) -> impl IntoView {
    let chosen = first_value("action", "status".into());
    let option =
        move |(value, label): (&'static str, &'static str)| view! { <option value=value selected=chosen == value>{label}</option> };
    let actions = [
        ("status", "Set status"),
        ("add_tag", "Add tag"),
        ("remove_tag", "Remove tag"),
        ("priority", "Set priority"),
        ("delete", "Delete"),
    ];
    let status = first_value("status", String::new());
    let statuses =
        IdeaStatus::ALL.map(|to| view! { <option value=to.word() selected=status == to.word()>{to.label()}</option> }).collect_view();
    let (tag_error, priority_error) = (field_error("tag"), field_error("priority"));
    view! {
        <fieldset class="bulk-bar">
            <legend>"Change the ticked ideas"</legend>
            {more.then(|| view! {
                <label class="check"><input type="checkbox" name="form[all]" value="on" />"Every idea of this list, on all its pages"</label>
            })}
            <select name="form[action]" aria-label="What to do">{actions.map(option).collect_view()}</select>
            <select name="form[status]" aria-label="New status" class="for-status">{statuses}</select>
            <input
                name="form[tag]"
                class="for-tag"
                aria-label="One tag"
                placeholder="Tag"
                autocomplete="off"
                dir="auto"
                value=first_value("tag", String::new())
                aria-invalid=move || tag_error.get().is_some().to_string()
                aria-describedby="bulk-error"
            />
            <input
                name="form[priority]"
                class="for-priority"
                type="number"
                min="0"
                max="100"
                aria-label="New priority"
                placeholder="0–100"
                value=first_value("priority", String::new())
                aria-invalid=move || priority_error.get().is_some().to_string()
                aria-describedby="bulk-error"
            />
            <Submit label="Apply" class="small" />
            <p class="field-error" id="bulk-error">{move || tag_error.get().or_else(|| priority_error.get())}</p>
        </fieldset>
    }
}

/// What a change of many ideas did, and the way to take it back.
#[component]
pub fn BulkTold(notice: BulkNotice, org: String, undone: Sent) -> impl IntoView {
    let BulkNotice { id, summary, changed, open, restored } = notice;
    let told = match restored {
        None => summary,
        Some(restored) if restored == changed => "Undone. Everything is as it was.".into(),
        Some(restored) => format!("Undone for {restored} of {changed} ideas. The others had been changed since, and stay."),
    };
    let undo = open.then(|| {
        view! {
            <ServerForm to=UndoBulk::PATH class="inline" sent=undone>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <Submit label="Undo" class="small" />
            </ServerForm>
        }
    });
    view! { <Notice><span dir="auto">{told}</span>{undo}</Notice> }
}
