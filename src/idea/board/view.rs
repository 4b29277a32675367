//! The board page of a product's ideas.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::api::{IdeaBoard, IdeaCards, MoveCard};
use super::model::BoardPage;
use crate::idea::model::{IdeaQuery, IdeaStatus};
use crate::kernel::role::Perm;
use crate::org::view::param;
use crate::ui::board::{self, Board, Calls, Head, Shut, ask};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Crumb, PageHead};
use crate::ui::load::{Load, data};

crate::lazy_pages!(work: IdeaBoardRoute = IdeaBoardPage);

/// `/orgs/{org}/products/{key}/ideas/board`
#[component]
pub fn IdeaBoardPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let params = use_query_map();
    let tag = Memo::new(move |_| params.with(|params| IdeaQuery::of_params(|name| params.get(name))).tag);
    let board = data(move || IdeaBoard { org: org.get(), product: key.get(), tag: tag.get() });
    let shut = Shut::new();
    let view = move |data: BoardPage| view! { <IdeaBoardView data org=org.get_untracked() tag=tag.get_untracked() shut /> }.into_any();
    view! { <Load of=board view /> }
}

/// The two ways to look at ideas, as links that keep the tag.
#[component]
pub fn ListOrBoard(ideas: String, tag: Option<String>, board: bool) -> impl IntoView {
    let params = IdeaQuery { tag, ..Default::default() }.params();
    view! { <board::ListOrBoard list=format!("{ideas}{params}") board=format!("{ideas}/board{params}") on_board=board /> }
}

/// Head, filter and board.
#[component]
fn IdeaBoardView(data: BoardPage, org: String, tag: Option<String>, shut: Shut) -> impl IntoView {
    let BoardPage { role, product, columns } = data;
    let home = format!("/orgs/{org}/products/{}", product.key);
    let ideas = format!("{home}/ideas");
    let crumbs =
        vec![Crumb::new("Portfolio", format!("/orgs/{org}/products")), Crumb::new(product.name, home), Crumb::new("Ideas", ideas.clone())];
    let new = role
        .can(Perm::IdeaWrite)
        .then(|| view! { <a class="button primary" href=format!("{ideas}/new")><IconView icon=Icon::Plus />"New idea"</a> });
    let heads = heads(&ideas, tag.as_deref());
    let calls = calls(org, product.key, tag.clone());
    view! {
        <PageHead title="Board" crumbs>{new}</PageHead>
        <div class="filters">
            <ListOrBoard ideas=ideas.clone() tag=tag.clone() board=true />
            <TagFilter action=format!("{ideas}/board") tag />
        </div>
        <Board heads columns calls base=ideas may_move=role.can(Perm::IdeaReview) live=&["Idea"] shut />
    }
}

/// Narrows the board to a tag.
#[component]
fn TagFilter(action: String, tag: Option<String>) -> impl IntoView {
    let clear = tag.is_some().then(|| view! { <a class="button quiet small" href=action.clone()>"Clear tag"</a> });
    view! {
        <form method="get" action=action.clone() class="tag-filter" role="search" aria-label="Filter by tag">
            <input name="tag" aria-label="Tag" placeholder="Tag" value=tag.unwrap_or_default() autocomplete="off" dir="auto" />
            <button class="button small">"Filter"</button>
            {clear}
        </form>
    }
}

/// A column for each status.
fn heads(ideas: &str, tag: Option<&str>) -> Vec<Head> {
    let head = |status: IdeaStatus| {
        let query = IdeaQuery { status: Some(status), tag: tag.map(str::to_owned), ..Default::default() };
        let next = status.next().iter().map(|next| next.word()).collect();
        Head { key: status.word(), label: status.label(), next, list: format!("{ideas}{}", query.params()), ..Default::default() }
    };
    IdeaStatus::ALL.map(head).into()
}

/// How the board reaches the server.
fn calls(org: String, product: String, tag: Option<String>) -> Calls {
    let all = IdeaBoard { org: org.clone(), product: product.clone(), tag: tag.clone() };
    let more = IdeaCards { org: org.clone(), product: product.clone(), tag, column: String::new(), from: 0 };
    Calls {
        put: MoveCard::PATH,
        fields: vec![("org", org), ("product", product)],
        all: Arc::new(move || ask(&all, |board| board.columns)),
        more: Arc::new(move |head, from| ask(&IdeaCards { column: head.key.to_owned(), from, ..more.clone() }, |cards| cards)),
        tools: None,
    }
}
