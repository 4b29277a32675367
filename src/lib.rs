//! ProdMatic: product management, from idea to measured outcome.

pub mod account;
pub mod app;
pub mod audit;
pub mod discuss;
pub mod feature;
pub mod feedback;
pub mod idea;
pub mod kernel;
pub mod member;
pub mod org;
pub mod product;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod schema;
pub mod search;
#[cfg(feature = "ssr")]
pub mod seed;
#[cfg(feature = "ssr")]
pub mod server;
pub mod task;
pub mod team;
#[cfg(test)]
#[cfg(feature = "ssr")]
pub mod testing;
pub mod transfer;
pub mod ui;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod walk;

/// Brings the page that the server rendered to life.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_lazy(app::App);
}
