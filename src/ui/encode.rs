//! What a form sends, and whether it fits.

use leptos::ev::SubmitEvent;
use leptos::wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlButtonElement, HtmlFormElement, UrlSearchParams};

use crate::kernel::call::{BODY_MAX, TOO_LARGE};
use crate::kernel::error::AppError;

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

/// Why an encoded form is not even sent, beside the longest of its fields; nothing if it fits.
pub fn too_large(body: &str) -> Option<AppError> {
    if body.len() <= BODY_MAX {
        return None;
    }
    let longest = body.split('&').max_by_key(|pair| pair.len()).and_then(|pair| pair.split_once('='));
    let name = longest.and_then(|(key, _)| key.strip_prefix("form%5B")?.split("%5D").next());
    Some(AppError::field(name.unwrap_or_default().trim_end_matches("_further"), TOO_LARGE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_is_told_beside_the_longest_field() {
        let long = "x".repeat(BODY_MAX);
        assert_eq!(too_large(&long), None);
        for (body, field) in [
            (format!("page=%2F&form%5Btitle%5D=T&form%5Bcontent%5D={long}"), "content"),
            (format!("form%5Bcontent%5D=a&form%5Bcontent_further%5D%5B%5D={long}"), "content"),
            (format!("page={long}"), ""),
        ] {
            assert!(too_large(&body).unwrap().of_field(field).is_some(), "{field}");
        }
    }
}
