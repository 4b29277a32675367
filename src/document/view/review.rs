//! Where a document stands in its review, and the ways on.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::DocumentBadge;
use crate::document::api::review::{AskForChanges, MoveDocument, RequestReview, WithdrawReview};
use crate::document::model::{Document, DocumentStatus, ReviewRow, VersionQuery};
use crate::kernel::named::Named;
use crate::kernel::role::{Perm, Role};
use crate::kernel::time::day;
use crate::ui::fold::Fold;
use crate::ui::form::{Sent, ServerForm, Submit, TextArea, is_refused};
use crate::ui::select::SelectField;

/// The forms of the panel.
#[derive(Clone, Copy)]
pub struct Reviewed {
    requested: Sent,
    withdrawn: Sent,
    moved: Sent,
    unreviewed: Sent,
    returned: Sent,
}

impl Reviewed {
    pub fn new() -> Reviewed {
        let [requested, withdrawn, moved, unreviewed, returned] = std::array::from_fn(|_| Sent::new());
        Reviewed { requested, withdrawn, moved, unreviewed, returned }
    }

    pub fn all(self) -> [Sent; 5] {
        [self.requested, self.withdrawn, self.moved, self.unreviewed, self.returned]
    }
}

/// The status, who is asked, and what this reader can do about it.
#[component]
pub fn ReviewPanel(
    org: String,
    document: Document,
    role: Role,
    live: bool,
    reviewers: Vec<Named>,
    /// Whether the reader has written some of what nobody has approved yet.
    wrote: bool,
    /// The newest step of its reviews.
    last: Option<ReviewRow>,
    sent: Reviewed,
) -> impl IntoView {
    let (id, status, next) = (document.id.clone(), document.status, document.next());
    let (writes, publishes) = (live && role.can(Perm::WorkWrite), live && role.can(Perm::Publish));
    let asked = (status == DocumentStatus::Review).then(|| {
        let name = document.reviewer_name.clone();
        let told = name.map_or("Waits for anybody who may approve it.".to_owned(), |name| format!("Waits for {name}."));
        view! { <p class="muted" dir="auto">{told}</p> }
    });
    let standing =
        last.filter(|row| row.status == status).map(|row| view! { <Standing row now=document.version href=document.href(&org) /> });
    let request = (writes && status.changeable_by(role) && next.contains(&DocumentStatus::Review)).then({
        let (org, id) = (org.clone(), id.clone());
        || view! { <Request org id reviewers sent=sent.requested /> }
    });
    let withdraw = (writes && !publishes && status == DocumentStatus::Review).then(|| {
        let (org, id) = (org.clone(), id.clone());
        view! {
            <ServerForm to=WithdrawReview::PATH sent=sent.withdrawn>
                <Which org id />
                <Submit label="Withdraw the request" class="small" />
            </ServerForm>
        }
    });
    let own = (publishes && wrote && next.contains(&DocumentStatus::Approved)).then(|| {
        view! { <p class="hint">"You have written some of this text, so somebody else has to approve it."</p> }
    });
    let moves = publishes.then({
        let (org, document) = (org.clone(), document.clone());
        move || view! { <Moves org document wrote sent=sent.moved /> }
    });
    let unreviewed = (publishes && next.contains(&DocumentStatus::Published) && !document.is_approved()).then({
        let (org, document) = (org.clone(), document.clone());
        move || view! { <Unreviewed org document sent=sent.unreviewed /> }
    });
    let back = (publishes && next.contains(&DocumentStatus::Draft) && status != DocumentStatus::Archived).then(|| {
        view! {
            <Fold label="Ask for changes" open=is_refused(AskForChanges::PATH)>
                <ServerForm to=AskForChanges::PATH sent=sent.returned class="stack">
                    <Which org id />
                    <TextArea name="reason" label="What has to change" hint="The document becomes a draft again. Whoever asked for the review is told by mail." rows=4 />
                    <div class="actions"><Submit label="Back to draft" class="" /></div>
                </ServerForm>
            </Fold>
        }
    });
    view! {
        <section class="card stack" aria-labelledby="status">
            <div class="card-head"><h2 id="status">"Status"</h2><DocumentBadge status /></div>
            {asked}
            {standing}
            {request}
            {withdraw}
            {own}
            {moves}
            {unreviewed}
            {back}
        </section>
    }
}

/// How it got where it stands, and what was written since.
#[component]
fn Standing(row: ReviewRow, now: i32, href: String) -> impl IntoView {
    let since = (row.version < now).then(|| {
        let to = format!("{href}/versions{}", VersionQuery::pair(row.version, now, Default::default()));
        view! { <p class="hint"><a href=to>{format!("See what changed from version {} to {now}", row.version)}</a></p> }
    });
    view! {
        <p class="hint" dir="auto">{format!("{}, {}.", row.told(), day(row.created_at))}</p>
        {since}
    }
}

/// Asks for a review.
#[component]
fn Request(org: String, id: String, reviewers: Vec<Named>, sent: Sent) -> impl IntoView {
    let hint = match reviewers.is_empty() {
        true => "Nobody else here may approve it yet: invite a product manager or an administrator.",
        false => "Is told by mail. Nobody approves what they have written.",
    };
    let people = reviewers.into_iter().map(|person| (person.id, person.name));
    let options = std::iter::once((String::new(), "Anybody who may approve".to_owned())).chain(people).collect();
    view! {
        <ServerForm to=RequestReview::PATH sent class="stack">
            <Which org id />
            <SelectField name="reviewer" label="Reviewer" options hint />
            <div class="actions"><Submit label="Request review" /></div>
        </ServerForm>
    }
}

/// The ways on for those who may publish.
#[component]
fn Moves(org: String, document: Document, wrote: bool, sent: Sent) -> impl IntoView {
    let (status, approved) = (document.status, document.is_approved());
    let verb = |to: &DocumentStatus| match (status, to) {
        (_, DocumentStatus::Approved) => (!wrote).then_some(("Approve", "button primary")),
        (_, DocumentStatus::Published) => approved.then_some(("Publish", "button primary")),
        (_, DocumentStatus::Archived) => Some(("Archive", "button")),
        (DocumentStatus::Archived, DocumentStatus::Draft) => Some(("Back to draft", "button")),
        // Going back needs a reason, and being reviewed somebody to ask.
        _ => None,
    };
    let button = |to: &DocumentStatus| {
        verb(to).map(|(label, class)| view! { <button type="submit" class=class name="status" value=to.word()>{label}</button> })
    };
    let buttons: Vec<_> = document.next().iter().filter_map(button).collect();
    let Document { id, version, .. } = document;
    (!buttons.is_empty()).then(|| {
        view! {
            <ServerForm to=MoveDocument::PATH sent row="reviewed">
                <Which org id />
                <input type="hidden" name="version" value=version.to_string() autocomplete="off" />
                <div class="actions" role="group" aria-label="Move on">{buttons}</div>
            </ServerForm>
        }
    })
}

/// Publishes what nobody has approved, as where one person is alone.
#[component]
fn Unreviewed(org: String, document: Document, sent: Sent) -> impl IntoView {
    let Document { id, version, .. } = document;
    let told = format!("Nobody has approved version {version}. It will say that it was published without a review.");
    view! {
        <Fold label="Publish without a review" open=is_refused(MoveDocument::PATH)>
            <ServerForm to=MoveDocument::PATH sent class="stack" row="unreviewed">
                <Which org id />
                <input type="hidden" name="version" value=version.to_string() autocomplete="off" />
                <input type="hidden" name="status" value=DocumentStatus::Published.word() />
                <p class="hint">{told}</p>
                <div class="actions"><Submit label=format!("Publish version {version}") class="" /></div>
            </ServerForm>
        </Fold>
    }
}

/// The hidden fields that say which document a form is about.
#[component]
fn Which(org: String, id: String) -> impl IntoView {
    view! {
        <input type="hidden" name="org" value=org />
        <input type="hidden" name="id" value=id />
    }
}

/// What has happened in reviews, the newest first.
#[component]
pub fn Reviews(reviews: Vec<ReviewRow>) -> impl IntoView {
    let row = |row: ReviewRow| {
        let reason = (!row.reason.is_empty()).then(|| view! { <p class="prose" dir="auto">{row.reason.clone()}</p> });
        view! {
            <li>
                <p dir="auto">{row.told()}</p>
                {reason}
                <p class="hint">{day(row.created_at)}</p>
            </li>
        }
    };
    (!reviews.is_empty()).then(|| {
        view! {
            <section class="card reviews" aria-labelledby="reviews">
                <h2 id="reviews">"Review"</h2>
                <ol>{reviews.into_iter().map(row).collect_view()}</ol>
            </section>
        }
    })
}
