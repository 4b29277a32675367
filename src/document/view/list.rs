//! The list of documents.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::{DocumentBadge, TypeTag, address};
use crate::document::api::{ListDocuments, RestoreDocument};
use crate::document::model::{Document, DocumentList, DocumentQuery, DocumentStatus, DocumentType, base};
use crate::kernel::page::{Cursor, Page};
use crate::kernel::role::Perm;
use crate::kernel::time::day;
use crate::ui::form::{Sent, ServerForm, Submit};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Crumb, Empty, Notice, PageHead, Pager};
use crate::ui::load::{Load, data};
use crate::ui::reference::Reference;

/// `/orgs/{org}/documents` and `/orgs/{org}/products/{key}/documents`
#[component]
pub fn DocumentListPage() -> impl IntoView {
    let (org, key, _) = address();
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(|params| DocumentQuery::of_params(|name| params.get(name))));
    let just_deleted = Signal::derive(move || params.with(|params| params.get("deleted")));
    let documents =
        data(move || ListDocuments { org: org.get(), product: key.get(), query: query.get() }).live(&["Document", "DocumentReview"]);
    let view = move |data: DocumentList| {
        view! { <ListView data org=org.get_untracked() query=query.get_untracked() just_deleted=just_deleted.get_untracked() /> }.into_any()
    };
    view! { <Load of=documents view /> }
}

/// Head, filters, table and the ways on.
#[component]
fn ListView(data: DocumentList, org: String, query: DocumentQuery, just_deleted: Option<String>) -> impl IntoView {
    let DocumentList { role, product, page } = data;
    let base = base(&org, product.as_ref().map(|product| product.key.as_str()));
    let of_product = product.is_some();
    let crumbs = product.map_or_else(Vec::new, |product| {
        let portfolio = format!("/orgs/{org}/products");
        vec![Crumb::new("Portfolio", portfolio.clone()), Crumb::new(product.name, format!("{portfolio}/{}", product.key))]
    });
    let writes = role.can(Perm::WorkWrite);
    let new = writes.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New document"</a> });
    let undo = just_deleted.filter(|_| writes).map(|id| {
        let org = org.clone();
        view! { <Notice>"The document is deleted. "<RestoreButton org id label="Undo" /></Notice> }
    });
    let body = if page.rows.is_empty() {
        view! { <NoDocuments query=query.clone() writes base=base.clone() /> }.into_any()
    } else {
        view! { <DocumentTable page base=base.clone() query=query.clone() org of_product writes /> }.into_any()
    };
    view! {
        <PageHead title="Documents" crumbs>{new}</PageHead>
        {undo}
        <Filters base query of_product writes />
        {body}
    }
}

/// Narrows the list by status and type, and by whose the documents are.
#[component]
fn Filters(base: String, query: DocumentQuery, of_product: bool, writes: bool) -> impl IntoView {
    let tab = move |base: &str, label: &'static str, to: DocumentQuery, here: bool| {
        view! { <li><a href=format!("{base}{}", to.params()) aria-current=here.then_some("page")>{label}</a></li> }
    };
    let plain = query.with(|query| (query.status, query.deleted) = (None, false));
    let all = tab(&base, "All", plain, query.status.is_none() && !query.deleted);
    let statuses = DocumentStatus::ALL
        .map(|status| {
            let to = query.with(|query| (query.status, query.deleted) = (Some(status), false));
            tab(&base, status.label(), to, query.status == Some(status) && !query.deleted)
        })
        .collect_view();
    let deleted = writes.then(|| tab(&base, "Deleted", DocumentQuery { deleted: true, ..Default::default() }, query.deleted));
    let any = tab(&base, "Any type", query.with(|query| query.kind = None), query.kind.is_none());
    let kinds = DocumentType::ALL
        .map(|kind| tab(&base, kind.label(), query.with(|query| query.kind = Some(kind)), query.kind == Some(kind)))
        .collect_view();
    let whose = (!of_product).then(|| {
        view! {
            <nav aria-label="Filter by place">
                <ul class="tabs">
                    {tab(&base, "Everywhere", query.with(|query| query.own = false), !query.own)}
                    {tab(&base, "Organisation only", query.with(|query| query.own = true), query.own)}
                </ul>
            </nav>
        }
    });
    view! {
        <div class="filters">
            <nav aria-label="Filter by status"><ul class="tabs">{all}{statuses}{deleted}</ul></nav>
            {whose}
            <nav aria-label="Filter by type"><ul class="tabs">{any}{kinds}</ul></nav>
        </div>
    }
}

/// What stands in place of documents, and what to do about it.
#[component]
fn NoDocuments(query: DocumentQuery, writes: bool, base: String) -> impl IntoView {
    if query.deleted {
        let text = "Documents that are deleted can be brought back from here.";
        return view! { <Empty icon=Icon::Trash title="Nothing deleted" text /> }.into_any();
    }
    if query.is_filtered() {
        return view! {
            <Empty icon=Icon::Page title="No document matches" text="Nothing here is of this status and type.">
                <a class="button" href=base>"Show all documents"</a>
            </Empty>
        }
        .into_any();
    }
    let text = "Write down what you plan and why, have it reviewed, and publish it. Every version is kept.";
    view! {
        <Empty icon=Icon::Page title="No documents yet" text>
            {writes.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New document"</a> })}
        </Empty>
    }
    .into_any()
}

/// The documents of a page.
#[component]
fn DocumentTable(page: Page<Document>, base: String, query: DocumentQuery, org: String, of_product: bool, writes: bool) -> impl IntoView {
    let step = |cursor: Option<Cursor>, label: &'static str| {
        cursor.map(|cursor| {
            let to = DocumentQuery { cursor: Some(cursor), ..query.clone() };
            view! { <a class="button" href=format!("{base}{}", to.params())>{label}</a> }
        })
    };
    let (previous, next) = (step(page.previous.clone(), "Newer"), step(page.next.clone(), "Older"));
    let (range, restores) = (page.range(), query.deleted && writes);
    let row = |document: Document| {
        let restore = restores.then(|| view! { <RestoreButton org=org.clone() id=document.id.clone() label="Restore" /> });
        let place = (!of_product).then(|| {
            let name = document.product_name.clone().unwrap_or_else(|| "Organisation".to_owned());
            view! { <td class="wide-only" dir="auto">{name}</td> }
        });
        let newer = document.is_newer().then(|| view! { <span class="tag">"Changed since"</span> });
        view! {
            <tr>
                <th scope="row">
                    <div class="idea-cell">
                        <a class="idea-title" href=document.href(&org) dir="auto">{document.title.clone()}</a>
                        <Reference number=document.number product=document.product_key.clone().unwrap_or_default() />
                        <TypeTag kind=document.kind />
                        {restore}
                    </div>
                </th>
                {place}
                <td><DocumentBadge status=document.status />" "{newer}</td>
                <td class="wide-only number">{document.version}</td>
                <td class="wide-only" dir="auto">{document.author()}</td>
                <td class="number wide-only">{day(document.updated_at)}</td>
            </tr>
        }
    };
    let place = (!of_product).then(|| view! { <th scope="col" class="wide-only">"Place"</th> });
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Documents">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Document"</th>
                        {place}
                        <th scope="col">"Status"</th>
                        <th scope="col" class="wide-only number">"Version"</th>
                        <th scope="col" class="wide-only">"Author"</th>
                        <th scope="col" class="number wide-only">"Changed"</th>
                    </tr>
                </thead>
                <tbody>{page.rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <Pager range>{previous}{next}</Pager>
    }
}

/// Brings a document back.
#[component]
pub fn RestoreButton(org: String, id: String, label: &'static str, #[prop(optional)] sent: Option<Sent>) -> impl IntoView {
    view! {
        <ServerForm to=RestoreDocument::PATH class="inline" sent=sent.unwrap_or_default()>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <Submit label=label class="small" />
        </ServerForm>
    }
}
