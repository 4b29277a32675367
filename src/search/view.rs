//! The search's page, and its field in the frame.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::api::FindEntries;
use super::model::{Found, Group, Hit, Kind, SearchQuery, pieces};
use crate::org::model::ProductLink;
use crate::org::view::param;
use crate::ui::icon::Icon;
use crate::ui::layout::{Crumb, Empty, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::reference::Reference;

crate::lazy_pages!(work: Search = SearchPage);

/// The field in the frame. With scripts, `/` leads to it.
#[component]
pub fn SearchField(org: String) -> impl IntoView {
    view! {
        <form method="get" action=format!("/orgs/{org}/search") class="search-field" role="search" aria-label="Everything">
            <input type="search" name="q" aria-label="Search everything" aria-keyshortcuts="/" placeholder="Search" autocomplete="off" dir="auto" />
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
    let mut look = debounce(Duration::from_millis(150), move |words: String| {
        let to = query.get_untracked().with(|query| query.words = words);
        let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
        navigate(&format!("/orgs/{}/search{}", org.get_untracked(), to.params()), options);
    });
    let hidden = move || {
        let SearchQuery { kind, product, .. } = query.get();
        view! {
            {kind.map(|kind| view! { <input type="hidden" name="kind" value=kind.word() /> })}
            {product.map(|product| view! { <input type="hidden" name="product" value=product /> })}
        }
    };
    view! {
        <form method="get" action=move || format!("/orgs/{}/search", org.get()) class="tag-filter search-form" role="search" aria-label="Words">
            {hidden}
            <input
                type="search"
                name="q"
                aria-label="Words to search for"
                placeholder="Words, or \"a phrase\""
                value=query.get_untracked().words
                autocomplete="off"
                dir="auto"
                on:input=move |event| look(event_target_value(&event))
            />
            <button class="button">"Search"</button>
        </form>
    }
}

/// What is found, by kind, and the ways to narrow it.
#[component]
fn FoundView(found: Found, query: SearchQuery, org: String) -> impl IntoView {
    let base = format!("/orgs/{org}/search");
    let body = match (query.words.trim().is_empty(), found.groups.is_empty()) {
        (true, _) => view! { <p class="muted">"Type a few letters. Words in quotes are found as they stand."</p> }.into_any(),
        (false, true) => {
            let text = "Each word has to begin one in the title or the text.";
            view! { <Empty icon=Icon::Compass title="Nothing found" text /> }.into_any()
        }
        (false, false) => {
            let group = |group: Group| view! { <GroupView group query=query.clone() org=org.clone() base=base.clone() /> };
            found.groups.into_iter().map(group).collect_view().into_any()
        }
    };
    view! {
        <Narrow products=found.products query=query.clone() base=base.clone() />
        {body}
    }
}

/// Narrows the search to a kind or a product.
#[component]
fn Narrow(products: Vec<ProductLink>, query: SearchQuery, base: String) -> impl IntoView {
    let tab = |label: String, to: SearchQuery, here: bool| {
        view! { <li><a href=format!("{base}{}", to.params()) aria-current=here.then_some("page") dir="auto">{label}</a></li> }
    };
    let all = tab("All".into(), query.with(|q| q.kind = None), query.kind.is_none());
    let kinds =
        Kind::ALL.map(|kind| tab(kind.label().to_owned(), query.with(|q| q.kind = Some(kind)), query.kind == Some(kind))).collect_view();
    let everywhere = tab("All products".into(), query.with(|q| q.product = None), query.product.is_none());
    let products = products
        .into_iter()
        .map(|product| {
            let here = query.product.as_ref() == Some(&product.key);
            tab(product.name, query.with(|q| q.product = Some(product.key)), here)
        })
        .collect_view();
    view! {
        <div class="filters">
            <nav aria-label="Filter by kind"><ul class="tabs">{all}{kinds}</ul></nav>
            <nav aria-label="Filter by product"><ul class="tabs">{everywhere}{products}</ul></nav>
        </div>
    }
}

/// What is found of one kind.
#[component]
fn GroupView(group: Group, query: SearchQuery, org: String, base: String) -> impl IntoView {
    let Group { kind, hits, more } = group;
    let name = format!("found-{}", kind.path());
    let heading = name.clone();
    let step = |to: SearchQuery, label: String| view! { <a class="button small" href=format!("{base}{}", to.params())>{label}</a> };
    let ways = match query.kind {
        None => more.then(|| step(query.with(|q| q.kind = Some(kind)), format!("All {}", kind.label().to_lowercase()))).into_any(),
        Some(_) => {
            let back = (query.page > 0).then(|| step(query.with(|q| q.page = query.page - 1), "Previous".into()));
            let onward = more.then(|| step(query.with(|q| q.page = query.page + 1), "Next".into()));
            view! { {back}{onward} }.into_any()
        }
    };
    view! {
        <section class="found" aria-labelledby=name>
            <h2 id=heading>{kind.label()}</h2>
            <ol>{hits.into_iter().map(|hit| view! { <HitView hit org=org.clone() /> }).collect_view()}</ol>
            <div class="actions">{ways}</div>
        </section>
    }
}

/// One thing that was found.
#[component]
fn HitView(hit: Hit, org: String) -> impl IntoView {
    let href = hit.href(&org);
    let reference = hit.product_key.clone().map(|key| view! { <Reference number=hit.number product=key /> });
    let whose = hit.product_name.unwrap_or_else(|| "Organisation".to_owned());
    let snippet = (!hit.snippet.is_empty()).then(|| view! { <p class="muted" dir="auto">{marked(&hit.snippet)}</p> });
    view! {
        <li class="card">
            <a class="idea-title" href=href dir="auto">{marked(&hit.title)}</a>
            {reference}
            <span class="muted" dir="auto">{whose}</span>
            {snippet}
        </li>
    }
}

/// The text with its matches marked.
fn marked(text: &str) -> impl IntoView + use<> {
    let piece = |(text, matched): (String, bool)| match matched {
        true => view! { <mark>{text}</mark> }.into_any(),
        false => text.into_any(),
    };
    pieces(text).into_iter().map(piece).collect_view()
}
