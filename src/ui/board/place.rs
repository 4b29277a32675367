//! Where things are on the screen.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::js_sys::{Function, Reflect};
use web_sys::{Element, HtmlElement};

use super::desk::Desk;
use super::lanes::Place;

/// Places above and below what is seen of a column that are in the page too.
const SPARE: usize = 6;
/// How near to an edge a drag scrolls, in pixels.
const EDGE: f64 = 56.0;
/// How far it scrolls in a frame at most, in pixels.
const FASTEST: f64 = 20.0;

/// The edges of an element, in pixels of the window.
struct Edges {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Edges {
    /// By way of names, since the typed way would add a feature to web-sys, which is to be asked of it for this alone.
    fn of(element: &Element) -> Option<Edges> {
        let measure: Function = Reflect::get(element, &"getBoundingClientRect".into()).ok()?.dyn_into().ok()?;
        let edges = measure.call0(element).ok()?;
        let edge = |name: &str| Reflect::get(&edges, &name.into()).ok()?.as_f64();
        Some(Edges { left: edge("left")?, top: edge("top")?, right: edge("right")?, bottom: edge("bottom")? })
    }
}

/// The parts of a column in the page.
struct LaneParts {
    whole: Element,
    /// What scrolls.
    body: HtmlElement,
    /// What holds the cards.
    list: HtmlElement,
}

impl Desk {
    fn root_element(self) -> Option<HtmlElement> {
        self.root.try_get_untracked().flatten().map(|root| root.unchecked_into())
    }

    fn parts(self, lane: usize) -> Option<LaneParts> {
        let whole = self.root_element()?.query_selector(&format!("[data-lane='{lane}']")).ok()??;
        let part = |selector: &str| whole.query_selector(selector).ok()??.dyn_into::<HtmlElement>().ok();
        Some(LaneParts { body: part(".lane-body")?, list: part("ol")?, whole })
    }

    /// The height of a place in pixels; none while the column is shut or empty.
    fn step(self, lane: usize, parts: &LaneParts) -> Option<f64> {
        let step = f64::from(parts.list.offset_height()) / untrack(|| self.shown_len(lane)) as f64;
        (step.is_finite() && step >= 1.0).then_some(step)
    }

    /// The lane that a point is in, else the nearest.
    fn row_at(self, y: f64) -> usize {
        let distance = |row: &usize| {
            let whole = self.root_element().and_then(|root| root.query_selector(&format!("[data-row='{row}']")).ok().flatten());
            whole.and_then(|whole| Edges::of(&whole)).map_or(f64::INFINITY, |edges| (edges.top - y).max(y - edges.bottom).max(0.0))
        };
        let rows = self.rows();
        if rows < 2 { 0 } else { (0..rows).min_by(|one, other| distance(one).total_cmp(&distance(other))).unwrap_or_default() }
    }

    /// The column that a point is above or below of, else the nearest; with lanes, that of the lane that it is in.
    fn lane_at(self, x: f64, y: f64) -> Option<(usize, LaneParts, Edges)> {
        let first = self.row_at(y) * self.width;
        let lanes = (first..first + self.width).filter_map(|lane| {
            let parts = self.parts(lane)?;
            let edges = Edges::of(&parts.whole)?;
            Some((lane, parts, edges))
        });
        let distance = |edges: &Edges| (edges.left - x).max(x - edges.right).max(0.0);
        lanes.min_by(|one, other| distance(&one.2).total_cmp(&distance(&other.2)))
    }

    /// The place that a card comes to stand at when it is let go at this point.
    pub fn place_at(self, x: f64, y: f64) -> Option<Place> {
        let (lane, parts, _) = self.lane_at(x, y)?;
        let carried = self.carried.get_untracked()?;
        let room = untrack(|| self.shown_len(lane)) - usize::from(carried.to.lane == lane);
        let slot = match (self.step(lane, &parts), Edges::of(&parts.list)) {
            (Some(step), Some(edges)) => ((y - edges.top) / step).max(0.0) as usize,
            _ => 0,
        };
        Some(Place { lane, slot: slot.min(room) })
    }

    /// Scrolls the column and the board towards the edge that the point is near to; tells whether anything has moved.
    pub fn scroll_near(self, x: f64, y: f64) -> bool {
        let (Some(root), Some((_, parts, _))) = (self.root_element(), self.lane_at(x, y)) else { return false };
        let down = Edges::of(&parts.body).map_or(0.0, |edges| pull(y, edges.top, edges.bottom));
        let along = Edges::of(&root).map_or(0.0, |edges| pull(x, edges.left, edges.right));
        let before = (parts.body.scroll_top(), root.scroll_left());
        if down != 0.0 {
            parts.body.set_scroll_top(before.0 + down as i32);
        }
        if along != 0.0 {
            root.set_scroll_left(before.1 + along as i32);
        }
        let page = self.rows() > 1 && scroll_page(y);
        page || before != (parts.body.scroll_top(), root.scroll_left())
    }

    /// Puts those places of a column into the page that are seen, and a few more.
    pub fn look(self, lane: usize) {
        let (Some(window), Some(parts)) = (self.window(lane), self.parts(lane)) else { return };
        let Some(step) = self.step(lane, &parts) else { return };
        let seen = |pixels: i32| (f64::from(pixels) / step) as usize;
        let (first, rows) = (seen(parts.body.scroll_top()), seen(parts.body.client_height()) + 1);
        // In steps of four, so that not every card that passes by changes the page.
        let places = (first.saturating_sub(SPARE) / 4 * 4, (first + rows + SPARE).div_ceil(4) * 4);
        if window.get_untracked() != places {
            window.set(places);
        }
    }

    /// Scrolls a column so that a place of it is seen.
    pub fn reveal(self, at: Place) {
        let Some(parts) = self.parts(at.lane) else { return };
        if let Some(step) = self.step(at.lane, &parts) {
            let (top, bottom) = ((at.slot as f64 * step) as i32, ((at.slot + 1) as f64 * step) as i32);
            if top < parts.body.scroll_top() {
                parts.body.set_scroll_top(top);
            } else if bottom > parts.body.scroll_top() + parts.body.client_height() {
                parts.body.set_scroll_top(bottom - parts.body.client_height());
            }
        }
        self.look(at.lane);
    }

    /// Shuts the menu of a card that is open, and leads the keyboard back to what opened it.
    pub fn shut_menu(self) {
        let open = self.root_element().and_then(|root| root.query_selector(".card-menu[open]").ok().flatten());
        let Some(menu) = open else { return };
        let _ = menu.remove_attribute("open");
        if let Some(summary) = menu.query_selector("summary").ok().flatten().and_then(|summary| summary.dyn_into::<HtmlElement>().ok()) {
            let _ = summary.focus();
        }
    }

    /// Leads the keyboard to a card's handle, once the page shows it.
    pub fn focus(self, id: &str) {
        // A text in quotes is written alike in Rust and in a selector.
        let selector = format!("[data-card={id:?}] .grip");
        request_animation_frame(move || {
            let grip = self.root_element().and_then(|root| root.query_selector(&selector).ok().flatten());
            if let Some(grip) = grip.and_then(|grip| grip.dyn_into::<HtmlElement>().ok()) {
                let _ = grip.focus();
            }
        });
    }
}

/// Scrolls the page towards the edge of the window that a point is near to, since not all lanes are seen at once; tells
/// whether it has moved.
fn scroll_page(y: f64) -> bool {
    let (window, at) = (window(), || window().scroll_y().unwrap_or_default());
    let (before, height) = (at(), window.inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(f64::INFINITY));
    window.scroll_by_with_x_and_y(0.0, pull(y, 0.0, height));
    at() != before
}

/// How far to scroll at a point between two edges, in pixels: the further the nearer it is to one of them.
fn pull(at: f64, start: f64, end: f64) -> f64 {
    let nearness = |distance: f64| ((EDGE - distance) / EDGE).clamp(0.0, 1.0);
    (nearness(end - at) - nearness(at - start)) * FASTEST
}
