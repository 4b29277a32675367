//! Forms that work the same with scripts on and off, and keep what was typed.

mod fields;
mod kept;
mod parts;
mod returned;
mod stale;

pub use fields::{CheckField, Field, FormAlert, Submit, TextField, described_by, field_id};
pub(super) use kept::choice;
pub use parts::{LongText, part_id};
pub(super) use returned::{Homeless, forget_returned, take};
pub use returned::{Returned, Told, VERSION, is_refused, provide_forms, refusal_of, returned_page};
pub(super) use stale::put;
pub use stale::{KeptVersion, Version, field_saved};

use leptos::context::Provider;
use leptos::ev::{Event, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::attend::{SENT, attended};
use super::encode::{encoded, too_large};
use super::left;
use crate::kernel::call::{Answer, post};
use crate::kernel::error::AppError;
use crate::kernel::http::request_path;
use kept::Kept;

/// Whether a page is shown here, and not only made.
pub(super) const IN_BROWSER: bool = !cfg!(feature = "ssr");

/// How many forms of this page load have been accepted, for what shows the effect of any of them.
#[derive(Clone, Copy)]
pub struct Accepted(RwSignal<u32>);

impl Accepted {
    /// Does something each time a form is accepted, in the browser.
    pub fn then(self, act: impl Fn() + 'static) {
        Effect::new(move || {
            if self.0.get() > 0 {
                act();
            }
        });
    }
}

/// What the fields of a form need to know of it.
#[derive(Clone, Copy)]
pub(super) struct FormState {
    error: Signal<Option<AppError>>,
    pending: Signal<bool>,
    values: StoredValue<Vec<(String, String)>>,
    kept: StoredValue<Kept>,
    /// Whether scripts have taken over, for what needs them.
    alive: RwSignal<bool>,
}

impl FormState {
    fn value(&self, name: &str) -> Option<String> {
        self.values.with_value(|values| values.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()))
    }
}

/// What stands in a field at first: what was chosen in it since the page was loaded or typed before a refusal, else the given
/// value.
pub fn first_value(name: &str, given: String) -> String {
    use_context::<FormState>().and_then(|form| form.chosen(name).or_else(|| form.value(name))).unwrap_or(given)
}

/// Whether the surrounding form was sent and refused before this page was made.
pub fn was_returned() -> bool {
    use_context::<FormState>().is_some_and(|form| form.values.with_value(|values| !values.is_empty()))
}

/// Whether a refused form had this value ticked among those of a list, `form[list][]`.
pub fn was_ticked(list: &str, value: &str) -> bool {
    use_context::<FormState>().is_some_and(|form| form.values.with_value(|values| values.contains(&(format!("{list}]["), value.into()))))
}

/// The message of a field of the surrounding form.
pub fn field_error(name: &'static str) -> Signal<Option<String>> {
    let form = use_context::<FormState>();
    Signal::derive(move || form.and_then(|form| form.error.with(|error| error.as_ref().and_then(|e| e.of_field(name)))))
}

/// What has become of a form that was sent; for pages that show its effect.
#[derive(Clone, Copy)]
pub struct Sent {
    pub(super) error: RwSignal<Option<AppError>>,
    pending: RwSignal<bool>,
    done: RwSignal<u32>,
    kept: StoredValue<Kept>,
}

impl Sent {
    /// A form that has not been sent yet.
    pub fn new() -> Sent {
        Sent { error: RwSignal::new(None), pending: RwSignal::new(false), done: RwSignal::new(0), kept: StoredValue::new(Kept::default()) }
    }

    /// How often the form has been accepted.
    pub fn times(self) -> u32 {
        self.done.get()
    }

    /// Whether the form is on its way.
    pub fn is_pending(self) -> bool {
        self.pending.get()
    }

    /// Forgets what was wrong, for a page that goes on to another item.
    pub fn forget(self) {
        self.error.set(None);
    }
}

impl Default for Sent {
    fn default() -> Self {
        Sent::new()
    }
}

/// A form that calls the server function at the path `to`. Its fields are named `form[…]`; messages stand beside them.
#[component]
pub fn ServerForm(
    to: &'static str,
    #[prop(optional)] sent: Option<Sent>,
    #[prop(optional)] class: &'static str,
    /// Name of the form for buttons elsewhere on the page that send it, by their `form` attribute.
    #[prop(optional)]
    id: &'static str,
    /// For a form that stays on its page to be sent again with something else: its fields are empty once it was accepted.
    #[prop(optional)]
    emptied: bool,
    /// For one of many forms of this function on the page: what tells it from the others, such as an id.
    #[prop(optional, into)]
    row: String,
    children: Children,
) -> impl IntoView {
    let sent = sent.unwrap_or_default();
    let state = form_state(to, sent, &row);
    let node = attended(sent, emptied);
    let (navigate, accepted) = (use_navigate(), expect_context::<Accepted>());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(body) = encoded(&event) else { return };
        match too_large(&body) {
            Some(error) => sent.error.set(Some(error)),
            None => send(post(to, "application/x-www-form-urlencoded", body), sent, accepted, navigate.clone()),
        }
    };
    let typed = move |_: Event| {
        // The form may be about to be drawn anew.
        if let Some(Some(form)) = node.try_get_untracked() {
            let _ = form.remove_attribute(SENT);
        }
    };
    view! {
        <Provider value=state>
            <form id=(!id.is_empty()).then_some(id) action=to method="post" class=class novalidate node_ref=node on:submit=submit on:input=typed>
                <input type="hidden" name="page" value=here() />
                {(!row.is_empty()).then(|| view! { <input type="hidden" name="form[row]" value=row /> })}
                <FormAlert />
                {children()}
            </form>
        </Provider>
    }
}

/// The page that a form is on. It goes with the form, since a browser may keep the page's address to itself, and since
/// a refused form's page is shown under the form's own address.
pub fn here() -> String {
    request_path().unwrap_or_else(|| {
        let location = use_location();
        let search = location.search.get_untracked();
        let query = if search.is_empty() { String::new() } else { format!("?{}", search.trim_start_matches('?')) };
        format!("{}{query}", location.pathname.get_untracked())
    })
}

/// The path of the page that is shown, for what is kept for as long as that is.
pub(super) fn here_path() -> String {
    here().split('?').next().unwrap_or_default().to_owned()
}

/// What the fields of a form that goes to the path `to` need to know of it.
pub(super) fn form_state(to: &str, sent: Sent, row: &str) -> FormState {
    let values = StoredValue::new(kept::returned_values(to, sent, row));
    let alive = RwSignal::new(false);
    Effect::new(move || alive.set(true));
    FormState { error: sent.error.into(), pending: sent.pending.into(), values, kept: sent.kept, alive }
}

/// Whether this address is that of the page that is shown, whatever their queries.
fn is_here(address: &str) -> bool {
    let path = address.split('?').next();
    window().location().pathname().is_ok_and(|here| Some(here.as_str()) == path)
}

/// Makes the call that a form stands for, unless it is being made already, and does what follows from it.
pub(super) fn send(
    call: impl Future<Output = Result<Answer, AppError>> + 'static,
    sent: Sent,
    accepted: Accepted,
    navigate: impl Fn(&str, NavigateOptions) + 'static,
) {
    if sent.pending.get_untracked() {
        return;
    }
    sent.pending.set(true);
    spawn_local(async move {
        let outcome = call.await;
        // The person may have left the page meanwhile.
        let _ = sent.pending.try_set(false);
        let _ = sent.error.try_set(outcome.as_ref().err().cloned());
        if let Ok(answer) = outcome {
            let _ = sent.kept.try_set_value(Kept::default());
            left::after(answer.redirect.as_deref());
            let _ = sent.done.try_update(|times| *times += 1);
            // A form that leads elsewhere has its effect on the page that it leads to.
            if answer.redirect.as_ref().is_none_or(|path| is_here(path)) {
                accepted.0.update(|times| *times += 1);
            }
            if let Some(path) = answer.redirect {
                navigate(&path, NavigateOptions::default());
            }
        }
    });
}

/// A field for several lines of text.
#[component]
pub fn TextArea(
    name: &'static str,
    label: &'static str,
    #[prop(optional, into)] value: String,
    #[prop(optional)] hint: &'static str,
    #[prop(default = 6)] rows: u32,
) -> impl IntoView {
    let text = first_value(name, value);
    view! {
        <Field name label hint>
            <Area field=name hint id=field_id(name) name=format!("form[{name}]") text rows />
        </Field>
    }
}

/// The element of a field for several lines. Leptos 0.8 does not escape a text area's content, so it is done here.
#[component]
fn Area(
    /// The field that it is all or a part of, and its hint.
    field: &'static str,
    hint: &'static str,
    id: String,
    name: String,
    text: String,
    rows: u32,
) -> impl IntoView {
    let error = field_error(field);
    let content = escaped(&text);
    view! {
        <textarea
            id=id
            name=name
            rows=rows
            dir="auto"
            autofocus=error.get_untracked().is_some()
            aria-invalid=move || error.get().is_some().to_string()
            aria-describedby=described_by(field, hint)
            inner_html=content // escaped
        ></textarea>
    }
}

/// Text as the content of an element. A parser drops a line break at a text area's very beginning, so the server puts one
/// before the text; where the browser makes the element itself, nothing is dropped.
fn escaped(text: &str) -> String {
    let dropped = if cfg!(feature = "ssr") { "\n" } else { "" };
    format!("{dropped}{}", text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
}

/// Text for a place that the framework writes into the page as it is, but sets as text in the browser.
pub fn escaped_on_server(text: &str) -> String {
    if cfg!(feature = "ssr") { escaped(text).trim_start_matches('\n').to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_text_area_cannot_be_left() {
        assert_eq!(super::escaped("</textarea><script>"), "\n&lt;/textarea&gt;&lt;script&gt;");
    }
}
