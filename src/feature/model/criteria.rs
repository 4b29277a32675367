//! Acceptance criteria: a checklist in Markdown among other lines.

use serde::{Deserialize, Serialize};

/// A line of the criteria.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// Something to hold: `- [ ] text`, or once it does `- [x] text`.
    Check { met: bool, text: String },
    /// Whatever else was written.
    Text(String),
}

/// How many of the criteria are met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Met {
    pub met: i64,
    pub all: i64,
}

impl Met {
    /// Counts the checks of a text.
    pub fn of(text: &str) -> Met {
        let checks = text.split('\n').filter_map(check);
        checks.fold(Met::default(), |count, check| Met { met: count.met + i64::from(check.met), all: count.all + 1 })
    }

    /// The same in words; nothing where there is nothing to tick.
    pub fn words(self) -> Option<String> {
        (self.all > 0).then(|| format!("{} of {} met", self.met, self.all))
    }
}

/// A line that can be ticked, in its parts.
struct Check<'a> {
    /// All before the mark.
    head: &'a str,
    met: bool,
    /// All behind the mark, from its bracket on.
    tail: &'a str,
}

/// Reads `- [ ] text` and `- [x] text`, indented or not, with `-` or `*`; without a text there is nothing to tick. A capital
/// `X` is no mark, since taking it away and setting it again would not give it back; forms make it a small one.
fn check(line: &str) -> Option<Check<'_>> {
    marked(line, &[' ', 'x']).map(|(head, mark, tail)| Check { head, met: mark == 'x', tail })
}

/// A line with one of these marks: what stands before the mark, the mark, and what stands behind it.
fn marked<'a>(line: &'a str, marks: &[char]) -> Option<(&'a str, char, &'a str)> {
    let bare = line.trim_start_matches([' ', '\t']);
    let rest = bare.strip_prefix("- [").or_else(|| bare.strip_prefix("* ["))?;
    let mark = rest.chars().next().filter(|mark| marks.contains(mark))?;
    let tail = &rest[mark.len_utf8()..];
    let text = tail.strip_prefix("] ")?;
    (!text.trim().is_empty()).then(|| (&line[..line.len() - rest.len()], mark, tail))
}

/// Whether a line that can be ticked is; nothing for any other line.
pub fn ticked(line: &str) -> Option<bool> {
    check(line).map(|check| check.met)
}

/// The lines of a text, in order.
pub fn lines(text: &str) -> Vec<Line> {
    let line = |line| match check(line) {
        Some(Check { met, tail, .. }) => Line::Check { met, text: tail.trim_start_matches(']').trim().to_owned() },
        None => Line::Text(str::to_owned(line)),
    };
    if text.is_empty() { Vec::new() } else { text.split('\n').map(line).collect() }
}

/// The text with its line of this number, from 0, ticked or no longer so; every other byte stays. Nothing if that line does not
/// read so (space at its ends aside), or is none to tick.
pub fn toggled(text: &str, number: usize, read: &str) -> Option<String> {
    let line = text.split('\n').nth(number).filter(|line| line.trim() == read.trim())?;
    let Check { head, met, tail } = check(line)?;
    let before: usize = text.split('\n').take(number).map(|line| line.len() + 1).sum();
    let mark = if met { " " } else { "x" };
    Some(format!("{}{head}{mark}{tail}{}", &text[..before], &text[before + line.len()..]))
}

/// The text as it is stored: capital marks are small ones.
pub fn normalised(text: &str) -> String {
    let line = |line| match marked(line, &['X']) {
        Some((head, _, tail)) => format!("{head}x{tail}"),
        None => str::to_owned(line),
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Which line is to be ticked, as a button sends it: its number and how it read.
pub fn named(number: usize, line: &str) -> String {
    format!("{number} {line}")
}

/// Reads what `named` wrote.
pub fn number_and_line(value: &str) -> Option<(usize, &str)> {
    let (number, line) = value.split_once(' ')?;
    Some((number.parse().ok()?, line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "For a start:\n- [ ] Opens\n  * [x] Closes é\n- [X] Shouts\n- [ ]  \n- [y] No\n-[ ] No\n- [ ]No";

    #[test]
    fn lines_are_checks_or_text() {
        let found = lines(TEXT);
        assert_eq!(found[0], Line::Text("For a start:".into()));
        assert_eq!(found[1], Line::Check { met: false, text: "Opens".into() });
        assert_eq!(found[2], Line::Check { met: true, text: "Closes é".into() });
        assert!(found[3..].iter().all(|line| matches!(line, Line::Text(_))), "{found:?}");
        assert_eq!(Met::of(TEXT), Met { met: 1, all: 2 });
        assert_eq!((Met::of(TEXT).words(), Met::of("Nothing").words()), (Some("1 of 2 met".into()), None));
        assert_eq!(lines(""), []);
        assert_eq!(lines("- [ ] ] odd")[0], Line::Check { met: false, text: "] odd".into() });
        assert_eq!(Met::of(&normalised(TEXT)), Met { met: 2, all: 3 });
    }

    #[test]
    fn a_line_is_ticked_as_it_was_read() {
        let ticked = toggled(TEXT, 1, "- [ ] Opens").unwrap();
        assert_eq!(ticked, TEXT.replace("- [ ] Opens", "- [x] Opens"));
        assert_eq!(toggled(TEXT, 2, "* [x] Closes é\r"), Some(TEXT.replace("[x] C", "[ ] C")));
        for (number, read) in [(0, "For a start:"), (1, "- [x] Opens"), (2, "- [ ] Opens"), (3, "- [X] Shouts"), (99, "")] {
            assert_eq!(toggled(TEXT, number, read), None, "{number} {read}");
        }
        assert_eq!(number_and_line(&named(12, "- [ ] a b")), Some((12, "- [ ] a b")));
        for odd in ["", "x", "1", "-1 a", "a b"] {
            assert_eq!(number_and_line(odd), None, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn ticked_twice_is_the_text_to_the_byte(text in "([ \t]{0,2}[-*] \\[[ xX]\\] ?[a-zé\\] \r]{0,5}|[^\n]{0,8})(\n([ \t]{0,2}[-*] \\[[ xX]\\] ?[a-zé\\] \r]{0,5}|[^\n]{0,8})){0,6}") {
            for (number, line) in text.split('\n').enumerate() {
                let Some(once) = toggled(&text, number, line) else {
                    prop_assert!(matches!(lines(&text).get(number), None | Some(Line::Text(_))));
                    continue;
                };
                prop_assert_eq!(once.len(), text.len());
                prop_assert_eq!((Met::of(&once).met - Met::of(&text).met).abs(), 1);
                let now = once.split('\n').nth(number).unwrap();
                prop_assert_eq!(toggled(&once, number, now), Some(text.clone()));
                prop_assert_eq!(toggled(&once, number, line), None, "the one who comes second is told");
            }
            prop_assert_eq!(normalised(&normalised(&text)), normalised(&text));
        }

        #[test]
        fn no_text_is_too_odd(text in ".{0,60}", number in 0usize..4) {
            let shown = lines(&text).len();
            prop_assert_eq!(shown, if text.is_empty() { 0 } else { text.split('\n').count() });
            let _ = toggled(&text, number, &text);
        }
    }
}
