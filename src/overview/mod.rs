//! Overviews of an organisation and of a product: where things stand, what is at risk, what comes and what has moved.

pub mod api;
pub mod model;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;
pub mod view;
