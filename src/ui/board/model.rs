//! What a server tells of a board.

use serde::{Deserialize, Serialize};

use crate::kernel::version::{Edited, Shown, shown};

/// How many cards of each column come with the page.
pub const CARDS_FIRST: usize = 20;

/// How many further cards come at a time.
pub const CARDS_MORE: usize = 60;

/// What a card shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Card {
    pub id: String,
    pub title: String,
    /// Its number among the items of its product, for its short name.
    pub number: Option<i32>,
    /// A few words or a number at the card's end.
    pub note: String,
    pub tags: Vec<String>,
    /// The word of its priority, where it can be changed on the board.
    pub priority: String,
}

/// What can be changed on the card itself.
impl Edited for Card {
    fn shown(&self) -> Vec<Shown> {
        vec![shown("title", "Title", self.title.as_str()), shown("priority", "Priority", self.priority.as_str())]
    }
}

/// A column as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name on the wire; on a board with lanes, as `cell` makes it.
    pub key: String,
    /// How many cards it has.
    pub count: i64,
    /// The first of them.
    pub cards: Vec<Card>,
}

impl Column {
    /// A column for each of these keys, with these numbers of cards and these cards, which come in the order of the keys.
    pub fn all(keys: &[impl AsRef<str>], counts: Vec<(String, i64)>, cards: impl IntoIterator<Item = (String, Card)>) -> Vec<Column> {
        let mut cards = cards.into_iter().peekable();
        let mut column = |key: &str| {
            let count = counts.iter().find(|(name, _)| name == key).map_or(0, |(_, count)| *count);
            let own = std::iter::from_fn(|| cards.next_if(|(name, _)| name == key)).map(|(_, card)| card).collect();
            Column { key: key.to_owned(), count, cards: own }
        };
        keys.iter().map(|key| column(key.as_ref())).collect()
    }
}

/// A row of a board with lanes: the cards that have something in common, whatever their column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneName {
    /// Its name on the wire.
    pub key: String,
    /// Its name on the screen.
    pub label: String,
}

/// The name on the wire of a column's part in a lane; that of the column itself where there are no lanes.
pub fn cell(column: &str, lane: &str) -> String {
    if lane.is_empty() { column.to_owned() } else { format!("{column} {lane}") }
}
