//! How far an import is.

use std::time::Duration;

use leptos::prelude::*;

use super::report::rows;
use crate::kernel::text::grouped;
use crate::transfer::model::{Import, ImportPage};
use crate::ui::form::here;
use crate::ui::load::Data;

/// How often the page asks how far it is.
const PAUSE: Duration = Duration::from_secs(1);

/// A bar with its numbers. Where there are scripts the page asks again and again; elsewhere a person does.
#[component]
pub fn Progress(import: Import, asked: Data<ImportPage>) -> impl IntoView {
    // The answer makes this anew, and so the next question.
    Effect::new(move || {
        if let Ok(timer) = set_timeout_with_handle(move || asked.refetch(), PAUSE) {
            on_cleanup(move || timer.clear());
        }
    });
    let what = if import.dry { "Checking" } else { "Importing" };
    let told = format!("{what}: {} of {}", grouped(import.rows_done), rows(import.rows));
    view! {
        <section class="card progress" aria-labelledby="progress">
            <h2 id="progress">{what}</h2>
            <progress max=import.rows.max(1).to_string() value=import.rows_done.to_string() aria-label=what></progress>
            <p role="status">{told}</p>
            <p class="muted">"You may leave this page; it goes on without it."</p>
            <div class="actions"><a class="button" href=here() rel="external">"Reload"</a></div>
        </section>
    }
}
