//! Releases: what goes out when, what has to be done before, and what is told of it afterwards.

pub mod api;
#[cfg(feature = "ssr")]
pub mod feed;
pub mod model;
#[cfg(feature = "ssr")]
pub mod rest;
#[cfg(feature = "ssr")]
pub mod rest_parts;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;
pub mod view;
