//! The figures of a chart as a table.

use leptos::prelude::*;

use super::draw::Table;

/// A table that opens below the picture.
#[component]
pub fn TableView(title: String, table: Table) -> impl IntoView {
    let heading = |(at, name): (usize, String)| view! { <th scope="col" class:number={at > 0}>{name}</th> };
    let cell = |(at, text): (usize, String)| {
        if at == 0 { view! { <th scope="row">{text}</th> }.into_any() } else { view! { <td class="number">{text}</td> }.into_any() }
    };
    let row = move |cells: Vec<String>| view! { <tr>{cells.into_iter().enumerate().map(cell).collect_view()}</tr> };
    let label = format!("{title}: table");
    view! {
        <details class="chart-table">
            <summary>"Show as table"</summary>
            <div class="table-scroll" tabindex="0" role="region" aria-label=label>
                <table class="table">
                    <caption class="visually-hidden">{title}</caption>
                    <thead><tr>{table.columns.into_iter().enumerate().map(heading).collect_view()}</tr></thead>
                    <tbody>{table.rows.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
}
