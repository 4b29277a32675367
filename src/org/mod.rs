//! Organisations: the tenants, and the way from one to another.

pub mod api;
#[cfg(feature = "ssr")]
pub mod logo;
pub mod model;
#[cfg(feature = "ssr")]
pub mod rest;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;
pub mod view;
