//! The board on the screen.

use std::sync::Arc;

use leptos::ev;
use leptos::html::Ol;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::again::{add_again, has_place};
use super::calls::{Calls, Head, Tools};
use super::desk::Desk;
use super::drag::{Hand, target};
use super::lanes::Shown;
use super::model::{Card, Column, LaneName};
use super::tools::{ManyBar, add_view, change_view, hidden, refused_change};
use crate::ui::form::{Returned, here, refusal_of, take};
use crate::ui::icon::{Icon, IconView};
use crate::ui::reference::Reference;

/// What every card of a board has in common.
#[derive(Clone)]
struct Common {
    desk: Desk,
    /// The address of a card's own page, up to its id.
    base: String,
    may_move: bool,
    ordered: bool,
    put: &'static str,
    /// What goes with every form, the page's own address among it.
    fields: Vec<(&'static str, String)>,
    heads: Arc<[Head]>,
    tools: Option<Tools>,
    /// The form that was refused, if this page was made for it; until it is shown, for a card drawn anew is as it was saved.
    returned: StoredValue<Option<Returned>>,
    shut: Shut,
}

/// The columns that somebody has shut, which outlive the board: made by the page, so that they are still shut when the page
/// has read the board again.
#[derive(Clone, Copy)]
pub struct Shut(StoredValue<Vec<String>>);

impl Shut {
    pub fn new() -> Shut {
        Shut(StoredValue::new(Vec::new()))
    }

    fn has(self, cell: &str) -> bool {
        self.0.try_with_value(|shut| shut.iter().any(|one| one == cell)).unwrap_or_default()
    }

    fn note(self, cell: &str, is_shut: bool) {
        self.0.try_update_value(|shut| {
            shut.retain(|one| one != cell);
            if is_shut {
                shut.push(cell.to_owned());
            }
        });
    }
}

impl Default for Shut {
    fn default() -> Self {
        Shut::new()
    }
}

/// The two ways to look at a list, by their addresses.
#[component]
pub fn ListOrBoard(list: String, board: String, on_board: bool) -> impl IntoView {
    let link = |label: &'static str, href: String, here: bool| {
        view! { <li><a href=href aria-current=here.then_some("page")>{label}</a></li> }
    };
    view! {
        <nav aria-label="View">
            <ul class="tabs">
                {link("List", list, !on_board)}
                {link("Board", board, on_board)}
            </ul>
        </nav>
    }
}

/// Columns of cards; with lanes, a row of columns for each lane.
#[component]
pub fn Board(
    heads: Vec<Head>,
    columns: Vec<Column>,
    #[prop(optional)] lanes: Vec<LaneName>,
    calls: Calls,
    /// The address of a card's own page, up to its id; nothing where cards have none.
    base: String,
    may_move: bool,
    /// Whether people make the order of a column's cards; else only the column counts.
    #[prop(default = true)]
    ordered: bool,
    /// The kinds of things whose changes show on the board.
    #[prop(optional)]
    live: &'static [&'static str],
    #[prop(optional)] shut: Shut,
) -> impl IntoView {
    let mut fields = calls.fields.clone();
    fields.push(("page", here()));
    let put = calls.put;
    let tools = calls.tools.clone().filter(|_| may_move);
    let returned = tools.as_ref().and_then(|tools| take(|returned| has_place(returned, tools, &columns)));
    let changed = returned.as_ref().filter(|returned| tools.as_ref().is_some_and(|tools| returned.function == tools.change));
    let refused = tools.as_ref().and_then(|tools| refusal_of(tools.many)).or_else(|| changed.map(|returned| returned.error.clone()));
    let failure = refusal_of(put).or(refused);
    let desk = Desk::new(heads, &lanes, columns, calls, failure);
    desk.follow(live);
    let hand = Hand::new(desk);
    let again = tools.as_ref().zip(returned.as_ref()).and_then(|(tools, returned)| add_again(&desk.heads(), tools, &fields, returned));
    let bar = tools.clone().map(|tools| view! { <ManyBar desk tools fields=fields.clone() /> });
    let returned = StoredValue::new(returned);
    Effect::new(move || request_animation_frame(move || drop(returned.try_set_value(None))));
    let common = Common { desk, base, may_move, ordered, put, fields, heads: desk.heads(), tools, returned, shut };
    let common = StoredValue::new(Arc::new(common));
    if may_move {
        // On the whole window, for the focus may be lost while a card changes its column.
        Effect::new(move || {
            let keys = window_event_listener(ev::keydown, move |event| hand.key_down(event));
            on_cleanup(move || keys.remove());
        });
    }
    let in_lanes = !lanes.is_empty();
    let body = if in_lanes { rows_view(desk, lanes, common) } else { lanes_view(desk, 0, common) };
    let carrying = move || desk.carried.with(Option::is_some);
    view! {
        <div class="board-told">
            {move || desk.failure.get().map(|failure| view! { <p class="alert" role="alert"><IconView icon=Icon::Alert /><span>{failure}</span></p> })}
        </div>
        <p class="visually-hidden" role="status" aria-live="assertive">{move || desk.said.get()}</p>
        <p class="visually-hidden" id="board-help">
            "Press space to lift the card, arrow keys to move it, space again to put it down, escape to put it back."
            {in_lanes.then_some(" Page up and page down move it to another lane.")}
            {bar.is_some().then_some(" Press x to select the card.")}
        </p>
        {again}
        {bar}
        <div
            class="board"
            class:rows=in_lanes
            class:carrying=carrying
            node_ref=desk.root
            on:pointerdown=move |event| if may_move { hand.pointer_down(event) }
            on:pointermove=move |event| hand.pointer_move(event)
            on:pointerup=move |event| hand.pointer_up(event)
            on:pointercancel=move |event| hand.pointer_cancel(event)
            on:dragstart=move |event| event.prevent_default()
            on:click=move |event| desk.click(&event)
            on:submit=move |event| hand.submit(event)
            on:focusin=move |event| desk.write(&event)
            on:input=move |event| desk.write(&event)
            data-held=move || desk.is_writing().then_some("")
        >
            {body}
        </div>
        <div class="board-ghost" aria-hidden="true" node_ref=hand.ghost hidden=move || hand.pointer.get().is_none()>
            {move || desk.carried.with(|carried| carried.as_ref().map(|carried| carried.card.title.clone()))}
        </div>
    }
}

/// The columns of a lane, or of a board without lanes.
fn lanes_view(desk: Desk, row: usize, common: StoredValue<Arc<Common>>) -> AnyView {
    let first = row * desk.width;
    (first..first + desk.width).map(|lane| view! { <Lane desk lane common /> }).collect_view().into_any()
}

/// The lanes, each with its columns; above them what the columns hold in all.
fn rows_view(desk: Desk, lanes: Vec<LaneName>, common: StoredValue<Arc<Common>>) -> AnyView {
    let heads = desk.heads();
    let total = |(lane, head): (usize, &Head)| {
        let count = Memo::new(move |_| desk.column_count(lane));
        view! { <li data-over=move || count.get().1.then_some("true")>{head.label}" "<span class="lane-count">{move || count.get().0}</span></li> }
    };
    let totals = heads.iter().take(desk.width).enumerate().map(total).collect_view();
    let row = |(row, lane): (usize, LaneName)| {
        let label = lane.label.clone();
        view! {
            <section class="board-row" data-row=row aria-label=label>
                <h2 class="clip" dir="auto">{lane.label}</h2>
                <div class="row-lanes">{lanes_view(desk, row, common)}</div>
            </section>
        }
    };
    let rows = lanes.into_iter().enumerate().map(row).collect_view();
    view! { <ul class="board-totals" aria-label="All lanes">{totals}</ul>{rows} }.into_any()
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
    // A lane's part of a column has no limit of its own.
    let in_lanes = !head.lane.key.is_empty();
    let count = Memo::new(move |_| if in_lanes { (length.get().to_string(), false) } else { desk.column_count(lane) });
    let all = common.get_value();
    let add = all.tools.as_ref().map(|tools| add_view(desk, lane, &head, tools, &all.fields, all.returned.get_value().as_ref()));
    let (shut, cell) = (all.shut, head.cell());
    let open = !shut.has(&cell);
    let toggle = move |event: ev::Event| {
        if let Some(details) = target(&event) {
            shut.note(&cell, !details.has_attribute("open"));
        }
    };
    view! {
        <details class="lane" open=open data-lane=lane data-barred=barred data-over=move || count.get().1.then_some("true") on:toggle=toggle>
            <summary class="lane-head">
                <h2 class="clip">{head.label}</h2>
                <span class="lane-count">{move || count.get().0}</span>
                <IconView icon=Icon::Chevron />
            </summary>
            <div class="lane-body" on:scroll=move |_| desk.look(lane)>
                <ol node_ref=list aria-label=head.full_label()>
                    <For each=shown key=|shown: &Shown| shown.key.clone() children=move |shown: Shown| card_view(shown, lane, &common.get_value()) />
                </ol>
                {rest}
            </div>
            {add}
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
    let title = match common.base.as_str() {
        "" => view! { <span class="clip-lines" dir="auto">{card.title.clone()}</span> }.into_any(),
        base => {
            let href = format!("{base}/{}", card.id);
            view! { <a class="clip-lines" href=href draggable="false" dir="auto">{card.title.clone()}</a> }.into_any()
        }
    };
    let (desk, id) = (common.desk, card.id.clone());
    let ticked = move || desk.ticked.with(|ticked| ticked.contains(&id));
    view! {
        <li class="board-card" class:lifted=shown.lifted class:ticked=ticked data-card=card.id.clone()>
            <div class="card-face">
                {title}
                {grip}
                <span class="card-tags"><Reference number=card.number />{tags}</span>
                <span class="card-note">{card.note.clone()}</span>
                {menu}
            </div>
        </li>
    }
    .into_any()
}

/// The ways that a card can go, as buttons of a plain form; and what else can be done with it.
fn menu_view(card: &Card, lane: usize, common: &Common, above: Option<String>, below: Option<String>) -> AnyView {
    let button = |name: &'static str, value: String, label: String| view! { <button name=name value=value>{label}</button> }.into_any();
    let next = common.heads.get(lane).map(|head| head.next.as_slice()).unwrap_or_default();
    let columns = common
        .heads
        .iter()
        .take(common.desk.width)
        .filter(|head| next.contains(&head.key))
        .map(|head| button("to", head.key.to_owned(), format!("Move to {}", head.label)))
        .collect_view();
    let returned = common.returned.get_value();
    let change = common.tools.as_ref().map(|tools| change_view(common.desk, card, tools, &common.fields, returned.as_ref()));
    // Open, where it has something to tell.
    let open = common.tools.as_ref().is_some_and(|tools| refused_change(card, tools, returned.as_ref()).is_some());
    let (desk, id) = (common.desk, card.id.clone());
    if open {
        let id = id.clone();
        Effect::new(move || desk.hold(&id));
    }
    on_cleanup(move || desk.let_go(&id));
    view! {
        <details class="card-menu" open=open on:toggle=move |event| desk.menu_toggled(&event)>
            <summary aria-label=format!("Ways to move “{}”", card.title)>"⋯"</summary>
            <div class="card-pop">
                <form action=common.put method="post">
                    {hidden(&common.fields)}
                    <input type="hidden" name="id" value=card.id.clone() />
                    {above.map(|id| button("before", id, "Move up".into()))}
                    {below.map(|id| button("after", id, "Move down".into()))}
                    {columns}
                </form>
                {change}
            </div>
        </details>
    }
    .into_any()
}
