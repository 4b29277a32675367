//! What a server tells of a board.

use serde::{Deserialize, Serialize};

/// How many cards of each column come with the page.
pub const CARDS_FIRST: usize = 20;

/// How many further cards come at a time.
pub const CARDS_MORE: usize = 60;

/// What a card shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    pub id: String,
    pub title: String,
    /// A few words or a number at the card's end.
    pub note: String,
    pub tags: Vec<String>,
}

/// A column as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name on the wire.
    pub key: String,
    /// How many cards it has.
    pub count: i64,
    /// The first of them.
    pub cards: Vec<Card>,
}
