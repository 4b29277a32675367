//! What was found.

use leptos::prelude::*;

use super::narrow::Narrow;
use crate::search::model::{Found, Group, Hit, SearchQuery, Typed, Unknown, is_cut, pieces, status_label};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::Empty;
use crate::ui::reference::Reference;

/// What is found, by kind, and the ways to narrow it.
#[component]
pub fn FoundView(found: Found, query: SearchQuery, org: String) -> impl IntoView {
    let base = format!("/orgs/{org}/search");
    let Found { groups, near, unknown, kinds, products, people } = found;
    let cut = (unknown.is_empty() && !near && is_cut(&query.asked().words))
        .then(|| view! { <p class="muted" role="status">"The first eight words and phrases are looked for, and the first eight words of a phrase."</p> });
    let body = match (unknown.is_empty(), query.asked().is_empty(), groups.is_empty()) {
        (false, _, _) => view! { <Wrong unknown /> }.into_any(),
        (_, true, _) => view! { <p class="muted">"Type a few letters. Words in quotes are found as they stand."</p> }.into_any(),
        (_, _, true) => view! { <Nothing query=query.clone() base=base.clone() /> }.into_any(),
        _ => {
            let group = |group: Group| view! { <GroupView group query=query.clone() org=org.clone() base=base.clone() /> };
            let near = near
                .then(|| view! { <p class="muted" role="status">"Nothing has these very words. This has words that are like them."</p> });
            let groups = groups.into_iter().map(group).collect_view();
            view! { {near}{groups} }.into_any()
        }
    };
    view! {
        <Narrow kinds products people query=query.clone() base=base.clone() />
        {cut}
        {body}
    }
}

/// Values of filters that there are none of.
#[component]
fn Wrong(unknown: Vec<Unknown>) -> impl IntoView {
    let told = |wrong: Unknown| view! { <p class="alert"><IconView icon=Icon::Alert /><span dir="auto">{wrong.told()}</span></p> };
    view! { <div role="alert">{unknown.into_iter().map(told).collect_view()}</div> }
}

/// What stands in place of finds, and what to do about it.
#[component]
fn Nothing(query: SearchQuery, base: String) -> impl IntoView {
    let filtered = !Typed::read(&query.words).filters.is_empty();
    let way = filtered.then(|| {
        let to = query.unfiltered().params();
        view! { <a class="button" href=format!("{base}{to}")>"Search without filters"</a> }
    });
    let text = match filtered {
        true => "Nothing here has these words and all of these filters.",
        false => "Each word has to begin one in the title or the text. Try fewer words, or the beginning of one.",
    };
    view! { <Empty icon=Icon::Compass title="Nothing found" text>{way}</Empty> }
}

/// What is found of one kind.
#[component]
fn GroupView(group: Group, query: SearchQuery, org: String, base: String) -> impl IntoView {
    let Group { kind, hits, more } = group;
    let name = format!("found-{}", kind.value());
    let heading = name.clone();
    let step = |to: SearchQuery, label: String| view! { <a class="button small" href=format!("{base}{}", to.params())>{label}</a> };
    let ways = match query.one() {
        None => more.then(|| step(query.of_kind(Some(kind)), format!("All {}", kind.label()))).into_any(),
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
    let status = hit.status.map(|word| view! { <span class="badge" data-status=word.clone()>{status_label(&word)}</span> });
    view! {
        <li class="card">
            <a class="idea-title" href=href dir="auto">{marked(&hit.title)}</a>
            {reference}
            {status}
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
