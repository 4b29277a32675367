//! The cards of a board as far as they are known, and what a drag makes of them. No screen is needed for any of it.

use std::sync::Arc;

use super::model::{CARDS_MORE, Card, Column};

/// A place on the board: the column, and the place in it, both from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub lane: usize,
    pub slot: usize,
}

/// A card on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    pub card: Arc<Card>,
    pub from: Place,
    /// Where it would come to stand, in its column without it.
    pub to: Place,
}

/// What is shown at one place of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Tells it apart from whatever else is shown in the column.
    pub key: String,
    /// `None` until the card is known.
    pub card: Option<Arc<Card>>,
    pub lifted: bool,
    /// The ids of the cards above and below, as far as they are known.
    pub above: Option<String>,
    pub below: Option<String>,
}

/// The columns; a card that is not known yet has its place all the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lanes(Vec<Vec<Option<Arc<Card>>>>);

impl Lanes {
    /// The columns in the order of these keys.
    pub fn of(keys: &[impl AsRef<str>], columns: Vec<Column>) -> Lanes {
        let mut lanes = Lanes(vec![Vec::new(); keys.len()]);
        for column in columns {
            if let Some(lane) = keys.iter().position(|key| key.as_ref() == column.key).and_then(|at| lanes.0.get_mut(at)) {
                *lane = column.cards.into_iter().map(|card| Some(Arc::new(card))).collect();
                lane.resize(lane.len().max(usize::try_from(column.count).unwrap_or_default()), None);
            }
        }
        lanes
    }

    /// How many cards the column has.
    pub fn len(&self, lane: usize) -> usize {
        self.0.get(lane).map_or(0, Vec::len)
    }

    /// The card at a place, if it is known.
    pub fn card(&self, at: Place) -> Option<&Arc<Card>> {
        self.0.get(at.lane)?.get(at.slot)?.as_ref()
    }

    /// Where the card with this id is.
    pub fn find(&self, id: &str) -> Option<Place> {
        let slot_in = |lane: &Vec<Option<Arc<Card>>>| lane.iter().position(|card| card.as_ref().is_some_and(|card| card.id == id));
        self.0.iter().enumerate().find_map(|(lane, cards)| slot_in(cards).map(|slot| Place { lane, slot }))
    }

    /// Whether the card with this id is certainly not on the board: none of it is unknown.
    pub fn has_not(&self, id: &str) -> bool {
        self.find(id).is_none() && self.0.iter().flatten().all(Option::is_some)
    }

    /// Moves a card to a place in the columns without it.
    pub fn shift(&mut self, from: Place, to: Place) {
        let Some(lane) = self.0.get_mut(from.lane).filter(|lane| from.slot < lane.len()) else { return };
        let card = lane.remove(from.slot);
        if let Some(lane) = self.0.get_mut(to.lane) {
            lane.insert(to.slot.min(lane.len()), card);
        }
    }

    /// Adds a card at a column's end, unless it is on the board already; gives its place.
    pub fn append(&mut self, lane: usize, card: Card) -> Option<Place> {
        if let Some(at) = self.find(&card.id) {
            return Some(at);
        }
        let cards = self.0.get_mut(lane)?;
        cards.push(Some(Arc::new(card)));
        Some(Place { lane, slot: cards.len() - 1 })
    }

    /// Shows a card as it is now, where it stands.
    pub fn renew(&mut self, card: Card) {
        let Some(at) = self.find(&card.id) else { return };
        if let Some(slot) = self.0.get_mut(at.lane).and_then(|lane| lane.get_mut(at.slot)) {
            *slot = Some(Arc::new(card));
        }
    }

    /// Notes what the server says stands in a column from a place on. A card that had another place before has lost it.
    pub fn fill(&mut self, lane: usize, first: usize, cards: Vec<Card>) {
        let mut ids: Vec<&str> = cards.iter().map(|card| card.id.as_str()).collect();
        ids.sort_unstable();
        let is_new = |card: &Option<Arc<Card>>| card.as_ref().is_some_and(|card| ids.binary_search(&card.id.as_str()).is_ok());
        for (at, lane_cards) in self.0.iter_mut().enumerate() {
            if at == lane {
                lane_cards.iter_mut().filter(|card| is_new(card)).for_each(|card| *card = None);
            } else {
                lane_cards.retain(|card| !is_new(card));
            }
        }
        let Some(slots) = self.0.get_mut(lane) else { return };
        let end = first + cards.len();
        if cards.len() < CARDS_MORE || slots.len() < end {
            slots.resize(end, None);
        }
        for (slot, card) in slots.iter_mut().skip(first).zip(cards) {
            *slot = Some(Arc::new(card));
        }
    }

    /// The first card between two places of a column that is not known.
    pub fn unknown(&self, lane: usize, start: usize, end: usize) -> Option<usize> {
        let slots = self.0.get(lane)?;
        (start..end.min(slots.len())).find(|slot| slots.get(*slot).is_some_and(Option::is_none))
    }

    /// Whether a carried card has been taken out of this column.
    fn taken(&self, lane: usize, carried: Option<&Carried>) -> Option<usize> {
        let carried = carried.filter(|carried| carried.from.lane == lane)?;
        self.card(carried.from).is_some_and(|card| card.id == carried.card.id).then_some(carried.from.slot)
    }

    /// How many cards the column shows while one is carried.
    pub fn shown_len(&self, lane: usize, carried: Option<&Carried>) -> usize {
        let put = usize::from(carried.is_some_and(|carried| carried.to.lane == lane));
        self.len(lane) - usize::from(self.taken(lane, carried).is_some()) + put
    }

    /// What the column shows between two places while a card is carried.
    pub fn shown(&self, lane: usize, carried: Option<&Carried>, start: usize, end: usize) -> Vec<Shown> {
        let (taken, put) = (self.taken(lane, carried), carried.filter(|carried| carried.to.lane == lane));
        // The card itself at a place that is shown; `Err` for the carried one.
        let at = |slot: usize| match put {
            Some(carried) if carried.to.slot == slot => Err(carried),
            _ => {
                let slot = slot - usize::from(put.is_some_and(|carried| carried.to.slot < slot));
                let slot = slot + usize::from(taken.is_some_and(|taken| taken <= slot));
                Ok(self.card(Place { lane, slot }).cloned())
            }
        };
        let id = |slot: Option<usize>| match at(slot?) {
            Err(carried) => Some(carried.card.id.clone()),
            Ok(card) => card.map(|card| card.id.clone()),
        };
        (start..end.min(self.shown_len(lane, carried)))
            .map(|slot| {
                let (card, lifted) = match at(slot) {
                    Err(carried) => (Some(carried.card.clone()), true),
                    Ok(card) => (card, false),
                };
                let (above, below) = (id(slot.checked_sub(1)), id(Some(slot + 1)));
                let key = match &card {
                    _ if lifted => "lifted".to_owned(),
                    // The first card cannot go up, nor the last one down, so their buttons differ. So does a card that was changed.
                    Some(card) => {
                        let tags = card.tags.join(" ");
                        format!("card {} {} {} {} {tags} {}", above.is_some(), below.is_some(), card.id, card.note, card.title)
                    }
                    None => format!("place {slot}"),
                };
                Shown { key, card, lifted, above, below }
            })
            .collect()
    }

    /// The ids of the cards between which a card comes to stand, in the columns without it.
    pub fn neighbours(&self, from: Place, to: Place) -> (Option<String>, Option<String>) {
        let id = |slot: usize| {
            let slot = slot + usize::from(from.lane == to.lane && from.slot <= slot);
            self.card(Place { lane: to.lane, slot }).map(|card| card.id.clone())
        };
        (to.slot.checked_sub(1).and_then(id), id(to.slot))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn column(key: &str, count: i64, ids: &[&str]) -> Column {
        let card = |id: &&str| Card { id: (*id).into(), title: (*id).into(), ..Default::default() };
        Column { key: key.into(), count, cards: ids.iter().map(card).collect() }
    }

    fn board() -> Lanes {
        Lanes::of(&["A", "B"], vec![column("B", 3, &["x", "y", "z"]), column("A", 2, &["a", "b"]), column("C", 1, &["c"])])
    }

    fn ids(lanes: &Lanes, lane: usize, carried: Option<&Carried>) -> String {
        lanes.shown(lane, carried, 0, 99).iter().map(|shown| shown.card.as_ref().map_or("?", |card| card.id.as_str())).collect()
    }

    fn carried(lanes: &Lanes, from: (usize, usize), to: (usize, usize)) -> Carried {
        let place = |(lane, slot)| Place { lane, slot };
        Carried { card: lanes.card(place(from)).unwrap().clone(), from: place(from), to: place(to) }
    }

    #[test]
    fn columns_stand_in_the_order_of_their_keys() {
        assert_eq!((ids(&board(), 0, None).as_str(), ids(&board(), 1, None).as_str()), ("ab", "xyz"));
        assert_eq!(board().find("z"), Some(Place { lane: 1, slot: 2 }));
        assert_eq!(board().find("c"), None);
    }

    #[test]
    fn what_is_not_on_the_board_is_known_once_all_of_it_is() {
        assert_eq!([board().has_not("z"), board().has_not("gone")], [false, true]);
        let longer = Lanes::of(&["A"], vec![column("A", 3, &["a", "b"])]);
        assert_eq!([longer.has_not("a"), longer.has_not("perhaps")], [false, false]);
    }

    #[test]
    fn a_carried_card_is_shown_where_it_would_stand() {
        let lanes = board();
        let up = carried(&lanes, (1, 2), (1, 0));
        assert_eq!(ids(&lanes, 1, Some(&up)), "zxy");
        let across = carried(&lanes, (1, 0), (0, 2));
        assert_eq!((ids(&lanes, 0, Some(&across)).as_str(), ids(&lanes, 1, Some(&across)).as_str()), ("abx", "yz"));
        assert_eq!((lanes.shown_len(0, Some(&across)), lanes.shown_len(1, Some(&across))), (3, 2));
    }

    #[test]
    fn what_the_server_says_takes_the_place_of_what_was_there() {
        let mut lanes = Lanes::of(&["A", "B"], vec![column("A", 4, &["a", "b"]), column("B", 1, &["x"])]);
        assert_eq!(lanes.unknown(0, 0, 99), Some(2));
        lanes.fill(0, 2, column("", 0, &["b", "x", "c"]).cards);
        assert_eq!((ids(&lanes, 0, None).as_str(), ids(&lanes, 1, None).as_str()), ("a?bxc", ""));
        lanes.fill(0, 1, column("", 0, &["q"]).cards);
        assert_eq!((ids(&lanes, 0, None).as_str(), lanes.unknown(0, 0, 99)), ("aq", None), "fewer than were asked for are the last");
    }

    #[test]
    fn a_card_is_added_at_the_end_and_changed_in_its_place() {
        let mut lanes = board();
        let new = |id: &str, title: &str| Card { id: id.into(), title: title.into(), ..Default::default() };
        assert_eq!(lanes.append(0, new("n", "New")), Some(Place { lane: 0, slot: 2 }));
        assert_eq!(lanes.append(1, new("n", "New")), Some(Place { lane: 0, slot: 2 }), "it is there already");
        let before = lanes.shown(0, None, 0, 9);
        lanes.renew(new("n", "Newer"));
        let after = lanes.shown(0, None, 0, 9);
        assert_eq!((ids(&lanes, 0, None).as_str(), before[2].key == after[2].key), ("abn", false));
    }

    #[test]
    fn a_card_is_drawn_anew_when_anything_on_it_is_different() {
        let plain = Card { id: "a".into(), title: "A".into(), note: "1".into(), tags: vec!["Ada".into()], ..Default::default() };
        let key = |card: Card| {
            let mut lanes = board();
            lanes.renew(card);
            lanes.shown(0, None, 0, 1).remove(0).key
        };
        assert_eq!(key(plain.clone()), key(plain.clone()));
        for other in [
            Card { title: "B".into(), ..plain.clone() },
            Card { note: "2".into(), ..plain.clone() },
            Card { tags: vec!["Bob".into()], ..plain.clone() },
            Card { tags: Vec::new(), ..plain.clone() },
        ] {
            assert_ne!(key(other), key(plain.clone()));
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_while_carrying_is_what_comes_of_it(from in (0usize..2, 0usize..2), to in (0usize..2, 0usize..4)) {
            let mut lanes = board();
            let mut carried = carried(&lanes, from, to);
            let room = lanes.shown_len(to.0, Some(&carried)) - 1;
            carried.to.slot = carried.to.slot.min(room);
            let before: Vec<_> = (0..2).map(|lane| ids(&lanes, lane, Some(&carried))).collect();
            let shown = lanes.shown(to.0, Some(&carried), carried.to.slot, carried.to.slot + 1).remove(0);
            prop_assert_eq!(lanes.neighbours(carried.from, carried.to), (shown.above, shown.below));
            lanes.shift(carried.from, carried.to);
            let after: Vec<_> = (0..2).map(|lane| ids(&lanes, lane, None)).collect();
            prop_assert_eq!(before, after);
        }
    }
}
