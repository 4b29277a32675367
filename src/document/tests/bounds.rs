//! Texts that are hard to compare are compared in time, if not in the shortest way.

use std::time::{Duration, Instant};

use crate::document::anchor::Plain;
use crate::document::diff::diff;
use crate::document::merge::merge;
use crate::document::model::{CONTENT_MAX, Passage};

/// A second of what people run; tests are built without optimisation.
const LIMIT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 1 });

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(|n| line(n) + "\n").collect()
}

/// Pairs of texts as long as the editor takes them.
fn pairs() -> Vec<(&'static str, String, String)> {
    let count = CONTENT_MAX / 16;
    let word = |step: usize, n: usize| if n.is_multiple_of(step) { format!("x{n} ") } else { format!("w{n} ") };
    let words = |step: usize| -> String { (0..CONTENT_MAX / 8).map(|n| word(step, n)).collect() };
    vec![
        ("the same line over and over", "a\n".repeat(CONTENT_MAX / 2), "a\n".repeat(CONTENT_MAX / 2 - 9) + "b\n"),
        ("two lines in turn", "a\nb\n".repeat(CONTENT_MAX / 4), "b\na\n".repeat(CONTENT_MAX / 4)),
        ("nothing in common", lines(count, |n| format!("old {n}")), lines(count, |n| format!("new {n}"))),
        ("another order", lines(count, |n| format!("line {n}")), lines(count, |n| format!("line {}", n * 7_919 % count))),
        ("the other way round", lines(count, |n| format!("line {n}")), lines(count, |n| format!("line {}", count - n))),
        ("each other line", lines(count, |n| format!("line {n}")), lines(count, |n| format!("line {}", n - n % 2))),
        ("one endless line", words(2), words(3)),
        ("one line of one word", "a ".repeat(CONTENT_MAX / 2), "a ".repeat(CONTENT_MAX / 2 - 9) + "b "),
        ("empty lines", "\n".repeat(CONTENT_MAX), "\n".repeat(CONTENT_MAX / 2)),
        ("all new", String::new(), "word ".repeat(CONTENT_MAX / 5)),
        ("lines just short enough for words", "ab ".repeat(6_000) + "\n", "a b".repeat(6_000) + "\n"),
    ]
}

#[test]
fn versions_are_compared_in_time() {
    for (name, old, new) in pairs() {
        let start = Instant::now();
        let shown = diff(&old, &new);
        assert!(start.elapsed() < LIMIT, "{name}: {:?}", start.elapsed());
        assert!(!shown.rows.is_empty() && shown.rows.len() <= 3_001, "{name}: {}", shown.rows.len());
    }
}

#[test]
fn two_texts_are_merged_in_time() {
    for (name, base, mine) in pairs() {
        let theirs = format!("At the beginning\n{base}");
        let start = Instant::now();
        let pieces = merge(&base, &mine, &theirs);
        assert!(start.elapsed() < LIMIT, "{name}: {:?}", start.elapsed());
        assert!(!pieces.is_empty(), "{name}");
    }
}

#[test]
fn passages_are_found_in_time() {
    let quotes = ["a", "the old price that is gone for good and all", "word word word word", "x"];
    for text in ["a ".repeat(CONTENT_MAX / 2), "word ".repeat(CONTENT_MAX / 5), "x".repeat(CONTENT_MAX), " ".repeat(CONTENT_MAX)] {
        let start = Instant::now();
        let plain = Plain::new(text);
        for quote in quotes {
            plain.find(&Passage { quote: quote.into(), position: 100, ..Default::default() });
            plain.marked(quote, "before it");
        }
        assert!(start.elapsed() < LIMIT, "{:?}", start.elapsed());
    }
}
