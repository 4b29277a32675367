//! Keys that are pressed anywhere on an organisation's pages.

use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use web_sys::HtmlElement;

use super::button::is_mac;
use super::{Overlay, Palette};
use crate::palette::model::sequence::{Pressed, Sequence};
use crate::ui::keys::{element_of, is_typed, use_element};
use crate::ui::live::is_typing;
use crate::ui::page::{all, around, first, is_visible};

/// What lies over the page and has the keys for itself.
const OVER: [&str; 2] = ["dialog[open]", ":popover-open"];
/// Links that open what a row or a card of a list is about.
const ROWS: &str = "#content :is(tbody tr, li, article) a[href]:not(nav *, .page-head *)";
const ROW: &str = "tr, li, article";

/// Listens for as long as the frame is shown.
pub(super) fn use_keys(palette: Palette) {
    Effect::new(move || {
        let sequence = StoredValue::new(Sequence::default());
        let listening = window_event_listener(ev::keydown, move |event| pressed(palette, sequence, &event));
        on_cleanup(move || listening.remove());
    });
}

/// Whether the palette is asked for. On a Mac, Ctrl K ends a line in any field.
pub(super) fn opens_palette(event: &KeyboardEvent) -> bool {
    let command = if is_mac() { event.meta_key() && !event.ctrl_key() } else { event.ctrl_key() && !event.meta_key() };
    command && !event.alt_key() && !event.shift_key() && event.key().eq_ignore_ascii_case("k")
}

fn pressed(palette: Palette, sequence: StoredValue<Sequence>, event: &KeyboardEvent) {
    if event.default_prevented() || event.is_composing() || event.key() == "Shift" {
        return;
    }
    let forget = || sequence.update_value(Sequence::forget);
    if opens_palette(event) {
        forget();
        // Another dialog has a question to be answered first.
        if palette.overlay.get_untracked().is_some() || first(OVER[0]).is_none() {
            event.prevent_default();
            palette.toggle();
        }
        return;
    }
    let single_keys = palette.place.with_untracked(|place| place.as_ref().is_some_and(|place| place.single_keys));
    let modified = event.ctrl_key() || event.alt_key() || event.meta_key();
    if !single_keys || modified || is_typed(event) || OVER.iter().any(|over| first(over).is_some()) {
        return forget();
    }
    let (key, now) = (event.key(), event.time_stamp());
    let Some(done) = sequence.try_update_value(|sequence| match sequence.press(&key, now) {
        Pressed::First => true,
        Pressed::Go(to) => go(to),
        Pressed::Key(key) => press(palette, key),
    }) else {
        return;
    };
    if done {
        event.prevent_default();
    }
}

/// Follows the link of the navigation that has this key.
fn go(key: &str) -> bool {
    let link = key.chars().all(|c| c.is_ascii_lowercase()).then(|| first(&format!("#navigation [data-go='{key}']"))).flatten();
    link.inspect(follow).is_some()
}

fn follow(link: &HtmlElement) {
    if may_leave() {
        link.click();
    }
}

/// Whether the page may be left: by a key that is quickly pressed, nothing that was typed is to be lost.
pub(super) fn may_leave() -> bool {
    let asked = "What you typed on this page is not saved. Leave the page all the same?";
    !is_typing() || window().confirm_with_message(asked).unwrap_or(true)
}

/// Does what a key stands for; what the page says of it comes first. Tells whether it stands for anything.
fn press(palette: Palette, key: &str) -> bool {
    let element = element_of(key);
    match (key, element) {
        ("/", Some(field)) if is_visible(&field) => use_element(&field),
        ("/", _) => palette.open(),
        (_, Some(element)) => use_element(&element),
        ("?", None) => palette.show(Overlay::Keys),
        ("n", None) => return begin_new(),
        ("j", None) => return step("k", true),
        ("k", None) => return step("j", false),
        _ => return false,
    }
    true
}

/// The link of the page under which something new is begun.
pub(super) fn new_link() -> Option<HtmlElement> {
    let leads_to_new = |link: &HtmlElement| {
        let href = link.get_attribute("href").unwrap_or_default();
        href.split('?').next().is_some_and(|path| path.ends_with("/new"))
    };
    all("#content .page-head a[href*='/new'], #content a.button[href*='/new']")
        .into_iter()
        .find(|link| leads_to_new(link) && is_visible(link))
}

fn begin_new() -> bool {
    new_link().inspect(follow).is_some()
}

/// The first link of each row and card of the page.
pub(super) fn rows() -> Vec<HtmlElement> {
    let mut rows: Vec<(HtmlElement, HtmlElement)> = Vec::new();
    for link in all(ROWS).into_iter().filter(is_visible) {
        let Some(row) = around(&link, ROW) else { continue };
        if rows.last().is_none_or(|(before, _)| !before.is_same_node(Some(&row))) {
            rows.push((row, link));
        }
    }
    rows.into_iter().map(|(_, link)| link).collect()
}

/// Leads to the next row, or to the one before. A page that goes through its list in a way of its own names a key for the other
/// direction at the least.
fn step(back: &str, onward: bool) -> bool {
    if element_of(back).is_some() {
        return false;
    }
    let rows = rows();
    let focused = document().active_element();
    let row_of = |link: &HtmlElement| around(link, ROW);
    let here = focused.and_then(|focused| rows.iter().position(|link| row_of(link).is_some_and(|row| row.contains(Some(&focused)))));
    let to = match here {
        Some(at) if onward => (at + 1).min(rows.len() - 1),
        Some(at) => at.saturating_sub(1),
        None => 0,
    };
    rows.get(to).inspect(|link| drop(link.focus())).is_some()
}
