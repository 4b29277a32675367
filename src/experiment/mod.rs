//! Experiments: what was tried on some of the users, and what came of it.

pub mod model;
#[cfg(feature = "ssr")]
pub mod stats;
