//! What the frame says.

use leptos::prelude::*;

use super::Live;

/// What the frame says of it: that the line is broken, that there is something new, and who else is there.
#[component]
pub fn LiveTold() -> impl IntoView {
    let live = expect_context::<Live>();
    let offline = move || live.offline.get().then(|| view! { <p class="live-note" role="status">"Offline, retrying"</p> });
    let held = move || {
        live.held.get().then(|| {
            view! {
                <p class="live-note" role="status">
                    "Somebody changed this. "
                    <button type="button" class="button small" on:click=move |_| live.look_unless(false, false)>"Show"</button>
                </p>
            }
        })
    };
    let here = move || {
        let names = live.here.get();
        (!names.is_empty())
            .then(|| view! { <p class="live-note" role="status" dir="auto">{format!("Also here: {}", names.join(", "))}</p> })
    };
    view! { <div class="live-told" aria-live="polite">{offline}{held}{here}</div> }
}
