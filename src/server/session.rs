//! The session cookie and the theme cookie.

use http::HeaderValue;
use http::header::SET_COOKIE;
use http::request::Parts;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::db::internal;
use super::request::is_loopback;
use crate::kernel::error::AppError;

/// Name of the cookie that holds the session's token.
pub const COOKIE: &str = "prodmatic_session";
/// Name of the cookie that holds the chosen theme.
pub const THEME_COOKIE: &str = "prodmatic_theme";
/// How long a session lasts, in days.
pub const DAYS: i64 = 30;

/// For every page of ours, and for no script.
const PRIVATE: &str = "; Path=/; HttpOnly";

/// Gives the browser the session's token.
pub fn start(token: &str) -> Result<(), AppError> {
    set_cookie(COOKIE, token, DAYS * 86_400, true)
}

/// Takes the session's token away from the browser.
pub fn end() -> Result<(), AppError> {
    set_cookie(COOKIE, "", 0, true)
}

/// Remembers the theme in this browser for a year; readable by scripts, since it is no secret.
pub fn keep_theme(theme: &str) -> Result<(), AppError> {
    set_cookie(THEME_COOKIE, theme, 365 * 86_400, false)
}

fn set_cookie(name: &str, value: &str, seconds: i64, http_only: bool) -> Result<(), AppError> {
    let (Some(parts), Some(response)) = (use_context::<Parts>(), use_context::<ResponseOptions>()) else {
        return Err(internal("no request in context"));
    };
    let attributes = if http_only { PRIVATE } else { "; Path=/" };
    response.append_header(SET_COOKIE, cookie(&parts, name, value, seconds, attributes)?);
    Ok(())
}

/// The header that gives the browser the session's token, for an answer that no server function makes.
pub fn start_cookie(parts: &Parts, token: &str) -> Result<HeaderValue, AppError> {
    cookie(parts, COOKIE, token, DAYS * 86_400, PRIVATE)
}

/// A cookie for the browser that made this request, with further attributes.
pub fn cookie(parts: &Parts, name: &str, value: &str, seconds: i64, attributes: &str) -> Result<HeaderValue, AppError> {
    let secure = if is_loopback(parts) { "" } else { "; Secure" };
    HeaderValue::from_str(&format!("{name}={value}; Max-Age={seconds}; SameSite=Lax{attributes}{secure}")).map_err(internal)
}
