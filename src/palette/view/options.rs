//! The palette's list: what goes with the words at once, and what the server finds a moment later.

use std::time::Duration;

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use web_sys::Element;

use super::entry::{Act, Entry, entries, found, product, referred, searched, still_there, use_when_shut};
use super::listen::may_leave;
use super::{LIST, Overlay, Palette, Place, option_id};
use crate::kernel::call::run;
use crate::palette::model::{Group, fits, order};
use crate::search::api::FindEntries;
use crate::search::model::{Found, SearchQuery, pieces};
use crate::ui::icon::IconView;
use crate::ui::page::first;

/// How long somebody pauses before the server is asked.
const PAUSE: Duration = Duration::from_millis(40);
/// Letters that are worth asking for.
const ENOUGH: usize = 2;
/// Finds that are listed, of one kind and of all.
const MOST_OF_KIND: usize = 3;
const MOST_FOUND: usize = 15;

/// What is listed. It lives in the browser alone.
#[derive(Clone, Copy)]
struct Listed {
    palette: Palette,
    org: StoredValue<String>,
    local: RwSignal<Vec<Entry>, LocalStorage>,
    found: RwSignal<Vec<Entry>, LocalStorage>,
    shown: RwSignal<Vec<Entry>, LocalStorage>,
    /// Whether the person has chosen for themselves.
    moved: StoredValue<bool>,
}

impl Listed {
    /// The list for these words.
    fn list(self, words: &str) -> Vec<Entry> {
        let local = self.local.with(|local| {
            let texts: Vec<_> = local.iter().map(|entry| (entry.group, entry.text.as_str(), entry.hint.as_str())).collect();
            order(words, &texts).into_iter().map(|at| local[at].clone()).collect::<Vec<_>>()
        });
        let search = searched(words, &self.org.get_value());
        referred(words).into_iter().chain(local).chain(self.found.get()).chain(search).collect()
    }

    /// Shows the list for what is typed. The best is chosen, until the person chooses another.
    fn follow(self) {
        Effect::new(move |before: Option<String>| {
            let words = self.palette.words.get();
            let list = self.list(&words);
            if before.as_ref() != Some(&words) {
                self.moved.set_value(false);
            }
            let chosen = self.palette.active.get_untracked().filter(|_| self.moved.get_value());
            let chosen = chosen.and_then(|at| self.shown.with_untracked(|shown| shown.get(at).cloned()));
            let at = chosen.and_then(|chosen| list.iter().position(|entry| entry.is_like(&chosen)));
            let count = list.iter().filter(|entry| entry.group != Group::Search).count();
            self.palette.told.set(if count == 1 { "1 result".to_owned() } else { format!("{count} results") });
            self.palette.active.set((!list.is_empty()).then_some(at.unwrap_or_default()));
            self.shown.set(list);
            words
        });
    }

    /// Asks the server for what is typed, once there is a pause. Until it answers, what it has found before stays if it has the words.
    fn look(self) {
        let mut ask = debounce(PAUSE, move |words: String| self.ask(words));
        Effect::new(move || {
            let words = self.palette.words.get();
            let enough = words.trim().chars().count() >= ENOUGH;
            self.found.update(|found| found.retain(|entry| enough && fits(&words, &entry.plain(), &entry.hint)));
            if enough {
                ask(words);
            }
        });
    }

    /// An answer that comes when something else is typed already is dropped.
    fn ask(self, words: String) {
        let Some(org) = self.org.try_get_value() else { return };
        let query = SearchQuery { words: words.clone(), ..Default::default() };
        let Ok(arguments) = serde_json::to_string(&FindEntries { org: org.clone(), query }) else { return };
        spawn_local(async move {
            let answer = run::<FindEntries>(arguments).await.ok().and_then(|json| serde_json::from_str::<Found>(&json).ok());
            if self.palette.words.try_get_untracked() == Some(words)
                && let Some(found) = answer
            {
                self.take(found, &org);
            }
        });
    }

    /// Lists what was found, less what is listed already.
    fn take(self, Found { groups, products, .. }: Found, org: &str) {
        let is_place =
            |local: &[Entry], entry: &Entry| local.iter().any(|known| known.group == Group::Places && known.path() == entry.path());
        let hits = groups.into_iter().flat_map(|group| group.hits.into_iter().take(MOST_OF_KIND)).map(|hit| found(hit, org));
        // The palette may have been shut meanwhile.
        let hits = self.local.try_update(|local| {
            let products = products.into_iter().map(|link| product(link, org));
            let new: Vec<_> = products.filter(|entry| !is_place(local, entry)).collect();
            local.extend(new);
            hits.filter(|entry| !is_place(local, entry)).take(MOST_FOUND).collect()
        });
        if let Some(hits) = hits {
            self.found.set(hits);
        }
    }

    fn step(self, by: isize) {
        let count = self.shown.with_untracked(Vec::len) as isize;
        if count > 0 {
            let at = self.palette.active.get_untracked().map_or(-1, |at| at as isize);
            self.choose((at + by).rem_euclid(count) as usize);
            self.scroll();
        }
    }

    fn choose(self, at: usize) {
        self.moved.set_value(true);
        if self.palette.active.get_untracked() != Some(at) {
            self.palette.active.set(Some(at));
        }
    }

    /// Scrolls as far as is needed to see what is chosen; of a group's first entry, its heading too.
    fn scroll(self) {
        let at = self.palette.active.get_untracked().unwrap_or_default();
        let (Some(list), Some(option)) = (first(&format!("#{LIST}")), first(&format!("#{}", option_id(at)))) else { return };
        let (above, below) = (option.offset_top() - 32, option.offset_top() + option.offset_height() + 8);
        if above < list.scroll_top() {
            list.set_scroll_top(above);
        } else if below > list.scroll_top() + list.client_height() {
            list.set_scroll_top(below - list.client_height());
        }
    }

    /// Does what the entry stands for.
    fn open(self, at: usize, navigate: &impl Fn(&str, NavigateOptions)) {
        let Some(entry) = self.shown.with_untracked(|shown| shown.get(at).cloned()) else { return };
        if matches!(entry.act, Act::Go(_) | Act::Load(_)) && !may_leave() {
            return;
        }
        self.palette.close();
        match &entry.act {
            Act::Go(path) => navigate(path, NavigateOptions::default()),
            Act::Load(path) => drop(window().location().set_href(path)),
            Act::Press(element) => still_there(&entry, element).into_iter().for_each(|element| use_when_shut(element, true)),
            Act::Show(element) => still_there(&entry, element).into_iter().for_each(|element| use_when_shut(element, false)),
            Act::Keys => {
                let palette = self.palette;
                request_animation_frame(move || palette.show(Overlay::Keys));
            }
        }
    }
}

/// The list, once the frame has told where one is.
#[component]
pub fn Options() -> impl IntoView {
    let palette = expect_context::<Palette>();
    let place = Memo::new(move |_| palette.place.get());
    move || place.get().map(|place| view! { <OptionList place /> })
}

/// The entries, in their groups.
#[component]
fn OptionList(place: Place) -> impl IntoView {
    let palette = expect_context::<Palette>();
    let listed = Listed {
        palette,
        local: RwSignal::new_local(entries(&place)),
        org: StoredValue::new(place.org),
        found: RwSignal::new_local(Vec::new()),
        shown: RwSignal::new_local(Vec::new()),
        moved: StoredValue::new(false),
    };
    listed.follow();
    listed.look();
    let navigate = StoredValue::new_local(use_navigate());
    let open = move |at: usize| navigate.with_value(|navigate| listed.open(at, navigate));
    palette.on_key.set_value(Some(Callback::new(move |event: KeyboardEvent| {
        match event.key().as_str() {
            _ if event.is_composing() => return,
            "ArrowDown" => listed.step(1),
            "ArrowUp" => listed.step(-1),
            "Enter" if is_field(&event) => palette.active.get_untracked().into_iter().for_each(open),
            _ => return,
        }
        event.prevent_default();
    })));
    move || {
        let shown = listed.shown.get().into_iter().enumerate().collect::<Vec<_>>();
        let groups = shown.chunk_by(|(_, one), (_, next)| one.group == next.group);
        groups.map(|group| group_view(listed, group, open)).collect_view()
    }
}

/// Enter on the button that shuts the palette is that button's.
fn is_field(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.get_attribute("role").as_deref() == Some("combobox"))
}

fn group_view(listed: Listed, group: &[(usize, Entry)], open: impl Fn(usize) + Copy + 'static) -> AnyView {
    let Some((at, Entry { group: kind, .. })) = group.first() else { return ().into_any() };
    let id = format!("{LIST}-of-{at}");
    let heading = id.clone();
    let entries = group.iter().map(|(at, entry)| option_view(listed, *at, entry, open)).collect_view();
    view! {
        <div role="group" aria-labelledby=id>
            <div role="presentation" class="palette-group" id=heading>{kind.label()}</div>
            {entries}
        </div>
    }
    .into_any()
}

/// A press leaves the cursor in the field.
fn option_view(listed: Listed, at: usize, entry: &Entry, open: impl Fn(usize) + Copy + 'static) -> AnyView {
    let active = listed.palette.active;
    // The list may move under a pointer that stands still.
    let moved = move |event: MouseEvent| {
        if event.movement_x() != 0 || event.movement_y() != 0 {
            listed.choose(at);
        }
    };
    let text = pieces(&entry.text)
        .into_iter()
        .map(|(piece, matched)| if matched { view! { <mark>{piece}</mark> }.into_any() } else { view! { <span>{piece}</span> }.into_any() })
        .collect_view();
    let hint = (!entry.hint.is_empty()).then(|| view! { <span class="palette-hint clip" dir="auto">{entry.hint.clone()}</span> });
    view! {
        <div
            role="option"
            class="palette-option"
            id=option_id(at)
            aria-selected=move || (active.get() == Some(at)).to_string()
            on:mousemove=moved
            on:mousedown=move |event| event.prevent_default()
            on:click=move |_| open(at)
        >
            <IconView icon=entry.icon />
            <span class="clip" dir="auto">{text}</span>
            {hint}
        </div>
    }
    .into_any()
}
