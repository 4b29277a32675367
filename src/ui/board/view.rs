//! The board on the screen.

use std::sync::Arc;

use leptos::ev;
use leptos::html::Ol;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::desk::{Calls, Desk, Head};
use super::drag::Hand;
use super::lanes::Shown;
use super::model::{Card, Column};
use crate::ui::form::{here, refusal_of};
use crate::ui::icon::{Icon, IconView};

/// What every card of a board has in common.
#[derive(Clone)]
struct Common {
    /// The address of a card's own page, up to its id.
    base: String,
    may_move: bool,
    ordered: bool,
    put: &'static str,
    /// What goes with every form, the page's own address among it.
    fields: Vec<(&'static str, String)>,
    heads: Arc<[Head]>,
}

/// Columns of cards.
#[component]
pub fn Board(
    heads: Vec<Head>,
    columns: Vec<Column>,
    calls: Calls,
    /// The address of a card's own page, up to its id.
    base: String,
    may_move: bool,
    /// Whether people make the order of a column's cards; else only the column counts.
    #[prop(default = true)]
    ordered: bool,
    /// The kinds of things whose changes show on the board.
    #[prop(optional)]
    live: &'static [&'static str],
) -> impl IntoView {
    let mut fields = calls.fields.clone();
    fields.push(("page", here()));
    let put = calls.put;
    let desk = Desk::new(heads, columns, calls, refusal_of(put));
    desk.follow(live);
    let hand = Hand::new(desk);
    let common = StoredValue::new(Arc::new(Common { base, may_move, ordered, put, fields, heads: desk.heads() }));
    if may_move {
        // On the whole window, for the focus may be lost while a card changes its column.
        Effect::new(move || {
            let keys = window_event_listener(ev::keydown, move |event| hand.key_down(event));
            on_cleanup(move || keys.remove());
        });
    }
    let lanes = (0..desk.heads().len()).map(|lane| view! { <Lane desk lane common /> }).collect_view();
    let carrying = move || desk.carried.with(Option::is_some);
    view! {
        <div class="board-told">
            {move || desk.failure.get().map(|failure| view! { <p class="alert" role="alert"><IconView icon=Icon::Alert /><span>{failure}</span></p> })}
        </div>
        <p class="visually-hidden" role="status" aria-live="assertive">{move || desk.said.get()}</p>
        <p class="visually-hidden" id="board-help">"Press space to lift the card, arrow keys to move it, space again to put it down, escape to put it back."</p>
        <div
            class="board"
            class:carrying=carrying
            node_ref=desk.root
            on:pointerdown=move |event| if may_move { hand.pointer_down(event) }
            on:pointermove=move |event| hand.pointer_move(event)
            on:pointerup=move |event| hand.pointer_up(event)
            on:pointercancel=move |event| hand.pointer_cancel(event)
            on:dragstart=move |event| event.prevent_default()
            on:submit=move |event| hand.submit(event)
        >
            {lanes}
        </div>
        <div class="board-ghost" aria-hidden="true" node_ref=hand.ghost hidden=move || hand.pointer.get().is_none()>
            {move || desk.carried.with(|carried| carried.as_ref().map(|carried| carried.card.title.clone()))}
        </div>
    }
}

/// A column, which the browser itself can shut and open.
#[component]
fn Lane(desk: Desk, lane: usize, common: StoredValue<Arc<Common>>) -> impl IntoView {
    let Some((head, window)) = desk.heads().get(lane).cloned().zip(desk.window(lane)) else { return ().into_any() };
    let length = Memo::new(move |_| desk.shown_len(lane));
    // A drag that does not touch this column leaves it alone.
    let carried = Memo::new(move |_| {
        desk.carried.with(|carried| carried.clone().filter(|carried| carried.from.lane == lane || carried.to.lane == lane))
    });
    let shown = move || {
        let (start, end) = window.get();
        carried.with(|carried| desk.lanes.with(|lanes| lanes.shown(lane, carried.as_ref(), start, end)))
    };
    desk.fetch_as_seen(lane);
    Effect::new(move || request_animation_frame(move || desk.look(lane)));
    // Where a carried card may not go is dimmed.
    let barred = move || {
        desk.carried.with(|carried| carried.as_ref().is_some_and(|carried| !desk.is_open(carried.from.lane, lane))).then_some("true")
    };
    // Set in the browser, since the page's policy takes no style written into it; without scripts both are 0.
    let list = NodeRef::<Ol>::new();
    Effect::new(move || {
        let (slots, start) = (length.get(), window.get().0.min(length.get()));
        if let Some(list) = list.get() {
            let style = list.unchecked_into::<HtmlElement>().style();
            let _ = style.set_property("--slots", &slots.to_string());
            let _ = style.set_property("--start", &start.to_string());
        }
    });
    let rest = desk.lanes.with_untracked(|lanes| lanes.unknown(lane, 0, usize::MAX)).map(|_| {
        view! { <a class="lane-rest" href=head.list.clone()>{format!("All in “{}”", head.label)}</a> }
    });
    view! {
        <details class="lane" open=true data-lane=lane data-barred=barred>
            <summary class="lane-head">
                <h2 class="clip">{head.label}</h2>
                <span class="lane-count">{move || length.get()}</span>
                <IconView icon=Icon::Chevron />
            </summary>
            <div class="lane-body" on:scroll=move |_| desk.look(lane)>
                <ol node_ref=list aria-label=head.label>
                    <For each=shown key=|shown: &Shown| shown.key.clone() children=move |shown: Shown| card_view(shown, lane, &common.get_value()) />
                </ol>
                {rest}
            </div>
        </details>
    }
    .into_any()
}

/// A card, or its place until it is known.
fn card_view(shown: Shown, lane: usize, common: &Common) -> AnyView {
    let Some(card) = shown.card else {
        return view! { <li class="board-card unknown" aria-hidden="true"></li> }.into_any();
    };
    let tags = card.tags.iter().map(|tag| view! { <span class="tag" dir="auto">{tag.clone()}</span> }).collect_view();
    let grip = common.may_move.then(|| {
        let label = format!("Move “{}”", card.title);
        view! { <button type="button" class="grip" aria-label=label aria-describedby="board-help"></button> }
    });
    let menu = (common.may_move && !shown.lifted).then(|| {
        let (above, below) = if common.ordered { (shown.above, shown.below) } else { (None, None) };
        menu_view(&card, lane, common, above, below)
    });
    view! {
        <li class="board-card" class:lifted=shown.lifted data-card=card.id.clone()>
            <div class="card-face">
                <a class="clip-lines" href=format!("{}/{}", common.base, card.id) draggable="false" dir="auto">{card.title.clone()}</a>
                {grip}
                <span class="card-tags">{tags}</span>
                <span class="card-note">{card.note.clone()}</span>
                {menu}
            </div>
        </li>
    }
    .into_any()
}

/// The ways that a card can go, as buttons of a plain form.
fn menu_view(card: &Card, lane: usize, common: &Common, above: Option<String>, below: Option<String>) -> AnyView {
    let hidden = common.fields.iter().map(|(name, value)| view! { <input type="hidden" name=*name value=value.clone() /> }).collect_view();
    let button = |name: &'static str, value: String, label: String| view! { <button name=name value=value>{label}</button> }.into_any();
    let next = common.heads.get(lane).map(|head| head.next.as_slice()).unwrap_or_default();
    let columns = common
        .heads
        .iter()
        .filter(|head| next.contains(&head.key))
        .map(|head| button("to", head.key.to_owned(), format!("Move to {}", head.label)))
        .collect_view();
    view! {
        <details class="card-menu">
            <summary aria-label=format!("Ways to move “{}”", card.title)>"⋯"</summary>
            <form action=common.put method="post">
                {hidden}
                <input type="hidden" name="id" value=card.id.clone() />
                {above.map(|id| button("before", id, "Move up".into()))}
                {below.map(|id| button("after", id, "Move down".into()))}
                {columns}
            </form>
        </details>
    }
    .into_any()
}
