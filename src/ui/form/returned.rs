//! A plain form that the server refused, on the page that it was on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Accepted;
use crate::kernel::error::AppError;

/// A plain form that the server refused, given back to the page that it was on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Returned {
    /// The server function's path.
    pub function: String,
    /// The page's path and query.
    pub page: String,
    /// What was typed, by field, and the `VERSION`; never a password.
    pub values: Vec<(String, String)>,
    pub error: AppError,
    /// Whether nothing on the page tells of it, its form being gone, so that it is told at the page's head.
    pub homeless: bool,
    #[serde(skip)]
    pub told: Told,
}

impl Returned {
    /// What was typed into a field; nothing if there was none of this name.
    pub fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }
}

/// Whether something on the page tells of a refused form. The server asks once the page is made.
#[derive(Debug, Clone, Default)]
pub struct Told(Arc<AtomicBool>);

impl Told {
    fn note(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_noted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Under which name the version of a returned form is among its values. No field has it.
pub const VERSION: &str = "|version";

/// The returned form of this page load, until the form it belongs to takes it.
#[derive(Clone, Copy)]
struct Pending(StoredValue<Option<Returned>>);

/// What was typed into a form that is no more on its page, for the page's head to tell it.
#[derive(Clone, Copy)]
pub struct Homeless(pub RwSignal<Option<Returned>>);

/// Makes what forms share known to the page; to be called once, at the root.
pub fn provide_forms() {
    provide_context(Accepted(RwSignal::new(0)));
    let returned = SharedValue::new(use_context::<Returned>).into_inner();
    provide_context(Homeless(RwSignal::new(returned.clone().filter(|returned| returned.homeless))));
    provide_context(Pending(StoredValue::new(returned)));
}

/// The page that a returned form was on. The address bar shows the form's own address until it is put right.
pub fn returned_page() -> Option<String> {
    use_context::<Returned>().map(|returned| returned.page)
}

/// The refused form, if it is the one that is meant. Whoever takes it tells of it.
pub fn take(is_meant: impl Fn(&Returned) -> bool) -> Option<Returned> {
    let pending = use_context::<Pending>()?;
    // Only the page that was rendered with it shows it; effects run in the browser alone, once every form has looked.
    Effect::new(move || pending.0.set_value(None));
    let returned = pending.0.get_value().filter(is_meant)?;
    returned.told.note();
    Some(returned)
}

/// Forgets a refused form that nothing has taken, for when another page is shown.
pub fn forget_returned() {
    if let Some(pending) = use_context::<Pending>() {
        pending.0.set_value(None);
    }
}

/// Whether the server refused a plain form of this function, for what lies around the form: that one takes it.
pub fn is_refused(to: &str) -> bool {
    let of_it = |returned: &Option<Returned>| returned.as_ref().is_some_and(|returned| returned.function == to);
    use_context::<Pending>().is_some_and(|pending| pending.0.with_value(of_it))
}

/// Why the server refused a plain form of this function, for a page whose many forms tell it in one place.
pub fn refusal_of(to: &str) -> Option<AppError> {
    take(|returned| returned.function == to).map(|returned| returned.error)
}
