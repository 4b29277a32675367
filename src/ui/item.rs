//! What the pages of items share: where one stands, and the buttons that delete it and bring it back.

use leptos::prelude::*;

use super::form::{Sent, ServerForm, Submit};

/// Where an item stands, as its badge tells. For those who may, each step that may follow is a button, given by the word of the status
/// that it leads to and what the button says.
#[component]
pub fn StatusPanel(
    /// The server function that moves it.
    to: &'static str,
    org: String,
    id: String,
    steps: Vec<(&'static str, &'static str)>,
    may_move: bool,
    moved: Sent,
    /// The badge.
    children: Children,
) -> impl IntoView {
    let button = |(word, verb): (&'static str, &'static str)| {
        view! { <button type="submit" class="button small" name="status" value=word>{verb}</button> }
    };
    let buttons = steps.into_iter().map(button).collect_view();
    let form = may_move.then(|| {
        view! {
            <ServerForm to sent=moved>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <div class="actions" role="group" aria-label="Move on">{buttons}</div>
            </ServerForm>
        }
    });
    view! {
        <section class="card" aria-labelledby="status">
            <div class="card-head">
                <h2 id="status">"Status"</h2>
                {children()}
            </div>
            {form}
        </section>
    }
}

/// Deletes an item; the list it leads to offers to undo that.
#[component]
pub fn DeleteButton(to: &'static str, org: String, id: String) -> impl IntoView {
    view! {
        <ServerForm to>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <Submit label="Delete" class="danger" />
        </ServerForm>
    }
}

/// Brings an item back.
#[component]
pub fn RestoreButton(
    to: &'static str,
    org: String,
    id: String,
    label: &'static str,
    #[prop(optional)] sent: Option<Sent>,
) -> impl IntoView {
    view! {
        <ServerForm to class="inline" sent=sent.unwrap_or_default()>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <Submit label=label class="small" />
        </ServerForm>
    }
}
