//! What a form holds beside what its page's data say. It outlives a new look at the data, which makes the form's fields anew,
//! but not the page.

use leptos::prelude::*;

use super::returned::{Returned, take};
use super::{FormState, Sent, here_path};

/// What a form holds. What is typed, a browser keeps in the field by itself.
#[derive(Default)]
pub(super) struct Kept {
    /// The page's path.
    page: String,
    /// The form as the server refused it before the page was loaded.
    returned: Option<Returned>,
    /// What was chosen in its fields, by their names.
    chosen: Vec<(&'static str, String)>,
}

/// What was typed before the server refused this form, if it did. Of many forms of one function it is the one of this row.
pub(super) fn returned_values(to: &str, sent: Sent, row: &str) -> Vec<(String, String)> {
    let is_own = |returned: &Returned| returned.function == to && (row.is_empty() || returned.value("row") == row);
    let (taken, page) = (take(is_own), here_path());
    if let Some(returned) = &taken {
        sent.error.set(Some(returned.error.clone()));
    }
    let own = sent.kept.try_update_value(|kept| {
        if kept.page != page {
            *kept = Kept { page, ..Kept::default() };
        }
        kept.returned = taken.or(kept.returned.take());
        kept.returned.as_ref().filter(|returned| is_own(returned)).map(|returned| returned.values.clone())
    });
    own.flatten().unwrap_or_default()
}

impl FormState {
    /// What was chosen in a field since the page was loaded.
    pub(super) fn chosen(&self, name: &str) -> Option<String> {
        self.kept.with_value(|kept| kept.chosen.iter().find(|(of, _)| *of == name).map(|(_, value)| value.clone()))
    }
}

/// Notes what is chosen in a field of the surrounding form.
pub(in crate::ui) fn choice(name: &'static str) -> impl Fn(String) {
    let form = use_context::<FormState>();
    move |value| {
        if let Some(form) = form {
            let _ = form.kept.try_update_value(|kept| {
                kept.chosen.retain(|(of, _)| *of != name);
                kept.chosen.push((name, value));
            });
        }
    }
}
