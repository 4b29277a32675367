//! Features: what is built, the ideas that it was built for, and the epics that it is part of.

pub mod api;
pub mod epic;
pub mod model;
#[cfg(feature = "ssr")]
pub mod rest;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;
pub mod view;
