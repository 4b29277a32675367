//! The board of an organisation's products.

use std::sync::Arc;

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::kernel::role::Perm;
use crate::org::view::param;
use crate::product::lifecycle::api::{LifecycleBoard, MoveProductCard};
use crate::product::lifecycle::model::BoardPage;
use crate::product::model::Lifecycle;
use crate::ui::board::{Board, Calls, Head, ask};
use crate::ui::layout::{Crumb, PageHead};
use crate::ui::load::{Load, data};

/// `/orgs/{org}/lifecycle`
#[component]
pub fn LifecycleBoardPage() -> impl IntoView {
    let org = param("org");
    let board = data(move || LifecycleBoard { org: org.get() });
    let view = move |page: BoardPage| view! { <BoardView page org=org.get_untracked() /> }.into_any();
    view! { <Load of=board view /> }
}

#[component]
fn BoardView(page: BoardPage, org: String) -> impl IntoView {
    let products = format!("/orgs/{org}/products");
    let may_move = page.role.can(Perm::ProductWrite);
    let crumbs = vec![Crumb::new("Portfolio", products.clone())];
    let criteria = format!("/orgs/{org}/lifecycle/criteria");
    let told = may_move.then(|| {
        view! { <p class="muted">"A product with open exit criteria, or on its way to Sunset, is moved on its own page: its name leads there."</p> }
    });
    view! {
        <PageHead title="Lifecycle" crumbs>
            <a class="button" href=criteria>"Exit criteria"</a>
        </PageHead>
        {told}
        <Board heads=heads(&products) columns=page.columns calls=calls(org) base=products may_move ordered=false live=&["Product"] />
    }
}

/// A column for each stage. The last one asks for more than a card can say.
fn heads(products: &str) -> Vec<Head> {
    let head = |stage: Lifecycle| {
        let next = Lifecycle::ALL.into_iter().filter(|next| *next != stage && *next != Lifecycle::Sunset).map(Lifecycle::word).collect();
        Head { key: stage.word(), label: stage.label(), next, list: products.to_owned(), ..Default::default() }
    };
    Lifecycle::ALL.map(head).into()
}

/// How the board reaches the server. All cards come at once, since products are few.
fn calls(org: String) -> Calls {
    let read_all = LifecycleBoard { org: org.clone() };
    let again = read_all.clone();
    Calls {
        put: MoveProductCard::PATH,
        fields: vec![("org", org)],
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
