//! The roadmap as a table in which dates are typed: all that can be done by pointer on the timeline.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::super::api::PlaceItem;
use super::super::model::{Day, Item, Kind, Roadmap, Row, in_table};
use super::{ItemBadge, ItemLink, Place};
use crate::ui::form::{Sent, ServerForm, field_error, first_value};

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
    let dates = if movable { view! { <DatesForm item=item.clone() org=place.org /> }.into_any() } else { item.when().into_any() };
    view! {
        <tr>
            <th scope="row" class="roadmap-item" class:inside=inside>
                <ItemLink item=item.clone() product=place.product />
                {waits}
            </th>
            <td class="wide-only">{item.kind.label()}</td>
            <td class="wide-only"><ItemBadge item=item /></td>
            <td>{dates}</td>
        </tr>
    }
}

/// The dates of one item, to be changed. What was typed stays, since what is stored is the same.
#[component]
fn DatesForm(item: Item, org: String) -> impl IntoView {
    let sent = Sent::new();
    let fields: Vec<(&'static str, &'static str, Option<Day>)> = match item.kind {
        Kind::Epic => vec![("start", "Start", item.start), ("end", "End", item.end)],
        Kind::Feature => vec![("start", "Start", item.start), ("end", "Due date", item.end)],
        Kind::Release => vec![("end", "Target date", item.end)],
    };
    let (id, title) = (item.id.clone(), item.title.clone());
    view! {
        <ServerForm to=PlaceItem::PATH class="dates-form" sent row=item.id.clone()>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="kind" value=item.kind.word() />
            <input type="hidden" name="id" value=item.id.clone() />
            {fields
                .into_iter()
                .map(|(name, label, day)| view! { <DateField name label day id=id.clone() title=title.clone() /> })
                .collect_view()}
            <button type="submit" class="button small" aria-label=format!("Save the dates of “{title}”")>"Save"</button>
            <span class="muted" role="status">{move || (sent.times() > 0).then_some("Saved")}</span>
        </ServerForm>
    }
}

/// A date of one item. Many of these are on a page, so that the item is part of its name.
#[component]
fn DateField(name: &'static str, label: &'static str, day: Option<Day>, id: String, title: String) -> impl IntoView {
    let error = field_error(name);
    let wrong = format!("{name}-{id}-error");
    view! {
        <span class="date-field">
            <input
                type="date"
                name=format!("form[{name}]")
                aria-label=format!("{label} of “{title}”")
                value=first_value(name, day.map(Day::text).unwrap_or_default())
                aria-invalid=move || error.get().is_some().to_string()
                aria-describedby=wrong.clone()
            />
            <span class="field-error" id=wrong>{move || error.get()}</span>
        </span>
    }
}
