//! Whether somebody is in the middle of something.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::js_sys::Reflect;
use web_sys::{Element, Node};

/// The attribute of what somebody holds by pointer, or writes in and would lose, for as long as they do.
pub const HELD: &str = "data-held";

/// Whether somebody holds something.
pub(super) fn is_held() -> bool {
    document().query_selector("[data-held]").is_ok_and(|held| held.is_some())
}

/// Whether a form is on its way: what is answered stands in it, and would be lost if it were drawn anew meanwhile.
pub(super) fn is_sending() -> bool {
    document().query_selector("button.busy").is_ok_and(|sending| sending.is_some())
}

/// Whether something was typed, ticked or chosen on the page that is not sent yet.
pub fn is_typing() -> bool {
    document().get_element_by_id("content").is_some_and(|content| has_unsent(&content))
}

/// Whether something was typed, ticked or chosen in this part of the page that is not sent yet.
pub fn has_unsent(part: &Element) -> bool {
    fields(part).iter().any(|field| is_changed(field))
}

/// What can be typed in, ticked or chosen from in this part of the page.
pub(in crate::ui) fn fields(part: &Element) -> Vec<Element> {
    let Ok(fields) = part.query_selector_all(":is(input:not([type=hidden], [type=range]), textarea, select)") else {
        return Vec::new();
    };
    (0..fields.length()).filter_map(|at| fields.item(at)?.dyn_into().ok()).collect()
}

/// Whether a field holds something else than it did at first.
pub(in crate::ui) fn is_changed(field: &Node) -> bool {
    let of = |name: &str| Reflect::get(field, &name.into()).ok();
    match of("type").and_then(|kind| kind.as_string()).as_deref() {
        Some("checkbox" | "radio") => of("checked") != of("defaultChecked"),
        Some(kind) if kind.starts_with("select") => is_chosen(field),
        _ => of("value") != of("defaultValue"),
    }
}

/// Whether something else is chosen than was at first.
fn is_chosen(select: &Node) -> bool {
    let first = select.dyn_ref::<Element>().and_then(|select| select.query_selector("option[selected]").ok().flatten());
    first.is_some_and(|first| Reflect::get(&first, &"selected".into()) == Ok(false.into()))
}
