//! The dialogs: what is in them at once, and what comes with the pages' code.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, Event, MouseEvent};

use super::keys::KeysList;
use super::listen::opens_palette;
use super::options::Options;
use super::{LIST, NAME, Overlay, Palette, option_id};
use crate::ui::icon::{Icon, IconView};
use crate::ui::page::{all, is_visible};

/// A dialog over the page. Escape and a press beside it shut it, and no key that is pressed in it means anything to the page.
#[component]
fn Modal(overlay: Overlay, class: &'static str, label: &'static str, children: Children) -> impl IntoView {
    let palette = expect_context::<Palette>();
    let node = palette.dialog;
    Effect::new(move || {
        if let Some(dialog) = node.get()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
    });
    let closed = move |_: Event| {
        if palette.overlay.get_untracked() == Some(overlay) {
            palette.overlay.set(None);
        }
        // What had the focus may have been drawn anew meanwhile, and is not there for it to go back to.
        if document().active_element().is_none_or(|at| at.matches("body, dialog *").unwrap_or(true))
            && let Some(button) = all(".palette-button, .icon-only[aria-haspopup=dialog]").into_iter().find(is_visible)
        {
            let _ = button.focus();
        }
    };
    let pressed = move |event: KeyboardEvent| {
        if opens_palette(&event) {
            return;
        }
        if let Some(on_key) = palette.on_key.get_value() {
            on_key.run(event.clone());
        }
        event.stop_propagation();
    };
    // The dialog itself is only hit beside what is in it.
    let hit = move |event: MouseEvent| {
        if event.target().and_then(|target| target.dyn_into::<Element>().ok()).is_some_and(|target| target.tag_name() == "DIALOG") {
            palette.close();
        }
    };
    view! {
        <dialog node_ref=node class=class aria-label=label on:close=closed on:keydown=pressed on:click=hit>
            <div class="overlay">{children()}</div>
        </dialog>
    }
}

/// The button that shuts a dialog.
#[component]
fn Shut() -> impl IntoView {
    let palette = expect_context::<Palette>();
    view! { <button type="button" class="button quiet small" on:click=move |_| palette.close()>"Close"</button> }
}

/// The palette: a field, and the list that goes with what is typed into it. The field is there at once, so that no key is lost
/// while the list's code comes.
#[component]
pub(super) fn PaletteDialog() -> impl IntoView {
    let palette = expect_context::<Palette>();
    let active = move || palette.active.get().map(option_id);
    view! {
        <Modal overlay=Overlay::Palette class="palette" label="Command palette">
            <div class="palette-head">
                <IconView icon=Icon::Lens />
                <input
                    type="text"
                    role="combobox"
                    aria-expanded="true"
                    aria-controls=LIST
                    aria-autocomplete="list"
                    aria-activedescendant=active
                    aria-label=NAME
                    placeholder=NAME
                    maxlength="200"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    autofocus=true
                    dir="auto"
                    on:input=move |event| palette.words.set(event_target_value(&event))
                />
                <Shut />
            </div>
            <div class="palette-list" id=LIST role="listbox" aria-label="Results">
                <Suspense fallback=|| ()>{move || Suspend::new(palette_options())}</Suspense>
            </div>
            <p class="visually-hidden" role="status">{move || palette.told.get()}</p>
            <p class="palette-foot" aria-hidden="true">
                <span><kbd>"↑"</kbd><kbd>"↓"</kbd>" choose"</span>
                <span><kbd>"↵"</kbd>" open"</span>
                <span><kbd>"esc"</kbd>" close"</span>
            </p>
        </Modal>
    }
}

/// All keys.
#[component]
pub(super) fn KeysDialog() -> impl IntoView {
    view! {
        <Modal overlay=Overlay::Keys class="palette keys-list" label="Keyboard shortcuts">
            <div class="palette-head">
                <h2>"Keyboard shortcuts"</h2>
                <Shut />
            </div>
            <div class="keys-body">
                <Suspense fallback=|| ()>{move || Suspend::new(palette_keys())}</Suspense>
            </div>
        </Modal>
    }
}

/// The palette's list. It comes with the chunk that has most of an organisation's pages, see `lazy_pages!`.
#[leptos::wasm_split::wasm_split(work, wasm_split_path = ::leptos::wasm_split)]
fn palette_options() -> AnyView {
    view! { <Options /> }.into_any()
}

/// What stands in the list of keys.
#[leptos::wasm_split::wasm_split(work, wasm_split_path = ::leptos::wasm_split)]
fn palette_keys() -> AnyView {
    view! { <KeysList /> }.into_any()
}
