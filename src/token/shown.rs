//! A new token on its way to the page that shows it once: in a cookie that no script can read, for a minute, so that neither an
//! address nor the database ever holds it.

use http::request::Parts;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::model::MadeToken;
use crate::kernel::error::AppError;
use crate::server::db::internal;
use crate::server::request::{cookie, settings};
use crate::server::session;

const COOKIE: &str = "prodmatic_new_token";
/// Seconds within which the page has to ask for it.
const KEPT: i64 = 60;
/// For no script, and for nothing that another site leads to.
const PRIVATE: &str = "; Path=/; HttpOnly";

/// Gives it to the browser.
pub fn pass_on(token: &MadeToken) -> Result<(), AppError> {
    let text = serde_json::to_string(token).map_err(internal)?;
    set(&settings()?.key.seal(&text)?.replace('+', "-").replace('/', "_"), KEPT)
}

/// Takes it from the browser again; none for anybody who has not just made one.
pub fn take() -> Result<Option<MadeToken>, AppError> {
    let Some(parts) = use_context::<Parts>() else { return Ok(None) };
    let Some(sealed) = cookie(&parts, COOKIE).filter(|sealed| !sealed.is_empty()) else { return Ok(None) };
    set("", 0)?;
    // Somebody may have sent anything.
    let text = settings()?.key.open(&sealed.replace('-', "+").replace('_', "/")).ok();
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

fn set(value: &str, seconds: i64) -> Result<(), AppError> {
    let (Some(parts), Some(response)) = (use_context::<Parts>(), use_context::<ResponseOptions>()) else {
        return Err(internal("no request in context"));
    };
    response.append_header(http::header::SET_COOKIE, session::cookie(&parts, COOKIE, value, seconds, PRIVATE)?);
    Ok(())
}
