//! Forms whose thing somebody else has changed meanwhile: what is saved now stands beside what was typed.

use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::js_sys::Reflect;
use web_sys::{Element, Event, EventInit, HtmlElement};

use super::fields::field_id;
use super::{FormState, Sent, VERSION};

/// The version of what the form was filled from, which goes with it. Once the server has shown what is saved now, the form goes
/// with the version of that, so that whoever has looked at both can send it again.
#[component]
pub fn Version(
    /// The version of what the form shows.
    #[prop(into)]
    of: String,
) -> impl IntoView {
    hidden(version(of))
}

/// As `Version`, for a form that stays on its page to be changed again: once it was accepted it goes with the version `now`
/// gives, that of what it says by then.
#[component]
pub fn KeptVersion(#[prop(into)] of: String, sent: Sent, now: impl Fn() -> Option<String> + Send + Sync + 'static) -> impl IntoView {
    let version = version(of);
    Effect::new(move || {
        if sent.times() > 0
            && let Some(now) = now()
        {
            version.set(now);
        }
    });
    hidden(version)
}

/// The version that the surrounding form goes with: that of what is saved now once it was refused for that. A further refusal, for
/// another reason, does not turn it back.
fn version(of: String) -> RwSignal<String> {
    let state = use_context::<FormState>();
    let saved = move || state.and_then(|state| state.error.with(|error| error.as_ref().and_then(|error| error.version())));
    // Without scripts no effect runs.
    let first = untrack(saved).or_else(|| state?.value(VERSION)).unwrap_or(of);
    let version = RwSignal::new(first);
    Effect::new(move || {
        if let Some(saved) = saved() {
            version.set(saved);
        }
    });
    version
}

/// The field with it, which can be put back to what was typed over, see `ui::unsent`.
fn hidden(version: RwSignal<String>) -> AnyView {
    let put_back = move |event: Event| version.set(event_target_value(&event));
    view! { <input type="hidden" name="version" value=move || version.get() autocomplete="off" on:input=put_back /> }.into_any()
}

/// What is saved now in a field of the surrounding form, where the form says something else.
pub fn field_saved(name: &'static str) -> Signal<Option<String>> {
    let form = use_context::<FormState>();
    Signal::derive(move || form.and_then(|form| form.error.with(|error| error.as_ref().and_then(|error| error.saved(name)))))
}

/// What is saved in the field, for a form that says something else there; and a way to take it over. Without scripts it is there
/// to be copied, or chosen.
pub(super) fn saved_now(name: &'static str, label: &'static str, options: Vec<(String, String)>) -> AnyView {
    let Some(state) = use_context::<FormState>() else { return ().into_any() };
    let saved = Memo::new(move |_| state.error.with(|error| error.as_ref().and_then(|error| error.saved(name))));
    let options = StoredValue::new(options);
    let shown = move || {
        saved.get().map(|value| {
            let told = options.with_value(|options| in_words(&value, options));
            let taken = told.is_some();
            let take_over = (taken && state.alive.get()).then(|| {
                view! {
                    <button type="button" class="button small" aria-label=format!("Use this instead: {label}") on:click=move |_| take(name, &value)>
                        "Use this instead"
                    </button>
                }
            });
            view! {
                <div class="saved-now" role="group" aria-label=format!("{label}: saved now")>
                    <p class="hint">"Saved now:"</p>
                    <p class="prose" dir="auto">{told.unwrap_or_else(|| "A choice that is new. Load this page again in another tab to see it.".into())}</p>
                    {take_over}
                </div>
            }
        })
    };
    view! { {shown} }.into_any()
}

/// The value as a person reads it; `None` for a choice that the form does not have.
fn in_words(value: &str, options: &[(String, String)]) -> Option<String> {
    if options.is_empty() {
        return Some(if value.is_empty() { "Nothing".to_owned() } else { value.to_owned() });
    }
    options.iter().find(|(option, _)| option == value).map(|(_, label)| label.clone())
}

/// Puts the value into the field, as if it had been typed.
fn take(name: &str, value: &str) {
    if let Some(control) = document().get_element_by_id(&field_id(name)) {
        let _ = put(&control, value);
        if let Some(control) = control.dyn_ref::<HtmlElement>() {
            let _ = control.focus();
        }
    }
}

/// Puts a value into a control, as if it had been typed. The kinds of controls have a type each, but one property.
pub(in crate::ui) fn put(control: &Element, value: &str) -> Result<(), JsValue> {
    match control.get_attribute("type").as_deref() {
        Some("checkbox") => Reflect::set(control, &"checked".into(), &(!value.is_empty()).into())?,
        _ => Reflect::set(control, &"value".into(), &value.into())?,
    };
    // Whatever follows the field, such as a slider, is told.
    let init = EventInit::new();
    init.set_bubbles(true);
    control.dispatch_event(&Event::new_with_event_init_dict("input", &init)?)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn what_is_saved_is_told_in_words() {
        let options = [(String::new(), "None".to_owned()), ("HIGH".to_owned(), "High".to_owned())];
        assert_eq!(
            [in_words("HIGH", &options), in_words("", &options), in_words("X", &options)],
            [Some("High".into()), Some("None".into()), None]
        );
        assert_eq!([in_words("a\nb", &[]), in_words("", &[])], [Some("a\nb".into()), Some("Nothing".into())]);
    }
}
