//! Choosing the idea that takes a duplicate in.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::{StatusBadge, crumbs};
use crate::idea::api::merge::{GetMerge, MergeIdea};
use crate::idea::model::{MergePage, MergeTarget};
use crate::org::view::param;
use crate::ui::form::ServerForm;
use crate::ui::layout::{Crumb, PageHead};
use crate::ui::load::{Load, data};

/// `/orgs/{org}/products/{key}/ideas/{id}/merge`
#[component]
pub fn MergePageView() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let params = use_query_map();
    let words = Memo::new(move |_| params.with(|params| params.get("q")).unwrap_or_default().replace('\0', ""));
    let page = data(move || GetMerge { org: org.get(), product: key.get(), id: id.get(), words: words.get() });
    let view = move |page: MergePage| view! { <Merge page org=org.get_untracked() words=words.get_untracked() /> }.into_any();
    view! { <Load of=page view /> }
}

/// A search among the product's ideas, and a button for each that is found.
#[component]
fn Merge(page: MergePage, org: String, words: String) -> impl IntoView {
    let MergePage { product, idea, targets } = page;
    let here = format!("/orgs/{org}/products/{}/ideas/{}", product.key, idea.id);
    let mut way = crumbs(&org, &product);
    way.push(Crumb::new(idea.title.clone(), here.clone()));
    let found = match (words.trim().is_empty(), targets.is_empty()) {
        (true, _) => view! { <p class="muted">"Look for the idea that says the same."</p> }.into_any(),
        (false, true) => view! { <p class="muted">"No other idea of this product has these words."</p> }.into_any(),
        (false, false) => view! { <Targets targets org id=idea.id.clone() /> }.into_any(),
    };
    view! {
        <PageHead title="Merge into another idea" crumbs=way />
        <div class="stack">
            <p class="muted">
                "The idea that you choose gets the votes (one for each person), comments, features and feedback of "
                <strong dir="auto">{idea.title}</strong>
                ", which then goes to the deleted ideas and points there."
            </p>
            <form method="get" action=format!("{here}/merge") class="tag-filter" role="search" aria-label="Find the other idea">
                <input type="search" name="q" aria-label="Words of its title" value=words dir="auto" />
                <button class="button small">"Find"</button>
                <a class="button quiet small" href=here.clone()>"Cancel"</a>
            </form>
            {found}
        </div>
    }
}

/// One form with a button for each idea.
#[component]
fn Targets(targets: Vec<MergeTarget>, org: String, id: String) -> impl IntoView {
    let entry = |target: MergeTarget| {
        let votes = if target.votes == 1 { "1 vote".to_owned() } else { format!("{} votes", target.votes) };
        view! {
            <li>
                <span class="clip strong" dir="auto">{target.title.clone()}</span>
                <StatusBadge status=target.status />
                <span class="muted">{votes}</span>
                <button type="submit" class="button small" name="into" value=target.id aria-label=format!("Merge into {}", target.title)>"Merge"</button>
            </li>
        }
    };
    view! {
        <ServerForm to=MergeIdea::PATH class="card">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <ul class="saved" aria-label="Ideas to merge into">{targets.into_iter().map(entry).collect_view()}</ul>
        </ServerForm>
    }
}
