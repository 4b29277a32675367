//! People: sign-up, sign-in, sign-out, the theme of their browser.

pub mod api;
#[cfg(feature = "ssr")]
mod device;
#[cfg(feature = "ssr")]
mod mails;
pub mod model;
pub mod oidc;
#[cfg(feature = "ssr")]
pub mod picture;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;
pub mod view;
