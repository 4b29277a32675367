//! The boards that delivery is done on: a product's features and its tasks as cards, a column for each status, in an order
//! made by hand, all together or in lanes.

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
