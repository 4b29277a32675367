//! Documents: PRDs, RFCs, specifications and what else is written down, with their versions, reviews and comments.

#[cfg(feature = "ssr")]
mod anchor;
pub mod api;
#[cfg(feature = "ssr")]
mod diff;
#[cfg(feature = "ssr")]
mod merge;
pub mod model;
#[cfg(feature = "ssr")]
pub mod rest;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;
pub mod view;
