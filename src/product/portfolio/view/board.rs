//! The products on a board, a column for each stage.

use std::sync::Arc;

use leptos::prelude::*;
use server_fn::ServerFn;

use super::{Head as PageTop, Nothing, Place};
use crate::kernel::role::Perm;
use crate::product::lifecycle::api::{LifecycleBoard, MoveProductCard};
use crate::product::lifecycle::model::BoardPage;
use crate::product::model::Lifecycle;
use crate::product::portfolio::model::PortfolioQuery;
use crate::ui::board::{Board, Calls, Head, Shut, ask};
use crate::ui::load::{Load, data};

/// The board follows changes by itself, so that cards in somebody's hand stay there.
#[component]
pub fn StageBoard(org: Signal<String>, query: Memo<PortfolioQuery>) -> impl IntoView {
    let board = data(move || LifecycleBoard { org: org.get(), query: query.get() });
    let shut = Shut::new();
    let view = move |page: BoardPage| {
        let place = Place::new(org.get_untracked(), query.get_untracked());
        view! { <BoardView page place shut /> }.into_any()
    };
    view! { <Load of=board view /> }
}

#[component]
fn BoardView(page: BoardPage, place: Place, shut: Shut) -> impl IntoView {
    let may_write = page.role.can(Perm::ProductWrite);
    let may_move = may_write && !place.query.deleted;
    let told = may_move.then(|| {
        view! { <p class="muted">"A product with open exit criteria, or on its way to Sunset, is moved on its own page: its name leads there."</p> }
    });
    // Of a deleted product there is nothing to go to.
    let base = if place.query.deleted { String::new() } else { place.base.clone() };
    let (heads, calls) = (heads(&place), calls(&place));
    let body = if page.columns.iter().all(|column| column.count == 0) {
        view! { <Nothing place=place.clone() may_write /> }.into_any()
    } else {
        view! {
            {told}
            <Board heads columns=page.columns calls base may_move ordered=false live=&["Product", "LifecycleCriteria"] shut />
        }
        .into_any()
    };
    view! {
        <PageTop place role=page.role />
        {body}
    }
}

/// A column for each stage. The last one asks for more than a card can say.
fn heads(place: &Place) -> Vec<Head> {
    let head = |stage: Lifecycle| {
        let next = Lifecycle::ALL.into_iter().filter(|next| *next != stage && *next != Lifecycle::Sunset).map(Lifecycle::word).collect();
        let list = place.to(&PortfolioQuery { stage: Some(stage), ..Default::default() });
        Head { key: stage.word(), label: stage.label(), next, list, ..Default::default() }
    };
    Lifecycle::ALL.map(head).into()
}

/// How the board reaches the server. All cards come at once, since products are few.
fn calls(place: &Place) -> Calls {
    let read_all = LifecycleBoard { org: place.org.clone(), query: place.query.clone() };
    let again = read_all.clone();
    Calls {
        put: MoveProductCard::PATH,
        fields: vec![("org", place.org.clone())],
        all: Arc::new(move || ask(&read_all, |page| page.columns)),
        more: Arc::new(move |head, from| {
            let (key, skipped) = (head.key, usize::try_from(from).unwrap_or_default());
            ask(&again, move |page| {
                let column = page.columns.into_iter().find(|column| column.key == key);
                column.map(|column| column.cards.into_iter().skip(skipped).collect()).unwrap_or_default()
            })
        }),
        tools: None,
    }
}
