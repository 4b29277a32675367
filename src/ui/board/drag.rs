//! Carrying a card: by pointer, by finger and by keyboard; and moving it by the buttons of its menu.

use std::sync::Arc;

use leptos::ev::{KeyboardEvent, PointerEvent, SubmitEvent};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlButtonElement, HtmlElement};

use super::desk::Desk;
use super::lanes::{Carried, Place};
use super::model::Card;

/// How far a pointer goes before a press becomes a drag, in pixels.
const SLACK: i32 = 4;

/// A pointer that went down on a card and may start to drag it.
#[derive(Clone)]
struct Press {
    card: String,
    pointer: i32,
    at: (i32, i32),
}

/// What is in the person's hand.
#[derive(Clone, Copy)]
pub struct Hand {
    desk: Desk,
    /// The picture of the card that follows the pointer.
    pub ghost: NodeRef<Div>,
    press: StoredValue<Option<Press>>,
    /// The pointer that carries the card; none when the keyboard does.
    pub pointer: RwSignal<Option<i32>>,
    /// Where that pointer is.
    at: StoredValue<(f64, f64)>,
}

pub fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// The element itself or what is around it and matches.
pub fn around(element: &Element, selector: &str) -> Option<Element> {
    element.closest(selector).ok().flatten()
}

/// The id of the card that the element belongs to.
pub fn card_of(element: &Element) -> Option<String> {
    around(element, "[data-card]")?.get_attribute("data-card")
}

impl Hand {
    pub fn new(desk: Desk) -> Hand {
        Hand { desk, ghost: NodeRef::new(), press: StoredValue::new(None), pointer: RwSignal::new(None), at: StoredValue::new((0.0, 0.0)) }
    }

    /// The card with this id and where it is.
    fn find(self, id: &str) -> Option<(Arc<Card>, Place)> {
        self.desk.lanes.with_untracked(|lanes| {
            let at = lanes.find(id)?;
            Some((lanes.card(at)?.clone(), at))
        })
    }

    /// Takes a card up, from where it is. What its column shows does not change by that.
    fn take(self, id: &str) -> Option<Carried> {
        let (card, from) = self.find(id)?;
        let carried = Carried { card, from, to: from };
        self.desk.failure.set(None);
        self.desk.carried.set(Some(carried.clone()));
        Some(carried)
    }

    fn carry_to(self, to: Place) {
        if self.desk.carried.with_untracked(|carried| carried.as_ref().is_some_and(|carried| carried.to != to)) {
            self.desk.carried.update(|carried| {
                if let Some(carried) = carried {
                    carried.to = to;
                }
            });
        }
    }

    /// Puts the card down where it is carried to.
    fn let_go(self) {
        let Some(carried) = self.desk.carried.get_untracked() else { return };
        self.desk.carried.set(None);
        self.pointer.set(None);
        // The board may have been read again meanwhile.
        let Some((card, from)) = self.find(&carried.card.id) else { return };
        self.desk.put(card, from, carried.to);
        if untrack(|| self.desk.column_count(carried.to.lane)).1 {
            self.desk.said.set(format!("“{}” is put down. {}.", carried.card.title, self.desk.place(carried.to)));
        }
    }

    /// Puts the card back.
    fn give_up(self) {
        self.desk.carried.set(None);
        self.pointer.set(None);
    }

    // ---- Pointer and finger

    pub fn pointer_down(self, event: PointerEvent) {
        let Some(target) = target(&event).filter(|_| event.button() == 0 && self.desk.carried.with_untracked(Option::is_none)) else {
            return;
        };
        // A finger on the card itself scrolls; a finger on its handle, and a mouse anywhere on it, take it up.
        let on_handle = around(&target, ".grip").is_some();
        let by_mouse = event.pointer_type() == "mouse" && around(&target, "button, summary, .card-pop").is_none();
        if let Some(card) = card_of(&target).filter(|_| on_handle || by_mouse) {
            self.press.set_value(Some(Press { card, pointer: event.pointer_id(), at: (event.client_x(), event.client_y()) }));
        }
    }

    pub fn pointer_move(self, event: PointerEvent) {
        let at = (event.client_x(), event.client_y());
        if let Some(press) = self.press.get_value().filter(|press| press.pointer == event.pointer_id()) {
            if (press.at.0 - at.0).abs().max((press.at.1 - at.1).abs()) <= SLACK {
                return;
            }
            self.press.set_value(None);
            // A button may have been let go outside of the window.
            if event.buttons() == 0 || self.take(&press.card).is_none() {
                return;
            }
            self.pointer.set(Some(press.pointer));
            // What comes of this pointer comes to the board from now on, whatever becomes of the card's own element.
            if let Some(root) = self.desk.root.get_untracked() {
                let _ = root.set_pointer_capture(press.pointer);
            }
            self.follow();
        }
        if self.pointer.get_untracked() == Some(event.pointer_id()) {
            event.prevent_default();
            self.at.set_value((f64::from(at.0), f64::from(at.1)));
            self.show_ghost();
            self.aim();
        }
    }

    pub fn pointer_up(self, event: PointerEvent) {
        self.press.set_value(None);
        if self.pointer.get_untracked() == Some(event.pointer_id()) {
            self.let_go();
        }
    }

    pub fn pointer_cancel(self, event: PointerEvent) {
        self.press.set_value(None);
        if self.pointer.get_untracked() == Some(event.pointer_id()) {
            self.give_up();
        }
    }

    fn show_ghost(self) {
        if let Some(ghost) = self.ghost.get_untracked() {
            let (x, y) = self.at.get_value();
            let ghost: HtmlElement = ghost.unchecked_into();
            let _ = ghost.style().set_property("transform", &format!("translate({x}px, {y}px)"));
        }
    }

    fn aim(self) {
        let (x, y) = self.at.get_value();
        if let Some(to) = self.desk.place_at(x, y) {
            self.carry_to(to);
        }
    }

    /// Scrolls, frame by frame, as long as the pointer carries the card near an edge.
    fn follow(self) {
        request_animation_frame(move || {
            if self.pointer.try_get_untracked().flatten().is_some() {
                let (x, y) = self.at.get_value();
                if self.desk.scroll_near(x, y) {
                    self.aim();
                }
                self.follow();
            }
        });
    }

    // ---- Keyboard

    pub fn key_down(self, event: KeyboardEvent) {
        let (key, carried) = (event.key(), self.desk.carried.get_untracked());
        let grips = matches!(key.as_str(), " " | "Enter");
        if let Some(carried) = carried {
            self.key_while_carrying(&event, &key, &carried);
        } else if key == "Escape" {
            self.desk.shut_menu();
        } else if key == "x" && !event.ctrl_key() && !event.meta_key() && !event.alt_key() {
            if let Some(id) = target(&event).and_then(|target| around(&target, ".grip, .card-face > a")).and_then(|on| card_of(&on)) {
                self.desk.tick(&id);
            }
        } else if grips
            && !event.repeat()
            && let Some(id) = target(&event).and_then(|target| around(&target, ".grip")).and_then(|grip| card_of(&grip))
            && let Some(carried) = self.take(&id)
        {
            event.prevent_default();
            let place = self.desk.place(carried.to);
            self.desk
                .said
                .set(format!("“{}” is lifted. {place}. Arrow keys move it, space puts it down, escape puts it back.", carried.card.title));
            self.desk.focus(&id);
        }
    }

    fn key_while_carrying(self, event: &KeyboardEvent, key: &str, carried: &Carried) {
        if key == "Escape" || key == "Tab" {
            self.give_up();
            self.desk.reveal(carried.from);
            self.desk.said.set(format!("“{}” is back. {}.", carried.card.title, self.desk.place(carried.from)));
            if key == "Escape" {
                event.prevent_default();
                self.desk.focus(&carried.card.id);
            }
            return;
        }
        if self.pointer.get_untracked().is_some() {
            return;
        }
        let Place { lane, slot } = carried.to;
        let width = self.desk.width;
        let first = lane - lane % width;
        let to = match key {
            "ArrowUp" => Place { lane, slot: slot.saturating_sub(1) },
            "ArrowDown" => Place { lane, slot: slot + 1 },
            "ArrowLeft" => Place { lane: lane.saturating_sub(1).max(first), slot },
            "ArrowRight" => Place { lane: (lane + 1).min(first + width - 1), slot },
            "PageUp" if lane >= width => Place { lane: lane - width, slot },
            "PageDown" if lane / width + 1 < self.desk.rows() => Place { lane: lane + width, slot },
            "Home" => Place { lane, slot: 0 },
            "End" => Place { lane, slot: usize::MAX },
            " " | "Enter" => {
                event.prevent_default();
                if !event.repeat() {
                    self.let_go_by_key(carried);
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        self.carry_by_key(carried, to);
    }

    fn carry_by_key(self, carried: &Carried, to: Place) {
        let lane = to.lane.min(self.desk.heads().len().saturating_sub(1));
        let room = untrack(|| self.desk.shown_len(lane)) - usize::from(carried.to.lane == lane);
        let to = Place { lane, slot: to.slot.min(room) };
        self.carry_to(to);
        self.desk.reveal(to);
        let barred = match self.desk.is_open(carried.from.lane, lane) {
            true => "",
            false => ". It cannot go here from where it is",
        };
        self.desk.said.set(format!("{}{barred}.", self.desk.place(to)));
        self.desk.focus(&carried.card.id);
    }

    fn let_go_by_key(self, carried: &Carried) {
        self.let_go();
        self.desk.said.set(format!("“{}” is put down. {}.", carried.card.title, self.desk.place(carried.to)));
        self.desk.reveal(carried.to);
        self.desk.focus(&carried.card.id);
    }

    // ---- The menu's buttons

    /// Moves the card by a button of its menu; without scripts the same form goes to the server itself.
    pub fn submit(self, event: SubmitEvent) {
        let Some(button) = event.submitter().and_then(|button| button.dyn_into::<HtmlButtonElement>().ok()) else { return };
        let Some(id) = card_of(&button) else { return };
        event.prevent_default();
        let Some((card, from)) = self.find(&id) else { return };
        let to = match button.name().as_str() {
            "before" => Place { slot: from.slot.saturating_sub(1), ..from },
            "after" => Place { slot: (from.slot + 1).min(self.desk.lanes.with_untracked(|lanes| lanes.len(from.lane)) - 1), ..from },
            _ => {
                let first = from.lane - from.lane % self.desk.width;
                let column = self.desk.heads().iter().position(|head| head.key == button.value());
                let Some(lane) = column.map(|column| first + column) else { return };
                Place { lane, slot: 0 }
            }
        };
        self.desk.put(card.clone(), from, to);
        self.desk.said.set(format!("“{}” is moved. {}.", card.title, self.desk.place(to)));
        self.desk.reveal(to);
        request_animation_frame(move || {
            // The button goes along as long as the card stays in its column.
            if button.is_connected() {
                let _ = button.focus();
            } else {
                self.desk.focus(&id);
            }
        });
    }
}
