//! The idea that an item belongs to, and the search for one.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use server_fn::ServerFn;

use crate::feedback::api::{FindIdeas, LinkFeedback, UnlinkFeedback};
use crate::feedback::model::{Feedback, FeedbackQuery};
use crate::idea::model::IdeaLink;
use crate::idea::view::StatusBadge;
use crate::kernel::call::run;
use crate::ui::form::{Sent, ServerForm, Submit};
use crate::ui::reference::Reference;

/// How long somebody pauses before what they typed is looked for.
const PAUSE: Duration = Duration::from_millis(150);

/// What is looked for and what was found. It belongs to the page, so that it outlives a new look at the item.
#[derive(Clone, Copy)]
pub struct Finder {
    org: Signal<String>,
    product: Signal<String>,
    /// The item that an idea is looked for.
    item: StoredValue<String>,
    words: RwSignal<String>,
    found: RwSignal<Vec<IdeaLink>>,
}

impl Finder {
    /// A search that nothing was typed into yet.
    pub fn new(org: Signal<String>, product: Signal<String>) -> Finder {
        let (words, found) = (RwSignal::new(String::new()), RwSignal::new(Vec::new()));
        Finder { org, product, item: StoredValue::default(), words, found }
    }

    /// Takes the search that came with the page; what was typed since for the same item stays.
    pub fn fill(self, item: &str, words: String, found: Vec<IdeaLink>) {
        if self.item.with_value(|before| before != item) {
            self.item.set_value(item.to_owned());
            self.words.set(words);
            self.found.set(found);
        }
    }

    /// Looks for ideas, and shows them unless something else was typed meanwhile.
    fn look(self, words: String) {
        let call = FindIdeas { org: self.org.get_untracked(), product: self.product.get_untracked(), find: words.clone() };
        let Ok(arguments) = serde_json::to_string(&call) else { return };
        spawn_local(async move {
            let found = run::<FindIdeas>(arguments).await.ok().and_then(|json| serde_json::from_str(&json).ok());
            if self.words.try_get_untracked() == Some(words)
                && let Some(found) = found
            {
                let _ = self.found.try_set(found);
            }
        });
    }
}

/// The idea, or the way to one.
#[component]
pub fn IdeaPanel(
    org: String,
    product: String,
    feedback: Feedback,
    query: FeedbackQuery,
    may_link: bool,
    linked: Sent,
    finder: Finder,
) -> impl IntoView {
    let base = format!("/orgs/{org}/products/{product}");
    let id = feedback.id.clone();
    let body = match feedback.idea() {
        Some(idea) => view! { <Linked org=org.clone() id=id.clone() idea base=base.clone() may_link linked /> }.into_any(),
        None => view! { <p class="muted">"Not linked to an idea yet."</p> }.into_any(),
    };
    let search = may_link.then(|| view! { <Search org id base query linked finder /> });
    view! {
        <section class="card stack" aria-labelledby="idea">
            <h2 id="idea">"Idea"</h2>
            {body}
            {search}
        </section>
    }
}

/// The idea that the item is linked to.
#[component]
fn Linked(org: String, id: String, idea: IdeaLink, base: String, may_link: bool, linked: Sent) -> impl IntoView {
    let unlink = may_link.then(|| {
        view! {
            <ServerForm to=UnlinkFeedback::PATH class="inline" sent=linked>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <Submit label="Unlink" class="small" />
            </ServerForm>
        }
    });
    view! {
        <div class="actions">
            <a href=format!("{base}/ideas/{}", idea.id) dir="auto">{idea.title}</a>
            <Reference number=idea.number />
            <StatusBadge status=idea.status />
            {unlink}
        </div>
    }
}

/// Looks for ideas by their titles: as one types, or with scripts off by the button.
#[component]
fn Search(org: String, id: String, base: String, query: FeedbackQuery, linked: Sent, finder: Finder) -> impl IntoView {
    let mut later = debounce(PAUSE, move |words: String| finder.look(words));
    let mut typed = move |words: String| {
        finder.words.set(words.clone());
        later(words);
    };
    let action = format!("{base}/feedback/{id}");
    let found = move || {
        let button = |idea: IdeaLink| {
            view! {
                <li>
                    <span class="idea-title" dir="auto">{idea.title.clone()}</span>
                    <Reference number=idea.number />
                    <StatusBadge status=idea.status />
                    <button type="submit" class="button small" name="idea" value=idea.id aria-label=format!("Link to {}", idea.title)>"Link"</button>
                </li>
            }
        };
        finder.found.get().into_iter().map(button).collect_view()
    };
    let nothing =
        move || (finder.found.with(Vec::is_empty) && !finder.words.get().trim().is_empty()).then_some("No idea has this in its title.");
    view! {
        <form method="get" action=action class="tag-filter" role="search" aria-label="Find an idea" on:submit=move |event| event.prevent_default()>
            {kept(&query)}
            <input
                name="find"
                aria-label="Idea's title"
                placeholder="Find an idea"
                autocomplete="off"
                dir="auto"
                value=finder.words.get_untracked()
                aria-keyshortcuts="l"
                on:input:target=move |event| typed(event.target().value())
            />
            <button class="button small">"Find"</button>
        </form>
        <ServerForm to=LinkFeedback::PATH sent=linked>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <ul class="found" aria-label="Ideas found">{found}</ul>
        </ServerForm>
        <p class="hint" role="status">{nothing}</p>
    }
}

/// The list that the item was chosen from stays the same.
fn kept(query: &FeedbackQuery) -> impl IntoView + use<> {
    let params = query.params();
    let pairs: Vec<(String, String)> = params
        .trim_start_matches('?')
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .collect();
    let source = query.source.clone().unwrap_or_default();
    let field = move |(name, value): (String, String)| {
        // The one value that is not a plain word is taken as it was before it was put into an address.
        let value = if name == "source" { source.clone() } else { value };
        view! { <input type="hidden" name=name value=value /> }
    };
    pairs.into_iter().map(field).collect_view()
}
