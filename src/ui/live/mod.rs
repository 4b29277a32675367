//! What others change, on the screen as soon as it is changed: one stream of events for each frame around a page.
//!
//! A page names the kinds of things that it shows; when one of them has changed, it reads its data anew. Whatever comes within a
//! moment is one look. Nothing is read for a page that nobody sees, and what is being typed is left alone until the person asks.

mod stream;
mod told;
mod typing;

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use web_sys::MessageEvent;
use web_sys::js_sys::Math;

use crate::kernel::call::post;
use typing::{is_held, is_sending};

pub use told::LiveTold;
pub use typing::{HELD, has_unsent, is_typing};
pub(super) use typing::{fields, is_changed};

/// From a change to the look at it: others may follow.
const MOMENT: Duration = Duration::from_millis(250);
/// The same while one change follows the other; in milliseconds also how long ago the last look was then.
const BUSY: Duration = Duration::from_secs(2);

/// A change, as far as a page needs to know of it.
#[derive(Deserialize)]
struct Told {
    entity: String,
    /// Nothing for many things of the kind.
    id: Option<String>,
}

#[derive(Deserialize)]
struct Hello {
    stream: u64,
}

/// A part of the page that shows things of these kinds.
struct Waiting {
    key: u32,
    kinds: &'static [&'static str],
    /// Of the first kind, only this one.
    item: Option<Signal<String>>,
    /// Whether it waits while something is being typed, and not only while something is held.
    gently: bool,
    due: bool,
    heard: RwSignal<u32>,
}

impl Waiting {
    fn cares(&self, told: &Told) -> bool {
        let other = self.item.zip(told.id.as_ref()).is_some_and(|(item, id)| item.try_get_untracked().is_some_and(|item| item != *id));
        match self.kinds.iter().position(|kind| *kind == told.entity) {
            Some(0) => !other,
            place => place.is_some(),
        }
    }
}

/// How the stream stands.
#[derive(Default)]
struct Line {
    org: String,
    /// The last change that was heard of.
    last: Option<String>,
    stream: Option<u64>,
    /// The page that the server knows of.
    at: String,
    failures: i32,
    /// Counts what has become of the stream, so that a wait knows whether it is still for something.
    turn: u32,
    /// Whether something may have been missed.
    missed: bool,
    /// Whether the server has said that this is the end.
    over: bool,
    /// Whether the person is ending the session.
    left: bool,
    looking: bool,
    looked: f64,
}

/// What is heard of others. One for the whole application; the frame opens and closes the stream.
#[derive(Clone, Copy)]
pub struct Live {
    waiting: StoredValue<Vec<Waiting>>,
    line: StoredValue<Line>,
    /// How many have begun to wait.
    keys: StoredValue<u32>,
    path: RwSignal<String>,
    offline: RwSignal<bool>,
    /// Whether something is kept back because something is being typed.
    held: RwSignal<bool>,
    /// Who else looks at the page.
    here: RwSignal<Vec<String>>,
}

/// Makes it known to the pages; to be called once, at the root.
pub fn provide_live() {
    provide_context(Live {
        waiting: StoredValue::new(Vec::new()),
        line: StoredValue::new(Line::default()),
        keys: StoredValue::new(0),
        path: RwSignal::new(String::new()),
        offline: RwSignal::new(false),
        held: RwSignal::new(false),
        here: RwSignal::new(Vec::new()),
    });
}

/// Milliseconds since the browser began to load the page.
fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

fn milliseconds(time: f64) -> Duration {
    Duration::from_millis(time as u64)
}

/// The page as far as others who look at it are looking at the same thing: an item with what belongs to it, or a board.
fn place(path: &str) -> String {
    let steps: Vec<&str> = path.trim_matches('/').split('/').take(6).collect();
    if steps.len() == 6 { format!("/{}", steps.join("/")) } else { String::new() }
}

impl Live {
    /// Listens for as long as the frame is there that calls this.
    pub fn listen(self, org: Signal<String>, path: Signal<String>) {
        Effect::new(move || {
            self.path.set(path.get());
            self.held.set(false);
            self.tell_place();
        });
        Effect::new(move || {
            self.line.set_value(Line { org: org.get(), ..Line::default() });
            self.open();
            let listeners = [
                window_event_listener_untyped("visibilitychange", move |_| self.turned()),
                window_event_listener_untyped("online", move |_| self.open()),
                window_event_listener_untyped("offline", move |_| self.failed()),
            ];
            on_cleanup(move || {
                listeners.into_iter().for_each(WindowListenerHandle::remove);
                self.line.update_value(|line| line.over = true);
                self.shut();
            });
        });
    }

    /// Counts the looks that are due because something of these kinds has changed; of the first kind perhaps only one thing.
    /// They wait while something is held, and those that go gently while anything is being typed.
    pub fn heard(self, kinds: &'static [&'static str], item: Option<Signal<String>>, gently: bool) -> RwSignal<u32> {
        let heard = RwSignal::new(0);
        self.keys.update_value(|keys| *keys += 1);
        let key = self.keys.get_value();
        self.waiting.update_value(|waiting| waiting.push(Waiting { key, kinds, item, gently, due: false, heard }));
        on_cleanup(move || {
            let _ = self.waiting.try_update_value(|waiting| waiting.retain(|other| other.key != key));
        });
        heard
    }

    fn hear(self, event: &MessageEvent) {
        let data = event.data().as_string().unwrap_or_default();
        match event.type_().as_str() {
            "hello" => self.welcome(serde_json::from_str(&data).ok()),
            "here" => self.here.set(serde_json::from_str(&data).unwrap_or_default()),
            // Everybody is told at the same moment.
            "reset" => self.later(milliseconds(Math::random() * 2_000.0), move || self.mark(|_| true)),
            "end" => {
                self.line.update_value(|line| line.over = true);
                self.shut();
                self.mark(|_| true);
            }
            _ => {
                let id = event.last_event_id();
                self.line.update_value(|line| line.last = Some(id).filter(|id| !id.is_empty()).or(line.last.take()));
                if let Ok(told) = serde_json::from_str::<Told>(&data) {
                    self.mark(|waiting| waiting.cares(&told));
                }
            }
        }
    }

    fn welcome(self, hello: Option<Hello>) {
        let missed = self.line.try_update_value(|line| {
            line.stream = hello.map(|hello| hello.stream);
            line.failures = 0;
            std::mem::take(&mut line.missed)
        });
        self.offline.set(false);
        if missed == Some(true) {
            self.mark(|_| true);
        }
        self.tell_place();
    }

    /// Whether the person is on the way out of the frame, as after signing out: what is still shown of it asks for nothing more.
    fn is_left(self) -> bool {
        self.line.with_value(|line| line.left) || !self.path.with_untracked(|path| path.starts_with("/orgs/"))
    }

    /// Asks for nothing more, for the session is being ended; should that fail, it goes on when the page is looked at again.
    pub fn leave(self) {
        self.line.update_value(|line| line.left = true);
        self.shut();
    }

    /// Says which page is shown now, if the server knows of another.
    fn tell_place(self) {
        if self.is_left() {
            return;
        }
        let at = place(&self.path.get_untracked());
        let stream = self.line.try_update_value(|line| {
            let stream = line.stream.filter(|_| line.at != at);
            if stream.is_some() {
                line.at.clone_from(&at);
            }
            stream
        });
        if let Some(Some(stream)) = stream {
            self.here.set(Vec::new());
            let body = serde_json::json!({ "stream": stream, "at": at }).to_string();
            spawn_local(async move {
                let _ = post("/events/at", "application/json", body).await;
            });
        }
    }

    /// Notes whom a change is of interest to.
    fn mark(self, whom: impl Fn(&Waiting) -> bool) {
        let any = self.waiting.try_update_value(|waiting| {
            let cared: Vec<_> = waiting.iter_mut().filter(|one| whom(one)).collect();
            let any = !cared.is_empty();
            cared.into_iter().for_each(|one| one.due = true);
            any
        });
        if any != Some(true) || self.line.with_value(|line| line.looking) {
            return;
        }
        let busy = self.line.with_value(|line| line.looked > 0.0 && now() - line.looked < BUSY.as_millis() as f64);
        self.look_in(if busy { BUSY } else { MOMENT });
    }

    fn look_in(self, wait: Duration) {
        self.line.update_value(|line| line.looking = true);
        set_timeout(move || self.look(), wait);
    }

    /// Lets those look who are to.
    fn look(self) {
        self.line.update_value(|line| line.looking = false);
        if document().hidden() || self.is_left() {
            return;
        }
        if is_sending() {
            self.look_in(MOMENT);
            return;
        }
        self.look_unless(is_held(), is_typing());
    }

    /// Shows what was kept back, once the page knows that nothing is held any more.
    pub fn release(self) {
        let look = move || {
            if self.held.get_untracked() {
                self.look();
            }
        };
        set_timeout(look, Duration::ZERO);
    }

    fn look_unless(self, held: bool, typing: bool) {
        let split = self.waiting.try_update_value(|waiting| {
            let due = |one: &&mut Waiting| one.due && !held && !(one.gently && typing);
            let now: Vec<_> = waiting.iter_mut().filter(due).map(|one| (std::mem::take(&mut one.due), one.heard).1).collect();
            (now, waiting.iter().any(|one| one.due))
        });
        let Some((looking, held)) = split else { return };
        if !looking.is_empty() {
            self.line.update_value(|line| line.looked = now());
        }
        self.held.set(held);
        for heard in looking {
            let _ = heard.try_update(|times| *times += 1);
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_place_is_an_item_or_a_board() {
        assert_eq!(super::place("/orgs/a/products/p/ideas/1/edit"), "/orgs/a/products/p/ideas/1");
        assert_eq!(super::place("/orgs/a/products/p/ideas/board"), "/orgs/a/products/p/ideas/board");
        assert_eq!(super::place("/orgs/a/products/p/ideas"), "");
    }
}
