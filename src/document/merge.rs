//! Two texts that grew from one, made one again: three-way merge in the manner of diff3 (Khanna, Kunal and Pierce, "A formal
//! investigation of diff3", 2007), line by line, and word by word where both have changed the same lines.

use std::hash::Hash;
use std::ops::Range;
use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

use super::model::{Conflict, MergePiece};

/// How long a comparison looks for the shortest way from one text to the other; behind that it takes a longer one.
const PATIENCE: Duration = Duration::from_millis(250);
/// Stretches of more words are a conflict as a whole.
const WORDS_MAX: usize = 50_000;

/// A stretch that one side has changed.
#[derive(Debug, Clone)]
pub struct Edit {
    pub base: Range<usize>,
    pub side: Range<usize>,
}

/// The stretches that differ, in order; between two of them something is the same.
pub fn edits<T: Eq + Hash>(base: &[T], side: &[T], deadline: Instant) -> Vec<Edit> {
    let of = |op: DiffOp| match op {
        DiffOp::Equal { .. } => None,
        op => Some(Edit { base: op.old_range(), side: op.new_range() }),
    };
    let mut edits: Vec<Edit> = Vec::new();
    for edit in capture_diff_slices_deadline(Algorithm::Myers, base, side, Some(deadline)).into_iter().filter_map(of) {
        match edits.last_mut().filter(|last| last.base.end == edit.base.start && last.side.end == edit.side.start) {
            Some(last) => (last.base.end, last.side.end) = (edit.base.end, edit.side.end),
            None => edits.push(edit),
        }
    }
    edits
}

/// When to stop looking for the shortest way.
pub fn deadline() -> Instant {
    Instant::now() + PATIENCE
}

/// The lines of a text, each with its end.
pub fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// The words of a text: runs of letters and digits, runs of space, and every other character by itself.
pub fn words(text: &str) -> Vec<&str> {
    let class = |c: char| if c.is_alphanumeric() { 1 } else { u8::from(c.is_whitespace()) * 2 };
    let (mut words, mut start, mut last) = (Vec::new(), 0, None);
    for (at, c) in text.char_indices() {
        // A line's end stands alone, so that what is above it and below it are apart.
        let now = if c == '\n' { 0 } else { class(c) };
        if at > start && (last != Some(now) || now == 0) {
            words.extend(text.get(start..at));
            start = at;
        }
        last = Some(now);
    }
    words.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    words
}

/// A stretch of the base, and what stands there on each side.
struct Stretch {
    base: Range<usize>,
    mine: Range<usize>,
    theirs: Range<usize>,
}

/// The stretches that either side has changed. Edits that touch are one: what is written at one place has no order.
fn stretches(mine: &[Edit], theirs: &[Edit]) -> Vec<Stretch> {
    let (mut stretches, mut at, mut shift) = (Vec::new(), [0, 0], [0_isize, 0]);
    let sides = [mine, theirs];
    let next = |at: [usize; 2], side: usize| sides.get(side).and_then(|edits| edits.get(at.get(side).copied()?));
    let moved = |to: usize, by: isize| to.saturating_add_signed(by);
    loop {
        let first = (0..2).filter_map(|side| next(at, side)).map(|edit| edit.base.start).min();
        let Some(start) = first else { return stretches };
        let (mut end, before) = (start, shift);
        loop {
            let side = (0..2).find(|side| next(at, *side).is_some_and(|edit| edit.base.start <= end));
            let Some((side, edit)) = side.and_then(|side| next(at, side).map(|edit| (side, edit))) else { break };
            end = end.max(edit.base.end);
            let by = edit.side.len() as isize - edit.base.len() as isize;
            if let (Some(at), Some(shift)) = (at.get_mut(side), shift.get_mut(side)) {
                *at += 1;
                *shift += by;
            }
        }
        let range = |before: isize, after: isize| moved(start, before)..moved(end, after);
        let ([mine_before, theirs_before], [mine_after, theirs_after]) = (before, shift);
        stretches.push(Stretch { base: start..end, mine: range(mine_before, mine_after), theirs: range(theirs_before, theirs_after) });
    }
}

/// Whether words are compared where lines are in conflict.
#[derive(Clone, Copy, PartialEq)]
enum Grain {
    Lines,
    Words,
}

fn merged(base: &[&str], mine: &[&str], theirs: &[&str], grain: Grain, deadline: Instant) -> Vec<MergePiece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let text = |of: &[&str], range: Range<usize>| of.get(range).unwrap_or_default().concat();
    let mut end = 0;
    for stretch in stretches(&edits(base, mine, deadline), &edits(base, theirs, deadline)) {
        plain += &text(base, end..stretch.base.start);
        end = stretch.base.end;
        let [was, my, their] = [text(base, stretch.base), text(mine, stretch.mine), text(theirs, stretch.theirs)];
        let agreed = if my == was || my == their {
            Some(their.clone())
        } else if their == was {
            Some(my.clone())
        } else if grain == Grain::Lines {
            by_words(&was, &my, &their, deadline)
        } else {
            None
        };
        match agreed {
            Some(agreed) => plain += &agreed,
            None => {
                if !plain.is_empty() {
                    pieces.push(MergePiece::Merged(std::mem::take(&mut plain)));
                }
                pieces.push(MergePiece::Conflict(Conflict { base: was, mine: my, theirs: their }));
            }
        }
    }
    plain += &text(base, end..base.len());
    if !plain.is_empty() {
        pieces.push(MergePiece::Merged(plain));
    }
    pieces
}

/// The same lines merged word by word; nothing if there is a conflict in them.
fn by_words(base: &str, mine: &str, theirs: &str, deadline: Instant) -> Option<String> {
    let [base, mine, theirs] = [base, mine, theirs].map(words);
    if base.len().max(mine.len()).max(theirs.len()) > WORDS_MAX {
        return None;
    }
    let pieces = merged(&base, &mine, &theirs, Grain::Words, deadline);
    clean(&pieces)
}

/// Merges what two people have made of one text.
pub fn merge(base: &str, mine: &str, theirs: &str) -> Vec<MergePiece> {
    merged(&lines(base), &lines(mine), &lines(theirs), Grain::Lines, deadline())
}

/// The merged text, if nothing in it is in conflict.
pub fn clean(pieces: &[MergePiece]) -> Option<String> {
    let text = |piece: &MergePiece| match piece {
        MergePiece::Merged(text) => Some(text.clone()),
        MergePiece::Conflict(_) => None,
    };
    pieces.iter().map(text).collect()
}

/// A line that both may have changed, such as a title; nothing if both have, and differ.
pub fn one_of(base: &str, mine: &str, theirs: &str) -> Option<String> {
    match () {
        () if mine == base || mine == theirs => Some(theirs.to_owned()),
        () if theirs == base => Some(mine.to_owned()),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn merge_cleanly(base: &str, mine: &str, theirs: &str) -> Option<String> {
        clean(&merge(base, mine, theirs))
    }

    fn swapped(pieces: Vec<MergePiece>) -> Vec<MergePiece> {
        let swap = |piece| match piece {
            MergePiece::Conflict(Conflict { base, mine, theirs }) => MergePiece::Conflict(Conflict { base, mine: theirs, theirs: mine }),
            merged => merged,
        };
        pieces.into_iter().map(swap).collect()
    }

    #[test]
    fn what_does_not_overlap_is_merged() {
        assert_eq!(merge_cleanly("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n").as_deref(), Some("A\nb\nC\n"));
        assert_eq!(merge_cleanly("a\nb\n", "A\nb\n", "a\nB\n").as_deref(), Some("A\nB\n"), "lines that touch are told apart by words");
        assert_eq!(
            merge_cleanly("the quick brown fox jumps", "the slow brown fox jumps", "the quick brown fox sleeps").as_deref(),
            Some("the slow brown fox sleeps"),
            "within a line"
        );
        assert_eq!(merge_cleanly("a\n", "a\nb\n", "a\nb\n").as_deref(), Some("a\nb\n"), "what both did is done once");
        assert_eq!(one_of("T", "T", "U").as_deref(), Some("U"));
        assert_eq!((one_of("T", "M", "T").as_deref(), one_of("T", "M", "U")), (Some("M"), None));
    }

    #[test]
    fn what_overlaps_is_shown_whole() {
        let pieces = merge("head\nthe old price\ntail\n", "head\nthe low price\ntail\n", "head\nthe high price\ntail\n");
        let conflict = Conflict { base: "the old price\n".into(), mine: "the low price\n".into(), theirs: "the high price\n".into() };
        let expected = [MergePiece::Merged("head\n".into()), MergePiece::Conflict(conflict), MergePiece::Merged("tail\n".into())];
        assert_eq!(pieces, expected);
        assert_eq!(merge_cleanly("a\n", "a\nmine\n", "a\ntheirs\n"), None, "two that are added at one place");
        assert_eq!(merge_cleanly("a\nb\nc\n", "a\nc\n", "a\nB!\nc\n"), None, "one that is taken out and changed");
    }

    #[test]
    fn long_texts_are_merged_in_time() {
        let base: String = (0..20_000).map(|n| format!("Line {n} of it\n")).collect();
        let (mine, theirs) = (base.replace("Line 7 ", "My line 7 "), base.replace("Line 19000 ", "Their line 19000 "));
        let start = Instant::now();
        assert!(merge_cleanly(&base, &mine, &theirs).is_some_and(|merged| merged.contains("My line 7 ") && merged.contains("Their line")));
        let line = "word ".repeat(100_000);
        assert_eq!(merge_cleanly(&line, &line.replacen("word", "mine", 1), &line.replacen("word", "theirs", 1)), None);
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    }

    fn text() -> impl Strategy<Value = String> {
        proptest::collection::vec("[ab ]{0,3}", 0..6).prop_map(|lines| lines.join("\n"))
    }

    proptest! {
        #[test]
        fn a_side_that_did_nothing_gives_the_other(base in text(), side in text()) {
            prop_assert_eq!(merge_cleanly(&base, &base, &side), Some(side.clone()));
            prop_assert_eq!(merge_cleanly(&base, &side, &base), Some(side.clone()));
            prop_assert_eq!(merge_cleanly(&base, &side, &side), Some(side));
        }

        #[test]
        fn it_does_not_matter_who_came_first(base in text(), mine in text(), theirs in text()) {
            prop_assert_eq!(merge(&base, &mine, &theirs), swapped(merge(&base, &theirs, &mine)));
        }

        /// Whichever side is taken in each conflict, no text of either is anywhere but there.
        #[test]
        fn edits_apart_are_both_kept(count in 3..20_usize, mine in 0..20_usize, theirs in 0..20_usize) {
            let (mine, theirs) = (mine % count, theirs % count);
            prop_assume!(mine.abs_diff(theirs) > 1);
            let with = |changed: &[(usize, &str)]| -> String {
                (0..count).map(|n| {
                    let new = changed.iter().find(|(at, _)| *at == n).map_or(String::new(), |(_, text)| (*text).to_owned());
                    format!("{new}line {n}\n")
                }).collect()
            };
            let merged = merge_cleanly(&with(&[]), &with(&[(mine, "mine ")]), &with(&[(theirs, "theirs ")]));
            prop_assert_eq!(merged, Some(with(&[(mine, "mine "), (theirs, "theirs ")])));
        }

        /// One side has put nothing or some lines in the place of each of the first lines, the other of the last; between them
        /// stands one that neither has touched.
        #[test]
        fn whatever_is_done_apart_is_kept(
            mine in proptest::collection::vec(proptest::option::of(0..4_usize), 1..12),
            theirs in proptest::collection::vec(proptest::option::of(0..4_usize), 1..12),
        ) {
            let line = |who: &str, at: usize, change: Option<usize>| match change {
                None => format!("{who} line {at}\n"),
                Some(count) => (0..count).map(|n| format!("{who} new {at}.{n}\n")).collect(),
            };
            let side = |who: &str, changes: &[Option<usize>]| -> String {
                changes.iter().enumerate().map(|(at, change)| line(who, at, *change)).collect()
            };
            let none = |changes: &[Option<usize>]| vec![None; changes.len()];
            let text = |first: &[Option<usize>], last: &[Option<usize>]| format!("{}between\n{}", side("A", first), side("B", last));
            let merged = merge_cleanly(&text(&none(&mine), &none(&theirs)), &text(&mine, &none(&theirs)), &text(&none(&mine), &theirs));
            prop_assert_eq!(merged, Some(text(&mine, &theirs)));
        }

        #[test]
        fn both_sides_of_a_conflict_are_whole(base in text(), mine in text(), theirs in text()) {
            let side = |pick: fn(&Conflict) -> &String| -> Vec<String> {
                merge(&base, &mine, &theirs).iter().filter_map(|piece| match piece {
                    MergePiece::Conflict(conflict) => Some(pick(conflict).clone()),
                    MergePiece::Merged(_) => None,
                }).collect()
            };
            prop_assert!(side(|conflict| &conflict.mine).iter().all(|text| mine.contains(text.as_str())));
            prop_assert!(side(|conflict| &conflict.theirs).iter().all(|text| theirs.contains(text.as_str())));
        }

        #[test]
        fn words_are_the_text(text in "[a-c é,.\n-]{0,30}") {
            prop_assert_eq!(words(&text).concat(), text.clone());
            prop_assert_eq!(lines(&text).concat(), text);
        }
    }
}
