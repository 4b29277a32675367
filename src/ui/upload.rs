//! A form with a file in it. With scripts it is sent beside the page, so that what is typed elsewhere on it stays.

use leptos::context::Provider;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use web_sys::FormData;

use super::attend::attended;
use super::form::{Accepted, Field, FormAlert, Sent, Submit, described_by, field_error, field_id, form_state, send};
use crate::kernel::call::upload;

/// A form that sends one file to an address of ours, which is no server function.
#[component]
pub fn UploadForm(
    #[prop(into)] to: String,
    /// Says when a file was taken, for the page to show it.
    sent: Sent,
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
    let (state, node) = (form_state(&to, sent, ""), attended(sent, true));
    let (navigate, accepted, address) = (use_navigate(), expect_context::<Accepted>(), to.clone());
    let send_file = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(fields) = node.get_untracked().and_then(|form| FormData::new_with_form(&form).ok()) {
            send(upload(address.clone(), fields), sent, accepted, navigate.clone());
        }
    };
    view! {
        <Provider value=state>
            <form action=to method="post" enctype="multipart/form-data" class="stack" node_ref=node on:submit=send_file>
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
                autofocus=error.get_untracked().is_some()
                aria-invalid=move || error.get().is_some().to_string()
                aria-describedby=described_by(name, hint)
            />
        </Field>
    }
}
