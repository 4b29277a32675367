//! Products, through the eight stages of their life.

pub mod api;
pub mod lifecycle;
pub mod model;
pub mod portfolio;
#[cfg(feature = "ssr")]
pub mod rest;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;
pub mod view;
