//! Calling a server function without its types.
//!
//! The framework's own client makes a copy of itself for every function. Here the arguments go out as text and the
//! answer comes back as text, so that a further function adds next to nothing to what a browser has to load.

#[cfg(not(feature = "ssr"))]
mod browser;
#[cfg(feature = "ssr")]
mod server;

#[cfg(not(feature = "ssr"))]
pub use browser::{post, run, upload};
#[cfg(feature = "ssr")]
pub use server::{post, run, upload};

use std::pin::Pin;

use super::error::AppError;

/// The largest form or other body that is taken, in bytes.
pub const BODY_MAX: usize = 1_000_000;
/// What somebody is told who sends more.
pub const TOO_LARGE: &str = "This is more than fits into one form (1 MB). Please shorten it.";

/// What a server function gives, as JSON.
pub type Outcome = Pin<Box<dyn Future<Output = Result<String, AppError>> + Send>>;

/// What came back for a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The function's result, as JSON.
    pub text: String,
    /// Where the function leads on to.
    pub redirect: Option<String>,
}
