//! The stream itself: how it is opened, given up and tried again.

use std::cell::RefCell;
use std::time::Duration;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::js_sys::Math;
use web_sys::{EventSource, MessageEvent};

use super::{Live, milliseconds, now, place};
use crate::kernel::text::query_value;

/// How long a page may be hidden until its stream is given up: a browser has few connections for all its tabs.
const HIDDEN: Duration = Duration::from_secs(10);
/// How long a break may last until it is told.
const BREAK: Duration = Duration::from_secs(2);
/// The first wait before another try, which doubles, and the longest; in milliseconds.
const RETRY: f64 = 500.0;
const LONGEST: f64 = 30_000.0;
/// What a page is told of the time before its stream began, in milliseconds.
const AGE: f64 = 30_000.0;

thread_local! {
    /// The stream. A browser has one thread, and only it comes here.
    static STREAM: RefCell<Option<EventSource>> = const { RefCell::new(None) };
}

impl Live {
    fn address(self) -> String {
        let at = place(&self.path.get_untracked());
        self.line.update_value(|line| line.at.clone_from(&at));
        self.line.with_value(|line| {
            let since = match &line.last {
                Some(id) => format!("last={}", query_value(id)),
                None => format!("ago={}", now().min(AGE) as u64),
            };
            format!("/events?org={}&at={}&{since}", query_value(&line.org), query_value(&at))
        })
    }

    pub(super) fn open(self) {
        self.shut();
        self.line.update_value(|line| line.left = false);
        if self.line.with_value(|line| line.over) {
            return;
        }
        if document().hidden() {
            // Whoever looks at the page opens it.
            self.line.update_value(|line| line.missed = true);
            return;
        }
        let Ok(stream) = EventSource::new(&self.address()) else { return };
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event| self.hear(&event)).into_js_value();
        for name in ["message", "hello", "here", "reset", "end"] {
            let _ = stream.add_event_listener_with_callback(name, heard.unchecked_ref());
        }
        let failed = Closure::<dyn Fn()>::new(move || self.failed()).into_js_value();
        stream.set_onerror(Some(failed.unchecked_ref()));
        STREAM.with_borrow_mut(|kept| *kept = Some(stream));
    }

    pub(super) fn shut(self) {
        self.line.update_value(|line| {
            line.turn += 1;
            line.stream = None;
        });
        if let Some(stream) = STREAM.with_borrow_mut(Option::take) {
            stream.set_onerror(None);
            stream.close();
        }
    }

    /// Does something later, unless something else becomes of the stream before.
    pub(super) fn later(self, wait: Duration, act: impl FnOnce() + 'static) {
        let turn = self.line.with_value(|line| line.turn);
        let act = move || {
            if self.line.with_value(|line| line.turn == turn) {
                act();
            }
        };
        set_timeout(act, wait);
    }

    /// Tries again after a while, each time a longer one. The browser's own way would lose what was heard of last.
    pub(super) fn failed(self) {
        if self.line.with_value(|line| line.over) {
            return;
        }
        self.shut();
        let failures = self.line.try_update_value(|line| {
            line.missed = true;
            line.failures += 1;
            line.failures
        });
        let failures = failures.unwrap_or(1);
        if failures == 1 {
            let broken = move || self.line.with_value(|line| line.failures > 0 && !line.over);
            set_timeout(move || self.offline.set(broken()), BREAK);
        }
        let wait = (RETRY * 2f64.powi((failures - 1).min(10))).min(LONGEST);
        // Not all of those who were cut off come back at the same moment.
        self.later(milliseconds(wait * (0.5 + Math::random())), move || self.open());
    }

    /// The page was hidden, or is seen again.
    pub(super) fn turned(self) {
        if !document().hidden() {
            match STREAM.with_borrow(Option::is_none) {
                true => self.open(),
                false => self.look(),
            }
            return;
        }
        self.later(HIDDEN, move || {
            if document().hidden() {
                self.line.update_value(|line| line.missed = true);
                self.shut();
            }
        });
    }
}
