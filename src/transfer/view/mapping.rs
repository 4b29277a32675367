//! Which column is what, and the first rows as they would become.

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::transfer::api::MapImport;
use crate::transfer::model::{Field, Import, Preview, PreviewRow, columns};
use crate::ui::form::{CheckField, Sent, ServerForm, Submit};
use crate::ui::select::SelectField;

/// A choice of a column for each field, and what to do then.
#[component]
pub fn MappingForm(import: Import, org: String, mapped: Sent) -> impl IntoView {
    let headings = import.headings;
    let first = |field: &Field| if field.required() { "Choose a column" } else { "Leave out" };
    let mapping = import.mapping;
    let choice = move |field: &'static Field| {
        let columns = columns(field, &headings).into_iter().map(|column| (column.place.to_string(), column.label));
        let options = std::iter::once((String::new(), first(field).to_owned())).chain(columns).collect();
        let place = mapping.place(field.name).map(|place| place.to_string()).unwrap_or_default();
        view! { <SelectField name=field.name label=field.label options value=place /> }
    };
    view! {
        <section class="card" aria-labelledby="columns">
            <h2 id="columns">"Columns"</h2>
            <ServerForm to=MapImport::PATH sent=mapped class="stack">
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=import.id />
                <div class="mapping">{import.kind.fields().iter().map(choice).collect_view()}</div>
                <CheckField name="defaults" label="Take the default where a status, type or priority is not known, and nobody where somebody is no member" checked=import.defaults />
                <div class="actions">
                    <Submit label="Show the first rows" class="" />
                    <button type="submit" class="button" name="form[then]" value="check">"Check all rows"</button>
                    <button type="submit" class="button primary" name="form[then]" value="import">"Import"</button>
                </div>
            </ServerForm>
        </section>
    }
}

/// The first rows as they would become.
#[component]
pub fn PreviewTable(preview: Preview) -> impl IntoView {
    let columns = preview.fields.len().to_string();
    let row = move |row: PreviewRow| {
        let cells = row
            .cells
            .into_iter()
            .map(|cell| match cell.wrong {
                true => view! { <td class="wrong"><span class="visually-hidden">"Wrong: "</span>{cell.text}</td> }.into_any(),
                false => view! { <td dir="auto">{cell.text}</td> }.into_any(),
            })
            .collect_view();
        let wrong = row.wrong.map(|told| view! { <td class="wrong" colspan=columns.clone()>{told}</td> });
        view! { <tr><th scope="row" class="number">{row.line}</th>{wrong}{cells}</tr> }
    };
    view! {
        <h2>"First rows"</h2>
        <div class="table-scroll" tabindex="0" role="region" aria-label="First rows">
            <table class="table preview">
                <thead>
                    <tr>
                        <th scope="col" class="number">"Line"</th>
                        {preview.fields.into_iter().map(|field| view! { <th scope="col">{field}</th> }).collect_view()}
                    </tr>
                </thead>
                <tbody>{preview.rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
