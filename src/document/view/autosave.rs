//! What the editor does by itself while one writes: it keeps a draft on the server and shows what the text looks like.
//!
//! A key only notes when it was pressed. A slow clock looks whether anything is due, reads the text once, and sends it; what
//! comes back is shown only while nobody types, and only if it is something else, so that a long text never makes a key wait.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;
use server_fn::ServerFn;
use web_sys::js_sys::Reflect;

use crate::document::api::draft::{PreviewDocument, SaveDraft};
use crate::document::model::{DocumentType, DraftForm, Shown, too_long};
use crate::kernel::call::post;
use crate::kernel::error::AppError;
use crate::kernel::parts::{joined, split};
use crate::ui::form::{field_id, part_id};

/// How often the clock looks.
const TICK: Duration = Duration::from_millis(400);
/// How long nobody has to type until something is read and shown, in milliseconds.
const PAUSE: f64 = 500.0;
/// How long something typed is kept back at most, in milliseconds; with pauses, and without any.
const KEPT_BACK: f64 = 2_000.0;
const LONGEST: f64 = 6_000.0;

/// Which document is written.
#[derive(Clone)]
pub struct Written {
    pub org: String,
    pub product: String,
    /// Nothing for a new one.
    pub id: Option<String>,
    pub version: Option<i32>,
}

/// How it stands.
#[derive(Default)]
struct Line {
    /// When a key was pressed last, and when the first was that is not kept yet; in milliseconds.
    typed: f64,
    waiting: Option<f64>,
    /// Whether the text has changed since it was shown.
    unseen: bool,
    saving: bool,
    showing: bool,
    /// The form is on its way, and there is nothing more to keep.
    sent: bool,
}

/// What the editor keeps and shows.
#[derive(Clone, Copy)]
pub struct Autosave {
    line: StoredValue<Line>,
    written: StoredValue<Written>,
    /// When a draft was kept last, in words.
    pub kept: RwSignal<Option<String>>,
    /// Why none could be kept.
    pub failed: RwSignal<Option<String>>,
    /// Whether a field holds more than it would if the page were loaded anew.
    pub overfull: RwSignal<bool>,
    pub shown: RwSignal<Shown>,
}

fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// What stands in the field with this id, if there is one.
fn read(id: &str) -> Option<String> {
    let field = document().get_element_by_id(id)?;
    Reflect::get(&field, &"value".into()).ok()?.as_string()
}

/// What stands in a field.
fn value(name: &str) -> String {
    read(&field_id(name)).unwrap_or_default()
}

/// What stands in each field of the text.
fn text() -> Vec<String> {
    (0..).map_while(|at| read(&part_id("content", at))).collect()
}

/// The text of all its fields.
fn whole(parts: &[String]) -> String {
    joined(parts.iter().map(String::as_str))
}

/// Puts something else in a signal's place; what is the same wakes nobody.
fn renew<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_with_untracked(|now| *now != value).unwrap_or_default() {
        let _ = signal.try_set(value);
    }
}

async fn call<T: DeserializeOwned>(path: &'static str, arguments: impl serde::Serialize) -> Result<T, AppError> {
    let body = serde_json::to_string(&arguments).unwrap_or_default();
    let answer = post(path, "application/json", body).await?;
    serde_json::from_str(&answer.text).map_err(|_| AppError::Conflict("This page is older than the server.".into()))
}

impl Autosave {
    /// Begins to watch, for as long as the page is there.
    pub fn new(written: Written, shown: Shown) -> Autosave {
        let autosave = Autosave {
            line: StoredValue::new(Line::default()),
            written: StoredValue::new(written),
            kept: RwSignal::new(None),
            failed: RwSignal::new(None),
            overfull: RwSignal::new(false),
            shown: RwSignal::new(shown),
        };
        Effect::new(move || {
            let ticking = set_interval_with_handle(move || autosave.tick(), TICK);
            on_cleanup(move || {
                if let Ok(ticking) = ticking {
                    ticking.clear();
                }
            });
        });
        autosave
    }

    /// Something was typed or chosen.
    pub fn typed(self) {
        let at = now();
        self.line.update_value(|line| {
            line.typed = at;
            line.waiting.get_or_insert(at);
            (line.unseen, line.sent) = (true, false);
        });
    }

    /// The form is on its way.
    pub fn sent(self) {
        self.line.update_value(|line| line.sent = true);
    }

    fn tick(self) {
        let at = now();
        let due = self.line.try_update_value(|line| {
            let paused = at - line.typed >= PAUSE;
            let waited = line.waiting.map_or(0.0, |since| at - since);
            let saves = !line.sent && !line.saving && ((paused && waited >= KEPT_BACK) || waited >= LONGEST);
            // Both read the whole text: one at a time, so that neither makes a frame late.
            let shows = line.unseen && !line.showing && paused && !saves;
            if saves {
                (line.saving, line.waiting) = (true, None);
            }
            if shows {
                (line.showing, line.unseen) = (true, false);
            }
            (saves, shows)
        });
        let Some((saves, shows)) = due else { return };
        if saves {
            spawn_local(self.save());
        }
        if shows {
            spawn_local(self.show());
        }
    }

    async fn save(self) {
        let Some(Written { org, product, id, version }) = self.written.try_get_value() else { return };
        let kind = DocumentType::parse(&value("kind")).unwrap_or_default();
        let parts = text();
        renew(self.overfull, parts.iter().any(|part| split(part).len() > 1));
        let form = DraftForm { kind, title: value("title"), content: whole(&parts), note: value("note"), version };
        // What is too long is not sent to be told so.
        let outcome: Result<Option<String>, AppError> = match form.validate() {
            Ok(form) => call(SaveDraft::PATH, SaveDraft { org, product, id, form }).await,
            Err(error) => Err(error),
        };
        // The person may have left the page meanwhile.
        let _ = self.line.try_update_value(|line| {
            line.saving = false;
            if outcome.is_err() {
                line.waiting.get_or_insert(now());
            }
        });
        match outcome {
            Ok(kept) => {
                renew(self.kept, kept);
                renew(self.failed, None);
            }
            Err(error) => renew(self.failed, Some(error.told())),
        }
    }

    async fn show(self) {
        let Some(Written { org, .. }) = self.written.try_get_value() else { return };
        let content = whole(&text());
        let shown: Result<Shown, AppError> = match too_long(&content) {
            Some(told) => Ok(Shown::Refused(told)),
            None => call(PreviewDocument::PATH, PreviewDocument { org, content }).await,
        };
        let at = now();
        let quiet = self.line.try_update_value(|line| {
            line.showing = false;
            let quiet = at - line.typed >= PAUSE;
            line.unseen |= !quiet;
            quiet
        });
        if let (Some(true), Ok(shown)) = (quiet, shown) {
            renew(self.shown, shown);
        }
    }
}
