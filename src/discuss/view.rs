//! Votes on an idea's page, and comments on that of anything that is discussed.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::api::{AddComment, ChangeComment, DeleteComment, GetTalk, VoteIdea};
use super::model::{Body, Comment, Part, Subject, Talk};
use crate::account::model::initials;
use crate::kernel::role::Perm;
use crate::kernel::text::query_value;
use crate::kernel::time::day;
use crate::kernel::version::Edited;
use crate::ui::form::{Sent, ServerForm, Submit, TextArea, Version};
use crate::ui::layout::Avatar;
use crate::ui::load::{Data, data};
use crate::ui::reference::Piece;
use crate::ui::rows::{anew, then_focus};

/// How many people want the idea, and the way to be one of them.
#[component]
pub fn VotePanel(org: String, id: String, votes: i32, voted: bool, open: bool, sent: Sent) -> impl IntoView {
    let (wanted, label, class) = if voted { ("false", "Withdraw your vote", "") } else { ("true", "Vote for this idea", "primary") };
    let form = open.then(|| {
        view! {
            <ServerForm to=VoteIdea::PATH sent=sent>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="wanted" value=wanted />
                <Submit label=label class=class />
            </ServerForm>
        }
    });
    view! {
        <section class="card" aria-labelledby="votes">
            <div class="card-head">
                <h2 id="votes">"Votes"</h2>
                <output class="vote-count" aria-label="Number of votes">{votes}</output>
            </div>
            {form}
        </section>
    }
}

/// The discussion's data and forms. They belong to the page, so that they outlive a new look at the data.
#[derive(Clone, Copy)]
struct Discussed {
    subject: Subject,
    talk: Data<Talk>,
    added: Sent,
    changed: Sent,
    removed: Sent,
    /// The comment that is being changed.
    changing: Signal<Option<String>>,
    after: Signal<Option<String>>,
}

impl Discussed {
    /// What is said of the thing with this id; the address says from where on, and which comment is being changed.
    fn of(subject: Subject, org: Signal<String>, id: Signal<String>) -> Discussed {
        let params = use_query_map();
        let word = move |name: &'static str| Signal::derive(move || params.with(|params| params.get(name)).map(|id| id.replace('\0', "")));
        let (after, changing) = (word("after"), word("change"));
        let (added, changed, removed) = (Sent::new(), Sent::new(), Sent::new());
        let talk = data(move || GetTalk { org: org.get(), subject, id: id.get(), after: after.get() });
        let talk = talk.after(added).after(changed).after(removed);
        let talk = talk.live(&["IdeaComment", "FeatureComment", "TaskComment", "Idea"]);
        then_focus(removed, "comments");
        Discussed { subject, talk, added, changed, removed, changing, after }
    }
}

/// What is said of the thing with this id of the product with this key, and the way to say something. To be placed beside
/// what loads the page and not inside of it. Shows nothing where the thing cannot be read, since the page says so already.
#[component]
pub fn Comments(subject: Subject, org: Signal<String>, key: Signal<String>, id: Signal<String>) -> impl IntoView {
    let of = Discussed::of(subject, org, id);
    move || {
        let (org, id) = (org.get(), id.get());
        let page = format!("/orgs/{org}/products/{}/{}/{id}", key.get(), subject.path());
        view! { <Discussion of org id page /> }
    }
}

/// The comments, once they are there. `page` is the path of the page that they are on.
#[component]
fn Discussion(of: Discussed, org: String, id: String, page: String) -> impl IntoView {
    view! {
        <Transition fallback=|| ()>{move || {
            let (org, id, page) = (org.clone(), id.clone(), page.clone());
            Suspend::new(async move { of.talk.get().await.ok().map(|talk| view! { <Said talk of org id page /> }.into_any()) })
        }}</Transition>
    }
}

/// The comments and the form for one more.
#[component]
fn Said(talk: Talk, of: Discussed, org: String, id: String, page: String) -> impl IntoView {
    let Talk { role, user_id, open, comments, next } = talk;
    let first = of.after.get_untracked().is_some().then(|| view! { <a class="button small" href=page.clone()>"First comments"</a> });
    let later = next.map(|next| view! { <a class="button small" href=format!("{page}?after={}", query_value(&next))>"Later comments"</a> });
    let none = comments.is_empty().then(|| view! { <p class="muted">"Nobody has said anything yet."</p> });
    let comments = comments
        .into_iter()
        .map(|comment| {
            let (own, deletable) = (open && comment.is_by(&user_id), comment.deletable_by(&user_id, role));
            view! { <CommentView comment of org=org.clone() page=page.clone() own deletable /> }
        })
        .collect_view();
    let form = (open && role.can(Perm::IdeaDiscuss)).then(|| {
        view! {
            <ServerForm to=AddComment::PATH sent=of.added class="stack" emptied=true>
                <Which org subject=of.subject id />
                <TextArea name="comment" label="Your comment" hint="Name a member behind an @, such as @Ada Lovelace or @ada@example.com, to tell them by mail." rows=4 />
                <div class="actions"><Submit label="Add comment" /></div>
            </ServerForm>
        }
    });
    view! {
        <section class="card talk" aria-labelledby="comments">
            <h2 id="comments" tabindex="-1">"Comments"</h2>
            {none}
            <ol aria-label="Comments">{comments}</ol>
            <div class="actions">{first}{later}</div>
            {form}
        </section>
    }
}

/// The hidden fields that say what a form is about.
#[component]
fn Which(org: String, subject: Subject, id: String) -> impl IntoView {
    view! {
        <input type="hidden" name="org" value=org />
        <input type="hidden" name="subject" value=subject.name() />
        <input type="hidden" name="id" value=id />
    }
}

/// One comment; its author's view of it can turn into a form.
#[component]
fn CommentView(comment: Comment, of: Discussed, org: String, page: String, own: bool, deletable: bool) -> impl IntoView {
    let author = comment.author_name.clone().unwrap_or_else(|| "Former member".into());
    let when = match comment.edited_at {
        Some(at) => format!("{}, changed {}", day(comment.created_at), day(at)),
        None => day(comment.created_at),
    };
    let place = format!("comment-{}", comment.id);
    let change = {
        let after = of.after.get_untracked().map(|after| format!("after={}&", query_value(&after))).unwrap_or_default();
        own.then(|| view! { <a class="button quiet small" href=format!("{page}?{after}change={0}#comment-{0}", comment.id)>"Change"</a> })
    };
    let (slug, id) = (org.clone(), comment.id.clone());
    let remove = deletable.then(move || {
        anew(move || {
            let (slug, id) = (slug.clone(), id.clone());
            view! {
                <ServerForm to=DeleteComment::PATH sent=of.removed class="inline">
                    <Which org=slug subject=of.subject id />
                    <Submit label="Remove" class="quiet small" />
                </ServerForm>
            }
        })
    });
    let body = move || {
        let (comment, org, page) = (comment.clone(), org.clone(), page.clone());
        match own && of.changing.get().as_deref() == Some(&comment.id) {
            true => view! { <ChangeView comment of org page /> }.into_any(),
            false => view! { <p class="prose" dir="auto">{comment.parts.into_iter().map(part).collect_view()}</p> }.into_any(),
        }
    };
    view! {
        <li id=place>
            <div class="comment-head">
                <Avatar initials=initials(&author) />
                <span class="strong" dir="auto">{author}</span>
                <span class="muted">{when}</span>
                {change}
                {remove}
            </div>
            {body}
        </li>
    }
}

/// A piece of a comment's text.
fn part(part: Part) -> AnyView {
    match part.mention {
        true => view! { <mark class="mention">{part.text}</mark> }.into_any(),
        false => view! { <Piece text=part.text link=part.link /> }.into_any(),
    }
}

/// The form that changes a comment.
#[component]
fn ChangeView(comment: Comment, of: Discussed, org: String, page: String) -> impl IntoView {
    view! {
        <ServerForm to=ChangeComment::PATH sent=of.changed class="stack">
            <Which org subject=of.subject id=comment.id.clone() />
            <Version of=Body(&comment.text()).version() />
            <TextArea name="changed" label="Changed comment" value=comment.text() rows=4 />
            <div class="actions">
                <Submit label="Save comment" />
                <a class="button quiet" href=format!("{page}#comment-{}", comment.id)>"Cancel"</a>
            </div>
        </ServerForm>
    }
}
