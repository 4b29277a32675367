//! The roadmap as a table in which dates are typed: all that can be done by pointer on the timeline.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::super::api::PlaceItem;
use super::super::model::{Day, Item, Kind, PlaceForm, Roadmap, Row, Span, in_table};
use super::{ItemBadge, ItemLink, Place};
use crate::kernel::version::Edited;
use crate::ui::form::{KeptVersion, Sent, ServerForm, field_error, field_saved, first_value};
use crate::ui::page::once_alive;
use crate::ui::reference::Reference;

/// All items, with dates or without.
#[component]
pub fn Table(place: Place, data: Roadmap) -> impl IntoView {
    let row = |row: Row| {
        let waits_for = data.waits_for(&row.item.id);
        let movable = row.item.is_movable(data.role);
        view! { <TableRow item=row.item.clone() inside=row.inside waits_for movable place=place.clone() /> }
    };
    let rows = in_table(&data.items).into_iter().map(row).collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Roadmap">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Item"</th>
                        <th scope="col" class="wide-only">"Kind"</th>
                        <th scope="col" class="wide-only">"Status"</th>
                        <th scope="col">"Dates"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn TableRow(item: Item, inside: bool, waits_for: Vec<String>, movable: bool, place: Place) -> impl IntoView {
    let waits = (!waits_for.is_empty()).then(|| view! { <p class="hint" dir="auto">{format!("Waits for {}", waits_for.join(", "))}</p> });
    let dates =
        if movable { view! { <DatesForm item=item.clone() org=place.org product=place.key /> }.into_any() } else { item.when().into_any() };
    view! {
        <tr>
            <th scope="row" class="roadmap-item" class:inside=inside>
                <ItemLink item=item.clone() product=place.product />
                <Reference number=item.number />
                {waits}
            </th>
            <td class="wide-only">{item.kind.label()}</td>
            <td class="wide-only"><ItemBadge item=item /></td>
            <td>{dates}</td>
        </tr>
    }
}

/// A date of an item, as it stands in its field and as it is saved.
#[derive(Clone, Copy)]
struct DateEntry {
    name: &'static str,
    label: &'static str,
    typed: RwSignal<String>,
    saved: RwSignal<String>,
}

impl DateEntry {
    fn new(name: &'static str, label: &'static str, day: Option<Day>) -> DateEntry {
        let saved = day.map(Day::text).unwrap_or_default();
        DateEntry { name, label, typed: RwSignal::new(saved.clone()), saved: RwSignal::new(saved) }
    }
}

/// The dates that stand in the fields.
fn typed(entries: &[DateEntry]) -> Option<Span> {
    let of = |name: &str| entries.iter().find(|entry| entry.name == name).map(|entry| entry.typed.get_untracked()).unwrap_or_default();
    PlaceForm { start: of("start"), end: of("end") }.validate().ok()
}

/// The dates of one item, to be changed. The form stays, and can be changed again.
#[component]
fn DatesForm(item: Item, org: String, product: String) -> impl IntoView {
    let sent = Sent::new();
    let entries = match item.kind {
        Kind::Epic => vec![DateEntry::new("start", "Start", item.start), DateEntry::new("end", "End", item.end)],
        Kind::Feature => vec![DateEntry::new("start", "Start", item.start), DateEntry::new("end", "Due date", item.end)],
        Kind::Release => vec![DateEntry::new("end", "Target date", item.end)],
    };
    let (id, title, fields) = (item.id.clone(), item.title.clone(), entries.clone());
    let now = move || {
        entries.iter().for_each(|entry| entry.saved.set(entry.typed.get_untracked()));
        typed(&entries).map(|span| span.version())
    };
    view! {
        <ServerForm to=PlaceItem::PATH class="dates-form" sent row=item.id.clone()>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="product" value=product />
            <input type="hidden" name="kind" value=item.kind.word() />
            <input type="hidden" name="id" value=item.id.clone() />
            <KeptVersion of=item.span().version() sent now />
            {fields.into_iter().map(|entry| view! { <DateField entry id=id.clone() title=title.clone() /> }).collect_view()}
            <button type="submit" class="button small" aria-label=format!("Save the dates of “{title}”")>"Save"</button>
            <span class="muted" role="status">{move || (sent.times() > 0).then_some("Saved")}</span>
        </ServerForm>
    }
}

/// A date of one item. Many of these are on a page, so that the item is part of its name.
#[component]
fn DateField(entry: DateEntry, id: String, title: String) -> impl IntoView {
    let DateEntry { name, label, typed, saved } = entry;
    let (error, theirs) = (field_error(name), field_saved(name));
    let wrong = format!("{name}-{id}-error");
    // What was typed before a refusal stands in the field again, without scripts too.
    let first = first_value(name, typed.get_untracked());
    typed.set(first.clone());
    saved.set(first);
    let told = move || {
        let day = |text: String| Day::parse(&text).map_or_else(|| "nothing".to_owned(), Day::words);
        error.get().or_else(|| theirs.get().map(|text| format!("Saved now: {}", day(text))))
    };
    view! {
        <span class="date-field">
            <input
                type="date"
                name=format!("form[{name}]")
                aria-label=format!("{label} of “{title}”")
                // The attribute tells what is typed and not saved from the rest, see `ui::live`.
                value=move || saved.get()
                prop:value=move || once_alive(typed.get())
                on:input=move |event| typed.set(event_target_value(&event))
                aria-invalid=move || error.get().is_some().to_string()
                aria-describedby=wrong.clone()
            />
            <span class="field-error" id=wrong>{told}</span>
        </span>
    }
}
