//! The few things a view asks of the HTTP request it answers, or says to the response it becomes part of; nothing in the browser.

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

/// The path and query of the request that is being answered. On the server the router's own signals are left alone: parts of a
/// page are made on several threads, and two that ask for the same memo at once can find it half made.
#[cfg(feature = "ssr")]
pub fn request_path() -> Option<String> {
    let parts = leptos::prelude::use_context::<http::request::Parts>()?;
    parts.uri.path_and_query().map(|path| path.as_str().to_owned())
}

/// The path and query of the request that is being answered.
#[cfg(not(feature = "ssr"))]
pub fn request_path() -> Option<String> {
    None
}
