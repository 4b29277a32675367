//! A number field with a slider beside it.

use leptos::html::Input;
use leptos::prelude::*;

use super::form::{Field, described_by, field_error, field_id, first_value};

/// A whole number that can be typed or slid; the slider is there only where scripts can keep the two together.
#[component]
pub fn ScoreField(
    name: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    /// What stands in the field, as typed.
    value: RwSignal<String>,
    min: i32,
    max: i32,
    /// Without a slider for ranges too wide for one.
    #[prop(default = true)]
    slider: bool,
) -> impl IntoView {
    let error = field_error(name);
    let first = first_value(name, value.get_untracked());
    value.set(first.clone());
    let field = NodeRef::<Input>::new();
    // What was typed before the scripts were there stands.
    Effect::new(move || {
        if let Some(field) = field.get() {
            value.set(field.value());
        }
    });
    let slide = move |slid: String| {
        if let Some(field) = field.get_untracked() {
            field.set_value(&slid);
        }
        value.set(slid);
    };
    let range = slider.then(|| {
        view! {
            <input
                class="slider"
                type="range"
                min=min
                max=max
                aria-label=format!("{label} slider")
                value=first.clone()
                prop:value=move || value.get()
                on:input:target=move |ev| slide(ev.target().value())
            />
        }
    });
    view! {
        <div class="score-field">
            <Field name label hint>
                {range}
                <input
                    id=field_id(name)
                    name=format!("form[{name}]")
                    type="number"
                    autofocus=error.get_untracked().is_some()
                    inputmode="numeric"
                    min=min
                    max=max
                    value=first
                    node_ref=field
                    on:input:target=move |ev| value.set(ev.target().value())
                    aria-invalid=move || error.get().is_some().to_string()
                    aria-describedby=described_by(name, hint)
                />
            </Field>
        </div>
    }
}
