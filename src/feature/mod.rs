//! Features: what is built, and the ideas that it was built for.

pub mod api;
pub mod model;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;
pub mod view;
