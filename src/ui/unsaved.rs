//! What could not be saved.

use leptos::prelude::*;

use super::form::pending;
use crate::kernel::error::AppError;

/// What was typed into a form that came too late, after the session had ended: it cannot be saved, so it is shown.
#[component]
pub fn Unsaved() -> impl IntoView {
    let values = pending()
        .filter(|returned| returned.error == AppError::Unauthorized)
        .map(|returned| returned.values.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>());
    values.filter(|values| !values.is_empty()).map(|values| {
        let entry = |(name, value): (String, String)| view! { <dt>{name.replace('_', " ")}</dt><dd class="prose" dir="auto">{value}</dd> };
        view! {
            <section class="unsaved" aria-label="Not saved">
                <p>"Your session had ended, so this was not saved. Copy it before you sign in."</p>
                <dl>{values.into_iter().map(entry).collect_view()}</dl>
            </section>
        }
    })
}
