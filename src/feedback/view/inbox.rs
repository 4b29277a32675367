//! The inbox: what came in, the newest first.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::{KEYS, PriorityBadge, StatusBadge};
use crate::feedback::api::{ListFeedback, RestoreFeedback};
use crate::feedback::model::{Feedback, FeedbackList, FeedbackQuery, FeedbackStatus, FeedbackType, may_triage};
use crate::kernel::page::{Cursor, Page};
use crate::kernel::priority::Priority;
use crate::kernel::time::day;
use crate::org::view::param;
use crate::transfer::model::{Kind, TransferPage};
use crate::transfer::view::TransferLink;
use crate::ui::form::{Sent, ServerForm, Submit};
use crate::ui::icon::{Icon, IconView};
use crate::ui::keys::KeysHelp;
use crate::ui::layout::{Crumb, Empty, Notice, PageHead, Pager};
use crate::ui::load::{Load, data};
use crate::ui::reference::Reference;
use crate::ui::select::FilterSelect;

/// `/orgs/{org}/products/{key}/feedback`
#[component]
pub fn InboxPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(|params| FeedbackQuery::of_params(|name| params.get(name))));
    let just_deleted = Signal::derive(move || params.with(|params| params.get("deleted")));
    let feedback = data(move || ListFeedback { org: org.get(), product: key.get(), query: query.get() }).live(&["Feedback", "Idea"]);
    let view = move |data: FeedbackList| {
        view! { <Inbox data org=org.get_untracked() query=query.get_untracked() just_deleted=just_deleted.get_untracked() /> }.into_any()
    };
    view! { <Load of=feedback view /> }
}

/// Head, filters and items; on a wide screen with room beside them for the item that is chosen.
#[component]
fn Inbox(data: FeedbackList, org: String, query: FeedbackQuery, just_deleted: Option<String>) -> impl IntoView {
    let product = format!("/orgs/{org}/products/{}", data.product.key);
    let base = format!("{product}/feedback");
    let crumbs = vec![Crumb::new("Portfolio", format!("/orgs/{org}/products")), Crumb::new(data.product.name.clone(), product.clone())];
    let (triager, new) = (may_triage(data.role), format!("{base}/new"));
    let transfer = data.role.can(TransferPage::PERM).then(|| view! { <TransferLink product=product.clone() kind=Kind::Feedback /> });
    let undo = just_deleted.filter(|_| triager).map(|id| {
        view! { <Notice>"The feedback is deleted. "<RestoreButton org id label="Undo" /></Notice> }
    });
    let body = if data.page.rows.is_empty() {
        view! { <NoFeedback query=query.clone() base=base.clone() /> }.into_any()
    } else {
        let chosen = Signal::stored(String::new());
        view! {
            <div class="inbox">
                <div class="inbox-side"><Items page=data.page base=base.clone() query=query.clone() chosen /></div>
                <p class="inbox-room muted">"Choose an item to read it here."</p>
            </div>
        }
        .into_any()
    };
    view! {
        <PageHead title="Feedback" crumbs>
            <KeysHelp keys=KEYS />
            {transfer}
            <a class="button primary" href=new aria-keyshortcuts="n"><IconView icon=Icon::Plus />"New feedback"</a>
        </PageHead>
        {undo}
        <Filters base query triager />
        {body}
    }
}

/// Narrows the list by status, type, priority and source.
#[component]
fn Filters(base: String, query: FeedbackQuery, triager: bool) -> impl IntoView {
    let tab = |label: &'static str, to: FeedbackQuery, here: bool| {
        view! { <li><a href=format!("{base}{}", to.params()) aria-current=here.then_some("page")>{label}</a></li> }
    };
    let all = tab("All", query.with(|q| (q.status, q.deleted) = (None, false)), query.status.is_none() && !query.deleted);
    let statuses = FeedbackStatus::ALL
        .map(|status| tab(status.label(), query.with(|q| (q.status, q.deleted) = (Some(status), false)), query.status == Some(status)))
        .collect_view();
    let deleted = triager.then(|| tab("Deleted", query.with(|q| (q.status, q.deleted) = (None, true)), query.deleted));
    let narrowed = query.kind.is_some() || query.priority.is_some() || query.source.is_some();
    let clear = narrowed.then(|| {
        let to = query.with(|q| (q.kind, q.priority, q.source) = (None, None, None)).params();
        view! { <a class="button quiet small" href=format!("{base}{to}")>"Clear"</a> }
    });
    let kinds = FeedbackType::options();
    let priorities = Priority::options();
    view! {
        <div class="filters">
            <nav aria-label="Filter by status"><ul class="tabs">{all}{statuses}{deleted}</ul></nav>
            <form method="get" action=base.clone() class="tag-filter" role="search" aria-label="Filter by type, priority and source">
                {query.status.map(|status| view! { <input type="hidden" name="status" value=status.word() /> })}
                <FilterSelect name="type" label="Type" all="Any type" options=kinds value=query.kind.map(FeedbackType::word).unwrap_or_default() />
                <FilterSelect name="priority" label="Priority" all="Any priority" options=priorities value=query.priority.map(Priority::word).unwrap_or_default() />
                <input name="source" aria-label="Source" placeholder="Source" value=query.source.clone().unwrap_or_default() autocomplete="off" dir="auto" />
                <button class="button small">"Filter"</button>
                {clear}
            </form>
        </div>
    }
}

/// What stands in place of feedback, and what to do about it.
#[component]
fn NoFeedback(query: FeedbackQuery, base: String) -> impl IntoView {
    if query.deleted {
        return view! { <Empty icon=Icon::Trash title="Nothing deleted" text="Feedback that is deleted can be brought back from here." /> }
            .into_any();
    }
    if query.is_filtered() {
        return view! {
            <Empty icon=Icon::Inbox title="No feedback matches" text="Nothing here has this status, type, priority and source.">
                <a class="button" href=base>"Show all feedback"</a>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty icon=Icon::Inbox title="No feedback yet" text="Write down what people say about this product. Linked to ideas, it tells what they want most.">
            <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New feedback"</a>
        </Empty>
    }
    .into_any()
}

/// The items of a page and the ways on. The neighbours of the chosen one can be gone to by key.
#[component]
pub fn Items(page: Page<Feedback>, base: String, query: FeedbackQuery, chosen: Signal<String>) -> impl IntoView {
    let step = |cursor: Option<Cursor>, label: &'static str, keys: &'static str| {
        cursor.map(|cursor| {
            let to = FeedbackQuery { cursor: Some(cursor), ..query.clone() };
            view! { <a class="button small" href=format!("{base}{}", to.params()) aria-keyshortcuts=keys>{label}</a> }
        })
    };
    // Behind the items in the page, so that their keys come first.
    let (previous, next) = (step(page.previous.clone(), "Newer", BEFORE), step(page.next.clone(), "Older", AFTER));
    let range = page.range();
    let ids: Vec<String> = page.rows.iter().map(|item| item.id.clone()).collect();
    let rows = page
        .rows
        .into_iter()
        .enumerate()
        .map(|(place, item)| {
            let neighbour = |at: Option<usize>| at.and_then(|at| ids.get(at)).cloned();
            let (before, after) = (neighbour(place.checked_sub(1)), neighbour(Some(place + 1)));
            view! { <ItemRow item base=base.clone() query=query.clone() chosen before after /> }
        })
        .collect_view();
    view! {
        <ul class="inbox-items" aria-label="Items">{rows}</ul>
        <Pager range>{previous}{next}</Pager>
    }
}

/// The keys that lead to the item before and to the one after.
const BEFORE: &str = "k ArrowUp";
const AFTER: &str = "j ArrowDown";

/// One item of the list: what it is, and where it stands.
#[component]
fn ItemRow(
    item: Feedback,
    base: String,
    query: FeedbackQuery,
    chosen: Signal<String>,
    /// The ids of its neighbours.
    before: Option<String>,
    after: Option<String>,
) -> impl IntoView {
    let href = format!("{base}/{}{}", item.id, query.params());
    let id = item.id.clone();
    let current = move || (chosen.get() == id).then_some("true");
    let is_first = before.is_none();
    let keys = move || {
        let chosen = chosen.get();
        if before.as_ref() == Some(&chosen) || (chosen.is_empty() && is_first) {
            Some(AFTER)
        } else if after.as_ref() == Some(&chosen) {
            Some(BEFORE)
        } else {
            None
        }
    };
    let linked = item.idea().map(|_| view! { <span class="tag">"Linked"</span> });
    let source = item.source.clone().map(|source| view! { <span class="tag" dir="auto">{source}</span> });
    view! {
        <li>
            <a href=href aria-current=current aria-keyshortcuts=keys>
                <span class="idea-title" dir="auto">{item.title.clone()}</span>
                <Reference number=item.number />
                <span class="muted clip-lines" dir="auto">{item.description.clone()}</span>
                <span class="inbox-facts">
                    <StatusBadge status=item.status />
                    <PriorityBadge priority=item.priority />
                    <span class="muted">{item.kind.label()}</span>
                    {source}
                    {linked}
                    <span class="muted">{day(item.created_at)}</span>
                </span>
            </a>
        </li>
    }
}

/// Brings an item back.
#[component]
pub fn RestoreButton(org: String, id: String, label: &'static str, #[prop(optional)] sent: Option<Sent>) -> impl IntoView {
    view! {
        <ServerForm to=RestoreFeedback::PATH class="inline" sent=sent.unwrap_or_default()>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <Submit label=label class="small" />
        </ServerForm>
    }
}
