//! Where a passage stands in a text that has changed since: as it was, else what is most like it.

use std::collections::HashMap;
use std::ops::Range;

use super::merge::{deadline, edits};
use super::model::{AROUND, Passage};

/// Places that are looked at where a passage stands several times.
const PLACES_MAX: usize = 500;
/// Fewer words are not looked for once they have changed: anything is like them.
const WORDS_MIN: usize = 3;
/// How much of a changed passage has to be there still, by its words: twice the kept ones for all of both.
const ALIKE: f64 = 0.6;
/// A passage of so many bytes is one by itself; a shorter one that stands several times needs words around it.
const LONG: usize = 32;
/// So many characters around a passage tell that it is this one.
const TELLING: usize = 4;

/// A plain text in which passages are looked for.
pub struct Plain {
    text: String,
    /// Each word by its place and by its number, which is the same for the same word.
    words: Vec<(Range<usize>, usize)>,
    numbers: HashMap<String, usize>,
}

/// A passage that was found.
#[derive(Debug, PartialEq, Eq)]
pub enum Place {
    Exact(Range<usize>),
    Alike(Range<usize>),
}

impl Place {
    pub fn range(&self) -> Range<usize> {
        match self {
            Place::Exact(range) | Place::Alike(range) => range.clone(),
        }
    }
}

/// The words of a text by their places.
fn word_ranges(text: &str) -> Vec<Range<usize>> {
    let (mut ranges, mut start) = (Vec::new(), None);
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                ranges.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    ranges
}

/// How many characters two texts have in common, read from where they meet.
fn common(a: impl Iterator<Item = char>, b: impl Iterator<Item = char>) -> usize {
    a.zip(b).take(AROUND).take_while(|(a, b)| a == b).count()
}

/// A text with each run of white space as one space.
fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Plain {
    pub fn new(text: String) -> Plain {
        let mut numbers = HashMap::new();
        let mut words = Vec::new();
        for range in word_ranges(&text) {
            let next = numbers.len();
            let word = text.get(range.clone()).unwrap_or_default().to_lowercase();
            words.push((range, *numbers.entry(word).or_insert(next)));
        }
        Plain { text, words, numbers }
    }

    pub fn at(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    /// How much of what stands around a passage stands around this place.
    fn around(&self, passage: &Passage, place: &Range<usize>) -> usize {
        let before = common(self.at(0..place.start).chars().rev(), passage.prefix.chars().rev());
        before + common(self.at(place.end..self.text.len()).chars(), passage.suffix.chars())
    }

    /// Where the passage stands now; nothing if it is gone.
    pub fn find(&self, passage: &Passage) -> Option<Place> {
        if passage.quote.is_empty() {
            return None;
        }
        self.exact(passage).map(Place::Exact).or_else(|| self.alike(passage).map(Place::Alike))
    }

    fn far(&self, passage: &Passage, place: usize) -> u64 {
        (place as i64).abs_diff(passage.position)
    }

    /// Where these words stand, those places too that lie over each other.
    fn places<'a>(&'a self, words: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        let mut from = 0;
        let next = move || {
            let at = from + self.text.get(from..)?.find(words)?;
            from = at + self.text.get(at..)?.chars().next().map_or(1, char::len_utf8);
            Some(at..at + words.len())
        };
        std::iter::from_fn(next).take(PLACES_MAX)
    }

    fn exact(&self, passage: &Passage) -> Option<Range<usize>> {
        let places: Vec<Range<usize>> = self.places(&passage.quote).collect();
        let only = places.len() == 1;
        let best = places
            .into_iter()
            .map(|place| (self.around(passage, &place), place))
            .max_by_key(|(around, place)| (*around, std::cmp::Reverse(self.far(passage, place.start))));
        best.filter(|(around, _)| {
            only || *around >= TELLING || passage.quote.len() >= LONG || passage.prefix.len() + passage.suffix.len() < TELLING
        })
        .map(|(_, place)| place)
    }

    /// The stretch whose words are most like those of the passage.
    fn alike(&self, passage: &Passage) -> Option<Range<usize>> {
        let wanted: Vec<usize> = word_ranges(&passage.quote)
            .into_iter()
            // A word that the text does not have is like no other.
            .map(|range| self.numbers.get(&passage.quote.get(range).unwrap_or_default().to_lowercase()).copied().unwrap_or(usize::MAX))
            .collect();
        let length = wanted.len();
        if length < WORDS_MIN || self.words.is_empty() {
            return None;
        }
        let start = self.fullest(&wanted, passage)?;
        let slack = length / 3;
        let (from, to) = (start.saturating_sub(slack), (start + length + slack).min(self.words.len()));
        let near = self.words.get(from..to)?;
        let first = near.iter().position(|(_, word)| wanted.contains(word))?;
        let last = near.iter().rposition(|(_, word)| wanted.contains(word))?;
        let stretch = near.get(first..=last)?;
        let there: Vec<usize> = stretch.iter().map(|(_, word)| *word).collect();
        let gone: usize = edits(&wanted, &there, deadline()).iter().map(|edit| edit.base.len()).sum();
        let alike = 2.0 * (length - gone.min(length)) as f64 / (length + there.len()) as f64;
        let (start, end) = (stretch.first()?.0.start, stretch.last()?.0.end);
        (alike >= ALIKE).then_some(start..end)
    }

    /// Where a stretch of so many words begins that has most of these words; of several the one nearest to where they were.
    fn fullest(&self, wanted: &[usize], passage: &Passage) -> Option<usize> {
        let mut left: HashMap<usize, i64> = HashMap::new();
        for word in wanted {
            *left.entry(*word).or_default() += 1;
        }
        let (mut has, mut best) = (0_i64, None);
        for (at, (_, word)) in self.words.iter().enumerate() {
            if let Some(left) = left.get_mut(word) {
                has += i64::from(*left > 0);
                *left -= 1;
            }
            if let Some((_, gone)) = at.checked_sub(wanted.len()).and_then(|gone| self.words.get(gone))
                && let Some(left) = left.get_mut(gone)
            {
                *left += 1;
                has -= i64::from(*left > 0);
            }
            let start = (at + 1).saturating_sub(wanted.len());
            let place = self.words.get(start).map_or(0, |(range, _)| range.start);
            let rank = (has, std::cmp::Reverse(self.far(passage, place)));
            if best.as_ref().is_none_or(|(best, _)| rank > *best) {
                best = Some((rank, start));
            }
        }
        best.filter(|((has, _), _)| 2 * has >= wanted.len() as i64).map(|(_, start)| start)
    }

    /// A place as a passage, with what stands around it.
    pub fn passage(&self, place: Range<usize>) -> Passage {
        let before: Vec<char> = self.at(0..place.start).chars().rev().take(AROUND).collect();
        Passage {
            quote: self.at(place.clone()).to_owned(),
            prefix: before.into_iter().rev().collect(),
            suffix: self.at(place.end..self.text.len()).chars().take(AROUND).collect(),
            position: place.start as i64,
        }
    }

    /// The passage of these words, as a person marked or copied them; of several places the one behind `before`.
    pub fn marked(&self, words: &str, before: &str) -> Option<Passage> {
        let mut prefix = collapsed(before);
        if before.ends_with(char::is_whitespace) {
            prefix.push(' ');
        }
        let wanted = Passage { quote: collapsed(words), prefix, ..Default::default() };
        let exact = self.places(&wanted.quote).max_by_key(|place| (self.around(&wanted, place), std::cmp::Reverse(place.start)));
        let place = exact.filter(|place| !place.is_empty()).or_else(|| self.alike(&wanted))?;
        Some(self.passage(place))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "We raise the price in May. Support knows. We raise the price in June as well, if nobody leaves until then.";

    fn place(text: &str, passage: &Passage) -> Option<String> {
        let plain = Plain::new(text.to_owned());
        plain.find(passage).map(|place| format!("{}:{}", matches!(place, Place::Exact(_)), plain.at(place.range())))
    }

    fn second_price() -> Passage {
        Plain::new(TEXT.into()).marked("raise\n the price", "Support knows. We ").unwrap()
    }

    #[test]
    fn a_passage_is_found_where_it_was_marked() {
        let passage = second_price();
        assert_eq!((passage.quote.as_str(), passage.position), ("raise the price", 45));
        assert!(passage.prefix.ends_with("knows. We ") && passage.suffix.starts_with(" in June"));
        assert_eq!(Plain::new(TEXT.into()).marked("not in it at all", ""), None);
        assert_eq!(Plain::new(TEXT.into()).marked("", ""), None);
    }

    #[test]
    fn a_passage_stays_where_it_belongs() {
        let passage = second_price();
        let moved = format!("A new beginning. {TEXT}");
        assert_eq!(place(&moved, &passage).as_deref(), Some("true:raise the price"));
        let plain = Plain::new(moved.clone());
        assert_eq!(plain.find(&passage).unwrap().range().start, 45 + "A new beginning. ".len(), "the second one, not the first");
        let twice = Plain::new("so we we we go on and on and on".into());
        assert_eq!(twice.find(&twice.passage(6..11)), Some(Place::Exact(6..11)), "the second of two that lie over each other");
        let first_gone = TEXT.replace("We raise the price in May. ", "");
        assert_eq!(place(&first_gone, &passage).as_deref(), Some("true:raise the price"));
    }

    #[test]
    fn a_changed_passage_is_found_and_one_that_is_gone_is_not() {
        let passage = Plain::new(TEXT.into()).marked("We raise the price in June as well, if nobody leaves", "").unwrap();
        let changed = TEXT.replace("in June as well", "slowly in July as well");
        assert_eq!(place(&changed, &passage).as_deref(), Some("false:We raise the price slowly in July as well, if nobody leaves"));
        assert_eq!(place("Something else entirely is written here now, and it is as long as that.", &passage), None);
        assert_eq!(place("", &passage), None);
        assert_eq!(place(TEXT, &Passage::default()), None);
    }

    #[test]
    fn long_texts_are_searched_in_time() {
        let text: String = (0..50_000).map(|n| format!("word{} the price ", n % 500)).collect();
        let plain = Plain::new(text);
        let passage = Passage { quote: "the old price of the old price that is gone for good and all".into(), ..Default::default() };
        let start = std::time::Instant::now();
        for _ in 0..10 {
            plain.find(&passage);
        }
        assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    }

    /// A few words, which stand in a text over and over.
    fn some(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<&'static str>> {
        proptest::collection::vec(prop::sample::select(vec!["price", "the", "goes", "up.", "été", "we"]), count)
    }

    proptest! {
        /// Whatever is written before and behind it, and however often: the passage and the words next to it are where they are.
        #[test]
        fn an_untouched_passage_keeps_its_comment(
            left in some(30..31),
            quote in some(1..8),
            right in some(30..31),
            edits in proptest::collection::vec((some(0..60), some(0..60)), 2..6),
        ) {
            let mut passage: Option<Passage> = None;
            for (before, behind) in edits {
                let head = [before, left.clone()].concat().join(" ");
                let text = [head.as_str(), &quote.join(" "), &right.join(" "), &behind.join(" ")].join(" ");
                let place = head.len() + 1..head.len() + 1 + quote.join(" ").len();
                let plain = Plain::new(text);
                if let Some(passage) = &passage {
                    prop_assert_eq!(plain.find(passage), Some(Place::Exact(place.clone())));
                }
                passage = Some(plain.passage(place));
            }
        }

        /// Where it stands is said in bytes, and is never in the middle of a letter.
        #[test]
        fn what_is_found_is_words_of_the_text(words in some(0..80), quote in some(1..12), position in 0..400_i64) {
            let plain = Plain::new(words.join(" "));
            let passage = Passage { quote: quote.join(" "), position, ..Default::default() };
            if let Some(place) = plain.find(&passage) {
                prop_assert!(!plain.at(place.range()).is_empty());
            }
        }
    }
}
