//! A document's own page.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::comments::{CommentForms, Comments, article};
use super::list::RestoreButton;
use super::review::{ReviewPanel, Reviewed, Reviews};
use super::{TypeTag, address, crumbs};
use crate::audit::view::History;
use crate::document::api::{DeleteDocument, GetDocument};
use crate::document::model::{Contents, Document, DocumentPage, Shown, VersionQuery, VersionRow, base, newer};
use crate::kernel::role::Perm;
use crate::kernel::text::grouped;
use crate::kernel::time::{day, moment};
use crate::ui::form::{Sent, ServerForm, Submit};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Crumb, Notice, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::markdown::Markdown;
use crate::ui::rows::then_focus;

/// The forms of the page, which outlive a new look at its data.
#[derive(Clone, Copy)]
struct Forms {
    restored: Sent,
    reviewed: Reviewed,
    comments: CommentForms,
}

/// `/orgs/{org}/documents/{id}` and the same of a product, with `?version=` for an earlier one
#[component]
pub fn DocumentPageView() -> impl IntoView {
    let (org, key, id) = address();
    let params = use_query_map();
    let number = move |name: &'static str| params.with(|params| params.get(name)).and_then(|number| number.parse::<i32>().ok());
    let (merged, version) = (Signal::derive(move || number("merged")), Memo::new(move |_| number("version")));
    let forms = Forms { restored: Sent::new(), reviewed: Reviewed::new(), comments: CommentForms::new() };
    let document = data(move || GetDocument { org: org.get(), product: key.get(), id: id.get(), version: version.get() })
        .live_item(&["Document", "DocumentComment", "DocumentReview"], id);
    let sent = [vec![forms.restored], forms.reviewed.all().to_vec(), forms.comments.all().to_vec()].concat();
    let document = sent.iter().fold(document, |document, sent| document.after(*sent));
    then_focus(forms.comments.removed, "comments");
    let view = move |mut data: DocumentPage| {
        let org = org.get_untracked();
        match data.read.take() {
            Some(read) => view! { <EarlierView data read org /> }.into_any(),
            None => view! { <DocumentView data org forms merged=merged.get_untracked() /> }.into_any(),
        }
    };
    view! {
        <div class="item-page">
            <Load of=document view />
            <History org entity="Document" item=id after=forms.reviewed.all().to_vec() />
        </div>
    }
}

/// Text and comments at the left; review, contents and facts at the right.
#[component]
fn DocumentView(data: DocumentPage, org: String, forms: Forms, merged: Option<i32>) -> impl IntoView {
    let DocumentPage { role, user_id, product, document, shown, words, remarks, reviews, reviewers, wrote, draft, .. } = data;
    let href = format!("{}/{}", base(&org, product.as_ref().map(|product| product.key.as_str())), document.id);
    let live = document.deleted_at.is_none();
    let restore = (!live && document.status.deletable_by(role)).then(|| {
        view! { <RestoreButton org=org.clone() id=document.id.clone() label="Restore" sent=forms.restored /> }
    });
    let deleted = (!live).then(|| view! { <Notice>"This document is deleted. "{restore}</Notice> });
    let changes = live && document.status.changeable_by(role);
    let actions = {
        let edit = changes.then(|| view! { <a class="button" href=format!("{href}/edit")><IconView icon=Icon::Edit />"Edit"</a> });
        let delete = (live && document.status.deletable_by(role)).then(|| {
            view! { <DeleteButton org=org.clone() id=document.id.clone() /> }
        });
        view! {
            {edit}
            <a class="button" href=format!("{href}/versions")><IconView icon=Icon::History />"Versions"</a>
            {delete}
        }
    };
    let unsaved = draft.map(|at| {
        let told = format!("You have an unsaved draft of this document from {}.", moment(at));
        if changes {
            view! { <p class="notice warning"><span>{told}</span><a href=format!("{href}/edit")>"Go to it"</a></p> }.into_any()
        } else {
            let why = if live { document.status.why_not() } else { "This document is deleted: restore it to go on." };
            view! { <p class="notice warning">{format!("{told} {why}")}</p> }.into_any()
        }
    });
    let merged = merged.filter(|with| *with < document.version).map(|with| {
        let to = format!("{href}/versions{}", VersionQuery::pair(with, document.version, Default::default()));
        view! {
            <Notice>
                {format!("Somebody saved version {with} while you were writing. Nothing was in conflict, so both are in version {}. ", document.version)}
                <a href=to>"See what became of theirs"</a>
            </Notice>
        }
    });
    let passed = newer(&document, &reviews).map(|(version, told)| {
        let changes = format!("{href}/versions{}", VersionQuery::pair(version, document.version, Default::default()));
        view! {
            <p class="notice warning">
                <span dir="auto">{told}</span>
                <a href=changes>"See what changed"</a>
                <a href=format!("{href}?version={version}")>{format!("Read version {version}")}</a>
            </p>
        }
    });
    let (body, contents) = text(shown, words);
    let comments = live && role.can(Perm::IdeaDiscuss);
    let (id, last) = (document.id.clone(), reviews.first().cloned());
    view! {
        <div class="item-head">
            <PageHead title=document.title.clone() reference=document.reference() crumbs=crumbs(&org, product.as_ref())>{actions}</PageHead>
            {deleted}
            {merged}
            {passed}
            {unsaved}
        </div>
        <div class="columns">
            <div class="stack">
                <section class="card document" aria-label="Text" id="document-text" on:mouseup=|_| article() on:keyup=|_| article()>{body}</section>
                <Comments remarks org=org.clone() id=id.clone() user_id role open=comments forms=forms.comments />
            </div>
            <div class="stack">
                <ReviewPanel org document=document.clone() role live reviewers wrote last sent=forms.reviewed />
                {contents.map(|contents| view! { <ContentsView contents /> })}
                <Facts document words />
                <Reviews reviews />
            </div>
        </div>
    }
}

/// What a text looks like, or what stands there instead; and its contents, if it has any.
fn text(shown: Shown, words: i64) -> (AnyView, Option<Contents>) {
    match shown {
        Shown::Page(html, contents) if words > 0 || !html.as_str().is_empty() => (view! { <Markdown html /> }.into_any(), Some(contents)),
        Shown::Page(..) => (view! { <p class="muted">"Nothing is written yet."</p> }.into_any(), None),
        Shown::Refused(told) => (view! { <p class="notice warning">{told}</p> }.into_any(), None),
    }
}

/// A version that is not the newest any more: to be read, and nothing else.
#[component]
fn EarlierView(data: DocumentPage, read: VersionRow, org: String) -> impl IntoView {
    let DocumentPage { product, document, shown, words, reviews, .. } = data;
    let href = document.href(&org);
    let VersionRow { number, title, author_name, created_at, reached, .. } = read;
    let who = author_name.unwrap_or_else(|| "somebody".to_owned());
    let step = reached.and_then(|reached| reviews.into_iter().find(|row| row.version == number && row.status == reached));
    let step = step.map(|row| format!(" {}, {}.", row.told(), day(row.created_at))).unwrap_or_default();
    let told =
        format!("This is version {number}, saved by {who} {}.{step} The newest is version {}.", moment(created_at), document.version);
    let changes = format!("{href}/versions{}", VersionQuery::pair(number, document.version, Default::default()));
    let (body, contents) = text(shown, words);
    let mut crumbs = crumbs(&org, product.as_ref());
    crumbs.push(Crumb::new(document.title.clone(), href.clone()));
    let versions = view! { <a class="button" href=format!("{href}/versions")><IconView icon=Icon::History />"Versions"</a> };
    view! {
        <div class="item-head">
            <PageHead title crumbs>{versions}</PageHead>
            <p class="notice warning">
                <span dir="auto">{told}</span>
                <a href=href>"Read the newest version"</a>
                <a href=changes>"See what changed"</a>
            </p>
        </div>
        <div class="columns">
            <section class="card document" aria-label="Text">{body}</section>
            {contents.map(|contents| view! { <ContentsView contents /> })}
        </div>
    }
}

/// The document's headings, as ways to them.
#[component]
fn ContentsView(contents: Contents) -> impl IntoView {
    let step = |step: crate::document::model::Step| {
        view! { <li data-level=step.level.to_string()><a href=format!("#{}", step.id) dir="auto">{step.text}</a></li> }
    };
    let more = (contents.more > 0).then(|| view! { <p class="hint">{format!("And {} more headings.", grouped(contents.more))}</p> });
    (contents.steps.len() > 1).then(|| {
        view! {
            <nav class="card contents" aria-labelledby="contents">
                <h2 id="contents">"Contents"</h2>
                <ol>{contents.steps.into_iter().map(step).collect_view()}</ol>
                {more}
            </nav>
        }
    })
}

/// Who wrote it, when, and how long it is.
#[component]
fn Facts(document: Document, words: i64) -> impl IntoView {
    let author = document.author();
    view! {
        <section class="card" aria-label="Details">
            <dl class="facts">
                <div><dt>"Type"</dt><dd><TypeTag kind=document.kind /></dd></div>
                <div><dt>"Version"</dt><dd>{document.version}</dd></div>
                <div><dt>"Author"</dt><dd dir="auto">{author}</dd></div>
                <div><dt>"Words"</dt><dd>{grouped(words)}</dd></div>
                <div><dt>"Added"</dt><dd>{day(document.created_at)}</dd></div>
                <div><dt>"Changed"</dt><dd>{day(document.updated_at)}</dd></div>
            </dl>
        </section>
    }
}

/// Deletes the document; the list it leads to offers to undo that.
#[component]
fn DeleteButton(org: String, id: String) -> impl IntoView {
    view! {
        <ServerForm to=DeleteDocument::PATH>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <Submit label="Delete" class="danger" />
        </ServerForm>
    }
}
