//! Webhooks: what happens here told to other programs, by Standard Webhooks 1.0.0.

pub mod api;
#[cfg(feature = "ssr")]
pub mod deliver;
pub mod model;
#[cfg(feature = "ssr")]
pub mod rest;
#[cfg(feature = "ssr")]
pub mod secret;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;
pub mod view;
