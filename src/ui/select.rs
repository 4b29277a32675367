//! A choice among a few.

use leptos::prelude::*;

use super::form::{Field, choice, described_by, field_error, field_id, first_value};

/// A field for one of several values, each given with its name on the screen.
#[component]
pub fn SelectField(
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
    #[prop(optional, into)] value: String,
    #[prop(optional)] hint: &'static str,
) -> impl IntoView {
    let (error, choose) = (field_error(name), choice(name));
    let chosen = first_value(name, value);
    let option = move |(value, label): (String, String)| view! { <option selected=value == chosen value=value.clone()>{label}</option> };
    view! {
        <Field name label hint options=options.clone()>
            <select
                id=field_id(name)
                name=format!("form[{name}]")
                autofocus=error.get_untracked().is_some()
                aria-invalid=move || error.get().is_some().to_string()
                aria-describedby=described_by(name, hint)
                on:change=move |event| choose(event_target_value(&event))
            >
                {options.into_iter().map(option).collect_view()}
            </select>
        </Field>
    }
}

/// A choice in the bar above a list; the first option stands for all.
#[component]
pub fn FilterSelect(
    name: &'static str,
    label: &'static str,
    all: &'static str,
    options: Vec<(String, String)>,
    #[prop(into)] value: String,
) -> impl IntoView {
    let option = move |(word, label): (String, String)| view! { <option selected=word == value value=word.clone()>{label}</option> };
    view! {
        <select name=name aria-label=label>
            <option value="">{all}</option>
            {options.into_iter().map(option).collect_view()}
        </select>
    }
}
