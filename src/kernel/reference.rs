//! Short references: an item by its product's key and its number in that product, such as `DEMO-PRODUCT-123`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest key of a product, and the longest reference with it.
const KEY_MAX: usize = 64;
const LENGTH_MAX: usize = KEY_MAX + 11;

/// The name of an item of a product.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reference {
    /// The product's key, as it is stored: in small letters.
    pub key: String,
    /// From 1 on, over all kinds of items of the product.
    pub number: i32,
}

impl Reference {
    /// Reads a reference, in whatever case.
    pub fn parse(text: &str) -> Option<Reference> {
        if text.len() > LENGTH_MAX {
            return None;
        }
        // A key may end in digits itself.
        let (key, digits) = text.rsplit_once('-')?;
        let shaped = (2..=KEY_MAX).contains(&key.len()) && key.split('-').all(|part| !part.is_empty() && is_plain(part));
        let counted = !digits.starts_with('0') && digits.bytes().all(|digit| digit.is_ascii_digit());
        let number = digits.parse().ok().filter(|_| shaped && counted)?;
        Some(Reference { key: key.to_ascii_lowercase(), number })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.key.to_ascii_uppercase(), self.number)
    }
}

fn is_plain(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The item's short name, if it has one.
pub fn reference(key: &str, number: Option<i32>) -> Option<String> {
    number.map(|number| Reference { key: key.to_owned(), number }.to_string())
}

/// What a reference in a text leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    pub reference: Reference,
    /// The path of the item's page.
    pub href: String,
    pub title: String,
    /// Where it stands, in words; nothing for what has no status.
    pub state: String,
}

/// The text in pieces, those apart that read like a reference: in capitals, and a word of its own. Put together they are the text.
pub fn pieces(text: &str) -> Vec<(&str, Option<Reference>)> {
    let (mut pieces, mut done, mut at) = (Vec::new(), 0, 0);
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(in_word)).map(|found| at + found) {
        let rest = text.get(start..).unwrap_or_default();
        let end = start + rest.find(|c| !in_word(c)).unwrap_or(rest.len());
        let word = text.get(start..end).unwrap_or_default();
        let read = (!word.contains(|c: char| !is_ours(c))).then(|| Reference::parse(word)).flatten();
        if let Some(reference) = read {
            pieces.extend(text.get(done..start).filter(|text| !text.is_empty()).map(|text| (text, None)));
            pieces.push((word, Some(reference)));
            done = end;
        }
        at = end;
    }
    pieces.extend(text.get(done..).filter(|text| !text.is_empty()).map(|text| (text, None)));
    pieces
}

/// What a reference is written with.
fn is_ours(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-'
}

/// What makes a longer word of one, such as an address or a file's name.
fn in_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '@' | '#' | '&' | '=')
}

/// The references that these texts may hold, each once and so many at most.
pub fn named<'a>(texts: impl IntoIterator<Item = &'a str>, at_most: usize) -> Vec<Reference> {
    let mut named: Vec<Reference> = Vec::new();
    for reference in texts.into_iter().flat_map(pieces).filter_map(|(_, reference)| reference) {
        if named.len() >= at_most {
            break;
        }
        if !named.contains(&reference) {
            named.push(reference);
        }
    }
    named
}

/// The text in pieces, with what those of them lead to that are references to something.
pub fn linked(text: &str, links: &[Linked]) -> Vec<(String, Option<Linked>)> {
    let mut told: Vec<(String, Option<Linked>)> = Vec::new();
    for (piece, reference) in pieces(text) {
        let link = reference.and_then(|reference| links.iter().find(|link| link.reference == reference));
        match told.last_mut() {
            Some((before, None)) if link.is_none() => before.push_str(piece),
            _ => told.push((piece.to_owned(), link.cloned())),
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(key: &str, number: i32) -> Reference {
        Reference { key: key.into(), number }
    }

    #[test]
    fn a_key_and_a_number_are_a_reference() {
        assert_eq!(Reference::parse("DEMO-PRODUCT-123"), Some(of("demo-product", 123)));
        assert_eq!(Reference::parse("demo-1"), Some(of("demo", 1)));
        assert_eq!(Reference::parse("R2-10-3"), Some(of("r2-10", 3)));
        for other in ["", "-", "DEMO", "DEMO-", "-1", "D-1", "DEMO-0", "DEMO-01", "DEMO-+1", "DEMO--1", "DEMO -1", "DÉMO-1", "DEMO-1 "] {
            assert_eq!(Reference::parse(other), None, "{other}");
        }
        assert_eq!(Reference::parse("DEMO-2147483647"), Some(of("demo", i32::MAX)));
        assert_eq!(Reference::parse("DEMO-2147483648"), None);
        assert_eq!(Reference::parse(&format!("{}-1", "A".repeat(65))), None);
        assert_eq!((reference("demo", Some(7)), reference("demo", None)), (Some("DEMO-7".into()), None));
    }

    #[test]
    fn references_in_a_text_are_words_of_their_own() {
        let found = |text: &'static str| -> Vec<String> { named([text], 9).iter().map(Reference::to_string).collect() };
        assert_eq!(found("See DEMO-1, (ROCKET-2-30) and DEMO-1. DEMO-4"), ["DEMO-1", "ROCKET-2-30", "DEMO-4"]);
        assert_eq!(found("DEMO-1"), ["DEMO-1"]);
        for other in ["demo-1", "xDEMO-1", "DEMO-1x", "DEMO-1_2", "/r/DEMO-1", "#DEMO-1", "@DEMO-1", "DEMO-1-", "ÉDEMO-1", "DEMO-١"] {
            assert_eq!(found(other), Vec::<String>::new(), "{other}");
        }
        assert_eq!(named(["AA-1 AA-2", "AA-3"], 2).len(), 2);
    }

    #[test]
    fn what_leads_nowhere_stays_text() {
        let link = Linked { reference: of("demo", 1), href: "/x".into(), title: "One".into(), state: String::new() };
        let told = linked("UTF-8, DEMO-1 and DEMO-2", std::slice::from_ref(&link));
        assert_eq!(told, [("UTF-8, ".to_owned(), None), ("DEMO-1".to_owned(), Some(link)), (" and DEMO-2".to_owned(), None)]);
    }

    proptest! {
        #[test]
        fn a_reference_reads_back(key in "[a-z0-9](-?[a-z0-9]){1,20}", number in 1..=i32::MAX) {
            let reference = Reference { key, number };
            let written = reference.to_string();
            prop_assert_eq!(Reference::parse(&written), Some(reference.clone()));
            prop_assert_eq!(Reference::parse(&written.to_lowercase()), Some(reference.clone()));
            let text = format!("({written})");
            prop_assert_eq!(named([text.as_str()], 9), vec![reference]);
        }

        #[test]
        fn the_pieces_are_the_text(text in "[A-C1-3a é/_@.-]{0,40}") {
            let joined: String = pieces(&text).into_iter().map(|(piece, _)| piece).collect();
            prop_assert_eq!(&joined, &text);
            let joined: String = linked(&text, &[]).into_iter().map(|(piece, _)| piece).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
