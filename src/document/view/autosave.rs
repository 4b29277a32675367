//! What the editor does by itself while one writes: it keeps a draft on the server and shows what the text looks like.
//!
//! A key only notes when it was pressed. A slow clock looks whether anything is due, reads the text once, and sends it; what
//! comes back is shown only while nobody types, so that a long text never makes a key wait.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;
use server_fn::ServerFn;
use web_sys::js_sys::Reflect;

use crate::document::api::draft::{PreviewDocument, SaveDraft};
use crate::document::model::{DocumentType, DraftForm, Shown};
use crate::kernel::call::post;
use crate::kernel::error::AppError;
use crate::ui::form::field_id;

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
    pub shown: RwSignal<Shown>,
}

fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// What stands in a field.
fn value(name: &str) -> String {
    let field = document().get_element_by_id(&field_id(name));
    field.and_then(|field| Reflect::get(&field, &"value".into()).ok()).and_then(|value| value.as_string()).unwrap_or_default()
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
            let shows = line.unseen && !line.showing && paused;
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
        let form = DraftForm { kind, title: value("title"), content: value("content"), note: value("note"), version };
        let outcome: Result<Option<String>, AppError> = call(SaveDraft::PATH, SaveDraft { org, product, id, form }).await;
        // The person may have left the page meanwhile.
        let _ = self.line.try_update_value(|line| {
            line.saving = false;
            if outcome.is_err() {
                line.waiting.get_or_insert(now());
            }
        });
        match outcome {
            Ok(kept) => {
                let _ = self.kept.try_set(kept);
                let _ = self.failed.try_set(None);
            }
            Err(error) => {
                let _ = self.failed.try_set(Some(error.told()));
            }
        }
    }

    async fn show(self) {
        let Some(Written { org, .. }) = self.written.try_get_value() else { return };
        let shown: Result<Shown, AppError> = call(PreviewDocument::PATH, PreviewDocument { org, content: value("content") }).await;
        let at = now();
        let quiet = self.line.try_update_value(|line| {
            line.showing = false;
            let quiet = at - line.typed >= PAUSE;
            line.unseen |= !quiet;
            quiet
        });
        if let (Some(true), Ok(shown)) = (quiet, shown) {
            let _ = self.shown.try_set(shown);
        }
    }
}
