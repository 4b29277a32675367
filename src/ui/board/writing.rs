//! What is being written in the menus of cards, which a board that is read again would throw away: its news wait for that.

use leptos::prelude::*;
use web_sys::Event;

use super::desk::Desk;
use super::drag::{around, card_of, target};
use crate::ui::live::{Live, has_unsent};

/// The form in a card's menu.
const CHANGE: &str = ".card-change";

impl Desk {
    /// Whether somebody is writing in the menu of a card.
    pub fn is_writing(self) -> bool {
        self.writing.try_with(|writing| !writing.is_empty()).unwrap_or_default()
    }

    /// Holds the news for a card's menu, until it is done with.
    pub fn hold(self, id: &str) {
        if self.writing.with_untracked(|writing| writing.iter().all(|one| one != id)) {
            self.writing.update(|writing| writing.push(id.to_owned()));
        }
    }

    /// That the menu of a card is saved, shut or gone.
    pub fn let_go(self, id: &str) {
        if self.writing.try_with_untracked(|writing| writing.iter().any(|one| one == id)) == Some(true) {
            self.writing.try_update(|writing| writing.retain(|one| one != id));
        }
    }

    /// Something is typed or chosen, or about to be.
    pub fn write(self, event: &Event) {
        let field = target(event).filter(|target| around(target, CHANGE).is_some());
        if let Some(id) = field.and_then(|field| card_of(&field)) {
            self.hold(&id);
        }
    }

    /// A card's menu is shut, or opened again with what was left in it.
    pub fn menu_toggled(self, event: &Event) {
        let Some(menu) = target(event) else { return };
        let Some(id) = card_of(&menu) else { return };
        let form = || menu.query_selector(CHANGE).ok().flatten();
        if !menu.has_attribute("open") {
            self.let_go(&id);
        } else if form().is_some_and(|form| has_unsent(&form)) {
            self.hold(&id);
        }
    }

    /// Lets the news come as soon as nobody is writing any more.
    pub fn release_when_written(self, live: Live) {
        Effect::new(move |was: Option<bool>| {
            let is = self.is_writing();
            if was == Some(true) && !is {
                live.release();
            }
            is
        });
    }
}
