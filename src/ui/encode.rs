//! What a form sends.

use leptos::ev::SubmitEvent;
use leptos::wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlButtonElement, HtmlFormElement, UrlSearchParams};

/// The fields of the form, and the button that was used, as the browser itself would send them.
pub fn encoded(event: &SubmitEvent) -> Option<String> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    let fields = FormData::new_with_form(&form).ok()?;
    if let Some(button) = event.submitter().and_then(|button| button.dyn_into::<HtmlButtonElement>().ok())
        && !button.name().is_empty()
    {
        fields.append_with_str(&button.name(), &button.value()).ok()?;
    }
    UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?.to_string().as_string()
}
