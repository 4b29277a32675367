//! The palette's dialog, the button that opens it, and the list of keys. What they list comes with the pages' code, when first asked for.

mod button;
mod dialog;
mod entry;
mod keys;
mod listen;
mod memory;
mod options;

use leptos::ev::KeyboardEvent;
use leptos::html::Dialog;
use leptos::prelude::*;

use crate::org::model::OrgFrame;
use crate::ui::keys::ShowKeys;
use crate::ui::page::ShownPage;

pub use button::PaletteButton;
pub use memory::ForgetPages;

use dialog::{KeysDialog, PaletteDialog};
use listen::use_keys;
use memory::use_memory;

/// The id of the palette's list, and what its entries' ids begin with.
const LIST: &str = "palette-list";
/// The name of the palette.
const NAME: &str = "Search or jump to…";

fn option_id(at: usize) -> String {
    format!("{LIST}-{at}")
}

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
