//! Moving bars by pointer or finger.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use server_fn::ServerFn;
use web_sys::Element;

use super::super::api::PlaceItem;
use super::super::model::{Day, Item, Part, Span, Window};
use crate::kernel::call::post;
use crate::kernel::text::query_value;
use crate::kernel::version::Edited;
use crate::ui::live::{HELD, Live};

/// What is said of moves on the page, and those under way. It is the page's, lest it is gone as soon as somebody changes something
/// and the timeline is drawn anew.
#[derive(Clone, Copy)]
pub struct Told {
    pub said: RwSignal<String>,
    /// What went wrong last.
    pub failure: RwSignal<Option<String>>,
    grip: StoredValue<Option<Grip>>,
    /// Moves go out one after the other, so that of two of one bar the later is the last. They go out even if the page is left.
    queue: StoredValue<Arc<Mutex<VecDeque<Move>>>>,
    busy: StoredValue<bool>,
}

impl Told {
    /// Nothing is said yet.
    pub fn new() -> Told {
        Told {
            said: RwSignal::new(String::new()),
            failure: RwSignal::new(None),
            grip: StoredValue::new(None),
            queue: StoredValue::default(),
            busy: StoredValue::new(false),
        }
    }

    /// Says no more of what was, as on another page.
    pub fn forget(self) {
        self.said.set(String::new());
        self.failure.set(None);
        self.let_go();
    }

    fn let_go(self) {
        self.grip.set_value(None);
        if let Ok(Some(chart)) = document().query_selector(&format!(".timeline-picture[{HELD}]")) {
            let _ = chart.remove_attribute(HELD);
        }
    }
}

/// An item's bar.
pub struct Bar {
    pub item: Item,
    /// When the item is, as far as the screen is concerned.
    pub span: RwSignal<Span>,
    pub movable: bool,
}

/// A bar that a pointer has taken hold of.
#[derive(Clone)]
struct Grip {
    bar: Arc<Bar>,
    part: Part,
    pointer: i32,
    /// Where the pointer was then.
    x: i32,
    /// When the item was then.
    from: Span,
    /// When it is to be as it is carried now.
    to: Span,
    /// When it is as far as the server has said, where the bar goes if it is not moved.
    stands: Span,
}

impl Grip {
    /// The same hold of the bar that the item has among these, if it has one that may be moved. It is carried as far as it was; that
    /// somebody else has moved it meanwhile is told when it is put down.
    fn onto(self, bars: &[Arc<Bar>]) -> Option<Grip> {
        let item = &self.bar.item;
        let bar = bars.iter().find(|bar| bar.movable && bar.item.kind == item.kind && bar.item.id == item.id)?.clone();
        let stands = bar.span.get_untracked();
        if self.to != self.from {
            bar.span.set(self.to);
        }
        Some(Grip { bar, stands, ..self })
    }
}

/// Has what comes of this pointer come to the picture, wherever it goes, and what others change meanwhile wait until the bar is put
/// down. Not if the pointer is gone.
fn hold(chart: &Element, pointer: i32) -> bool {
    chart.set_pointer_capture(pointer).is_ok() && chart.set_attribute(HELD, "").is_ok()
}

/// A move that has been made on the screen and not yet on the server.
struct Move {
    bar: Arc<Bar>,
    from: Span,
    to: Span,
    body: String,
}

/// What is in the person's hand.
#[derive(Clone, Copy)]
pub struct Hand {
    window: Window,
    org: StoredValue<String>,
    /// The product's key.
    product: StoredValue<String>,
    bars: StoredValue<Arc<[Arc<Bar>]>>,
    pub told: Told,
    live: Option<Live>,
}

impl Hand {
    pub fn new(window: Window, org: String, product: String, bars: Arc<[Arc<Bar>]>, told: Told) -> Hand {
        let held = told.grip.get_value();
        told.grip.set_value(held.clone().and_then(|grip| grip.onto(&bars)));
        let hand = Hand {
            window,
            org: StoredValue::new(org),
            product: StoredValue::new(product),
            bars: StoredValue::new(bars),
            told,
            live: use_context(),
        };
        if held.is_some() && told.grip.with_value(Option::is_none) {
            hand.put_down();
        }
        hand
    }

    /// Holds on by a picture that has just come in the place of the one by which a bar was taken; a pointer that is gone lets go.
    pub fn hold_on(self, chart: &Element) {
        if let Some(grip) = self.told.grip.get_value()
            && !hold(chart, grip.pointer)
        {
            self.give_up();
        }
    }

    /// What was hit: the chart, a bar on it, and the part of that.
    fn hit(self, event: &PointerEvent) -> Option<(Element, Arc<Bar>, Part)> {
        let target: Element = event.target()?.dyn_into().ok()?;
        let part = Part::parse(&target.get_attribute("data-part")?)?;
        let row: usize = target.get_attribute("data-row")?.parse().ok()?;
        let bar = self.bars.get_value().get(row)?.clone();
        let chart = target.closest("svg").ok()??;
        bar.movable.then_some((chart, bar, part))
    }

    pub fn pointer_down(self, event: PointerEvent) {
        // Where a pointer goes down, it was up: that was not heard if the timeline was away then.
        if self.of(&event).is_some() {
            self.give_up();
        }
        if event.button() != 0 || self.told.grip.with_value(Option::is_some) {
            return;
        }
        let Some((chart, bar, part)) = self.hit(&event) else { return };
        event.prevent_default();
        if !hold(&chart, event.pointer_id()) {
            return;
        }
        let from = bar.span.get_untracked();
        self.told.failure.set(None);
        self.told.grip.set_value(Some(Grip { bar, part, pointer: event.pointer_id(), x: event.client_x(), from, to: from, stands: from }));
    }

    /// The grip of the pointer that the event is of.
    fn of(self, event: &PointerEvent) -> Option<Grip> {
        self.told.grip.get_value().filter(|grip| grip.pointer == event.pointer_id())
    }

    pub fn pointer_move(self, event: PointerEvent) {
        let Some(grip) = self.of(&event) else { return };
        if event.buttons() == 0 {
            return self.give_up();
        }
        event.prevent_default();
        let to = grip.from.dragged(grip.part, self.window.days(event.client_x() - grip.x));
        if grip.to != to {
            grip.bar.span.set(to);
            self.told.said.set(format!("“{}”: {}", grip.bar.item.title, grip.bar.item.when_at(to)));
            self.told.grip.set_value(Some(Grip { to, ..grip }));
        }
    }

    pub fn pointer_up(self, event: PointerEvent) {
        if let Some(grip) = self.of(&event) {
            self.put_down();
            self.send(grip);
        }
    }

    pub fn pointer_cancel(self, event: PointerEvent) {
        if self.of(&event).is_some() {
            self.give_up();
        }
    }

    pub fn key_down(self, event: KeyboardEvent) {
        if event.key() == "Escape" {
            self.give_up();
        }
    }

    fn put_down(self) {
        self.told.let_go();
        if let Some(live) = self.live {
            live.release();
        }
    }

    /// Puts the bar back.
    fn give_up(self) {
        if let Some(grip) = self.told.grip.get_value() {
            self.put_down();
            grip.bar.span.set(grip.stands);
            self.told.said.set(format!("“{}” is back.", grip.bar.item.title));
        }
    }

    /// Moves on the server what has been moved on the screen.
    fn send(self, grip: Grip) {
        let Grip { bar, from, to, stands, .. } = grip;
        if to == from {
            bar.span.set(stands);
            return;
        }
        let body = body(&self.org.get_value(), &self.product.get_value(), &bar.item, from, to);
        let queue = self.told.queue.get_value();
        if let Ok(mut queue) = queue.lock() {
            queue.push_back(Move { bar, from: stands, to, body });
        }
        if !self.told.busy.get_value() {
            self.told.busy.set_value(true);
            spawn_local(self.send_all(queue));
        }
    }

    async fn send_all(self, queue: Arc<Mutex<VecDeque<Move>>>) {
        let next = || queue.lock().ok()?.pop_front();
        while let Some(sent) = next() {
            let outcome = post(PlaceItem::PATH, "application/x-www-form-urlencoded", sent.body.clone()).await;
            // The person may have left the page meanwhile.
            let title = &sent.bar.item.title;
            let (said, failure) = match outcome {
                Ok(_) => (format!("“{title}” is moved: {}", sent.bar.item.when_at(sent.to)), None),
                Err(error) => (String::new(), Some(format!("“{title}” was not moved. {}", error.told()))),
            };
            if failure.is_some() {
                take_back(&sent);
            }
            let _ = self.told.said.try_set(said);
            let _ = self.told.failure.try_set(failure);
        }
        let _ = self.told.busy.try_set_value(false);
    }
}

/// Takes a move back that the server has refused, unless the bar has been moved on since.
fn take_back(sent: &Move) {
    if sent.bar.span.try_get_untracked() == Some(sent.to) {
        let _ = sent.bar.span.try_set(sent.from);
    }
}

/// What the server function is sent. Moves of one bar go out in turn, so what is saved before one is what the one before it wrote.
fn body(org: &str, product: &str, item: &Item, from: Span, to: Span) -> String {
    let text = |day: Option<Day>| day.map(Day::text).unwrap_or_default();
    format!(
        "org={}&product={}&kind={}&id={}&version={}&form%5Bstart%5D={}&form%5Bend%5D={}",
        query_value(org),
        query_value(product),
        item.kind.word(),
        query_value(&item.id),
        from.version(),
        text(to.start),
        text(to.end)
    )
}
