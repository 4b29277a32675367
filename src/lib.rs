//! ProdMatic: product management, from idea to measured outcome.

pub mod account;
pub mod app;
pub mod audit;
pub mod board;
#[cfg(feature = "ssr")]
pub mod command;
pub mod discuss;
pub mod document;
pub mod experiment;
pub mod feature;
pub mod feedback;
pub mod goal;
pub mod idea;
pub mod kernel;
pub mod member;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod operations;
pub mod org;
pub mod overview;
pub mod palette;
pub mod product;
pub mod reference;
pub mod release;
pub mod roadmap;
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
pub mod token;
pub mod transfer;
pub mod ui;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod walk;
pub mod webhook;

/// Brings the page that the server rendered to life.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    ui::dawn::keep_links_plain();
    ui::left::watch();
    wasm_bindgen_futures::spawn_local(async {
        leptos::mount::hydrate_from_async(leptos::tachys::dom::body(), app::App).await.forget();
        // What came with the page is taken over in the tasks that are queued by now; then everything listens.
        leptos::prelude::set_timeout(ui::dawn::end, std::time::Duration::ZERO);
    });
}
