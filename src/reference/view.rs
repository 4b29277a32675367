//! The way from a short reference to its item.

use leptos::prelude::*;
use leptos_router::components::Redirect;

use super::api::FollowReference;
use crate::org::view::param;
use crate::ui::load::{Load, data};

crate::lazy_pages!(work: Follow = FollowPage);

/// `/r/{reference}`
#[component]
pub fn FollowPage() -> impl IntoView {
    let reference = param("reference");
    let page = data(move || FollowReference { reference: reference.get() });
    let view = |path: String| view! { <Redirect path /> }.into_any();
    view! {
        <main class="bare" id="content">
            <Load of=page view />
        </main>
    }
}
