//! Looking for features by their titles.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::FeatureBadge;
use crate::feature::api::depend::FindFeatures;
use crate::feature::model::FoundFeature;
use crate::kernel::call::run;
use crate::ui::form::{Sent, field_error};
use crate::ui::reference::Reference;

/// How long somebody pauses before what they typed is looked for.
const PAUSE: Duration = Duration::from_millis(150);

/// Where features are looked for, what is looked for and what was found. It belongs to the page, so that it outlives a new look at
/// the item.
#[derive(Clone, Copy)]
pub struct Finder {
    org: Signal<String>,
    product: Signal<String>,
    /// The item whose page it is.
    item: Signal<String>,
    /// Whether that is an epic, whose own features are left out; else it is a feature, which is left out itself.
    of_epic: bool,
    filled: StoredValue<String>,
    words: RwSignal<String>,
    found: RwSignal<Vec<FoundFeature>>,
}

impl Finder {
    /// A search that nothing was typed into yet.
    pub fn new(org: Signal<String>, product: Signal<String>, item: Signal<String>, of_epic: bool) -> Finder {
        let (words, found) = (RwSignal::new(String::new()), RwSignal::new(Vec::new()));
        Finder { org, product, item, of_epic, filled: StoredValue::default(), words, found }
    }

    /// Takes the search that came with the page; what was typed since for the same item stays.
    pub fn fill(self, words: String, found: Vec<FoundFeature>) {
        let item = self.item.get_untracked();
        if self.filled.with_value(|before| *before != item) {
            self.filled.set_value(item);
            self.words.set(words);
            self.found.set(found);
        }
    }

    /// Looks again once the form was accepted: what was found may be out of place now.
    pub fn after(self, sent: Sent) {
        Effect::new(move || {
            if sent.times() > 0 && self.words.with_untracked(|words| !words.trim().is_empty()) {
                self.look(self.words.get_untracked());
            }
        });
    }

    /// Looks for features, and shows them unless something else was typed meanwhile.
    fn look(self, words: String) {
        let item = Some(self.item.get_untracked());
        let (but, outside) = if self.of_epic { (None, item) } else { (item, None) };
        let call = FindFeatures { org: self.org.get_untracked(), product: self.product.get_untracked(), find: words.clone(), but, outside };
        let Ok(arguments) = serde_json::to_string(&call) else { return };
        spawn_local(async move {
            let found = run::<FindFeatures>(arguments).await.ok().and_then(|json| serde_json::from_str(&json).ok());
            if self.words.try_get_untracked() == Some(words)
                && let Some(found) = found
            {
                let _ = self.found.try_set(found);
            }
        });
    }
}

/// The field for the words: it looks as one types, or with scripts off by the button, which leads to `action`.
#[component]
pub fn FindForm(finder: Finder, action: String) -> impl IntoView {
    let mut later = debounce(PAUSE, move |words: String| finder.look(words));
    let mut typed = move |words: String| {
        finder.words.set(words.clone());
        later(words);
    };
    view! {
        <form method="get" action=action class="tag-filter" role="search" aria-label="Find a feature" on:submit=move |event| event.prevent_default()>
            <input
                name="find"
                aria-label="Feature's title"
                placeholder="Find a feature"
                autocomplete="off"
                dir="auto"
                value=finder.words.get_untracked()
                on:input:target=move |event| typed(event.target().value())
            />
            <button class="button small">"Find"</button>
        </form>
    }
}

/// What was found, each with `buttons` of the surrounding form, and why the server refused what was chosen.
#[component]
pub fn Found(finder: Finder, buttons: fn(&FoundFeature) -> AnyView) -> impl IntoView {
    let error = field_error("feature");
    let row = move |feature: FoundFeature| {
        let buttons = buttons(&feature);
        let epic = feature.epic_title.map(|title| view! { <span class="muted" dir="auto">{format!("in {title}")}</span> });
        view! {
            <li>
                <span class="idea-title" dir="auto">{feature.title}</span>
                <Reference number=feature.number />
                <FeatureBadge status=feature.status />
                {epic}
                <span class="actions">{buttons}</span>
            </li>
        }
    };
    let nothing =
        move || (finder.found.with(Vec::is_empty) && !finder.words.get().trim().is_empty()).then_some("No feature has this in its title.");
    view! {
        <p class="field-error" role="alert">{move || error.get()}</p>
        <ul class="found" aria-label="Features found">{move || finder.found.get().into_iter().map(row).collect_view()}</ul>
        <p class="hint" role="status">{nothing}</p>
    }
}
