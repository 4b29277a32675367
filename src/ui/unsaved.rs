//! What could not be done or kept, on a page that has no place for it.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::form::{Accepted, Homeless, Returned, VERSION, forget_returned, take};
use super::icon::{Icon, IconView};
use crate::kernel::error::AppError;

/// Fields that say which thing a form is about or what is to become of it: nobody has typed them.
const CHOSEN: [&str; 6] = [VERSION, "row", "card", "column", "lane", "action"];

/// What somebody typed into the form, by field.
fn typed(returned: &Returned) -> Vec<(String, String)> {
    let is_typed = |(name, value): &&(String, String)| !CHOSEN.contains(&name.as_str()) && !name.contains(']') && !value.is_empty();
    returned.values.iter().filter(is_typed).cloned().collect()
}

/// What was typed, to be copied.
fn list(typed: Vec<(String, String)>) -> AnyView {
    let entry = |(name, value): (String, String)| view! { <dt>{name.replace('_', " ")}</dt><dd class="prose" dir="auto">{value}</dd> };
    view! { <dl>{typed.into_iter().map(entry).collect_view()}</dl> }.into_any()
}

/// What was typed into a form that came too late, after the session had ended or the thing had gone: it cannot be saved, so it
/// is shown. For pages that stand in place of the form's own.
#[component]
pub fn Unsaved() -> impl IntoView {
    take(|returned| !typed(returned).is_empty()).map(|returned| {
        let why = match returned.error {
            AppError::Unauthorized => "Your session had ended, so this was not saved. Copy it before you sign in.",
            _ => "This was not saved. Copy what you still need.",
        };
        view! {
            <section class="unsaved" aria-label="Not saved">
                <p>{why}</p>
                {list(typed(&returned))}
            </section>
        }
    })
}

/// Why a plain form was refused that is no more on its page, such as a button for a step that somebody else has taken meanwhile;
/// and what was typed into it. It stands at the page's head until another page is shown or another form is accepted. One leads to
/// the page for signing in without having asked for it.
#[component]
pub fn NotDone() -> impl IntoView {
    let told = expect_context::<Homeless>().0;
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) && now != "/signin" {
            forget_returned();
            told.set(None);
        }
        now
    });
    expect_context::<Accepted>().then(move || told.set(None));
    move || told.get().map(|returned| view! { <Told returned /> })
}

#[component]
fn Told(returned: Returned) -> impl IntoView {
    let why = match &returned.error {
        AppError::Stale(_) => "Somebody else has changed it meanwhile.".to_owned(),
        error => error.told(),
    };
    let typed = typed(&returned);
    let kept = (!typed.is_empty()).then(|| {
        view! {
            <p>"Copy what you still need of what you typed:"</p>
            {list(typed)}
        }
    });
    view! {
        <div class="not-done" role="alert">
            <p><IconView icon=Icon::Alert /><span>{format!("This was not done: {why}")}</span></p>
            {kept}
        </div>
    }
}
