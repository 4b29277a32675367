//! What no person writes, but a program may: shown or refused, and quickly. Tests are built without optimisation and take about
//! ten times as long as what people run, so that beside the time itself it is looked at how it grows.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::document::{Document, Known, SHOWN_MAX, document, plain_text};
use super::links::own_paths;
use super::{DEPTH, render};

/// A second of what people run.
const LIMIT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 1 });

fn shown(text: &str) -> Result<Document, String> {
    let names = |text: &str| vec![(text.to_owned(), false)];
    document(text, &Known { url: "https://pm.example", targets: &HashMap::new(), names: &names, marks: &[] })
}

fn time<R>(act: impl FnOnce() -> R) -> (R, Duration) {
    let start = Instant::now();
    let made = act();
    (made, start.elapsed())
}

/// Everything that is made of a text on its way to a page.
fn made(text: &str) -> Duration {
    time(|| (shown(text), plain_text(text), render(text), own_paths(text, "https://pm.example", 200))).1
}

/// A text of so many of something.
type Shape = (&'static str, usize, fn(usize) -> String);

const SHAPES: &[Shape] = &[
    ("one line", 20_000, |n| "word ".repeat(n)),
    ("one word", 100_000, |n| "x".repeat(n)),
    ("headings", 2_000, |n| (0..n).map(|n| format!("# Heading {n}\n\n")).collect()),
    ("the same heading", 2_000, |n| "# Same\n\n".repeat(n)),
    ("quotes in quotes", 1_000, |n| format!("{}deep", "> ".repeat(n))),
    ("lists in lists", 1_000, |n| format!("{}deep", "- ".repeat(n))),
    ("paragraphs", 5_000, |n| "Some words.\n\n".repeat(n)),
    ("hard breaks", 5_000, |n| "line  \n".repeat(n)),
    ("links", 5_000, |n| (0..n).map(|n| format!("[a](https://a.example/{n}) ")).collect()),
    ("links by name", 3_000, |n| (0..n).map(|n| format!("[a{n}]: https://a.example\n\n[a{n}] ")).collect()),
    ("links in links", 10_000, |n| "[a](".repeat(n)),
    ("brackets", 25_000, |n| "[".repeat(n)),
    ("brackets closed", 25_000, |n| "]".repeat(n)),
    ("brackets both ways", 10_000, |n| format!("{}{}", "[".repeat(n), "]".repeat(n))),
    ("pictures", 10_000, |n| "![".repeat(n)),
    ("parentheses", 25_000, |n| format!("[a]({}", "(".repeat(n))),
    ("emphasis", 5_000, |n| "*a **a ".repeat(n)),
    ("emphasis of two kinds", 5_000, |n| "*a _b ".repeat(n)),
    ("emphasis that ends", 5_000, |n| "a* a** ".repeat(n)),
    ("emphasis alone", 50_000, |n| "*".repeat(n)),
    ("struck out", 5_000, |n| "~~a ~a ".repeat(n)),
    ("backticks", 5_000, |n| "`a ``b ```c ".repeat(n)),
    ("backslashes", 50_000, |n| "\\".repeat(n)),
    ("a long table", 1_000, |n| format!("|a|b|c|d|\n|-|-|-|-|\n{}", "|1|2|3|4|\n".repeat(n))),
    ("a wide table", 1_000, |n| format!("{}\n{}\n{}", "|a".repeat(n), "|-".repeat(n), "|b".repeat(n))),
    ("footnotes", 1_000, |n| (0..n).map(|n| format!("x[^{n}]\n\n[^{n}]: y\n\n")).collect()),
    ("tags", 10_000, |n| "<a ".repeat(n)),
    ("comments", 10_000, |n| "x <!-- ".repeat(n)),
    ("instructions", 10_000, |n| "x <? ".repeat(n)),
    ("declarations", 10_000, |n| "x <!A ".repeat(n)),
    ("sections", 10_000, |n| "x <![CDATA[ ".repeat(n)),
    ("entities", 2_500, |n| "&amp;".repeat(n)),
    ("names", 25_000, |n| "@ ".repeat(n)),
    ("addresses", 5_000, |n| "/orgs/ https:// h ".repeat(n)),
    ("one address", 10_000, |n| "/orgs/a".repeat(n)),
];

/// Twice the text takes about twice the time, and not four times, whatever it is made of. A machine that has other things to do
/// may spoil one try and not all.
#[test]
fn twice_the_text_takes_twice_the_time() {
    let slack = Duration::from_millis(25);
    let grows = |(_, count, shape): &&Shape| {
        let best = |text: &str| (0..2).map(|_| made(text)).min().unwrap_or_default();
        let (once, twice) = (shape(*count), shape(2 * *count));
        !(0..4).any(|_| best(&twice) <= best(&once) * 3 + slack)
    };
    let too_fast: Vec<&str> = SHAPES.iter().filter(grows).map(|(name, ..)| *name).collect();
    assert!(too_fast.is_empty(), "the time grows faster than the text: {too_fast:?}");
}

#[test]
fn monsters_are_shown_or_refused_in_time() {
    let monsters = [
        ("one line", "word ".repeat(200_000)),
        ("one word", "x".repeat(1_000_000)),
        ("headings", (0..10_000).map(|n| format!("# Heading {n}\n\n")).collect()),
        ("the same heading", "# Same\n\n".repeat(10_000)),
        ("quotes", format!("{}deep", "> ".repeat(1_000))),
        ("quotes, line by line", (0..1_000).map(|n| format!("{}deep\n", ">".repeat(n))).collect()),
        ("lists", format!("{}deep", "- ".repeat(1_000))),
        ("lists, line by line", (0..1_000).map(|n| format!("{}- x\n", " ".repeat(n))).collect()),
        ("links", (0..10_000).map(|n| format!("[a](https://a.example/{n}) ")).collect()),
        ("footnotes", (0..5_000).map(|n| format!("x[^{n}]\n\n[^{n}]: y\n\n")).collect()),
        ("brackets", "[".repeat(50_000)),
        ("emphasis", "*a **a ".repeat(10_000)),
        ("emphasis of two kinds", "*a _b ".repeat(20_000)),
        ("backticks", (0..1_000).map(|n| "`".repeat(n)).collect::<Vec<_>>().join(" ")),
        ("a long table", format!("|a|b|\n|-|-|\n{}", "|1|2|\n".repeat(10_000))),
        ("names", "@ ".repeat(50_000)),
        ("addresses", "/orgs/ https:// h ".repeat(20_000)),
        ("one address", "/orgs/".repeat(150_000)),
    ];
    for (name, text) in monsters {
        let (shown, took) = time(|| shown(&text).unwrap());
        assert!(took < LIMIT, "{name}: {took:?}");
        assert!(shown.steps.len() <= 200 && (name != "headings" || shown.more == 9_800), "{name}");
        for tag in ["<blockquote>", "<ul>"] {
            assert!(shown.html.as_str().matches(tag).count() <= DEPTH, "{name}");
        }
        let (_, took) = time(|| own_paths(&text, "https://pm.example", 200));
        assert!(took < LIMIT, "{name}: {took:?}");
    }
}

#[test]
fn what_is_too_long_is_refused_with_a_reason() {
    let (refused, took) = time(|| shown(&"x ".repeat(5 * 512 * 1024)));
    let told = refused.unwrap_err();
    assert!(told.contains("5.2 MB") && told.contains("1.1 MB") && took < LIMIT / 2, "{told} {took:?}");
    let cells = format!("{}\n{}\n{}", "|a".repeat(2_000), "|-".repeat(2_000), "|b\n".repeat(1_000));
    let (refused, took) = time(|| shown(&cells));
    assert!(refused.is_err_and(|told| told.contains("too many parts")) && took < LIMIT, "{took:?}");
    const { assert!(SHOWN_MAX > 1 << 20, "one line of a megabyte is shown") };
}
