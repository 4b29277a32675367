//! The portfolio: all products of an organisation, as a grid, as a list, on a board by stage, or in time.

pub mod api;
pub mod model;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;
pub mod view;
