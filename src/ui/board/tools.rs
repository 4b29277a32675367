//! What is done on a board beside moving cards: adding one, changing one, and changing all that are ticked. Each is a plain
//! form; with scripts the board stays where it is.

use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::html::{Form, Select};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::calls::{Head, Tools, read};
use super::desk::Desk;
use super::drag::{around, card_of, target};
use super::model::Card;
use crate::kernel::call::post;
use crate::kernel::error::AppError;
use crate::kernel::text::query_value;
use crate::kernel::version::Edited;
use crate::ui::encode::encoded;
use crate::ui::form::{Returned, VERSION};

const FORM: &str = "application/x-www-form-urlencoded";
/// The name of the form that the ticked cards belong to.
const MANY: &str = "board-many";

/// What goes with every form of a board, as hidden fields.
pub fn hidden(fields: &[(&'static str, String)]) -> AnyView {
    fields.iter().map(|(name, value)| view! { <input type="hidden" name=*name value=value.clone() /> }).collect_view().into_any()
}

/// The form that the server refused, if it was this one.
pub(super) fn own<'a>(returned: Option<&'a Returned>, path: &str, fields: &[(&str, &str)]) -> Option<&'a Returned> {
    returned.filter(|returned| returned.function == path && fields.iter().all(|(name, is)| returned.value(name) == *is))
}

/// That there is no place any more for a card that was to be added.
pub(super) const NO_LANE: &str = "Its lane is not there any more.";
const NO_CARD: &str = "This card is not there any more.";

/// What is wrong with a form, beside its title or as a whole; `gone` tells what is not there.
pub(super) fn told(error: &AppError, gone: &'static str, priorities: &[(&'static str, &'static str)]) -> String {
    let stale = match error {
        AppError::Stale(stale) => stale,
        AppError::NotFound => return gone.to_owned(),
        error => return error.of_field("title").unwrap_or_else(|| error.told()),
    };
    let named = |value: &str| priorities.iter().find(|(word, _)| *word == value).map(|(_, label)| (*label).to_owned());
    let saved = stale.differences.iter().map(|difference| match difference.field.as_str() {
        "priority" => format!("{} {}", difference.label, named(&difference.value).unwrap_or_default()),
        _ => format!("{} “{}”", difference.label, difference.value),
    });
    format!("Somebody else has changed this meanwhile. Saved now: {}. Save again to keep yours.", saved.collect::<Vec<_>>().join(", "))
}

/// A form that gives a card.
#[derive(Clone, Copy)]
struct CardForm {
    path: &'static str,
    /// What it says when that is gone which it is about.
    gone: &'static str,
    /// What is wrong with it.
    error: RwSignal<Option<String>>,
    /// That of the card that it was filled from; once the server has told what is saved now, that of this.
    version: RwSignal<String>,
    priorities: StoredValue<Vec<(&'static str, &'static str)>>,
    /// Whether it is on its way.
    busy: StoredValue<bool>,
}

impl CardForm {
    fn new(path: &'static str, gone: &'static str, tools: &Tools, refused: Option<&Returned>, version: String) -> CardForm {
        let sent = refused.map(|returned| returned.error.version().unwrap_or_else(|| returned.value(VERSION).to_owned()));
        CardForm {
            path,
            gone,
            error: RwSignal::new(refused.map(|returned| told(&returned.error, gone, &tools.priorities))),
            version: RwSignal::new(sent.unwrap_or(version)),
            priorities: StoredValue::new(tools.priorities.clone()),
            busy: StoredValue::new(false),
        }
    }

    fn told(self, error: &AppError) -> String {
        self.priorities.try_with_value(|priorities| told(error, self.gone, priorities)).unwrap_or_default()
    }

    fn is_wrong(self) -> String {
        self.error.with(Option::is_some).to_string()
    }

    /// Sends it and hands the card on, or says what is wrong: beside the field or, if it is not the field's fault, above the
    /// board, which is read again then.
    fn send(self, desk: Desk, event: &SubmitEvent, done: impl FnOnce(Card) + 'static) {
        event.prevent_default();
        event.stop_propagation();
        let Some(body) = encoded(event).filter(|_| !self.busy.get_value()) else { return };
        self.busy.set_value(true);
        spawn_local(async move {
            let card = post(self.path, FORM, body).await.and_then(|answer| read::<Card>(&answer.text));
            let _ = self.busy.try_set_value(false);
            let _ = self.error.try_set(card.as_ref().err().map(|error| self.told(error)));
            match card {
                Ok(card) => done(card),
                Err(AppError::Validation(_)) => {}
                Err(AppError::Stale(stale)) => drop(self.version.try_set(stale.version)),
                Err(error) => {
                    let _ = desk.failure.try_set(Some(self.told(&error)));
                    desk.read_again().await;
                }
            }
        });
    }
}

impl Desk {
    fn added(self, lane: usize, card: Card) {
        let title = card.title.clone();
        let Some(Some(at)) = self.lanes.try_update(|lanes| lanes.append(lane, card)) else { return };
        self.said.set(format!("“{title}” is added. {}.", self.place(at)));
        request_animation_frame(move || self.reveal(at));
    }

    fn changed(self, card: Card) {
        let (id, title) = (card.id.clone(), card.title.clone());
        self.let_go(&id);
        if self.lanes.try_update(|lanes| lanes.renew(card)).is_none() {
            return;
        }
        self.said.set(format!("“{title}” is changed."));
        self.focus(&id);
        // What was changed may be what the lanes are of.
        if self.rows() > 1 {
            spawn_local(self.read_again());
        }
    }

    /// Ticks a card, or no longer.
    pub fn tick(self, id: &str) {
        let card = self.lanes.with_untracked(|lanes| lanes.find(id).and_then(|at| lanes.card(at).cloned()));
        let Some(card) = card.filter(|_| self.has_tools()) else { return };
        self.ticked.update(|ticked| match ticked.iter().position(|one| one == id) {
            Some(at) => drop(ticked.remove(at)),
            None => ticked.push(id.to_owned()),
        });
        let (is, count) = self.ticked.with_untracked(|ticked| (ticked.iter().any(|one| one == id), ticked.len()));
        let is = if is { "selected" } else { "no longer selected" };
        self.said.set(format!("“{}” is {is}. {count} selected.", card.title));
    }

    /// A click on a card, beside its title, with a key held down.
    pub fn click(self, event: &MouseEvent) {
        let held = event.ctrl_key() || event.meta_key() || event.shift_key();
        if let Some(target) = target(event).filter(|target| held && around(target, "a, button, summary, .card-pop").is_none())
            && let Some(id) = card_of(&target)
        {
            event.prevent_default();
            self.tick(&id);
        }
    }

    /// Does to all ticked cards what was chosen.
    fn send_many(self, path: &'static str, fields: &[(&'static str, String)], action: String) {
        let ids = self.ticked.get_untracked();
        let count = ids.len();
        let own = ids.into_iter().map(|id| ("form[ids][]", id)).chain([("form[action]", action)]);
        let pairs: Vec<String> =
            fields.iter().cloned().chain(own).map(|(name, value)| format!("{}={}", query_value(name), query_value(&value))).collect();
        spawn_local(async move {
            let outcome = post(path, FORM, pairs.join("&")).await;
            let _ = self.failure.try_set(outcome.as_ref().err().map(AppError::told));
            if outcome.is_ok() {
                let _ = self.ticked.try_set(Vec::new());
                let _ = self.said.try_set(format!("{count} cards are changed."));
            }
            self.read_again().await;
        });
    }
}

/// The line at a column's foot that adds a card.
pub fn add_view(
    desk: Desk,
    lane: usize,
    head: &Head,
    tools: &Tools,
    fields: &[(&'static str, String)],
    returned: Option<&Returned>,
) -> AnyView {
    let label = format!("Add a {} to {}", tools.noun, head.full_label());
    let refused = own(returned, tools.add, &[("column", head.key), ("lane", &head.lane.key)]);
    let sent = CardForm::new(tools.add, NO_LANE, tools, refused, String::new());
    let (form, noted) = (NodeRef::<Form>::new(), format!("add-{lane}-error"));
    let submit = move |event: SubmitEvent| {
        sent.send(desk, &event, move |card| {
            if let Some(form) = form.try_get_untracked().flatten() {
                form.reset();
            }
            desk.added(lane, card);
        });
    };
    view! {
        <form class="lane-add" action=tools.add method="post" node_ref=form on:submit=submit>
            {hidden(fields)}
            <input type="hidden" name="form[column]" value=head.key />
            <input type="hidden" name="form[lane]" value=head.lane.key.clone() />
            <input
                name="form[title]"
                aria-label=label
                placeholder=format!("Add a {}", tools.noun)
                value=refused.map(|returned| returned.value("title").to_owned()).unwrap_or_default()
                autocomplete="off"
                dir="auto"
                aria-invalid=move || sent.is_wrong()
                aria-describedby=noted.clone()
            />
            <button class="button small">"Add"</button>
            <p class="field-error" id=noted>{move || sent.error.get()}</p>
        </form>
    }
    .into_any()
}

/// The form that changes this card, if the server refused it.
pub fn refused_change<'a>(card: &Card, tools: &Tools, returned: Option<&'a Returned>) -> Option<&'a Returned> {
    own(returned, tools.change, &[("card", &card.id)])
}

/// What a card's menu has beside the ways to move it: its tick, and the form that changes it.
pub fn change_view(desk: Desk, card: &Card, tools: &Tools, fields: &[(&'static str, String)], returned: Option<&Returned>) -> AnyView {
    let refused = refused_change(card, tools, returned);
    let sent = CardForm::new(tools.change, NO_CARD, tools, refused, card.version());
    let priority = refused.map_or(card.priority.as_str(), |returned| returned.value("priority"));
    let noted = format!("change-{}-error", card.id);
    let option = |(word, label): &(&'static str, &'static str)| view! { <option value=*word selected=priority == *word>{*label}</option> };
    let (tick, is_ticked) = (card.id.clone(), card.id.clone());
    view! {
        <label class="check">
            <input
                type="checkbox"
                name="form[ids][]"
                form=MANY
                value=card.id.clone()
                prop:checked=move || desk.ticked.with(|ticked| ticked.contains(&is_ticked))
                on:change=move |_| desk.tick(&tick)
            />
            "Select"
        </label>
        <form class="card-change" action=tools.change method="post" on:submit=move |event| sent.send(desk, &event, move |card| desk.changed(card))>
            {hidden(fields)}
            <input type="hidden" name="id" value=card.id.clone() />
            <input type="hidden" name="version" value=move || sent.version.get() autocomplete="off" />
            <input type="hidden" name="form[card]" value=card.id.clone() />
            <label>
                "Title"
                <input
                    name="form[title]"
                    value=refused.map_or(card.title.as_str(), |returned| returned.value("title")).to_owned()
                    autocomplete="off"
                    dir="auto"
                    aria-invalid=move || sent.is_wrong()
                    aria-describedby=noted.clone()
                />
            </label>
            <p class="field-error" id=noted>{move || sent.error.get()}</p>
            <label>"Priority"<select name="form[priority]">{tools.priorities.iter().map(option).collect_view()}</select></label>
            <button class="button small">"Save"</button>
        </form>
    }
    .into_any()
}

/// The bar that does something to all ticked cards. With scripts it comes with the first tick.
#[component]
pub fn ManyBar(desk: Desk, tools: Tools, fields: Vec<(&'static str, String)>) -> impl IntoView {
    let heads = desk.heads();
    let columns = heads
        .iter()
        .take(desk.width)
        .map(|head| view! { <option value=format!("to:{}", head.key)>{format!("Move to {}", head.label)}</option> })
        .collect_view();
    let priorities = tools
        .priorities
        .iter()
        .map(|(word, label)| view! { <option value=format!("priority:{word}")>{format!("Set priority to {label}")}</option> })
        .collect_view();
    let (path, idle) = (tools.many, move || desk.ticked.with(Vec::is_empty).then_some("true"));
    let (kept, action) = (fields.clone(), NodeRef::<Select>::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(action) = action.get_untracked() {
            desk.send_many(path, &kept, action.value());
        }
    };
    view! {
        <form id=MANY class="board-bar" action=path method="post" data-idle=idle aria-label="Selected cards" on:submit=submit>
            {hidden(&fields)}
            <span class="scripted">{move || format!("{} selected", desk.ticked.with(Vec::len))}</span>
            <select name="form[action]" aria-label="What to do with the selected cards" node_ref=action>{columns}{priorities}</select>
            <button class="button small primary">"Apply"</button>
            <button class="button small scripted" type="button" on:click=move |_| desk.ticked.set(Vec::new())>"Clear"</button>
        </form>
    }
}
