//! One entry of the log.

use leptos::prelude::*;

use crate::audit::model::{AuditEntry, Change, Origin};

/// Entries, newest first; each opens. `base` is the address of the organisation.
#[component]
pub fn Entries(entries: Vec<AuditEntry>, base: String, label: &'static str) -> impl IntoView {
    let entries = entries.into_iter().map(|entry| view! { <li><Entry entry base=base.clone() /></li> }).collect_view();
    view! { <ol class="log" aria-label=label>{entries}</ol> }
}

/// When, who and what; opened, also what it was before and where it came from.
#[component]
fn Entry(entry: AuditEntry, base: String) -> impl IntoView {
    let AuditEntry { at, when, who, what, entity, name, path, changes, origin, .. } = entry;
    // What is told of where it came from is something, too.
    let tells = !changes.is_empty() || origin.is_none();
    let page = path.map(|path| view! { <a href=format!("{base}{path}")>{format!("Open this {}", entity.to_lowercase())}</a> });
    view! {
        <details class="log-entry">
            <summary>
                <time class="muted" datetime=at>{when}</time>
                <span class="strong" dir="auto">{who}</span>
                <span>{format!("{entity}: {}", what.to_lowercase())}</span>
                {name.map(|name| view! { <span class="log-name" dir="auto">{name}</span> })}
            </summary>
            <div class="log-body">
                {tells.then(|| view! { <Changes changes /> })}
                {origin.map(|origin| view! { <OriginFacts origin /> })}
                {page}
            </div>
        </details>
    }
}

/// Each changed field before and after.
#[component]
fn Changes(changes: Vec<Change>) -> impl IntoView {
    if changes.is_empty() {
        return view! { <p class="muted">"Nothing more is recorded of this."</p> }.into_any();
    }
    let cell = |value: Option<String>| match value {
        Some(value) => view! { <td class="prose" dir="auto">{value}</td> }.into_any(),
        None => view! { <td class="muted">"–"</td> }.into_any(),
    };
    let rows = changes
        .into_iter()
        .map(|change| view! { <tr><th scope="row">{change.field}</th>{cell(change.before)}{cell(change.after)}</tr> })
        .collect_view();
    view! {
        <table class="table">
            <caption class="visually-hidden">"What changed"</caption>
            <thead><tr><th scope="col">"Field"</th><th scope="col">"Before"</th><th scope="col">"After"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// Address and browser.
#[component]
fn OriginFacts(origin: Origin) -> impl IntoView {
    let fact = |label: &'static str, value: Option<String>| value.map(|value| view! { <div><dt>{label}</dt><dd>{value}</dd></div> });
    view! { <dl class="facts">{fact("IP address", origin.address)}{fact("Browser", origin.browser)}</dl> }
}
