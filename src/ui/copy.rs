//! Something to copy.

use leptos::ev::FocusEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlInputElement;
use web_sys::HtmlDocument;

/// An address to copy: it is chosen whole at once, and where there are scripts a button copies it.
#[component]
pub fn LinkField(label: String, link: String) -> impl IntoView {
    let (alive, copied) = (RwSignal::new(false), RwSignal::new(false));
    // Effects run in the browser alone.
    Effect::new(move || alive.set(true));
    let node = NodeRef::<Input>::new();
    let choose = |event: FocusEvent| event_target::<HtmlInputElement>(&event).select();
    let copy = move |_| {
        if let Some(input) = node.get_untracked() {
            input.select();
            copied.set(copy_selection());
        }
    };
    let length = link.chars().count().to_string();
    let word = move || if copied.get() { "Copied" } else { "Copy" };
    let button =
        move || alive.get().then(|| view! { <button type="button" class="button small" aria-live="polite" on:click=copy>{word}</button> });
    view! {
        <span class="link-row">
            <input class="link-field" readonly size=length aria-label=label value=link node_ref=node on:focus=choose />
            {button}
        </span>
    }
}

/// The newer way is missing where a page came over plain http, as in many a house of one's own.
fn copy_selection() -> bool {
    document().dyn_into::<HtmlDocument>().is_ok_and(|page| page.exec_command("copy").unwrap_or(false))
}
