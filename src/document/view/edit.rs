//! The editor.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::autosave::{Autosave, Written};
use super::{address, crumbs};
use crate::document::api::draft::DiscardDraft;
use crate::document::api::{CreateDocument, GetEditor, UpdateDocument};
use crate::document::model::{CONTENT_HINT, DocumentType, Draft, EditorPage, Shown, base, words};
use crate::kernel::text::grouped;
use crate::kernel::time::moment;
use crate::ui::form::{LongText, Sent, ServerForm, Submit, TextField};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::PageHead;
use crate::ui::load::{Load, data};
use crate::ui::markdown::ChangingMarkdown;
use crate::ui::select::SelectField;

/// `/orgs/{org}/documents/{id}/edit` and the same of a product, with `?draft=1` to go on with what was not saved
#[component]
pub fn EditDocumentPage() -> impl IntoView {
    let (org, key, id) = address();
    let params = use_query_map();
    let resumed = Memo::new(move |_| params.with(|params| params.get("draft").is_some()));
    let discarded = Sent::new();
    let editor = data(move || GetEditor { org: org.get(), product: key.get(), id: Some(id.get()), kind: None, resumed: resumed.get() })
        .after(discarded);
    let view = move |page: EditorPage| {
        let (org, resumed) = (org.get_untracked(), resumed.get_untracked());
        let here = page.document.as_ref().map(|document| format!("{}/edit", document.href(&org))).unwrap_or_default();
        let title = "Edit document";
        match (&page.draft, resumed) {
            (Some(draft), false) => {
                let way = format!("{here}?draft=1");
                view! { <Unsaved org draft=draft.clone() page way title discarded /> }.into_any()
            }
            _ => view! { <Editor org page kind=DocumentType::default() text="" resumed title /> }.into_any(),
        }
    };
    view! { <Load of=editor view /> }
}

/// What the person has not saved, and what to do with it. The editor comes afterwards, so that nothing is written over it.
#[component]
pub fn Unsaved(
    org: String,
    draft: Draft,
    page: EditorPage,
    /// Where one goes on with it.
    way: String,
    title: &'static str,
    discarded: Sent,
) -> impl IntoView {
    let EditorPage { product, document, .. } = page;
    let crumbs = crumbs(&org, product.as_ref());
    let name = if draft.title.is_empty() { "Without a title".to_owned() } else { draft.title };
    let about = format!("{}, {} words, kept {}.", draft.kind.label(), grouped(words(&draft.content)), moment(draft.updated_at));
    let newer = document
        .as_ref()
        .filter(|document| draft.base_version.is_some_and(|base| base < document.version))
        .map(|document| format!("Version {} was saved since you began. When you save, both are merged.", document.version));
    view! {
        <PageHead title=title crumbs />
        <section class="card stack form" aria-labelledby="unsaved">
            <h2 id="unsaved">{format!("You have an unsaved draft from {}", moment(draft.updated_at))}</h2>
            <p class="strong" dir="auto">{name}</p>
            <p class="muted">{about}</p>
            {newer.map(|told| view! { <p class="notice warning">{told}</p> })}
            <div class="actions">
                <a class="button primary" href=way>"Continue with the draft"</a>
                <ServerForm to=DiscardDraft::PATH class="inline" sent=discarded>
                    <input type="hidden" name="org" value=org />
                    <input type="hidden" name="product" value=product.map(|product| product.key) />
                    <input type="hidden" name="id" value=document.map(|document| document.id) />
                    <Submit label="Discard the draft" class="danger" />
                </ServerForm>
            </div>
        </section>
    }
}

/// What the editor begins with.
struct Begun {
    kind: DocumentType,
    title: String,
    content: String,
    note: String,
    /// Nothing for a new document.
    version: Option<i32>,
}

/// The form, with what it looks like beside it.
#[component]
pub fn Editor(
    org: String,
    page: EditorPage,
    /// Of a new document.
    kind: DocumentType,
    text: &'static str,
    resumed: bool,
    title: &'static str,
) -> impl IntoView {
    let EditorPage { product, document, draft, shown, .. } = page;
    let begun = match (draft.filter(|_| resumed), &document) {
        (Some(draft), document) => Begun {
            kind: draft.kind,
            title: draft.title,
            content: draft.content,
            note: draft.note,
            version: draft.base_version.or(document.as_ref().map(|document| document.version)),
        },
        (None, Some(document)) => Begun {
            kind: document.kind,
            title: document.title.clone(),
            content: document.content.clone(),
            note: String::new(),
            version: Some(document.version),
        },
        (None, None) => Begun { kind, title: String::new(), content: text.to_owned(), note: String::new(), version: None },
    };
    let crumbs = crumbs(&org, product.as_ref());
    let key = product.map(|product| product.key).unwrap_or_default();
    let back = match &document {
        Some(document) => document.href(&org),
        None => base(&org, Some(&key)),
    };
    let id = document.map(|document| document.id);
    let written = Written { org: org.clone(), product: key.clone(), id: id.clone(), version: begun.version };
    let autosave = Autosave::new(written, shown);
    let (to, save) = if id.is_some() { (UpdateDocument::PATH, "Save") } else { (CreateDocument::PATH, "Create document") };
    let version =
        begun.version.map(|version| view! { <input type="hidden" name="version" value=version.to_string() autocomplete="off" /> });
    let about = match id {
        Some(id) => view! { <input type="hidden" name="id" value=id /> }.into_any(),
        None => view! { <input type="hidden" name="product" value=key /> }.into_any(),
    };
    view! {
        <PageHead title=title crumbs />
        <div class="editor" on:input=move |_| autosave.typed() on:submit=move |_| autosave.sent()>
            <ServerForm to=to class="stack">
                <input type="hidden" name="org" value=org />
                {about}
                {version}
                <Fields begun />
                <div class="actions">
                    <Submit label=save />
                    <button type="submit" class="button" name="form[intent]" value="draft">"Save draft"</button>
                    <a class="button quiet" href=back>"Cancel"</a>
                    <Kept autosave />
                </div>
            </ServerForm>
            <Preview autosave />
        </div>
    }
}

#[component]
fn Fields(begun: Begun) -> impl IntoView {
    let noted = begun.version.is_some();
    view! {
        <div class="field-pair">
            <TextField name="title" label="Title" value=begun.title required=true placeholder="What is it about?" />
            <SelectField name="kind" label="Type" options=DocumentType::options() value=begun.kind.word() />
        </div>
        <LongText name="content" label="Text" value=begun.content hint=CONTENT_HINT rows=26 />
        {noted.then(|| view! {
            <TextField name="note" label="What has changed" value=begun.note hint="Optional; stands in the list of versions." />
        })}
    }
}

/// Whether what is written is kept.
#[component]
fn Kept(autosave: Autosave) -> impl IntoView {
    let kept = move || autosave.kept.get().map(|at| view! { <span class="hint">{format!("Draft kept at {at}")}</span> });
    let failed = move || {
        autosave.failed.get().map(|told| {
            view! {
                <p class="alert" role="alert">
                    <IconView icon=Icon::Alert />
                    {format!("Not kept: {told}")}
                </p>
            }
        })
    };
    let overfull = move || {
        autosave.overfull.get().then(|| {
            let told = "This text has become long. Save the draft and open it anew: it is then written in parts, and typing stays quick.";
            view! { <p class="notice">{told}</p> }
        })
    };
    view! { {kept}{failed}{overfull} }
}

/// What the text looks like.
#[component]
fn Preview(autosave: Autosave) -> impl IntoView {
    let html = Signal::derive(move || {
        autosave.shown.with(|shown| match shown {
            Shown::Page(html, _) => html.clone(),
            Shown::Refused(_) => Default::default(),
        })
    });
    let instead = Memo::new(move |_| {
        autosave.shown.with(|shown| match shown {
            Shown::Page(html, _) => html.as_str().is_empty().then(|| ("muted", "Nothing is written yet.".to_owned())),
            Shown::Refused(told) => Some(("notice warning", told.clone())),
        })
    });
    let instead = move || instead.get().map(|(class, told)| view! { <p class=class>{told}</p> });
    view! {
        <section class="card document preview" aria-labelledby="preview" tabindex="0">
            <h2 id="preview">"Preview"</h2>
            {instead}
            <ChangingMarkdown html />
        </section>
    }
}
