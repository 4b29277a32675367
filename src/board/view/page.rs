//! The board itself, and how it is looked at.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::limits::LimitsView;
use crate::board::api::{ChangeCard, ChangeCards, DeliveryBoard, DeliveryCards, PlaceCard, QuickAdd};
use crate::board::model::{BoardKind, BoardPage, LANES_MAX, Lanes};
use crate::kernel::priority::Priority;
use crate::kernel::role::Perm;
use crate::org::view::param;
use crate::ui::board::{Board, Calls, Head, ListOrBoard, Shut, Tools, ask};
use crate::ui::form::Sent;
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Crumb, Notice, PageHead};
use crate::ui::load::{Load, data};

/// `/orgs/{org}/products/{key}/features/board`
#[component]
pub fn FeatureBoardPage() -> impl IntoView {
    view! { <DeliveryPage kind=BoardKind::Features /> }
}

/// `/orgs/{org}/products/{key}/tasks/board`
#[component]
pub fn TaskBoardPage() -> impl IntoView {
    view! { <DeliveryPage kind=BoardKind::Tasks /> }
}

/// What is the same whenever the board is read again.
#[derive(Clone)]
struct Seen {
    org: String,
    kind: BoardKind,
    lanes: Option<Lanes>,
    shut: Shut,
    limited: Sent,
}

#[component]
fn DeliveryPage(kind: BoardKind) -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let params = use_query_map();
    let lanes = Memo::new(move |_| {
        let lanes = params.with(|params| params.get("lanes")).and_then(|word| Lanes::parse(&word));
        lanes.filter(|lanes| kind.lanes().contains(lanes))
    });
    let (shut, limited) = (Shut::new(), Sent::new());
    let board = data(move || DeliveryBoard { org: org.get(), product: key.get(), kind, lanes: lanes.get() }).after(limited);
    let view = move |data: BoardPage| {
        let seen = Seen { org: org.get_untracked(), kind, lanes: lanes.get_untracked(), shut, limited };
        view! { <DeliveryView data seen /> }.into_any()
    };
    view! { <Load of=board view /> }
}

/// Head, ways to look at it, limits and board.
#[component]
fn DeliveryView(data: BoardPage, seen: Seen) -> impl IntoView {
    let BoardPage { role, product, lanes, lanes_cut, columns, limits } = data;
    let Seen { org, kind, shut, limited, .. } = seen.clone();
    let home = format!("/orgs/{org}/products/{}", product.key);
    let list = format!("{home}/{}", kind.path());
    let crumbs = vec![
        Crumb::new("Portfolio", format!("/orgs/{org}/products")),
        Crumb::new(product.name, home),
        Crumb::new(kind.label(), list.clone()),
    ];
    let may_move = role.can(kind.perm());
    let new = may_move.then(|| {
        let label = format!("New {}", kind.noun());
        view! { <a class="button primary" href=format!("{list}/new")><IconView icon=Icon::Plus />{label}</a> }
    });
    let heads = heads(kind, &list, &limits);
    let limits =
        role.can(Perm::ProductWrite).then(|| view! { <LimitsView org=org.clone() product=product.key.clone() kind limits sent=limited /> });
    let cut = lanes_cut.then(|| {
        view! { <Notice>{format!("There are more lanes than {LANES_MAX}: these are those with cards, the first of them. The board without lanes has all cards.")}</Notice> }
    });
    let calls = calls(&seen, product.key);
    view! {
        <PageHead title="Board" crumbs>{new}</PageHead>
        <div class="filters">
            <ListOrBoard list=list.clone() board=format!("{list}/board") on_board=true />
            <LanesNav base=format!("{list}/board") kind chosen=seen.lanes />
        </div>
        {limits}
        {cut}
        <Board heads lanes columns calls base=list may_move live=kind.live() shut />
    }
}

/// The kinds of lanes, as links.
#[component]
fn LanesNav(base: String, kind: BoardKind, chosen: Option<Lanes>) -> impl IntoView {
    let link = |lanes: Option<Lanes>| {
        let (label, query) = lanes.map_or(("No lanes", String::new()), |lanes| (lanes.label(), format!("?lanes={}", lanes.word())));
        view! { <li><a href=format!("{base}{query}") aria-current=(lanes == chosen).then_some("page")>{label}</a></li> }
    };
    let links = std::iter::once(None).chain(kind.lanes().iter().copied().map(Some)).map(link).collect_view();
    view! { <nav aria-label="Lanes"><ul class="tabs">{links}</ul></nav> }
}

/// A column for each status; a card may go to any.
fn heads(kind: BoardKind, list: &str, limits: &[(String, i32)]) -> Vec<Head> {
    let columns = kind.columns();
    let head = |(key, label): &(&'static str, &'static str)| Head {
        key,
        label,
        next: columns.iter().map(|(next, _)| *next).filter(|next| next != key).collect(),
        list: format!("{list}?status={key}"),
        limit: limits.iter().find(|(column, _)| column == key).and_then(|(_, limit)| usize::try_from(*limit).ok()),
        ..Default::default()
    };
    columns.iter().map(head).collect()
}

/// How the board reaches the server.
fn calls(seen: &Seen, product: String) -> Calls {
    let (org, kind) = (seen.org.clone(), seen.kind);
    let all = DeliveryBoard { org: org.clone(), product: product.clone(), kind, lanes: seen.lanes };
    let more = DeliveryCards { org: org.clone(), product: product.clone(), kind, column: String::new(), lane: None, from: 0 };
    let more = move |head: &Head, from: i64| {
        let lane = Some(head.lane.key.clone()).filter(|lane| !lane.is_empty());
        ask(&DeliveryCards { column: head.key.to_owned(), lane, from, ..more.clone() }, |cards| cards)
    };
    Calls {
        put: PlaceCard::PATH,
        fields: vec![("org", org), ("product", product), ("kind", kind.word().to_owned())],
        all: Arc::new(move || ask(&all, |board| board.columns)),
        more: Arc::new(more),
        tools: Some(Tools {
            noun: kind.noun(),
            add: QuickAdd::PATH,
            change: ChangeCard::PATH,
            many: ChangeCards::PATH,
            priorities: Priority::pairs(),
        }),
    }
}
