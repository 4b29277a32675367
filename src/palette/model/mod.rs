//! What the palette offers for the words that were typed, and in which order.

pub mod recent;
pub mod sequence;

/// The parts of the palette's list, in the order in which they stand while nothing is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Reference,
    Recent,
    Page,
    Places,
    Found,
    Search,
}

impl Group {
    /// Its name on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Group::Reference => "Reference",
            Group::Recent => "Recent",
            Group::Page => "On this page",
            Group::Places => "Go to",
            Group::Found => "Items",
            Group::Search => "Search",
        }
    }

    /// How many entries of it are shown at most: once something was typed, whoever wants another types on.
    fn most(self, typed: bool) -> usize {
        match self {
            Group::Recent => 5,
            Group::Places if !typed => 60,
            _ => 8,
        }
    }
}

/// How well a word goes with an entry, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The whole text.
    Whole,
    /// The beginning of the text.
    Beginning,
    /// The beginning of a word of it.
    Word,
    /// First letters of its words.
    Initials,
    /// Anywhere in it.
    Inside,
    /// In what stands beside the text.
    Hint,
}

/// Letter by letter, so that a longer text begins with what a shorter one becomes.
fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty())
}

fn fit_of_word(word: &str, text: &str, hint: &str) -> Option<Fit> {
    let initials: String = parts(text).filter_map(|part| part.chars().next()).collect();
    if text.starts_with(word) {
        Some(Fit::Beginning)
    } else if parts(text).any(|part| part.starts_with(word)) {
        Some(Fit::Word)
    } else if initials.starts_with(word) {
        Some(Fit::Initials)
    } else if text.contains(word) {
        Some(Fit::Inside)
    } else {
        hint.contains(word).then_some(Fit::Hint)
    }
}

/// How well an entry goes with all of the words; not at all if it lacks one.
fn fit(words: &str, text: &str, hint: &str) -> Option<Fit> {
    let (words, text, hint) = (lower(words.trim()), lower(text), lower(hint));
    if words == text {
        return Some(Fit::Whole);
    }
    if text.starts_with(&words) {
        return Some(Fit::Beginning);
    }
    words.split_whitespace().map(|word| fit_of_word(word, &text, &hint)).try_fold(Fit::Word, |worst, fit| fit.map(|fit| worst.max(fit)))
}

/// Whether an entry has all of the words.
pub fn fits(words: &str, text: &str, hint: &str) -> bool {
    fit(words, text, hint).is_some()
}

/// The places of the entries that go with the words, each given with its group, its text and what stands beside it. Groups stay
/// together: the one with the best match comes first, and in it the best match. What is equally good stays in its order.
pub fn order(words: &str, entries: &[(Group, &str, &str)]) -> Vec<usize> {
    let typed = !words.trim().is_empty();
    let mut fitting: Vec<(Fit, usize)> = entries
        .iter()
        .enumerate()
        .filter_map(|(at, (_, text, hint))| if typed { fit(words, text, hint).map(|fit| (fit, at)) } else { Some((Fit::Whole, at)) })
        .collect();
    fitting.sort();
    let mut groups: Vec<(Group, Vec<usize>)> = Vec::new();
    for (_, at) in fitting {
        let group = entries[at].0;
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, members)) if members.len() < group.most(typed) => members.push(at),
            Some(_) => {}
            None => groups.push((group, vec![at])),
        }
    }
    groups.into_iter().flat_map(|(_, members)| members).collect()
}

/// The words as a short reference to an item, such as `DEMO-123`, if they look like one.
pub fn reference(words: &str) -> Option<String> {
    let (key, number) = words.trim().rsplit_once('-')?;
    let is_key = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') && key.contains(|c: char| c.is_ascii_alphabetic());
    let is_number = (1..=9).contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit()) && !number.starts_with('0');
    (is_key && is_number).then(|| format!("{}-{number}", key.to_ascii_uppercase()))
}

#[cfg(test)]
mod rules {
    use super::*;
    use proptest::prelude::*;

    const PLACES: [(Group, &str, &str); 7] = [
        (Group::Recent, "Import from a spreadsheet", "Ideas"),
        (Group::Page, "New idea", ""),
        (Group::Page, "Ideal customers", "Filter by tag"),
        (Group::Places, "Ideas", "Rocket"),
        (Group::Places, "Import and export", "Rocket"),
        (Group::Places, "Portfolio", ""),
        (Group::Places, "Rocket", "Product"),
    ];

    fn texts(words: &str) -> Vec<&'static str> {
        order(words, &PLACES).into_iter().map(|at| PLACES[at].1).collect()
    }

    #[test]
    fn all_of_it_in_its_order_while_nothing_is_typed() {
        assert_eq!(order(" ", &PLACES), [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn the_whole_name_comes_first_and_its_group_with_it() {
        assert_eq!(texts("ideas"), ["Ideas", "Import from a spreadsheet"]);
        assert_eq!(texts("Portf"), ["Portfolio"]);
        assert_eq!(texts("rocket"), ["Rocket", "Ideas", "Import and export"]);
    }

    #[test]
    fn words_may_stand_in_any_order_beside_one_another() {
        assert_eq!(texts("rocket ide"), ["Ideas"]);
        assert_eq!(texts("idea new"), ["New idea"]);
        assert_eq!(texts("nothing idea"), Vec::<&str>::new());
    }

    #[test]
    fn first_letters_of_words_will_do() {
        assert_eq!(texts("iae"), ["Import and export"]);
        assert_eq!(texts("ni"), ["New idea"]);
    }

    #[test]
    fn a_long_group_is_cut_once_something_is_typed() {
        let many = vec![(Group::Places, "Product", ""); 20];
        assert_eq!((order("", &many).len(), order("prod", &many).len()), (20, 8));
    }

    #[test]
    fn references_are_known_by_their_shape() {
        assert_eq!(reference(" demo-12 ").as_deref(), Some("DEMO-12"));
        assert_eq!(reference("DEMO-PRODUCT-1").as_deref(), Some("DEMO-PRODUCT-1"));
        for other in ["demo", "demo-", "-12", "2026-11-29", "demo-0", "demo-01", "de mo-1", "demo-1234567890", "demo-x1", "a-1-"] {
            assert_eq!(reference(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn typing_on_never_finds_more(words in "[a-cA-C -]{0,6}", next in "[a-c -]", text in "[a-cA-C -]{0,12}", hint in "[a-c ]{0,6}") {
            let longer = format!("{words}{next}");
            prop_assert!(!fits(&longer, &text, &hint) || fits(&words, &text, &hint));
        }

        #[test]
        fn every_entry_is_offered_once_and_only_if_it_fits(words in "[a-c ]{0,3}", texts in prop::collection::vec("[a-c ]{1,6}", 0..8)) {
            let entries: Vec<_> = texts.iter().map(|text| (Group::Found, text.as_str(), "")).collect();
            let mut ordered = order(&words, &entries);
            let fits: Vec<_> = ordered.iter().map(|at| fit(&words, entries[*at].1, "")).collect();
            prop_assert!(fits.iter().all(Option::is_some) && fits.is_sorted());
            ordered.sort();
            let expected: Vec<usize> = (0..entries.len()).filter(|at| super::fits(&words, entries[*at].1, "")).collect();
            prop_assert_eq!(ordered, expected);
        }
    }
}
