//! An item of feedback, beside the list that it was chosen from.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::inbox::{Items, RestoreButton};
use super::link::{Finder, IdeaPanel};
use super::triage::TriagePanel;
use super::{KEYS, PriorityBadge, StatusBadge, crumbs};
use crate::feedback::api::{DeleteFeedback, GetFeedback, ListFeedback, MakeIdea};
use crate::feedback::model::{Feedback, FeedbackList, FeedbackPage, FeedbackQuery, may_triage};
use crate::kernel::reference::reference;
use crate::kernel::role::Perm;
use crate::kernel::time::day;
use crate::org::view::param;
use crate::ui::form::{Sent, ServerForm, Submit};
use crate::ui::keys::KeysHelp;
use crate::ui::layout::{Notice, PageHead};
use crate::ui::load::{Data, Load, data};
use crate::ui::reference::LinkedProse;

/// `/orgs/{org}/products/{key}/feedback/{id}`
#[component]
pub fn ItemPage() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(|params| FeedbackQuery::of_params(|name| params.get(name))));
    let find = Memo::new(move |_| params.with(|params| params.get("find").unwrap_or_default()));
    let sent = Signal::derive(move || params.with(|params| params.get("sent").is_some()));
    let forms = Forms { triaged: Sent::new(), linked: Sent::new(), made: Sent::new(), restored: Sent::new() };
    let finder = Finder::new(org, key);
    let item = data(move || GetFeedback { org: org.get(), product: key.get(), id: id.get(), find: find.get() });
    let list = data(move || ListFeedback { org: org.get(), product: key.get(), query: query.get() });
    let (item, list) = (forms.refresh(item).live_item(&["Feedback", "Idea"], id), forms.refresh(list).live(&["Feedback", "Idea"]));
    Effect::new(move |before: Option<String>| {
        let now = id.get();
        if before.is_some_and(|before| before != now) {
            forms.forget();
        }
        now
    });
    let view = move |data: FeedbackPage| {
        finder.fill(&data.feedback.id, find.get_untracked(), data.found.clone());
        let (org, query) = (org.get_untracked(), query.get_untracked());
        view! { <Item data org query forms finder thanks=sent.get_untracked() /> }.into_any()
    };
    view! {
        <div class="inbox chosen">
            <div class="inbox-side"><Beside list org query chosen=id /></div>
            <div class="inbox-item"><Load of=item view /></div>
        </div>
    }
}

/// The forms of the page, which outlive a new look at its data.
#[derive(Clone, Copy)]
struct Forms {
    triaged: Sent,
    linked: Sent,
    made: Sent,
    restored: Sent,
}

impl Forms {
    /// Asks for the data again after each of them.
    fn refresh<T>(self, data: Data<T>) -> Data<T> {
        data.after(self.triaged).after(self.linked).after(self.made).after(self.restored)
    }

    /// A refusal belongs to the item that it was about.
    fn forget(self) {
        [self.triaged, self.linked, self.made, self.restored].into_iter().for_each(Sent::forget);
    }
}

/// The list at the side; should it fail, the item says so already.
#[component]
fn Beside(list: Data<FeedbackList>, org: Signal<String>, query: Memo<FeedbackQuery>, chosen: Signal<String>) -> impl IntoView {
    let shown = move |data: FeedbackList| {
        let base = format!("/orgs/{}/products/{}/feedback", org.get_untracked(), data.product.key);
        view! { <Items page=data.page base query=query.get_untracked() chosen /> }
    };
    view! { <Transition fallback=|| ()>{move || Suspend::new(async move { list.get().await.ok().map(shown) })}</Transition> }
}

/// What was said at the left; what is to be made of it at the right.
#[component]
fn Item(data: FeedbackPage, org: String, query: FeedbackQuery, forms: Forms, finder: Finder, thanks: bool) -> impl IntoView {
    let FeedbackPage { role, product, feedback, named, .. } = data;
    let back = format!("/orgs/{org}/products/{}/feedback{}", product.key, query.params());
    let (live, triager) = (feedback.deleted_at.is_none(), may_triage(role));
    let (works, may_make) = (live && triager, live && role.can(Perm::IdeaWrite) && feedback.idea().is_none());
    let restore = (!live && triager).then(|| {
        view! { <RestoreButton org=org.clone() id=feedback.id.clone() label="Restore" sent=forms.restored /> }
    });
    let deleted = (!live).then(|| view! { <Notice>"This feedback is deleted. "{restore}</Notice> });
    let thanks = (thanks && live).then(|| view! { <Notice>"Thank you. The feedback is in the inbox."</Notice> });
    let make = may_make.then(|| view! { <MakeButton org=org.clone() id=feedback.id.clone() sent=forms.made /> });
    let delete = works.then(|| view! { <DeleteButton org=org.clone() id=feedback.id.clone() /> });
    let triage = works.then(|| view! { <TriagePanel org=org.clone() feedback=feedback.clone() sent=forms.triaged /> });
    view! {
        <PageHead title=feedback.title.clone() reference=reference(&product.key, feedback.number) crumbs=crumbs(&org, &product)>
            <a class="button quiet small inbox-back" href=back>"Back to the list"</a>
            <KeysHelp keys=KEYS />
            {make}
            {delete}
        </PageHead>
        {thanks}
        {deleted}
        <div class="stack">
            <section class="card" aria-label="Description"><LinkedProse text=feedback.description.clone() links=named empty="No description." /></section>
            {triage}
            <IdeaPanel org product=product.key feedback=feedback.clone() query may_link=works linked=forms.linked finder />
            <Facts feedback triager />
        </div>
    }
}

/// What is known of the item.
#[component]
fn Facts(feedback: Feedback, triager: bool) -> impl IntoView {
    let email = triager.then(|| {
        let address = feedback.user_email.clone().unwrap_or_else(|| "Not given".into());
        view! { <div><dt>"From"</dt><dd dir="auto">{address}</dd></div> }
    });
    view! {
        <section class="card" aria-label="Details">
            <dl class="facts">
                <div><dt>"Status"</dt><dd><StatusBadge status=feedback.status /></dd></div>
                <div><dt>"Type"</dt><dd>{feedback.kind.label()}</dd></div>
                <div><dt>"Priority"</dt><dd><PriorityBadge priority=feedback.priority /></dd></div>
                {email}
                <div><dt>"Source"</dt><dd dir="auto">{feedback.source.clone().unwrap_or_else(|| "Not given".into())}</dd></div>
                <div><dt>"Received"</dt><dd>{day(feedback.created_at)}</dd></div>
                <div><dt>"Changed"</dt><dd>{day(feedback.updated_at)}</dd></div>
            </dl>
        </section>
    }
}

/// Makes an idea of the item.
#[component]
fn MakeButton(org: String, id: String, sent: Sent) -> impl IntoView {
    view! {
        <ServerForm to=MakeIdea::PATH sent=sent>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <button type="submit" class="button" aria-keyshortcuts="i">"New idea from this"</button>
        </ServerForm>
    }
}

/// Deletes the item; the list it leads to offers to undo that.
#[component]
fn DeleteButton(org: String, id: String) -> impl IntoView {
    view! {
        <ServerForm to=DeleteFeedback::PATH>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <Submit label="Delete" class="danger" />
        </ServerForm>
    }
}
