//! The search's page, and its field in the frame.

mod found;
mod narrow;

use std::time::Duration;

use leptos::html::Input;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use found::FoundView;

use super::api::FindEntries;
use super::model::{Found, SearchQuery};
use crate::org::view::param;
use crate::ui::layout::{Crumb, PageHead};
use crate::ui::load::{Load, data};

crate::lazy_pages!(work: Search = SearchPage);

/// The field in the frame, for where there are no scripts: with them the palette has its place, see the style sheet.
#[component]
pub fn SearchField(org: Signal<String>) -> impl IntoView {
    view! {
        <form method="get" action=move || format!("/orgs/{}/search", org.get()) class="search-field" role="search" aria-label="Everything">
            <input type="search" name="q" aria-label="Search everything" placeholder="Search" autocomplete="off" dir="auto" />
        </form>
    }
}

/// `/orgs/{org}/search`
#[component]
pub fn SearchPage() -> impl IntoView {
    let org = param("org");
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(|params| SearchQuery::of_params(|name| params.get(name))));
    let found = data(move || FindEntries { org: org.get(), query: query.get() });
    let view = move |found: Found| view! { <FoundView found query=query.get_untracked() org=org.get_untracked() /> }.into_any();
    view! {
        <PageHead title="Search" crumbs=vec![Crumb::new("Portfolio", format!("/orgs/{}/products", org.get_untracked()))] />
        <Words org query />
        <Load of=found view />
    }
}

/// The field of the page. It stands outside of what is found, so that it stays as it is while one types and results come in.
#[component]
fn Words(org: Signal<String>, query: Memo<SearchQuery>) -> impl IntoView {
    let navigate = use_navigate();
    let field = NodeRef::<Input>::new();
    // What was typed last. A search that comes from elsewhere, as from a filter that was taken out, is put into the field.
    let typed = StoredValue::new(query.get_untracked().words);
    let mut look = debounce(Duration::from_millis(150), move |words: String| {
        typed.set_value(words.clone());
        let to = query.get_untracked().with(|query| query.words = words);
        let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
        navigate(&format!("/orgs/{}/search{}", org.get_untracked(), to.params()), options);
    });
    Effect::new(move || {
        let words = query.get().words;
        if let Some(field) = field.get()
            && typed.get_value() != words
        {
            field.set_value(&words);
            typed.set_value(words);
        }
    });
    view! {
        <form method="get" action=move || format!("/orgs/{}/search", org.get()) class="tag-filter search-form" role="search" aria-label="Words">
            <input
                type="search"
                name="q"
                node_ref=field
                aria-label="Words to search for"
                aria-keyshortcuts="/"
                aria-describedby="search-hint"
                placeholder="Words, or \"a phrase\""
                value=query.get_untracked().words
                autocomplete="off"
                dir="auto"
                on:input=move |event| look(event_target_value(&event))
            />
            <button class="button">"Search"</button>
            <p id="search-hint" class="muted">"Narrow it with type:, status:, assignee: or product:, or with the choices below."</p>
        </form>
    }
}
