//! A board at work: what is on it, and what is on its way to the server.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::calls::{Calls, Head};
use super::lanes::{Carried, Lanes, Place};
use super::model::{CARDS_FIRST, Card, Column, LaneName};
use crate::kernel::call::post;
use crate::kernel::error::AppError;
use crate::kernel::text::query_value;
use crate::ui::live::Live;

/// A move that has been made on the screen and not yet on the server.
struct Move {
    card: Arc<Card>,
    from: Place,
    body: String,
}

/// The places of a column that are in the page, from the first to before the last.
type Window = RwSignal<(usize, usize)>;

/// The state of a board, and what is done with it. With lanes, its columns are those of the first lane, then those of the
/// second, and so on.
#[derive(Clone, Copy)]
pub struct Desk {
    pub lanes: RwSignal<Lanes>,
    pub carried: RwSignal<Option<Carried>>,
    /// What a screen reader is to say next.
    pub said: RwSignal<String>,
    /// What went wrong last.
    pub failure: RwSignal<Option<String>>,
    /// The ids of the cards that are ticked.
    pub ticked: RwSignal<Vec<String>>,
    /// The ids of the cards in whose menus somebody is writing.
    pub writing: RwSignal<Vec<String>>,
    /// Whether the board is to be read again when nothing stands against it.
    old: RwSignal<bool>,
    pub root: NodeRef<Div>,
    /// How many columns each lane has.
    pub width: usize,
    heads: StoredValue<Arc<[Head]>>,
    windows: StoredValue<Arc<[Window]>>,
    calls: StoredValue<Calls>,
    /// Moves go out one after the other, for each counts on those before it. They go out even if the page is left.
    queue: StoredValue<Arc<Mutex<VecDeque<Move>>>>,
    busy: RwSignal<bool>,
}

impl Desk {
    pub fn new(heads: Vec<Head>, lanes: &[LaneName], columns: Vec<Column>, calls: Calls, failure: Option<AppError>) -> Desk {
        let width = heads.len().max(1);
        let in_lane = |lane: &LaneName| heads.iter().map(|head| Head { lane: lane.clone(), ..head.clone() }).collect::<Vec<_>>();
        let heads = if lanes.is_empty() { heads } else { lanes.iter().flat_map(in_lane).collect() };
        let keys: Vec<_> = heads.iter().map(Head::cell).collect();
        let windows = heads.iter().map(|_| RwSignal::new((0, CARDS_FIRST))).collect();
        Desk {
            lanes: RwSignal::new(Lanes::of(&keys, columns)),
            carried: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            failure: RwSignal::new(failure.map(|error| error.told())),
            ticked: RwSignal::new(Vec::new()),
            writing: RwSignal::new(Vec::new()),
            old: RwSignal::new(false),
            root: NodeRef::new(),
            width,
            heads: StoredValue::new(heads.into()),
            windows: StoredValue::new(windows),
            calls: StoredValue::new(calls),
            queue: StoredValue::default(),
            busy: RwSignal::new(false),
        }
    }

    pub fn heads(self) -> Arc<[Head]> {
        self.heads.try_get_value().unwrap_or_default()
    }

    /// Whether cards are added and changed here, too.
    pub fn has_tools(self) -> bool {
        self.calls.try_with_value(|calls| calls.tools.is_some()).unwrap_or_default()
    }

    /// How many lanes there are; without lanes, one.
    pub fn rows(self) -> usize {
        self.heads().len() / self.width
    }

    /// Whether a card may go from one column to another.
    pub fn is_open(self, from: usize, to: usize) -> bool {
        let heads = self.heads();
        let open = |(from, to): (&Head, &Head)| from.key == to.key || from.next.contains(&to.key);
        heads.get(from).zip(heads.get(to)).is_some_and(open)
    }

    pub fn window(self, lane: usize) -> Option<RwSignal<(usize, usize)>> {
        self.windows.try_with_value(|windows| windows.get(lane).copied()).flatten()
    }

    /// How many cards a column shows just now.
    pub fn shown_len(self, lane: usize) -> usize {
        self.carried.with(|carried| self.lanes.with(|lanes| lanes.shown_len(lane, carried.as_ref())))
    }

    /// The number of cards of the whole column in words, and whether that is over its limit.
    pub fn column_count(self, lane: usize) -> (String, bool) {
        let cards = (lane % self.width..self.heads().len()).step_by(self.width).map(|lane| self.shown_len(lane)).sum();
        let heads = self.heads();
        heads.get(lane).map_or_else(Default::default, |head| (head.count(cards), head.limit.is_some_and(|limit| cards > limit)))
    }

    /// A place in words, and that its column holds more than it should.
    pub fn place(self, at: Place) -> String {
        let (of, (count, over)) = untrack(|| (self.shown_len(at.lane), self.column_count(at.lane)));
        let heads = self.heads();
        let (label, full) = heads.get(at.lane).map_or(("", String::new()), |head| (head.label, head.full_label()));
        let over = if over { format!(". {label} has {count}") } else { String::new() };
        format!("Place {} of {of} in {full}{over}", at.slot + 1)
    }

    /// Moves a card on the screen, and then on the server.
    pub fn put(self, card: Arc<Card>, from: Place, to: Place) {
        if from == to {
            return;
        }
        let (after, before) = self.lanes.with_untracked(|lanes| lanes.neighbours(from, to));
        let Some(mut pairs) = self.calls.try_with_value(|calls| calls.fields.clone()) else { return };
        let heads = self.heads();
        let Some(head) = heads.get(to.lane) else { return };
        pairs.extend([("id", card.id.clone()), ("to", head.key.to_owned())]);
        pairs.extend(Some(head.lane.key.clone()).filter(|lane| !lane.is_empty()).map(|lane| ("lane", lane)));
        pairs.extend(after.map(|id| ("after", id)));
        pairs.extend(before.map(|id| ("before", id)));
        let body = pairs.iter().map(|(name, value)| format!("{name}={}", query_value(value))).collect::<Vec<_>>().join("&");
        self.failure.set(None);
        self.lanes.update(|lanes| lanes.shift(from, to));
        self.send(Move { card, from, body });
    }

    fn send(self, next: Move) {
        let (Some(queue), Some(path)) = (self.queue.try_get_value(), self.calls.try_with_value(|calls| calls.put)) else { return };
        if let Ok(mut queue) = queue.lock() {
            queue.push_back(next);
        }
        if !self.busy.get_untracked() {
            self.busy.set(true);
            spawn_local(self.send_all(queue, path));
        }
    }

    async fn send_all(self, queue: Arc<Mutex<VecDeque<Move>>>, path: &'static str) {
        let (mut stale, mut refused) = (false, None);
        let next = || queue.lock().ok()?.pop_front();
        while let Some(sent) = next() {
            match post(path, "application/x-www-form-urlencoded", sent.body.clone()).await {
                Ok(answer) => stale |= answer.text != "true",
                Err(error) => {
                    stale = true;
                    self.undo(&sent, &error);
                    refused = Some(sent.card);
                }
            }
        }
        let _ = self.busy.try_set(false);
        if stale {
            self.read_again().await;
        }
        if let Some(card) = refused {
            self.lead_back(&card);
        }
    }

    /// Tells where a card is that was not moved, and leads the keyboard back to it, unless the person has gone on meanwhile.
    fn lead_back(self, card: &Card) {
        let Some(Some(at)) = self.lanes.try_with_untracked(|lanes| lanes.find(&card.id)) else { return };
        self.said.set(format!("“{}” is back. {}.", card.title, self.place(at)));
        let lost = document().active_element().is_none_or(|at| at.tag_name() == "BODY");
        if lost && self.carried.with_untracked(Option::is_none) {
            self.reveal(at);
            self.focus(&card.id);
        }
    }

    /// Takes a move back that the server has refused, and says why.
    fn undo(self, sent: &Move, error: &AppError) {
        let _ = self.lanes.try_update(|lanes| {
            if let Some(at) = lanes.find(&sent.card.id) {
                lanes.shift(at, sent.from);
            }
        });
        let _ = self.failure.try_set(Some(format!("“{}” was not moved. {error}", sent.card.title)));
    }

    /// Reads the board again when somebody has changed something of these kinds: not while a card is in somebody's hand, a move
    /// is on its way or a card's menu is written in, but right after.
    pub fn follow(self, kinds: &'static [&'static str]) {
        let Some(live) = use_context::<Live>() else { return };
        let heard = live.heard(kinds, None, false);
        Effect::new(move || {
            if heard.get() > 0 {
                // It waits by itself while somebody is writing, unless they ask to be shown all the same.
                self.writing.set(Vec::new());
                self.old.set(true);
            }
        });
        Effect::new(move || {
            if self.old.get() && !self.busy.get() && !self.is_writing() && self.carried.with(Option::is_none) {
                self.old.set(false);
                spawn_local(async move {
                    self.renew().await;
                    // A card that is gone took what was typed in it along, so nothing is kept back for that any more.
                    live.release();
                });
            }
        });
        self.release_when_written(live);
    }

    /// As `read_again`, but what was done meanwhile goes first.
    async fn renew(self) {
        let Some(all) = self.calls.try_with_value(|calls| calls.all.clone()) else { return };
        let Ok(columns) = all().await else { return };
        let in_hand = self.carried.try_with_untracked(Option::is_some).unwrap_or(true);
        if in_hand || self.busy.try_get_untracked() != Some(false) {
            let _ = self.old.try_set(true);
            return;
        }
        self.show(columns);
    }

    /// Shows the board as it stands now; later, if somebody is writing in it.
    fn show(self, columns: Vec<Column>) {
        if untrack(|| self.is_writing()) {
            let _ = self.old.try_set(true);
            return;
        }
        let keys: Vec<_> = self.heads().iter().map(Head::cell).collect();
        let lanes = Lanes::of(&keys, columns);
        // What is gone would have all that is ticked refused.
        let is_gone = |id: &String| lanes.has_not(id);
        if self.ticked.try_with_untracked(|ticked| ticked.iter().any(is_gone)) == Some(true) {
            self.ticked.update(|ticked| ticked.retain(|id| !is_gone(id)));
        }
        let _ = self.lanes.try_set(lanes);
    }

    /// Asks how the board really stands.
    pub async fn read_again(self) {
        let Some(all) = self.calls.try_with_value(|calls| calls.all.clone()) else { return };
        if let Ok(columns) = all().await
            // Meanwhile another move may have been made; its own end is looked after.
            && self.busy.try_get_untracked() == Some(false)
        {
            self.show(columns);
        }
    }

    /// Fetches the cards that are about to be seen and are not there yet. To be called once for each column.
    pub fn fetch_as_seen(self, lane: usize) {
        let fetching = StoredValue::new(false);
        Effect::new(move || {
            let (start, end) = self.window(lane).map(|window| window.get()).unwrap_or_default();
            let unknown = self.lanes.with(|lanes| lanes.unknown(lane, start, end));
            // While a move is on its way, the server may still count the places without it.
            if let Some(first) = unknown
                && !self.busy.get()
                && !fetching.get_value()
            {
                fetching.set_value(true);
                spawn_local(self.fetch(lane, first, fetching));
            }
        });
    }

    async fn fetch(self, lane: usize, first: usize, fetching: StoredValue<bool>) {
        let heads = self.heads();
        let (Some(head), Some(more)) = (heads.get(lane), self.calls.try_with_value(|calls| calls.more.clone())) else { return };
        let cards = more(head, first as i64).await;
        let _ = fetching.try_set_value(false);
        match cards {
            // A move that was made meanwhile has changed the places; they are asked for again when it is done.
            Ok(_) if self.busy.try_get_untracked() != Some(false) => {}
            Ok(cards) => {
                let _ = self.lanes.try_update(|lanes| lanes.fill(lane, first, cards));
            }
            Err(error) => {
                let _ = self.failure.try_set(Some(format!("Further cards could not be loaded. {error}")));
            }
        }
    }
}
