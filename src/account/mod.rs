//! People: sign-up, sign-in, sign-out, the theme of their browser.

pub mod api;
pub mod model;
pub mod oidc;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;
pub mod view;
