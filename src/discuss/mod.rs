//! What people say of ideas, features and tasks: votes, comments, and whom a comment names.

pub mod api;
pub mod model;
#[cfg(feature = "ssr")]
pub mod rest;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;
pub mod view;
