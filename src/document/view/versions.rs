//! The versions of a document, and how two of them differ.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::change::Compared;
use super::{DocumentBadge, address, crumbs};
use crate::document::api::version::{ListVersions, RestoreVersion};
use crate::document::model::{Look, VersionPage, VersionQuery, VersionRow};
use crate::kernel::page::{Cursor, Page};
use crate::kernel::text::grouped;
use crate::kernel::time::moment;
use crate::ui::form::{ServerForm, Submit};
use crate::ui::layout::{Crumb, PageHead, Pager};
use crate::ui::load::{Load, data};
use crate::ui::select::FilterSelect;

/// `/orgs/{org}/documents/{id}/versions` and the same of a product, with `?from=&to=&look=` for two that are compared
#[component]
pub fn DocumentVersionsPage() -> impl IntoView {
    let (org, key, id) = address();
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(|params| VersionQuery::of_params(|name| params.get(name))));
    let versions = data(move || ListVersions { org: org.get(), product: key.get(), id: id.get(), query: query.get() })
        .live_item(&["Document", "DocumentReview"], id);
    let view = move |data: VersionPage| view! { <VersionsView data org=org.get_untracked() query=query.get_untracked() /> }.into_any();
    view! { <Load of=versions view /> }
}

#[component]
fn VersionsView(data: VersionPage, org: String, query: VersionQuery) -> impl IntoView {
    let VersionPage { role, product, document, page, compared } = data;
    let href = document.href(&org);
    let base = format!("{href}/versions");
    let mut crumbs = crumbs(&org, product.as_ref());
    crumbs.push(Crumb::new(document.title.clone(), href.clone()));
    let now = document.version;
    let restores = document.deleted_at.is_none() && document.status.changeable_by(role);
    let shown = compared.map(|(older, newer, diff)| {
        view! { <Compared older newer diff look=query.look base=base.clone() /> }
    });
    let choose = (now > 1).then(|| {
        let (from, to) = (query.from.unwrap_or(now - 1), query.to.unwrap_or(now));
        view! { <Choose from to look=query.look rows=page.rows.clone() base /> }
    });
    view! {
        <PageHead title="Versions" crumbs />
        {choose}
        {shown}
        <VersionTable page org href id=document.id now restores look=query.look />
    }
}

/// Which two to compare.
#[component]
fn Choose(from: i32, to: i32, look: Look, rows: Vec<VersionRow>, base: String) -> impl IntoView {
    let options = |chosen: i32| -> Vec<(String, String)> {
        let known = rows.iter().any(|row| row.number == chosen);
        let further = (!known).then_some(chosen);
        let numbers = rows.iter().map(|row| row.number).chain(further);
        numbers.map(|number| (number.to_string(), format!("Version {number}"))).collect()
    };
    view! {
        <form method="get" action=base class="tag-filter compare" aria-label="Compare">
            <FilterSelect name="from" label="Older version" all="Older version" options=options(from) value=from.to_string() />
            <FilterSelect name="to" label="Newer version" all="Newer version" options=options(to) value=to.to_string() />
            <input type="hidden" name="look" value=look.word() />
            <button class="button small">"Compare"</button>
        </form>
    }
}

/// The versions of a page.
#[component]
fn VersionTable(page: Page<VersionRow>, org: String, href: String, id: String, now: i32, restores: bool, look: Look) -> impl IntoView {
    let base = format!("{href}/versions");
    let step = |cursor: Option<Cursor>, label: &'static str| {
        cursor.map(|cursor| view! { <a class="button" href=format!("{base}?at={}", cursor.encode())>{label}</a> })
    };
    let (previous, next) = (step(page.previous.clone(), "Newer"), step(page.next.clone(), "Older"));
    let range = page.range();
    let row = |row: VersionRow| {
        let number = row.number;
        let current = (number == now).then(|| view! { <span class="tag">"Now"</span> });
        let reached = row.reached.map(|status| view! { <DocumentBadge status /> });
        let read = {
            let to = if number == now { href.clone() } else { format!("{href}?version={number}") };
            view! { <a class="button quiet small" href=to aria-label=format!("Read version {number}")>"Read"</a> }
        };
        let pair = |from: i32, to: i32| format!("{base}{}", VersionQuery::pair(from, to, look));
        let changes = (number > 1).then(|| {
            let label = format!("What version {number} changed");
            view! { <a class="button quiet small" href=pair(number - 1, number) aria-label=label>"Changes"</a> }
        });
        let with_now = (number < now).then(|| {
            let label = format!("Compare version {number} with the newest");
            view! { <a class="button quiet small" href=pair(number, now) aria-label=label>"Compare"</a> }
        });
        let restore = (restores && number < now).then(|| {
            let (org, id) = (org.clone(), id.clone());
            view! {
                <ServerForm to=RestoreVersion::PATH class="inline" row=number.to_string()>
                    <input type="hidden" name="org" value=org />
                    <input type="hidden" name="id" value=id />
                    <input type="hidden" name="number" value=number.to_string() />
                    <Submit label=format!("Restore version {number}") class="small" />
                </ServerForm>
            }
        });
        view! {
            <tr>
                <th scope="row"><div class="actions"><span>{number}</span>{current}{reached}</div></th>
                <td><span class="idea-title" dir="auto">{row.title}</span>" "<span class="muted" dir="auto">{row.note}</span></td>
                <td class="wide-only" dir="auto">{row.author_name.unwrap_or_else(|| "Somebody".to_owned())}</td>
                <td class="wide-only">{moment(row.created_at)}</td>
                <td class="number wide-only">{grouped(row.length)}</td>
                <td><div class="actions">{read}{changes}{with_now}{restore}</div></td>
            </tr>
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Versions">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Version"</th>
                        <th scope="col">"Title and note"</th>
                        <th scope="col" class="wide-only">"By"</th>
                        <th scope="col" class="wide-only">"Saved"</th>
                        <th scope="col" class="number wide-only">"Characters"</th>
                        <th scope="col">"Actions"</th>
                    </tr>
                </thead>
                <tbody>{page.rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <Pager range>{previous}{next}</Pager>
    }
}
