//! The button that opens the palette.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use web_sys::js_sys::Reflect;

use super::{NAME, Palette};
use crate::ui::icon::{Icon, IconView};

/// The way into the palette. With scripts off it leads to the page of the search.
#[component]
pub fn PaletteButton(
    #[prop(into)] org: Signal<String>,
    /// For where there is little room.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let palette = expect_context::<Palette>();
    Effect::new(move || palette.alive.set(true));
    let (class, label) = if small { ("button quiet icon-only", "visually-hidden") } else { ("palette-button", "clip") };
    let label = move || view! { <span class=label>{NAME}</span> };
    move || {
        if palette.alive.get() {
            let (keys, shown) = if is_mac() { ("Meta+K", "⌘K") } else { ("Control+K", "Ctrl K") };
            let kbd = (!small).then(|| view! { <kbd aria-hidden="true">{shown}</kbd> });
            view! {
                <button type="button" class=class aria-haspopup="dialog" aria-keyshortcuts=keys on:click=move |_| palette.open()>
                    <IconView icon=Icon::Lens />
                    {label()}
                    {kbd}
                </button>
            }
            .into_any()
        } else {
            view! { <a class=class href=move || format!("/orgs/{}/search", org.get())><IconView icon=Icon::Lens />{label()}</a> }.into_any()
        }
    }
}

/// Whether the command key takes the place of Ctrl here.
pub(super) fn is_mac() -> bool {
    let of = |value: JsValue, name: &str| Reflect::get(&value, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let platform = of(of(window().into(), "navigator"), "platform").as_string().unwrap_or_default();
    ["Mac", "iPhone", "iPad"].iter().any(|apple| platform.starts_with(apple))
}
