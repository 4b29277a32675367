//! The few things a view says to the HTTP response it becomes part of; nothing in the browser.

/// Sets the status of the page that is being rendered.
#[cfg(feature = "ssr")]
pub fn set_status(status: u16) {
    if let (Some(response), Ok(status)) =
        (leptos::prelude::use_context::<leptos_axum::ResponseOptions>(), http::StatusCode::from_u16(status))
    {
        response.set_status(status);
    }
}

/// Sets the status of the page that is being rendered.
#[cfg(not(feature = "ssr"))]
pub fn set_status(_status: u16) {}
