//! A form with a file in it. The browser sends it by itself, with scripts and without.

use leptos::context::Provider;
use leptos::prelude::*;

use super::form::{Field, FormAlert, Sent, Submit, described_by, field_error, field_id, form_state};

/// A form that sends one file to an address of ours, which is no server function.
#[component]
pub fn UploadForm(
    #[prop(into)] to: String,
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    /// The media types to choose from.
    accept: &'static str,
    submit: &'static str,
    /// Fields before the file; what they hold arrives before it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <Provider value=form_state(&to, Sent::new())>
            <form action=to method="post" enctype="multipart/form-data" class="stack">
                <FormAlert />
                {children.map(|children| children())}
                <FileField name label hint accept />
                <div class="actions"><Submit label=submit class="" /></div>
            </form>
        </Provider>
    }
}

#[component]
fn FileField(name: &'static str, label: &'static str, hint: &'static str, accept: &'static str) -> impl IntoView {
    let error = field_error(name);
    view! {
        <Field name label hint>
            <input
                id=field_id(name)
                name=name
                type="file"
                accept=accept
                aria-invalid=move || error.get().is_some().to_string()
                aria-describedby=described_by(name, hint)
            />
        </Field>
    }
}
