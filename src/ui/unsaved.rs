//! What could not be saved.

use leptos::prelude::*;

use super::form::{VERSION, pending};
use crate::kernel::error::AppError;

/// What was typed into a form that came too late, after the session had ended or the thing had gone: it cannot be saved, so it
/// is shown. For pages that stand in place of the form's own.
#[component]
pub fn Unsaved() -> impl IntoView {
    let shown = |(name, value): &(String, String)| name != VERSION && !value.is_empty();
    pending()
        .map(|returned| (returned.error, returned.values.into_iter().filter(shown).collect::<Vec<_>>()))
        .filter(|(_, values)| !values.is_empty())
        .map(|(error, values)| {
            let why = match error {
                AppError::Unauthorized => "Your session had ended, so this was not saved. Copy it before you sign in.",
                _ => "This was not saved. Copy what you still need.",
            };
            let entry =
                |(name, value): (String, String)| view! { <dt>{name.replace('_', " ")}</dt><dd class="prose" dir="auto">{value}</dd> };
            view! {
                <section class="unsaved" aria-label="Not saved">
                    <p>{why}</p>
                    <dl>{values.into_iter().map(entry).collect_view()}</dl>
                </section>
            }
        })
}
