//! What is said of a document, and of which passage.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use server_fn::ServerFn;
use web_sys::js_sys::Reflect;

use crate::account::model::initials;
use crate::discuss::model::Part;
use crate::document::api::talk::{CommentDocument, DeleteDocumentComment, ResolveComment};
use crate::document::model::{Found, Remark};
use crate::kernel::role::{Perm, Role};
use crate::kernel::time::day;
use crate::ui::form::{Sent, ServerForm, Submit, TextArea, field_id};
use crate::ui::layout::Avatar;
use crate::ui::reference::Piece;
use crate::ui::rows::anew;

/// Where the words before the marked ones are kept.
const BEFORE: &str = "words-before";
/// As many of the words before are enough to tell which of several places it is, in units of UTF-16.
const NEAR: usize = 80;
/// More marked words are no passage.
const MARKED_MAX: usize = 1_000;

/// The forms of the comments.
#[derive(Clone, Copy)]
pub struct CommentForms {
    added: Sent,
    pub removed: Sent,
    resolved: Sent,
}

impl CommentForms {
    pub fn new() -> CommentForms {
        CommentForms { added: Sent::new(), removed: Sent::new(), resolved: Sent::new() }
    }

    pub fn all(self) -> [Sent; 3] {
        [self.added, self.removed, self.resolved]
    }
}

/// Takes the words that were marked in the text over into the form, wherever on the text the mouse or a key was let go.
pub fn article() {
    let _ = take_marked();
}

fn take_marked() -> Result<(), JsValue> {
    let page = document();
    let (Some(text), Some(field)) = (page.get_element_by_id("document-text"), page.get_element_by_id(&field_id("passage"))) else {
        return Ok(());
    };
    let Some(selection) = window().get_selection()?.filter(|selection| !selection.is_collapsed()) else { return Ok(()) };
    let range = selection.get_range_at(0)?;
    let words = String::from(selection.to_string());
    if words.trim().is_empty() || words.chars().count() > MARKED_MAX || !text.contains(Some(&range.common_ancestor_container()?)) {
        return Ok(());
    }
    let before = range.clone_range();
    before.select_node_contents(&text)?;
    before.set_end(&range.start_container()?, range.start_offset()?)?;
    let before = String::from(before.to_string());
    let near: Vec<char> = before.chars().rev().take(NEAR).collect();
    Reflect::set(&field, &"value".into(), &words.trim().into())?;
    if let Some(hidden) = page.get_element_by_id(BEFORE) {
        Reflect::set(&hidden, &"value".into(), &near.into_iter().rev().collect::<String>().into())?;
    }
    Ok(())
}

/// The comments and the form for one more.
#[component]
pub fn Comments(
    remarks: Vec<Remark>,
    org: String,
    id: String,
    user_id: String,
    role: Role,
    /// Whether more can be said.
    open: bool,
    forms: CommentForms,
) -> impl IntoView {
    let none = remarks.is_empty().then(|| view! { <p class="muted">"Nobody has said anything yet."</p> });
    let resolves = open && role.can(Perm::WorkWrite);
    let (opened, settled): (Vec<_>, Vec<_>) = remarks.into_iter().partition(|remark| remark.resolved_at.is_none());
    let slug = org.clone();
    let row = move |remark: Remark| {
        let deletes = open && remark.deletable_by(&user_id, role);
        view! { <RemarkView remark org=slug.clone() resolves deletes forms /> }
    };
    let count = settled.len();
    let opened = opened.into_iter().map(&row).collect_view();
    let settled = (count > 0).then(|| {
        let summary = if count == 1 { "1 comment is resolved".to_owned() } else { format!("{count} comments are resolved") };
        view! {
            <details class="adding">
                <summary>{summary}</summary>
                <ol aria-label="Resolved comments">{settled.into_iter().map(&row).collect_view()}</ol>
            </details>
        }
    });
    let form = open.then(|| {
        view! {
            <ServerForm to=CommentDocument::PATH sent=forms.added class="stack" emptied=true>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="form[before]" id=BEFORE value="" autocomplete="off" />
                <TextArea
                    name="passage"
                    label="Passage"
                    hint="Mark words in the text above, or copy them here. Left empty, the comment is on the whole document."
                    rows=2
                />
                <TextArea name="comment" label="Your comment" hint="Name a member behind an @ to tell them by mail." rows=4 />
                <div class="actions"><Submit label="Add comment" /></div>
            </ServerForm>
        }
    });
    view! {
        <section class="card talk" aria-labelledby="comments">
            <h2 id="comments" tabindex="-1">"Comments"</h2>
            {none}
            <ol aria-label="Comments">{opened}</ol>
            {settled}
            {form}
        </section>
    }
}

/// One comment, with what it is about.
#[component]
fn RemarkView(remark: Remark, org: String, resolves: bool, deletes: bool, forms: CommentForms) -> impl IntoView {
    let author = remark.author_name.clone().unwrap_or_else(|| "Former member".into());
    let place = format!("comment-{}", remark.id);
    let settled = remark.resolved_at.is_some();
    let when = match (&remark.resolved_at, &remark.resolved_by) {
        (Some(at), Some(by)) => format!("{}, resolved by {by} {}", day(remark.created_at), day(*at)),
        (Some(at), None) => format!("{}, resolved {}", day(remark.created_at), day(*at)),
        _ => format!("{}, on version {}", day(remark.created_at), remark.version),
    };
    let passage = remark.passage.map(|(quote, found)| view! { <PassageView quote found id=remark.id.clone() settled /> });
    let resolve = resolves.then(|| {
        let (org, id, label) = (org.clone(), remark.id.clone(), if settled { "Reopen" } else { "Resolve" });
        anew(move || {
            let (org, id) = (org.clone(), id.clone());
            view! {
                <ServerForm to=ResolveComment::PATH sent=forms.resolved class="inline">
                    <input type="hidden" name="org" value=org />
                    <input type="hidden" name="id" value=id />
                    <input type="hidden" name="wanted" value=(!settled).to_string() />
                    <Submit label=label class="quiet small" />
                </ServerForm>
            }
        })
    });
    let remove = deletes.then(|| {
        let (org, id) = (org.clone(), remark.id.clone());
        anew(move || {
            let (org, id) = (org.clone(), id.clone());
            view! {
                <ServerForm to=DeleteDocumentComment::PATH sent=forms.removed class="inline">
                    <input type="hidden" name="org" value=org />
                    <input type="hidden" name="id" value=id />
                    <Submit label="Remove" class="quiet small" />
                </ServerForm>
            }
        })
    });
    view! {
        <li id=place>
            <div class="comment-head">
                <Avatar initials=initials(&author) />
                <span class="strong" dir="auto">{author}</span>
                <span class="muted">{when}</span>
                {resolve}
                {remove}
            </div>
            {passage}
            <p class="prose" dir="auto">{remark.parts.into_iter().map(part).collect_view()}</p>
        </li>
    }
}

/// The passage that a comment is on, and what has become of it.
#[component]
fn PassageView(quote: String, found: Found, id: String, settled: bool) -> impl IntoView {
    let way = (!settled && found != Found::Gone).then(|| view! { <a href=format!("#passage-{id}")>"Show in the text"</a> });
    let told = match found {
        Found::There => ().into_any(),
        Found::Changed(now) => view! { <p class="hint">"The passage has changed. It reads now: "<q dir="auto">{now}</q></p> }.into_any(),
        Found::Gone => view! { <p class="hint">"This passage is gone from the text."</p> }.into_any(),
    };
    view! {
        <blockquote class="passage" dir="auto">{quote}</blockquote>
        {told}
        {way}
    }
}

/// A piece of a comment's text.
fn part(part: Part) -> AnyView {
    match part.mention {
        true => view! { <mark class="mention">{part.text}</mark> }.into_any(),
        false => view! { <Piece text=part.text link=part.link /> }.into_any(),
    }
}
