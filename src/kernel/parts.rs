//! A long text in parts, one field of a form for each: a browser lays a field's whole text out at every key, so that typing in
//! one of 200 kB would lag behind.

/// About how long a part is, in bytes.
const PART: usize = 10_000;
/// The longest part, unless a line is longer, in bytes.
const LONGEST: usize = PART * 3 / 2;
/// A text up to this long stays whole, in bytes.
pub const WHOLE: usize = 4 * PART;

/// The parts of a text, in order; one for a text that is not long. They end where lines end, before a heading or behind an
/// empty line if there is one near.
pub fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut rest) = (Vec::new(), text);
    // The last part is no longer than the others: a key in it costs as much.
    while text.len() > WHOLE && rest.len() > LONGEST {
        let Some((part, behind)) = line_end(rest).and_then(|at| Some((rest.get(..at)?, rest.get(at + 1..)?))) else { break };
        parts.push(part);
        rest = behind;
    }
    parts.push(rest);
    parts
}

/// The best line break to part a text at; nothing for one that is a single line.
fn line_end(text: &str) -> Option<usize> {
    let (earliest, latest) = (PART / 2, LONGEST);
    let bytes = text.as_bytes();
    let rank = |at: &usize| {
        let (before, behind) = (at.checked_sub(1).and_then(|at| bytes.get(at)), bytes.get(at + 1));
        let kind = if behind == Some(&b'#') { 2 } else { u8::from(before == Some(&b'\n')) };
        (kind, std::cmp::Reverse(at.abs_diff(PART)))
    };
    let ends = |from: usize, until: usize| (from..until.min(bytes.len())).filter(|at| bytes.get(*at) == Some(&b'\n'));
    let behind_empty = |at: usize| if bytes.get(at + 1) == Some(&b'\n') { at + 1 } else { at };
    ends(earliest, latest).max_by_key(rank).or_else(|| ends(latest, bytes.len()).next().map(behind_empty))
}

/// The text that was in parts.
pub fn joined<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    parts.into_iter().collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_long_text_is_parted_at_headings_and_paragraphs() {
        assert_eq!(split("short"), ["short"]);
        let section = |name: &str| format!("# {name}\n\n{}", "Some words of a paragraph.\n\n".repeat(360));
        let text = ["One", "Two", "Three", "Four", "Five"].map(section).concat();
        let parts = split(&text);
        assert_eq!(parts.len(), 5, "{:?}", parts.iter().map(|part| part.len()).collect::<Vec<_>>());
        assert!(parts.iter().all(|part| part.starts_with("# ")));
        assert_eq!(split(&section("One").repeat(3)).len(), 1, "what is not long stays whole");
        let plain = "Some words of a paragraph.\n\n".repeat(8_000);
        let parts = split(&plain);
        assert!(parts.len() >= 16 && parts.iter().all(|part| part.starts_with("Some") && part.len() <= LONGEST), "{}", parts.len());
        let long_lines = format!("{}\n\n", "word ".repeat(3_200)).repeat(4);
        assert!(split(&long_lines).iter().all(|part| !part.starts_with('\n')), "no part begins with an empty line");
    }

    #[test]
    fn one_endless_line_stays_whole() {
        let line = "é".repeat(WHOLE);
        assert_eq!(split(&line), [line.as_str()]);
        let two = format!("{line}\n{line}");
        assert_eq!(split(&two), [line.as_str(), line.as_str()]);
    }

    proptest! {
        #[test]
        fn the_parts_are_the_text(piece in "[#a é\n]{0,12}", times in 0..20_000_usize) {
            let text = piece.repeat(times);
            prop_assert_eq!(joined(split(&text)), text);
        }
    }
}
