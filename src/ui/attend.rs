//! What happens to a form once the answer is there.

use leptos::html::Form;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

use super::form::Sent;

/// Stands on a form that was accepted, until something else is typed in it.
pub(super) const SENT: &str = "data-sent";

/// A form's element: emptied when the form was accepted, if it is to be, and led into when it was refused.
pub(super) fn attended(sent: Sent, emptied: bool) -> NodeRef<Form> {
    let node = NodeRef::<Form>::new();
    Effect::new(move |before: Option<u32>| {
        let times = sent.times();
        if before.is_some_and(|before| before != times)
            && let Some(form) = node.get_untracked()
        {
            let _ = form.set_attribute(SENT, "");
            if emptied {
                form.reset();
            }
        }
        times
    });
    Effect::new(move || {
        if sent.error.with(Option::is_some) {
            request_animation_frame(move || focus_first_error(node));
        }
    });
    node
}

/// Leads the person to the first field that needs attention, or to what somebody else has saved in it.
fn focus_first_error(form: NodeRef<Form>) {
    let field = form.get_untracked().and_then(|form| form.query_selector("[aria-invalid=true], .saved-now button").ok().flatten());
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        // What lies in a shut fold cannot be seen, nor have the focus.
        if let Ok(Some(fold)) = field.closest("details:not([open])") {
            let _ = fold.set_attribute("open", "");
        }
        let _ = field.focus();
    }
}
