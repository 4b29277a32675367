//! The organisation's audit log.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::entry::Entries;
use crate::audit::api::ListAudit;
use crate::audit::model::{AuditPage, AuditQuery, Choice};
use crate::kernel::page::Cursor;
use crate::org::view::param;
use crate::ui::icon::Icon;
use crate::ui::layout::{Crumb, Empty, PageHead, Pager};
use crate::ui::load::{Load, data};
use crate::ui::page::once_alive;

/// `/orgs/{org}/audit`
#[component]
pub fn AuditLogPage() -> impl IntoView {
    let org = param("org");
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(|params| AuditQuery::of_params(|name| params.get(name))));
    let log = data(move || ListAudit { org: org.get(), query: query.get() });
    let view = move |log: AuditPage| view! { <Log log org=org.get_untracked() query=query.get_untracked() /> }.into_any();
    view! { <Load of=log view /> }
}

/// Head, filters, entries and the ways on.
#[component]
fn Log(log: AuditPage, org: String, query: AuditQuery) -> impl IntoView {
    let org = format!("/orgs/{org}");
    let base = format!("{org}/audit");
    let whole = AuditQuery { cursor: None, ..query.clone() };
    let file = |name: &'static str, label: &'static str| {
        let href = format!("{base}/export.{name}{}", whole.params());
        view! { <a class="button" href=href download="" rel="external">{label}</a> }
    };
    let (csv, json) = (file("csv", "Export CSV"), file("jsonl", "Export JSON Lines"));
    let AuditPage { page, people, entities, actions, zone } = log;
    let step = |cursor: Option<Cursor>, label: &'static str| {
        cursor.map(|cursor| {
            let to = AuditQuery { cursor: Some(cursor), ..query.clone() };
            view! { <a class="button" href=format!("{base}{}", to.params())>{label}</a> }
        })
    };
    let range = page.range();
    let (previous, next) = (step(page.previous, "Newer"), step(page.next, "Older"));
    let body = if page.rows.is_empty() {
        view! { <Empty icon=Icon::History title="Nothing here" text="No entry of the log is of this person, kind, action and time." /> }
            .into_any()
    } else {
        view! { <Entries entries=page.rows base=org.clone() label="Entries" /> }.into_any()
    };
    view! {
        <PageHead title="Audit log" crumbs=vec![Crumb::new("Portfolio", format!("{org}/products"))]>{csv}{json}</PageHead>
        <Filters base=base.clone() query=query.clone() people entities actions zone />
        {body}
        <Pager range>{previous}{next}</Pager>
    }
}

/// Narrows the log, by a plain form whose fields stand in the address, and follow it: a browser that goes back would put in
/// what was typed last.
#[component]
fn Filters(
    base: String,
    query: AuditQuery,
    people: Vec<Choice>,
    entities: Vec<Choice>,
    actions: Vec<Choice>,
    zone: String,
) -> impl IntoView {
    let clear = query.is_filtered().then(|| view! { <a class="button quiet" href=base.clone()>"Show all"</a> });
    let item = query.item.clone().map(|item| view! { <input type="hidden" name="item" value=item /> });
    view! {
        <form method="get" action=base class="log-filter" autocomplete="off" role="search" aria-label="Filter the log">
            {item}
            <Pick name="person" label="Person" all="Everybody" choices=people chosen=query.person />
            <Pick name="entity" label="Kind" all="Everything" choices=entities chosen=query.entity />
            <Pick name="action" label="Action" all="Any action" choices=actions chosen=query.action />
            <Day name="from" label=format!("From ({zone})") value=query.from />
            <Day name="to" label=format!("To ({zone})") value=query.to />
            <div class="actions"><button class="button">"Filter"</button>{clear}</div>
        </form>
    }
}

/// One of the choices, or all. What was chosen stays, even if it is no choice any more, as after somebody has left.
#[component]
fn Pick(name: &'static str, label: &'static str, all: &'static str, mut choices: Vec<Choice>, chosen: Option<String>) -> impl IntoView {
    if let Some(value) = chosen.clone().filter(|chosen| !choices.iter().any(|choice| choice.value == *chosen)) {
        choices.push(Choice { label: value.clone(), value });
    }
    let options = choices
        .into_iter()
        .map(|choice| {
            let selected = chosen.as_ref() == Some(&choice.value);
            view! { <option value=choice.value selected=selected prop:selected=once_alive(selected)>{choice.label}</option> }
        })
        .collect_view();
    view! { <label>{label}<select name=name><option value="" prop:selected=once_alive(chosen.is_none())>{all}</option>{options}</select></label> }
}

#[component]
fn Day(name: &'static str, label: String, value: Option<String>) -> impl IntoView {
    let value = value.unwrap_or_default();
    view! { <label>{label}<input type="date" name=name value=value.clone() prop:value=once_alive(value) /></label> }
}
