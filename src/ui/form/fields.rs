//! The fields of a form, what is wrong with it, and the button that sends it.

use leptos::prelude::*;

use super::stale::saved_now;
use super::{FormState, field_error, first_value, was_returned};
use crate::kernel::error::AppError;
use crate::ui::icon::{Icon, IconView};

/// What is wrong with the form as a whole.
#[component]
pub fn FormAlert() -> impl IntoView {
    let state = expect_context::<FormState>();
    let message = move || {
        state.error.get().map(|error| {
            let whole = error.of_field("").unwrap_or_else(|| error.to_string());
            // In another tab, so that what is typed here stays.
            let way = (error == AppError::Unauthorized).then(|| view! { <a href="/signin" target="_blank">"Sign in in a new tab"</a> });
            view! {
                <p class="alert" role="alert">
                    <IconView icon=Icon::Alert />
                    <span>{whole}</span>
                    {way}
                </p>
            }
        })
    };
    view! { {message} }
}

/// A label, a control and what there is to say about it.
#[component]
pub fn Field(
    name: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    /// For a choice, its values and their names.
    #[prop(optional)]
    options: Vec<(String, String)>,
    children: Children,
) -> impl IntoView {
    let error = field_error(name);
    view! {
        <div class="field">
            <label for=field_id(name)>{label}</label>
            {children()}
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{}-hint", field_id(name))>{hint}</p> })}
            <p class="field-error" id=format!("{}-error", field_id(name))>{move || error.get()}</p>
            {saved_now(name, label, options)}
        </div>
    }
}

/// The id of a field's control.
pub fn field_id(name: &str) -> String {
    format!("field-{}", name.replace('_', "-"))
}

/// The ids that describe a control.
pub fn described_by(name: &str, hint: &str) -> String {
    let id = field_id(name);
    if hint.is_empty() { format!("{id}-error") } else { format!("{id}-hint {id}-error") }
}

/// A field for one line of text.
#[component]
pub fn TextField(
    name: &'static str,
    label: &'static str,
    #[prop(optional, into)] value: String,
    #[prop(optional)] hint: &'static str,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] required: bool,
    #[prop(optional)] placeholder: &'static str,
) -> impl IntoView {
    let error = field_error(name);
    view! {
        <Field name label hint>
            <input
                id=field_id(name)
                name=format!("form[{name}]")
                type=kind
                value=first_value(name, value)
                autocomplete=autocomplete
                placeholder=placeholder
                required=required
                dir="auto"
                autofocus=error.get_untracked().is_some()
                aria-invalid=move || error.get().is_some().to_string()
                aria-describedby=described_by(name, hint)
            />
        </Field>
    }
}

/// A box to tick; what is sent when it is ticked is `on`, and nothing otherwise.
#[component]
pub fn CheckField(name: &'static str, label: &'static str, checked: bool) -> impl IntoView {
    let id = field_id(name);
    // A refused form says what it held; a box that was not ticked is not in it.
    let checked = if was_returned() { !first_value(name, String::new()).is_empty() } else { checked };
    let error = field_error(name);
    view! {
        <div class="check">
            <input
                type="checkbox"
                id=id.clone()
                name=format!("form[{name}]")
                value="on"
                checked=checked
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=move || error.get().map(|_| described_by(name, ""))
            />
            <label for=id>{label}</label>
        </div>
        <p class="field-error" id=format!("{}-error", field_id(name))>{move || error.get()}</p>
        {saved_now(name, label, vec![("on".into(), "Ticked".into()), (String::new(), "Not ticked".into())])}
    }
}

/// The button that sends the form.
#[component]
pub fn Submit(#[prop(into)] label: String, #[prop(default = "primary")] class: &'static str) -> impl IntoView {
    let state = use_context::<FormState>();
    let busy = move || state.is_some_and(|state| state.pending.get());
    view! {
        <button type="submit" class=format!("button {class}") aria-disabled=move || busy().to_string() class:busy=busy>
            {label}
        </button>
    }
}
