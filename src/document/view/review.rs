//! Where a document stands in its review, and the ways on.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::DocumentBadge;
use crate::document::api::review::{AskForChanges, MoveDocument, RequestReview, WithdrawReview};
use crate::document::model::{Document, DocumentStatus, ReviewRow};
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
    returned: Sent,
}

impl Reviewed {
    pub fn new() -> Reviewed {
        Reviewed { requested: Sent::new(), withdrawn: Sent::new(), moved: Sent::new(), returned: Sent::new() }
    }

    pub fn all(self) -> [Sent; 4] {
        [self.requested, self.withdrawn, self.moved, self.returned]
    }
}

/// The status, who is asked, and what this role can do about it.
#[component]
pub fn ReviewPanel(org: String, document: Document, role: Role, live: bool, reviewers: Vec<Named>, sent: Reviewed) -> impl IntoView {
    let Document { id, status, reviewer_name, .. } = document;
    let (writes, publishes) = (live && role.can(Perm::WorkWrite), live && role.can(Perm::Publish));
    let asked = (status == DocumentStatus::Review).then(|| {
        let told = reviewer_name.map_or("Waits for anybody who may approve it.".to_owned(), |name| format!("Waits for {name}."));
        view! { <p class="muted" dir="auto">{told}</p> }
    });
    let request = (writes && status == DocumentStatus::Draft).then({
        let (org, id) = (org.clone(), id.clone());
        || {
            let people = reviewers.into_iter().map(|person| (person.id, person.name));
            let options = std::iter::once((String::new(), "Anybody who may approve".to_owned())).chain(people).collect();
            view! {
                <ServerForm to=RequestReview::PATH sent=sent.requested class="stack">
                    <Which org id />
                    <SelectField name="reviewer" label="Reviewer" options hint="Is told by mail." />
                    <div class="actions"><Submit label="Request review" /></div>
                </ServerForm>
            }
        }
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
    let moves = publishes.then({
        let (org, id) = (org.clone(), id.clone());
        move || view! { <Moves org id status sent=sent.moved /> }
    });
    let back = (publishes && status.next().contains(&DocumentStatus::Draft) && status != DocumentStatus::Archived).then(|| {
        view! {
            <Fold label="Ask for changes" open=is_refused(AskForChanges::PATH)>
                <ServerForm to=AskForChanges::PATH sent=sent.returned class="stack">
                    <Which org id />
                    <TextArea name="reason" label="What has to change" hint="The document becomes a draft again." rows=4 />
                    <div class="actions"><Submit label="Back to draft" class="" /></div>
                </ServerForm>
            </Fold>
        }
    });
    view! {
        <section class="card stack" aria-labelledby="status">
            <div class="card-head"><h2 id="status">"Status"</h2><DocumentBadge status /></div>
            {asked}
            {request}
            {withdraw}
            {moves}
            {back}
        </section>
    }
}

/// The ways on for those who may publish.
#[component]
fn Moves(org: String, id: String, status: DocumentStatus, sent: Sent) -> impl IntoView {
    let verb = |to: &DocumentStatus| match (status, to) {
        (_, DocumentStatus::Approved) => Some(("Approve", "button primary")),
        (_, DocumentStatus::Published) => Some(("Publish", "button primary")),
        (_, DocumentStatus::Archived) => Some(("Archive", "button")),
        (DocumentStatus::Archived, DocumentStatus::Draft) => Some(("Back to draft", "button")),
        // Going back needs a reason, and being reviewed somebody to ask.
        _ => None,
    };
    let button = |to: &DocumentStatus| {
        verb(to).map(|(label, class)| view! { <button type="submit" class=class name="status" value=to.word()>{label}</button> })
    };
    let buttons: Vec<_> = status.next().iter().filter_map(button).collect();
    (!buttons.is_empty()).then(|| {
        view! {
            <ServerForm to=MoveDocument::PATH sent>
                <Which org id />
                <div class="actions" role="group" aria-label="Move on">{buttons}</div>
            </ServerForm>
        }
    })
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
