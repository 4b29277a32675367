//! Whether somebody is in the middle of something.

use leptos::prelude::*;
use web_sys::Node;
use web_sys::js_sys::Reflect;

/// The attribute of what somebody holds by pointer, for as long as they do.
pub const HELD: &str = "data-held";

/// Whether something was typed or ticked on the page that is not sent yet, or is held by pointer.
pub(super) fn is_typing() -> bool {
    if document().query_selector("[data-held]").is_ok_and(|held| held.is_some()) {
        return true;
    }
    let Ok(fields) = document().query_selector_all("#content :is(input:not([type=hidden], [type=file], [type=range]), textarea)") else {
        return false;
    };
    (0..fields.length()).filter_map(|at| fields.item(at)).any(|field| is_changed(&field))
}

fn is_changed(field: &Node) -> bool {
    let of = |name: &str| Reflect::get(field, &name.into()).ok();
    match of("type").and_then(|kind| kind.as_string()).as_deref() {
        Some("checkbox" | "radio") => of("checked") != of("defaultChecked"),
        _ => of("value") != of("defaultValue"),
    }
}
