//! Which pages were opened last, kept by the browser until somebody signs out.

use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::js_sys::{Object, Reflect};

use super::{Palette, Place};
use crate::palette::model::recent::{Opened, kept, recent};
use crate::ui::page::ShownPage;

/// Under which name the browser keeps it.
const NAME: &str = "prodmatic.recent";

/// The browser's store, unless it lets nobody have one.
fn store() -> Option<JsValue> {
    Reflect::get(&window(), &"localStorage".into()).ok().filter(JsValue::is_object)
}

fn stored() -> String {
    store().and_then(|store| Reflect::get(&store, &NAME.into()).ok()?.as_string()).unwrap_or_default()
}

/// Remembers each page that is shown from now on.
pub(super) fn use_memory(palette: Palette) {
    let ShownPage(shown) = palette.shown;
    Effect::new(move || {
        let (Some((path, title)), Some(Place { user, .. })) = (shown.get(), palette.place.get()) else { return };
        if path.starts_with("/orgs/")
            && let Some(store) = store()
        {
            let _ = Reflect::set(&store, &NAME.into(), &kept(&stored(), &user, &path, &title).into());
        }
    });
}

/// The pages of this place that were opened last.
pub(super) fn opened(place: &Place) -> Vec<Opened> {
    recent(&stored(), &place.user, &place.org)
}

/// For pages that nobody sees who is signed in: what somebody has opened in this browser is forgotten.
#[component]
pub fn ForgetPages() -> impl IntoView {
    let palette = expect_context::<Palette>();
    Effect::new(move || palette.forget());
}

pub(super) fn forget() {
    if let Some(store) = store() {
        let _ = Reflect::delete_property(store.unchecked_ref::<Object>(), &NAME.into());
    }
}
