//! The time between a page's arrival and its coming to life.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use super::page::listen;

/// Stands on the document once the page is alive.
const ALIVE: &str = "data-hydrated";

fn is_alive() -> bool {
    document().document_element().is_some_and(|page| page.has_attribute(ALIVE))
}

/// Leaves links and the Back button to the browser until the page is alive. The router listens before that, and a page that is
/// changed while what came with it is still being taken over breaks.
pub fn keep_links_plain() {
    early("click", |event| {
        let link =
            event.target().and_then(|target| target.dyn_into::<Element>().ok()).and_then(|target| target.closest("a").ok().flatten());
        if link.is_some() {
            event.stop_immediate_propagation();
        }
    });
    early("popstate", |event| {
        event.stop_immediate_propagation();
        let _ = window().location().reload();
    });
}

/// Listens until the page is alive.
fn early(name: &str, act: fn(&Event)) {
    listen(name, move |event| {
        if !is_alive() {
            act(event);
        }
    });
}

/// Says on the document that the page is alive.
pub fn end() {
    if let Some(page) = document().document_element() {
        let _ = page.set_attribute(ALIVE, "");
    }
}
