//! What a slice gives a board: its columns, and the calls that read and change it.

use std::pin::Pin;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use server_fn::ServerFn;

use super::model::{Card, Column, LaneName, cell};
use crate::kernel::call::run;
use crate::kernel::error::AppError;

/// What the slice knows of a column.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// Its name on the wire.
    pub key: &'static str,
    /// Its name on the screen.
    pub label: &'static str,
    /// The keys of the columns that a card may go to from here.
    pub next: Vec<&'static str>,
    /// Where all its cards are listed, for browsers without scripts.
    pub list: String,
    /// How many cards it is to hold at most.
    pub limit: Option<usize>,
    /// The lane whose part of the column this is; filled in by the board.
    pub lane: LaneName,
}

impl Head {
    /// Its name on the wire, with that of its lane.
    pub fn cell(&self) -> String {
        cell(self.key, &self.lane.key)
    }

    /// Its name on the screen, with that of its lane.
    pub fn full_label(&self) -> String {
        if self.lane.key.is_empty() { self.label.to_owned() } else { format!("{}, {}", self.label, self.lane.label) }
    }

    /// A number of cards, and what there is to say about it.
    pub fn count(&self, cards: usize) -> String {
        match self.limit {
            None => cards.to_string(),
            Some(limit) if cards > limit => format!("{cards} of {limit}, over the limit"),
            Some(limit) => format!("{cards} of {limit}"),
        }
    }
}

/// What a server function has been asked for.
pub type Asked<T> = Pin<Box<dyn Future<Output = Result<T, AppError>> + Send>>;

/// Asks a server function that reads, and takes from the answer what is needed.
pub fn ask<S, T>(arguments: &S, take: impl FnOnce(S::Output) -> T + Send + 'static) -> Asked<T>
where
    S: ServerFn<Error = AppError> + Serialize + DeserializeOwned + Send + 'static,
    S::Output: Serialize + DeserializeOwned + 'static,
    T: 'static,
{
    let asked = run::<S>(serde_json::to_string(arguments).unwrap_or_default());
    Box::pin(async move { read::<S::Output>(&asked.await?).map(take) })
}

/// Reads what a server function gave.
pub(super) fn read<T: DeserializeOwned>(json: &str) -> Result<T, AppError> {
    serde_json::from_str(json).map_err(|_| AppError::Conflict("This page is older than the server. Please load it again.".into()))
}

/// What can be done on a board beyond moving cards: the paths of server functions, which take the same `fields` as a move.
#[derive(Debug, Clone)]
pub struct Tools {
    /// What one card is, such as `task`.
    pub noun: &'static str,
    /// Adds a card. It takes `form[title]`, `form[column]` and `form[lane]`, and gives the card.
    pub add: &'static str,
    /// Changes a card. It takes `id`, the `version` that was shown, `form[title]` and `form[priority]`, and gives the card.
    pub change: &'static str,
    /// Changes many cards. It takes `form[ids][]` and `form[action]`: `to:` and a column's key, or `priority:` and a priority.
    pub many: &'static str,
    /// The priorities by word and name.
    pub priorities: Vec<(&'static str, &'static str)>,
}

/// Reads cards of a column from a place on.
pub type More = Arc<dyn Fn(&Head, i64) -> Asked<Vec<Card>> + Send + Sync>;

/// How a board reaches the server.
#[derive(Clone)]
pub struct Calls {
    /// The path of the server function that moves a card. It takes `id`, `to`, `lane`, `after` and `before`, and the `fields`
    /// below, and gives whether the cards it was told of were still there.
    pub put: &'static str,
    /// What else that function needs.
    pub fields: Vec<(&'static str, String)>,
    /// Reads all columns anew.
    pub all: Arc<dyn Fn() -> Asked<Vec<Column>> + Send + Sync>,
    /// Reads `CARDS_MORE` cards of this column from a place on, fewer only at its end.
    pub more: More,
    pub tools: Option<Tools>,
}
