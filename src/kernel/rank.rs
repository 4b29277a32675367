//! An order that people make by hand, kept as one text per row.
//!
//! Each row has a rank, and rows stand in the order of their ranks as bytes (`COLLATE "C"`), then of their ids. To move a row
//! between two others it gets a rank between theirs, so that a move writes one row and no other. The idea is known as
//! fractional indexing: Evan Wallace, "Realtime editing of ordered sequences" (Figma, 2017); a whole part that is counted up
//! and down at the ends of the list is David Greenspan's, "Implementing fractional indexing" (2020).
//!
//! A rank is a number in base 62: `WHOLE` digits of a whole part, and then a fraction that does not end in the digit 0, for
//! there is nothing between `x` and `x0`. The database gives a new row the microseconds since 1970 in base 16, whose digits
//! are digits here too, so that new rows stand last.

/// Digits of the whole part.
pub const WHOLE: usize = 14;

/// The longest rank in bytes. The same gap can be halved over 400 times before that is reached.
pub const LONGEST: usize = 100;

/// The digits, in the order of their bytes.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE: u8 = 62;

/// A rank between two others; without one of them, before the first or behind the last.
///
/// `None` when there is no room: the two are equal or in the wrong order, one of them is no rank, or the new one would be
/// longer than `LONGEST`. Then the list's ranks have to be spread anew.
pub fn between(lower: Option<&str>, upper: Option<&str>) -> Option<String> {
    let rank = match (lower, upper) {
        (None, None) => middle(),
        (Some(lower), None) => behind(&digits(lower)?),
        (None, Some(upper)) => before(&digits(upper)?)?,
        (Some(lower), Some(upper)) => amid(&digits(lower)?, &digits(upper)?)?,
    };
    (rank.len() <= LONGEST).then(|| rank.iter().filter_map(|digit| DIGITS.get(usize::from(*digit))).map(|byte| char::from(*byte)).collect())
}

/// The values of a rank's digits, if it is one.
fn digits(rank: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = rank.bytes().map(|byte| DIGITS.binary_search(&byte).ok().map(|digit| digit as u8)).collect();
    digits.filter(|digits| digits.len() == WHOLE || (digits.len() > WHOLE && digits.last() != Some(&0)))
}

/// A whole number with as much room below as above.
fn middle() -> Vec<u8> {
    let mut rank = vec![0; WHOLE];
    rank[0] = BASE / 2;
    rank
}

/// The next whole number; behind the highest, a fraction.
fn behind(lower: &[u8]) -> Vec<u8> {
    let mut rank = lower[..WHOLE].to_vec();
    for digit in rank.iter_mut().rev() {
        if *digit < BASE - 1 {
            *digit += 1;
            return rank;
        }
        *digit = 0;
    }
    let mut rank = Vec::new();
    push_above(&mut rank, lower);
    rank
}

/// The whole number before this; there is none before zero.
fn before(upper: &[u8]) -> Option<Vec<u8>> {
    let mut rank = upper[..WHOLE].to_vec();
    for digit in rank.iter_mut().rev() {
        if *digit > 0 {
            *digit -= 1;
            return Some(rank);
        }
        *digit = BASE - 1;
    }
    // Zero itself comes before zero and a fraction.
    (upper.len() > WHOLE).then(|| vec![0; WHOLE])
}

/// The shortest number about half-way between two.
fn amid(lower: &[u8], upper: &[u8]) -> Option<Vec<u8>> {
    let mut rank = Vec::new();
    for (at, high) in upper.iter().copied().enumerate() {
        let low = lower.get(at).copied().unwrap_or(0);
        if low > high {
            return None;
        }
        if high - low > 1 {
            rank.push(low + (high - low) / 2);
            rank.resize(rank.len().max(WHOLE), 0);
            return Some(rank);
        }
        rank.push(low);
        if low < high {
            // What begins like the lower one is below the upper one already.
            push_above(&mut rank, lower.get(at + 1..).unwrap_or_default());
            rank.resize(rank.len().max(WHOLE), 0);
            return Some(rank);
        }
    }
    None
}

/// Goes on with digits that are above these, half-way to the end of their range.
fn push_above(rank: &mut Vec<u8>, rest: &[u8]) {
    for digit in rest {
        if *digit < BASE - 1 {
            rank.push((digit + BASE) / 2);
            return;
        }
        rank.push(*digit);
    }
    rank.push(BASE / 2);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What the database gives the row of this number.
    fn given(number: u64) -> String {
        format!("{number:014x}")
    }

    /// A list as the database orders it.
    #[derive(Default)]
    struct List(Vec<(String, u32)>);

    impl List {
        fn of(count: u32) -> List {
            List((0..count).map(|id| (given(1_790_000_000_000_000 + u64::from(id)), id)).collect())
        }

        fn ids(&self) -> Vec<u32> {
            self.0.iter().map(|(_, id)| *id).collect()
        }

        /// Where the row stands between, for a rank to be made: the rank above and the one below.
        fn gap(&self, place: usize) -> (Option<String>, Option<String>) {
            let rank = |at: usize| self.0.get(at).map(|(rank, _)| rank.clone());
            (place.checked_sub(1).and_then(rank), rank(place))
        }

        fn put(&mut self, rank: String, id: u32) {
            self.0.push((rank, id));
            self.0.sort();
        }

        /// Moves a row to a place, by its rank alone; as the server does, all are spread anew where there is no room.
        fn shift(&mut self, from: usize, to: usize) {
            let (_, id) = self.0.remove(from);
            let (lower, upper) = self.gap(to);
            match between(lower.as_deref(), upper.as_deref()) {
                Some(rank) => self.put(rank, id),
                None => {
                    self.0.insert(to, (String::new(), id));
                    for (place, row) in self.0.iter_mut().enumerate() {
                        row.0 = given((place as u64 + 1) << 16);
                    }
                }
            }
        }
    }

    fn rank() -> impl Strategy<Value = String> {
        "[0-9A-Za-z]{14}([0-9A-Za-z]{0,5}[1-9A-Za-z])?"
    }

    proptest! {
        #[test]
        fn between_two_there_is_always_one(one in rank(), other in rank()) {
            prop_assume!(one != other);
            let (lower, upper) = if one < other { (one, other) } else { (other, one) };
            let new = between(Some(&lower), Some(&upper));
            prop_assert!(new.as_ref().is_some_and(|new| lower < *new && *new < upper), "{lower} {new:?} {upper}");
            prop_assert!(new.is_some_and(|new| digits(&new).is_some()));
            prop_assert_eq!(between(Some(&upper), Some(&lower)), None);
            prop_assert_eq!(between(Some(&upper), Some(&upper)), None);
        }

        #[test]
        fn at_the_ends_there_is_room(one in rank()) {
            prop_assert!(between(Some(&one), None).is_some_and(|new| new > one && digits(&new).is_some()));
            prop_assert!(between(None, Some(&one)).is_none_or(|new| new < one && digits(&new).is_some()));
        }

        #[test]
        fn any_text_is_a_rank_or_not(lower in ".{0,40}", upper in ".{0,40}") {
            let new = between(Some(&lower), Some(&upper));
            prop_assert!(new.is_none_or(|new| lower < new && new < upper));
        }

        #[test]
        fn moves_one_after_another_give_the_order_that_was_asked_for(moves in prop::collection::vec((0usize..12, 0usize..12), 0..300)) {
            let mut list = List::of(12);
            let mut asked: Vec<u32> = list.ids();
            for (from, to) in moves {
                let id = asked.remove(from);
                asked.insert(to.min(asked.len()), id);
                list.shift(from, to.min(11));
                prop_assert_eq!(list.ids(), asked.clone());
            }
        }

        /// Everybody looks at the list as it was and moves a row of their own; nobody waits for anybody.
        #[test]
        fn moves_at_the_same_moment_leave_one_order(rounds in prop::collection::vec(prop::collection::vec((0usize..12, 0usize..13), 1..6), 0..40)) {
            let mut list = List::of(12);
            for round in rounds {
                let before = list.ids();
                let mut ranks = Vec::new();
                for (from, to) in &round {
                    let (lower, upper) = list.gap(*to);
                    if let Some(rank) = between(lower.as_deref(), upper.as_deref()) {
                        ranks.push((before[*from], rank));
                    }
                }
                let moved: Vec<u32> = ranks.iter().map(|(id, _)| *id).collect();
                for (id, rank) in ranks {
                    list.0.retain(|row| row.1 != id);
                    list.put(rank, id);
                }
                let after = list.ids();
                prop_assert_eq!(after.len(), before.len());
                let rest = |ids: &[u32]| ids.iter().copied().filter(|id| !moved.contains(id)).collect::<Vec<_>>();
                prop_assert_eq!(rest(&before), rest(&after), "whoever was not moved stands as before");
                // Read again in any order, the list is the same: ids decide between equal ranks.
                let mut again = list.0.clone();
                again.reverse();
                again.sort();
                prop_assert_eq!(again, list.0.clone());
            }
        }
    }

    #[test]
    fn ranks_at_the_ends_do_not_grow() {
        let mut list = List::of(2);
        for id in 2..10_000 {
            let (first, last) = (list.0[0].0.clone(), list.0[list.0.len() - 1].0.clone());
            let rank = if id % 2 == 0 { between(Some(&last), None) } else { between(None, Some(&first)) };
            let rank = rank.unwrap();
            assert_eq!(rank.len(), WHOLE);
            if id % 2 == 0 { list.0.push((rank, id)) } else { list.0.insert(0, (rank, id)) }
        }
        assert!(list.0.is_sorted());
    }

    #[test]
    fn ranks_in_one_gap_grow_by_a_digit_for_some_five_moves() {
        for below in [true, false] {
            let (mut lower, mut upper) = (given(1000), given(1001));
            for moves in 1..=400 {
                let new = between(Some(&lower), Some(&upper)).unwrap();
                assert!(new.len() <= WHOLE + 2 + moves / 5, "{} after {moves}", new.len());
                if below { upper = new } else { lower = new }
            }
        }
    }

    #[test]
    fn there_is_an_end_to_what_fits() {
        assert_eq!(between(None, Some(&"0".repeat(WHOLE))), None);
        assert_eq!(between(None, Some(&format!("{}1", "0".repeat(WHOLE)))), Some("0".repeat(WHOLE)));
        let last = "z".repeat(WHOLE);
        assert_eq!(between(Some(&last), None), Some(format!("{last}V")));
        assert_eq!(between(Some(&"z".repeat(LONGEST)), None), None);
        assert!(between(None, None).is_some());
    }
}
