//! Work by keyboard: what an element's `aria-keyshortcuts` names can be pressed anywhere on the page.
//!
//! A page says once that it wants this, and each button, link or field names its own keys. Screen readers announce them,
//! and everything can be done without them.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

/// Where a key is text and not a command.
const TYPED_INTO: &str = "input, textarea, select, [contenteditable]";

/// Lets the keys work for as long as the page is shown.
pub fn use_shortcuts() {
    Effect::new(|| {
        let listening = window_event_listener(ev::keydown, pressed);
        on_cleanup(move || listening.remove());
    });
}

fn pressed(event: KeyboardEvent) {
    let modified = event.ctrl_key() || event.alt_key() || event.meta_key();
    if modified || event.is_composing() || event.default_prevented() || is_typed(&event) {
        return;
    }
    if let Some(element) = element_of(&event.key()) {
        event.prevent_default();
        use_element(&element);
    }
}

fn is_typed(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.matches(TYPED_INTO).unwrap_or_default())
}

/// The first element that names the key.
fn element_of(key: &str) -> Option<HtmlElement> {
    // Keys with a name, and single characters; a quotation mark would end the selector.
    let plain = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '?');
    let selector = format!("[aria-keyshortcuts~='{key}']");
    let found = document().query_selector(&selector).ok().filter(|_| plain)??;
    found.dyn_into().ok()
}

/// Goes to the element, so that it is in view, and presses it unless it is a field.
fn use_element(element: &HtmlElement) {
    let _ = element.focus();
    if !element.matches(TYPED_INTO).unwrap_or_default() {
        element.click();
    }
}

/// A button that shows which key does what; `?` presses it. To be placed where `use_shortcuts` is used.
#[component]
pub fn KeysHelp(keys: &'static [(&'static str, &'static str)]) -> impl IntoView {
    let rows = keys.iter().map(|(key, what)| view! { <div><dt><kbd>{*key}</kbd></dt><dd>{*what}</dd></div> }).collect_view();
    view! {
        <div class="keys-help">
            <button type="button" class="button quiet small" popovertarget="keys" aria-keyshortcuts="?">"Keys"</button>
            <div id="keys" popover="auto" class="keys" role="dialog" aria-labelledby="keys-title">
                <h2 id="keys-title">"Keys"</h2>
                <dl class="facts">{rows}</dl>
            </div>
        </div>
    }
}
