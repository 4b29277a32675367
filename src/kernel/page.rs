//! Keyset pagination: the next page starts behind a row, not after a number of rows.

use serde::{Deserialize, Serialize};

/// Rows on a page of a list.
pub const PAGE_SIZE: i64 = 20;

/// The earliest and the latest that a row can have been made, as a key in milliseconds: 1970 to the year 9999.
pub const TIME_BOUNDS: (f64, f64) = (0.0, 253_402_300_799_000.0);

/// The furthest place that is counted on from; whoever writes a cursor of their own may have written anything.
const PLACE_MAX: i64 = 1_000_000_000_000;

/// The row behind which a page starts (or before which it ends), by its sort key and id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    /// The sort key of that row.
    pub key: f64,
    /// The row's id, which orders rows of equal key.
    pub id: String,
    /// The place of that row in the whole list, from 1; shown, never trusted.
    pub place: i64,
    /// Whether the page lies before the row instead of behind it.
    pub back: bool,
}

impl Cursor {
    /// The cursor as one word for an address. `f64` is written so that it reads back to the bit.
    pub fn encode(&self) -> String {
        let way = if self.back { "b" } else { "f" };
        format!("{way}_{:x}_{}_{}", self.key.to_bits(), self.place, self.id)
    }

    /// Reads what `encode` wrote; anything else is no cursor.
    pub fn decode(word: &str) -> Option<Cursor> {
        let mut parts = word.splitn(4, '_');
        let back = match parts.next()? {
            "b" => true,
            "f" => false,
            _ => return None,
        };
        let key = f64::from_bits(u64::from_str_radix(parts.next()?, 16).ok()?);
        let place = parts.next()?.parse().ok()?;
        let id = parts.next()?.to_owned();
        // A number less than a double holds in full is refused by the database's arithmetic, and no row has it.
        let key = Some(key).filter(|key| *key == 0.0 || key.is_normal())?;
        (!id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric())).then_some(Cursor { key, id, place, back })
    }
}

/// One page of a list, and the ways on and back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// The place of the first row in the whole list, from 1.
    pub first_place: i64,
    pub previous: Option<Cursor>,
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Which places of the list are shown, such as `21–40`; nothing on an empty page.
    pub fn range(&self) -> Option<String> {
        let count = self.rows.len() as i64;
        (count > 0).then(|| format!("{}–{}", self.first_place, self.first_place + count - 1))
    }

    /// Makes a page of the rows that a keyset query gave for `cursor` with `LIMIT PAGE_SIZE + 1`, nearest first.
    pub fn of(rows: Vec<T>, cursor: Option<&Cursor>, key: impl Fn(&T) -> (f64, String)) -> Page<T> {
        Page::sized(rows, PAGE_SIZE, cursor, key)
    }

    /// As `of`, for pages of another size.
    pub fn sized(mut rows: Vec<T>, size: i64, cursor: Option<&Cursor>, key: impl Fn(&T) -> (f64, String)) -> Page<T> {
        let more = rows.len() as i64 > size;
        rows.truncate(size as usize);
        let back = cursor.is_some_and(|c| c.back);
        if back {
            rows.reverse();
        }
        let count = rows.len() as i64;
        let place = cursor.map_or(0, |cursor| cursor.place.clamp(0, PLACE_MAX));
        let first_place = if back { (place - count).max(1) } else { place + 1 };
        let at = |row: &T, place, back| {
            let (key, id) = key(row);
            Cursor { key, id, place, back }
        };
        let (has_previous, has_next) = if back { (more, cursor.is_some()) } else { (cursor.is_some(), more) };
        Page {
            previous: rows.first().filter(|_| has_previous).map(|row| at(row, first_place, true)),
            next: rows.last().filter(|_| has_next).map(|row| at(row, first_place + count - 1, false)),
            rows,
            first_place,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_reads_back_to_the_bit(key in proptest::num::f64::NORMAL, place in 0i64..9999, back: bool) {
            let cursor = Cursor { key, id: "cabc123".into(), place, back };
            prop_assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        }

        #[test]
        fn any_word_is_a_cursor_or_none(word in ".{0,60}") {
            let _ = Cursor::decode(&word);
        }
    }

    #[test]
    fn no_key_is_less_than_a_number_in_full() {
        let of = |key: f64| Cursor { key, id: "c1".into(), place: 1, back: false };
        for key in [5e-324, -5e-324, 1e-310, f64::INFINITY, f64::NAN] {
            assert_eq!(Cursor::decode(&of(key).encode()), None, "{key}");
        }
        assert_eq!(Cursor::decode("b_1_1_cabc"), None);
        for key in [0.0, -0.0, f64::MIN_POSITIVE, f64::MAX] {
            assert_eq!(Cursor::decode(&of(key).encode()), Some(of(key)));
        }
    }

    #[test]
    fn a_page_knows_its_neighbours() {
        let key = |n: &i64| (*n as f64, n.to_string());
        let first = Page::of((0..21).collect(), None, key);
        assert_eq!((first.rows.len(), first.first_place, first.previous.is_some()), (20, 1, false));
        let cursor = first.next.expect("a next page");
        assert_eq!((cursor.key, cursor.place), (19.0, 20));
        let second = Page::of(vec![20, 21], Some(&cursor), key);
        assert_eq!((second.first_place, second.next.is_some()), (21, false));
        let back = second.previous.expect("a previous page");
        let again = Page::of((0..20).rev().collect(), Some(&back), key);
        assert_eq!((again.rows, again.first_place), ((0..20).collect::<Vec<_>>(), 1));
    }

    #[test]
    fn a_forged_place_is_a_place_all_the_same() {
        let key = |n: &i64| (*n as f64, n.to_string());
        for (place, back) in [i64::MAX, i64::MAX - 100, i64::MIN, -1].into_iter().flat_map(|place| [(place, false), (place, true)]) {
            let page = Page::of((0..21).collect(), Some(&Cursor { key: 0.0, id: "c1".into(), place, back }), key);
            assert!((1..=PLACE_MAX + 1).contains(&page.first_place), "{place} {back}");
            assert!(page.next.is_none_or(|next| next.place > 0));
        }
    }
}
