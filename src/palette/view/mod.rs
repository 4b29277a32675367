//! The palette's dialog, the button that opens it, and the list of keys. What they list comes with the pages' code, when first asked for.

mod entry;
mod keys;
mod listen;
mod memory;
mod options;

use leptos::ev::KeyboardEvent;
use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::js_sys::Reflect;
use web_sys::{Element, Event, MouseEvent};

use crate::org::model::OrgFrame;
use crate::ui::icon::{Icon, IconView};
use crate::ui::keys::ShowKeys;
use crate::ui::page::ShownPage;

pub use memory::ForgetPages;

use listen::{opens_palette, use_keys};
use memory::use_memory;

/// The id of the palette's list, and what its entries' ids begin with.
const LIST: &str = "palette-list";

/// What lies over the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Overlay {
    Palette,
    Keys,
}

/// Where somebody is, and who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    org: String,
    user: String,
    /// Whether single keys are shortcuts.
    single_keys: bool,
}

/// The palette, wherever it is opened from.
#[derive(Clone, Copy)]
pub struct Palette {
    /// Whether scripts have taken over.
    alive: RwSignal<bool>,
    overlay: RwSignal<Option<Overlay>>,
    dialog: NodeRef<Dialog>,
    words: RwSignal<String>,
    /// The place of the chosen entry.
    active: RwSignal<Option<usize>>,
    /// What is said of the list to who cannot see it.
    told: RwSignal<String>,
    /// What the list does with a key that is pressed in the field.
    on_key: StoredValue<Option<Callback<KeyboardEvent>>>,
    place: RwSignal<Option<Place>>,
    shown: ShownPage,
}

/// Makes the palette known to all pages; to be called once, at the root.
pub fn provide_palette() {
    let palette = Palette {
        alive: RwSignal::new(false),
        overlay: RwSignal::new(None),
        dialog: NodeRef::new(),
        words: RwSignal::new(String::new()),
        active: RwSignal::new(None),
        told: RwSignal::new(String::new()),
        on_key: StoredValue::new(None),
        place: RwSignal::new(None),
        shown: ShownPage(RwSignal::new(None)),
    };
    provide_context(palette);
    provide_context(ShowKeys(Callback::new(move |()| palette.show(Overlay::Keys))));
    provide_context(palette.shown);
}

impl Palette {
    /// Takes over what the frame knows, in the browser.
    pub fn follow(self, frame: &OrgFrame) {
        let place = Place { org: frame.current.slug.clone(), user: frame.user.id.clone(), single_keys: frame.shortcuts };
        Effect::new(move || {
            let before = self.place.get_untracked();
            if before.is_some_and(|before| before.user != place.user) {
                self.forget();
            }
            self.place.set(Some(place.clone()));
        });
    }

    /// Forgets who was here and what they have opened.
    fn forget(self) {
        self.place.set(None);
        self.shown.0.set(None);
        memory::forget();
    }

    /// Opens the palette, with nothing typed.
    fn open(self) {
        self.words.set(String::new());
        self.active.set(None);
        self.show(Overlay::Palette);
    }

    fn show(self, overlay: Overlay) {
        self.on_key.set_value(None);
        self.overlay.set(Some(overlay));
    }

    /// Shuts what lies over the page; the focus goes back to where it was.
    pub fn close(self) {
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
        self.overlay.set(None);
    }

    /// What Ctrl K does: a second time takes the palette away.
    fn toggle(self) {
        if self.overlay.get_untracked() == Some(Overlay::Palette) { self.close() } else { self.open() }
    }
}

/// What lies over an organisation's pages, and what listens for keys while one of them is shown.
#[component]
pub fn PaletteOverlay() -> impl IntoView {
    let palette = expect_context::<Palette>();
    use_keys(palette);
    use_memory(palette);
    // A link in it may lead out of the organisation.
    on_cleanup(move || {
        let _ = palette.overlay.try_set(None);
    });
    move || match palette.overlay.get() {
        Some(Overlay::Palette) => view! { <PaletteDialog /> }.into_any(),
        Some(Overlay::Keys) => view! { <KeysDialog /> }.into_any(),
        None => ().into_any(),
    }
}

/// The way into the palette. With scripts off it leads to the page of the search.
#[component]
pub fn PaletteButton(
    #[prop(into)] org: Signal<String>,
    /// For where there is little room.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let palette = expect_context::<Palette>();
    Effect::new(move || palette.alive.set(true));
    let (class, label) = if small { ("button quiet icon-only", "visually-hidden") } else { ("palette-button", "clip") };
    let label = move || view! { <span class=label>{NAME}</span> };
    move || {
        if palette.alive.get() {
            let (keys, shown) = if is_mac() { ("Meta+K", "⌘K") } else { ("Control+K", "Ctrl K") };
            let kbd = (!small).then(|| view! { <kbd aria-hidden="true">{shown}</kbd> });
            view! {
                <button type="button" class=class aria-haspopup="dialog" aria-keyshortcuts=keys on:click=move |_| palette.open()>
                    <IconView icon=Icon::Lens />
                    {label()}
                    {kbd}
                </button>
            }
            .into_any()
        } else {
            view! { <a class=class href=move || format!("/orgs/{}/search", org.get())><IconView icon=Icon::Lens />{label()}</a> }.into_any()
        }
    }
}

/// The name of the palette.
const NAME: &str = "Search or jump to…";

/// Whether the command key takes the place of Ctrl here.
fn is_mac() -> bool {
    let of = |value: JsValue, name: &str| Reflect::get(&value, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let platform = of(of(window().into(), "navigator"), "platform").as_string().unwrap_or_default();
    ["Mac", "iPhone", "iPad"].iter().any(|apple| platform.starts_with(apple))
}

/// A dialog over the page. Escape and a press beside it shut it, and no key that is pressed in it means anything to the page.
#[component]
fn Modal(overlay: Overlay, class: &'static str, label: &'static str, children: Children) -> impl IntoView {
    let palette = expect_context::<Palette>();
    let node = palette.dialog;
    Effect::new(move || {
        if let Some(dialog) = node.get()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
    });
    let closed = move |_: Event| {
        if palette.overlay.get_untracked() == Some(overlay) {
            palette.overlay.set(None);
        }
    };
    let pressed = move |event: KeyboardEvent| {
        if opens_palette(&event) {
            return;
        }
        if let Some(on_key) = palette.on_key.get_value() {
            on_key.run(event.clone());
        }
        event.stop_propagation();
    };
    // The dialog itself is only hit beside what is in it.
    let hit = move |event: MouseEvent| {
        if event.target().and_then(|target| target.dyn_into::<Element>().ok()).is_some_and(|target| target.tag_name() == "DIALOG") {
            palette.close();
        }
    };
    view! {
        <dialog node_ref=node class=class aria-label=label on:close=closed on:keydown=pressed on:click=hit>
            <div class="overlay">{children()}</div>
        </dialog>
    }
}

/// The button that shuts a dialog.
#[component]
fn Shut() -> impl IntoView {
    let palette = expect_context::<Palette>();
    view! { <button type="button" class="button quiet small" on:click=move |_| palette.close()>"Close"</button> }
}

/// The palette: a field, and the list that goes with what is typed into it. The field is there at once, so that no key is lost
/// while the list's code comes.
#[component]
fn PaletteDialog() -> impl IntoView {
    let palette = expect_context::<Palette>();
    let active = move || palette.active.get().map(option_id);
    view! {
        <Modal overlay=Overlay::Palette class="palette" label="Command palette">
            <div class="palette-head">
                <IconView icon=Icon::Lens />
                <input
                    type="text"
                    role="combobox"
                    aria-expanded="true"
                    aria-controls=LIST
                    aria-autocomplete="list"
                    aria-activedescendant=active
                    aria-label=NAME
                    placeholder=NAME
                    maxlength="200"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    autofocus=true
                    dir="auto"
                    on:input=move |event| palette.words.set(event_target_value(&event))
                />
                <Shut />
            </div>
            <div class="palette-list" id=LIST role="listbox" aria-label="Results">
                <Suspense fallback=|| ()>{move || Suspend::new(palette_options())}</Suspense>
            </div>
            <p class="visually-hidden" role="status">{move || palette.told.get()}</p>
            <p class="palette-foot" aria-hidden="true">
                <span><kbd>"↑"</kbd><kbd>"↓"</kbd>" choose"</span>
                <span><kbd>"↵"</kbd>" open"</span>
                <span><kbd>"esc"</kbd>" close"</span>
            </p>
        </Modal>
    }
}

fn option_id(at: usize) -> String {
    format!("{LIST}-{at}")
}

/// All keys.
#[component]
fn KeysDialog() -> impl IntoView {
    view! {
        <Modal overlay=Overlay::Keys class="palette keys-list" label="Keyboard shortcuts">
            <div class="palette-head">
                <h2>"Keyboard shortcuts"</h2>
                <Shut />
            </div>
            <div class="keys-body">
                <Suspense fallback=|| ()>{move || Suspend::new(palette_keys())}</Suspense>
            </div>
        </Modal>
    }
}

/// The palette's list. It comes with the chunk that has most of an organisation's pages, see `lazy_pages!`.
#[leptos::wasm_split::wasm_split(work, wasm_split_path = ::leptos::wasm_split)]
fn palette_options() -> AnyView {
    view! { <options::Options /> }.into_any()
}

/// What stands in the list of keys.
#[leptos::wasm_split::wasm_split(work, wasm_split_path = ::leptos::wasm_split)]
fn palette_keys() -> AnyView {
    view! { <keys::KeysList /> }.into_any()
}
