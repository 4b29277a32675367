//! Rows that go away when a button in them is pressed.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};

use super::form::Sent;

/// A row, or the buttons of one, made anew with each new look at the data. What stands in a list is else used again for
/// whatever stands in its place afterwards, with the focus in it: a second press of Enter would hit the next row too.
pub fn anew<V: IntoView>(part: impl Fn() -> V + Send + 'static) -> impl Fn() -> V + Send + 'static {
    part
}

/// Leads on to the heading with this id each time the form was accepted, since the button that was pressed is gone.
pub fn then_focus(sent: Sent, id: &'static str) {
    Effect::new(move || {
        if sent.times() > 0 {
            request_animation_frame(move || focus(id));
        }
    });
}

fn focus(id: &str) {
    let heading = document().get_element_by_id(id).and_then(|heading| heading.dyn_into::<HtmlElement>().ok());
    if let Some(heading) = heading {
        focus_quietly(&heading);
    }
}

/// Nothing scrolls: what the page says of it may stand elsewhere.
pub(super) fn focus_quietly(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.focus_with_options(&options);
}
