//! Sign-in by an identity provider: who is let in by one, and who has linked one.

pub mod api;
pub mod model;
#[cfg(feature = "ssr")]
pub mod rest;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;
#[cfg(feature = "ssr")]
mod ticket;
pub mod view;
