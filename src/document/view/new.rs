//! A new document: first its type, then its text, which begins with the type's template.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::edit::{Editor, Unsaved};
use super::{address, crumbs};
use crate::document::api::GetEditor;
use crate::document::model::{DocumentType, EditorPage, base, template};
use crate::product::model::ProductName;
use crate::ui::form::Sent;
use crate::ui::layout::PageHead;
use crate::ui::load::{Load, data};

/// `/orgs/{org}/documents/new` and the same of a product, with `?type=` once it is chosen
#[component]
pub fn NewDocumentPage() -> impl IntoView {
    let (org, key, _) = address();
    let params = use_query_map();
    let kind = Memo::new(move |_| params.with(|params| params.get("type")).and_then(|word| DocumentType::parse(&word)));
    let resumed = Memo::new(move |_| params.with(|params| params.get("draft").is_some()));
    let discarded = Sent::new();
    let editor =
        data(move || GetEditor { org: org.get(), product: key.get(), id: None, kind: kind.get(), resumed: resumed.get() }).after(discarded);
    let view = move |page: EditorPage| {
        let (org, resumed) = (org.get_untracked(), resumed.get_untracked());
        let here = format!("{}/new", base(&org, page.product.as_ref().map(|product| product.key.as_str())));
        let title = "New document";
        match (page.draft.clone(), kind.get_untracked()) {
            (Some(draft), _) if !resumed => {
                let way = format!("{here}?type={}&draft=1", draft.kind.word());
                view! { <Unsaved org draft page way title discarded /> }.into_any()
            }
            (None, None) => view! { <Types org product=page.product here title /> }.into_any(),
            (_, kind) => {
                let kind = kind.unwrap_or_default();
                view! { <Editor org page kind text=template(kind) resumed title /> }.into_any()
            }
        }
    };
    view! { <Load of=editor view /> }
}

/// The types to choose from.
#[component]
fn Types(org: String, product: Option<ProductName>, here: String, title: &'static str) -> impl IntoView {
    let card = |kind: DocumentType| {
        view! {
            <li class="card">
                <h3><a href=format!("{here}?type={}", kind.word())>{kind.label()}</a></h3>
                <p class="muted">{kind.purpose()}</p>
            </li>
        }
    };
    view! {
        <PageHead title=title crumbs=crumbs(&org, product.as_ref()) />
        <h2 id="types">"Which type of document?"</h2>
        <p class="muted">"Each begins with a template of its own, which you can change as you like."</p>
        <ul class="types" aria-labelledby="types">{DocumentType::ALL.map(card).collect_view()}</ul>
    }
}
