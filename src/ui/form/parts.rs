//! A long text in several fields, one below the other.

use leptos::prelude::*;

use super::{Area, FormState, TextArea, field_error, field_id};
use crate::kernel::parts::split;

/// The id of the field with this part of a text; the first is 0, and has the id that the whole would have.
pub fn part_id(name: &str, at: usize) -> String {
    if at == 0 { field_id(name) } else { format!("{}-{}", field_id(name), at + 1) }
}

/// What a refused form had in the fields of a text in parts; nothing if it was not refused.
fn returned(name: &str) -> Option<Vec<String>> {
    let form = use_context::<FormState>()?;
    let further = format!("{name}_further][");
    form.values.with_value(|values| {
        let of = |wanted: &str| values.iter().filter(|(key, _)| key == wanted).map(|(_, value)| value.clone()).collect::<Vec<_>>();
        let first = of(name).into_iter().next()?;
        Some(std::iter::once(first).chain(of(&further)).collect())
    })
}

/// A field for a text of any length: a long one is in several, `form[name]` and any number of `form[name_further][]`, since a
/// key in one field makes the browser lay the whole of it out.
#[component]
pub fn LongText(name: &'static str, label: &'static str, value: String, hint: &'static str, rows: u32) -> impl IntoView {
    // What was typed stays in the fields that it was typed in.
    let parts = returned(name).unwrap_or_else(|| split(&value.replace("\r\n", "\n")).into_iter().map(str::to_owned).collect());
    let count = parts.len();
    if count == 1 {
        return view! { <TextArea name label value hint rows /> }.into_any();
    }
    let error = field_error(name);
    let part = move |(at, text): (usize, String)| {
        let own = if at == 0 { format!("form[{name}]") } else { format!("form[{name}_further][]") };
        view! {
            <label for=part_id(name, at)>{format!("{label}, part {} of {count}", at + 1)}</label>
            <Area field=name hint id=part_id(name, at) name=own text rows />
        }
    };
    view! {
        <div class="field">
            {parts.into_iter().enumerate().map(part).collect_view()}
            <p class="hint" id=format!("{}-hint", field_id(name))>
                {format!("A long text is written in {count} parts, so that typing stays quick; saved, it is one. {hint}")}
            </p>
            <p class="field-error" id=format!("{}-error", field_id(name))>{move || error.get()}</p>
        </div>
    }
    .into_any()
}
