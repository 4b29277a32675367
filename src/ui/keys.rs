//! Work by keyboard: what an element's `aria-keyshortcuts` names can be pressed anywhere on the page.
//!
//! Each button, link or field names its own keys, and the frame around the pages listens. Screen readers announce them,
//! and everything can be done without them.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::page::first;

/// Where a key is text and not a command.
const TYPED_INTO: &str = "input, textarea, select, [contenteditable], [role=textbox]";

/// Shows the list of all keys.
#[derive(Clone, Copy)]
pub struct ShowKeys(pub Callback<()>);

/// Whether the key is text, in a field or an editor.
pub fn is_typed(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest(TYPED_INTO).is_ok_and(|field| field.is_some()))
}

/// The first element that names the key.
pub fn element_of(key: &str) -> Option<HtmlElement> {
    // Keys with a name, and single characters; a quotation mark would end the selector.
    let plain = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '?' || c == '/');
    plain.then(|| first(&format!("[aria-keyshortcuts~='{key}']")))?
}

/// Goes to the element, so that it is in view, and presses it unless it is a field.
pub fn use_element(element: &HtmlElement) {
    let _ = element.focus();
    if !element.matches(TYPED_INTO).unwrap_or_default() {
        element.click();
    }
}

/// A button that shows which key does what, for a page with keys of its own: they stand in the list of all keys.
#[component]
pub fn KeysHelp(keys: &'static [(&'static str, &'static str)]) -> impl IntoView {
    let show = use_context::<ShowKeys>();
    let press = move |_| {
        if let Some(show) = show {
            show.0.run(());
        }
    };
    let rows = keys.iter().map(|(key, what)| view! { <li data-key=*key>{*what}</li> }).collect_view();
    view! {
        <div class="keys-help">
            <button type="button" class="button quiet small" aria-haspopup="dialog" on:click=press>"Keys"</button>
            <ul hidden>{rows}</ul>
        </div>
    }
}
