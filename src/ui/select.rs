//! A choice of one among few, in a form.

use leptos::prelude::*;

use super::form::{Field, described_by, field_error, field_id, first_value};

/// A field for one of a few words, each with the text that stands for it.
#[component]
pub fn SelectField(
    name: &'static str,
    label: &'static str,
    options: Vec<(&'static str, &'static str)>,
    value: &'static str,
    #[prop(optional)] hint: &'static str,
) -> impl IntoView {
    let error = field_error(name);
    let chosen = first_value(name, value.to_owned());
    view! {
        <Field name label hint>
            <select
                id=field_id(name)
                name=format!("form[{name}]")
                aria-invalid=move || error.get().is_some().to_string()
                aria-describedby=described_by(name, hint)
            >
                {options_of(options, &chosen)}
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
    options: Vec<(&'static str, &'static str)>,
    value: &'static str,
) -> impl IntoView {
    view! {
        <select name=name aria-label=label>
            <option value="">{all}</option>
            {options_of(options, value)}
        </select>
    }
}

fn options_of(options: Vec<(&'static str, &'static str)>, chosen: &str) -> impl IntoView + use<> {
    let option = |(word, label): (&'static str, &'static str)| {
        let selected = word == chosen;
        view! { <option value=word selected=selected>{label}</option> }
    };
    options.into_iter().map(option).collect_view()
}
