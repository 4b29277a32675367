//! What stands on the page that is shown, for what works on any page without knowing it.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, HtmlElement};

/// The page that is shown: its path, and the name in its head with that of what it is of. Set each time a page's head is made.
#[derive(Clone, Copy)]
pub struct ShownPage(pub RwSignal<Option<(String, String)>>);

/// What a field's property is to follow, from when the page is alive: what was typed or chosen before that stands.
pub fn once_alive<T>(value: T) -> Option<T> {
    let waking = Owner::current_shared_context().is_some_and(|shared| shared.during_hydration());
    (!waking).then_some(value)
}

/// The elements that match, in the order of the page.
pub fn all(selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = document().query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

/// The first element that matches.
pub fn first(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}

/// The nearest element around this one, or itself, that matches.
pub fn around(element: &Element, selector: &str) -> Option<HtmlElement> {
    element.closest(selector).ok().flatten()?.dyn_into().ok()
}

/// Whether the element takes room on the page, and lies in no shut fold.
pub fn is_visible(element: &HtmlElement) -> bool {
    element.offset_width() > 0 && element.offset_height() > 0 && around(element, "details:not([open]) > :not(summary)").is_none()
}

/// What the element is called: its label, or else its text in one line.
pub fn name(element: &Element) -> String {
    let text = element.get_attribute("aria-label").or_else(|| element.text_content()).unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Listens before everybody else, to what happens anywhere on the page.
pub fn listen(name: &str, act: impl Fn(&Event) + 'static) {
    let heard = Closure::<dyn Fn(Event)>::new(move |event: Event| act(&event));
    let _ = window().add_event_listener_with_callback_and_bool(name, heard.into_js_value().unchecked_ref(), true);
}
