//! Parts of a page that are folded up until somebody wants them.

use leptos::ev;
use leptos::html::Details;
use leptos::prelude::*;

use super::form::here_path;

/// Which folds of a page somebody has opened or shut. It outlives what the page shows, for a page that reads its data anew draws
/// its folds again.
#[derive(Clone, Copy)]
struct Folds(StoredValue<Left>);

/// How the folds of one page were left.
#[derive(Default)]
struct Left {
    /// The page's path.
    page: String,
    folds: Vec<(String, bool)>,
}

/// Makes it known to the pages; to be called once, at the root.
pub fn provide_folds() {
    provide_context(Folds(StoredValue::new(Left::default())));
}

impl Folds {
    /// How somebody has left this fold, if they have touched it.
    fn left(self, page: &str, name: &str) -> Option<bool> {
        self.0.with_value(|left| left.folds.iter().find(|(fold, _)| left.page == page && fold == name).map(|(_, open)| *open))
    }

    fn note(self, page: &str, name: &str, open: bool) {
        self.0.update_value(|left| {
            if left.page != page {
                *left = Left { page: page.to_owned(), ..Left::default() };
            }
            left.folds.retain(|(fold, _)| fold != name);
            left.folds.push((name.to_owned(), open));
        });
    }
}

fn some(word: &'static str) -> Option<&'static str> {
    (!word.is_empty()).then_some(word)
}

/// A part that is folded up. However often its page reads its data anew, it stays as somebody has left it.
#[component]
pub fn Fold(
    /// What it says when it is shut, which tells it from the page's other folds.
    #[prop(into)]
    label: String,
    #[prop(default = "adding")] class: &'static str,
    /// Whether it is open at first, as when a form in it was refused: what is wrong stands inside.
    #[prop(optional)]
    open: bool,
    /// The class of what it says.
    #[prop(optional)]
    summary: &'static str,
    /// The id of that, for the focus to be led there.
    #[prop(optional)]
    id: &'static str,
    children: Children,
) -> impl IntoView {
    let (folds, page, name) = (expect_context::<Folds>(), here_path(), StoredValue::new(label.clone()));
    let open = folds.left(&page, &label).unwrap_or(open);
    let page = StoredValue::new(page);
    let fold = NodeRef::<Details>::new();
    // `turned`: what it is about to be is the other way round.
    let note = move |turned: bool| {
        if let (Some(Some(fold)), Some(page), Some(name)) = (fold.try_get_untracked(), page.try_get_value(), name.try_get_value()) {
            folds.note(&page, &name, fold.has_attribute("open") != turned);
        }
    };
    // Somebody may have opened it before the page came alive.
    Effect::new(move || {
        if fold.get().is_some() {
            note(false);
        }
    });
    // A browser tells of a turn a moment after it was made, and the page may be drawn again meanwhile.
    view! {
        <details class=some(class) open=open node_ref=fold on:toggle=move |_: ev::Event| note(false)>
            <summary id=some(id) class=some(summary) on:click=move |_| note(true)>{label}</summary>
            {children()}
        </details>
    }
}
