//! How two versions of a text differ: line by line, and within a line word by word.

use super::merge::{Edit, deadline, edits, lines, words};
use super::model::{Diff, DiffRow, Mark, Part};

/// Lines that are the same on either side of a change and shown with it.
const AROUND: usize = 3;
/// Lines that are shown at most.
const ROWS_MAX: usize = 3_000;
/// Longer lines are shown as gone and come instead of word by word, and only by their beginning.
const LINE_MAX: usize = 20_000;

fn line(text: &str) -> &str {
    text.strip_suffix('\n').unwrap_or(text)
}

/// A line as it is shown: a very long one by its beginning.
fn shortened(text: &str) -> String {
    let mut shown: String = line(text).chars().take(LINE_MAX).collect();
    if shown.len() < line(text).len() {
        shown.push('…');
    }
    shown
}

fn number(at: usize) -> Option<i64> {
    Some(at as i64 + 1)
}

fn counted(words: &[&str]) -> i64 {
    words.iter().filter(|word| word.chars().any(char::is_alphanumeric)).count() as i64
}

/// Adds words to a line, to those before them if the same has become of them.
fn put(parts: &mut Vec<Part>, mark: Mark, text: &str) {
    match parts.last_mut().filter(|part| part.mark == mark) {
        _ if text.is_empty() => {}
        Some(part) => part.text += text,
        None => parts.push(Part { mark, text: text.to_owned() }),
    }
}

impl Diff {
    fn whole(&mut self, mark: Mark, text: &str) -> Vec<Part> {
        let count = counted(&words(text));
        match mark {
            Mark::Added => self.added += count,
            Mark::Removed => self.removed += count,
            Mark::Kept => {}
        }
        vec![Part { mark, text: shortened(text) }]
    }

    /// A line that has become another.
    fn changed(&mut self, old: &str, new: &str, until: std::time::Instant) -> Vec<Part> {
        let (old, new) = (words(line(old)), words(line(new)));
        let (mut parts, mut end) = (Vec::new(), 0);
        for Edit { base, side } in edits(&old, &new, until) {
            let of = |words: &[&str]| words.concat();
            put(&mut parts, Mark::Kept, &of(old.get(end..base.start).unwrap_or_default()));
            let (gone, come) = (old.get(base.clone()).unwrap_or_default(), new.get(side).unwrap_or_default());
            self.removed += counted(gone);
            self.added += counted(come);
            put(&mut parts, Mark::Removed, &of(gone));
            put(&mut parts, Mark::Added, &of(come));
            end = base.end;
        }
        put(&mut parts, Mark::Kept, &old.get(end..).unwrap_or_default().concat());
        parts
    }
}

/// How the newer text differs from the older.
pub fn diff(older: &str, newer: &str) -> Diff {
    let (old, new, until) = (lines(older), lines(newer), deadline());
    let mut diff = Diff::default();
    let mut rows = Vec::new();
    let changes = edits(&old, &new, until);
    let (mut end, mut new_end) = (0, 0);
    for (place, Edit { base, side }) in changes.iter().enumerate() {
        same(&mut rows, &old, (end, new_end), base.start, (place > 0, true));
        (end, new_end) = (base.end, side.end);
        for at in 0..base.len().max(side.len()) {
            let from = base.clone().nth(at).and_then(|n| Some((n, *old.get(n)?)));
            let to = side.clone().nth(at).and_then(|n| Some((n, *new.get(n)?)));
            match (from, to) {
                (Some((n, from)), Some((m, to))) if from.len().max(to.len()) <= LINE_MAX => {
                    rows.push(DiffRow::Line(number(n), number(m), diff.changed(from, to, until)));
                }
                (from, to) => {
                    rows.extend(from.map(|(n, from)| DiffRow::Line(number(n), None, diff.whole(Mark::Removed, from))));
                    rows.extend(to.map(|(m, to)| DiffRow::Line(None, number(m), diff.whole(Mark::Added, to))));
                }
            }
        }
    }
    if !changes.is_empty() {
        same(&mut rows, &old, (end, new_end), old.len(), (true, false));
    }
    if rows.len() > ROWS_MAX {
        let more = rows.len() - ROWS_MAX;
        rows.truncate(ROWS_MAX);
        rows.push(DiffRow::Cut(more as i64));
    }
    diff.rows = rows;
    diff
}

/// The lines up to `until`, which are the same in both; of many, those beside a change before and behind them.
fn same(rows: &mut Vec<DiffRow>, old: &[&str], (from, new_from): (usize, usize), until: usize, (before, behind): (bool, bool)) {
    let count = until.saturating_sub(from);
    let (head, tail) = (if before { AROUND } else { 0 }, if behind { AROUND } else { 0 });
    for at in 0..count {
        if at >= head && at + tail < count {
            if at == head {
                rows.push(DiffRow::Same((count - head - tail) as i64));
            }
            continue;
        }
        let text = old.get(from + at).copied().unwrap_or_default();
        rows.push(DiffRow::Line(number(from + at), number(new_from + at), vec![Part { mark: Mark::Kept, text: shortened(text) }]));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One side of what is shown, where nothing is left out.
    fn side(diff: &Diff, gone: Mark) -> Vec<String> {
        let of = |row: &DiffRow| match row {
            DiffRow::Line(old, new, parts) => {
                let there = if gone == Mark::Added { old.is_some() } else { new.is_some() };
                there.then(|| parts.iter().filter(|part| part.mark != gone).map(|part| part.text.as_str()).collect())
            }
            _ => None,
        };
        diff.rows.iter().filter_map(of).collect()
    }

    #[test]
    fn words_that_came_and_went_are_told_apart() {
        let diff = diff("one\nthe old price\n", "one\nthe new low price\nand more\n");
        let part = |mark, text: &str| Part { mark, text: text.into() };
        let expected = [
            DiffRow::Line(Some(1), Some(1), vec![part(Mark::Kept, "one")]),
            DiffRow::Line(
                Some(2),
                Some(2),
                vec![part(Mark::Kept, "the "), part(Mark::Removed, "old"), part(Mark::Added, "new low"), part(Mark::Kept, " price")],
            ),
            DiffRow::Line(None, Some(3), vec![part(Mark::Added, "and more")]),
        ];
        assert_eq!((diff.rows.as_slice(), diff.added, diff.removed), (expected.as_slice(), 4, 1));
        assert_eq!(super::diff("same\n", "same\n"), Diff::default());
    }

    #[test]
    fn what_is_the_same_is_left_out() {
        let lines = |n: i32| -> String { (0..n).map(|n| format!("line {n}\n")).collect() };
        let diff = diff(&lines(100), &lines(100).replace("line 50\n", "line fifty\n"));
        assert_eq!((diff.rows.first(), diff.rows.last(), diff.rows.len()), (Some(&DiffRow::Same(47)), Some(&DiffRow::Same(46)), 9));
        let long = super::diff("", &lines(5_000));
        assert_eq!((long.rows.len(), long.rows.last()), (ROWS_MAX + 1, Some(&DiffRow::Cut(2_000))));
    }

    #[test]
    fn one_endless_line_is_compared_in_time() {
        let start = std::time::Instant::now();
        let diff = diff(&"word ".repeat(200_000), &"other ".repeat(200_000));
        assert!(diff.rows.len() == 2 && start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    }

    proptest! {
        #[test]
        fn both_sides_are_there_word_for_word(old in "[ab \n]{0,24}", new in "[ab \n]{0,24}") {
            let shown = diff(&old, &new);
            prop_assume!(!shown.rows.iter().any(|row| matches!(row, DiffRow::Same(_))) && old != new);
            let of = |text: &str| lines(text).into_iter().map(|text| line(text).to_owned()).collect::<Vec<_>>();
            prop_assert_eq!(side(&shown, Mark::Added), of(&old));
            prop_assert_eq!(side(&shown, Mark::Removed), of(&new));
        }
    }
}
