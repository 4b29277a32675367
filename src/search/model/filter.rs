//! The filters that can be typed among the words: `type:task status:"in review" assignee:me product:rocket`.

use serde::{Deserialize, Serialize};

use super::Kind;
use crate::document::model::DocumentStatus;
use crate::experiment::model::ExperimentStatus;
use crate::feature::epic::model::EpicStatus;
use crate::feature::model::FeatureStatus;
use crate::feedback::model::FeedbackStatus;
use crate::goal::okr::model::OkrStatus;
use crate::idea::model::IdeaStatus;
use crate::product::model::Lifecycle;
use crate::release::model::ReleaseStatus;
use crate::task::model::TaskStatus;

/// What a search can be narrowed by. Of several values for one, either will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Filter {
    Type,
    Status,
    Assignee,
    Product,
}

crate::words!(Filter {
    Type: "type", "Type";
    Status: "status", "Status";
    Assignee: "assignee", "Assignee";
    Product: "product", "Product";
});

/// Whoever asks, as an assignee.
pub const ME: &str = "me";
/// No assignee at all.
pub const NOBODY: &str = "nobody";
/// Possible values that are told of a wrong one.
const TOLD: usize = 30;

/// What was typed, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// What is no filter, words and phrases, as it was typed but for spaces.
    pub words: String,
    pub filters: Vec<(Filter, String)>,
}

impl Typed {
    /// Takes apart whatever was typed. A filter whose value is not there yet is left out.
    pub fn read(text: &str) -> Typed {
        let mut typed = Typed::default();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let end = match filter_at(rest) {
                Some((filter, at)) => {
                    let (value, length) = value_at(&rest[at..]);
                    if !value.trim().is_empty() {
                        typed.add(filter, value);
                    }
                    at + length
                }
                None => {
                    let end = word_end(rest);
                    if !typed.words.is_empty() {
                        typed.words.push(' ');
                    }
                    typed.words += &rest[..end];
                    end
                }
            };
            rest = rest[end..].trim_start();
        }
        typed
    }

    /// Adds a filter, if it is not there.
    pub fn add(&mut self, filter: Filter, value: &str) {
        let value = value.trim().to_owned();
        let held = self.filters.iter().any(|(other, held)| (*other, plain(held)) == (filter, plain(&value)));
        if !held {
            self.filters.push((filter, value));
        }
    }

    /// The same as somebody would type it; the filters come first, for a phrase need not have an end.
    pub fn text(&self) -> String {
        let filters = self.filters.iter().map(|(filter, value)| written(*filter, value));
        filters.chain([self.words.clone()]).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The values of a filter.
    pub fn of(&self, filter: Filter) -> impl Iterator<Item = &str> {
        self.filters.iter().filter(move |(other, _)| *other == filter).map(|(_, value)| value.as_str())
    }
}

/// A filter as somebody would type it.
pub fn written(filter: Filter, value: &str) -> String {
    let quote = if value.contains(char::is_whitespace) { "\"" } else { "" };
    format!("{}:{quote}{value}{quote}", filter.word())
}

/// The filter that a text begins with, and where its value is.
fn filter_at(text: &str) -> Option<(Filter, usize)> {
    let (name, _) = text.split_once(':')?;
    let filter = Filter::ALL.into_iter().find(|filter| name.eq_ignore_ascii_case(filter.word()))?;
    Some((filter, name.len() + 1))
}

/// The value that a text begins with, and where it ends. One in quotes may have spaces.
fn value_at(text: &str) -> (&str, usize) {
    match text.strip_prefix('"') {
        Some(quoted) => match quoted.find('"') {
            Some(end) => (&quoted[..end], end + 2),
            None => (quoted, text.len()),
        },
        None => {
            let end = text.find(char::is_whitespace).unwrap_or(text.len());
            (&text[..end], end)
        }
    }
}

/// Where the word or phrase ends that a text begins with.
fn word_end(text: &str) -> usize {
    match text.strip_prefix('"') {
        Some(phrase) => phrase.find('"').map_or(text.len(), |end| end + 2),
        None => text.find(|c: char| c == '"' || c.is_whitespace()).unwrap_or(text.len()),
    }
}

/// A value as it is compared: `In progress`, `in-progress` and `IN_PROGRESS` are the same.
pub fn plain(value: &str) -> String {
    value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A name as the value of a filter that needs no quotes: `in-progress`.
fn dashed(label: &str) -> String {
    label.to_lowercase().replace(' ', "-")
}

/// All that something can be, by its word in the database and its name on the screen, each name once.
fn statuses() -> Vec<(&'static str, &'static str)> {
    let lifecycle = Lifecycle::ALL.map(|stage| (stage.word(), stage.label()));
    let ideas = IdeaStatus::ALL.map(|status| (status.word(), status.label()));
    let mut all = [
        ideas.to_vec(),
        EpicStatus::pairs(),
        FeatureStatus::pairs(),
        TaskStatus::pairs(),
        ReleaseStatus::pairs(),
        DocumentStatus::pairs(),
        OkrStatus::pairs(),
        ExperimentStatus::pairs(),
        FeedbackStatus::pairs(),
        lifecycle.to_vec(),
    ]
    .concat();
    let mut seen = Vec::new();
    all.retain(|pair| {
        let new = !seen.contains(pair);
        seen.push(*pair);
        new
    });
    all
}

/// The name on the screen of a status.
pub fn status_label(word: &str) -> &'static str {
    statuses().into_iter().find(|(held, _)| *held == word).map_or("", |(_, label)| label)
}

/// The statuses to choose from: what is typed, and the name on the screen.
pub fn status_options() -> Vec<(String, String)> {
    let mut options: Vec<(String, String)> = Vec::new();
    for (_, label) in statuses() {
        if !options.iter().any(|(_, held)| held == label) {
            options.push((dashed(label), label.to_owned()));
        }
    }
    options
}

/// The kinds to choose from, as `status_options`.
pub fn kind_options(kinds: &[Kind]) -> Vec<(String, String)> {
    kinds.iter().map(|kind| (kind.value(), kind.singular().to_owned())).collect()
}

/// The words of the database for a status as it is typed; none for what is no status.
pub fn status_words(value: &str) -> Vec<&'static str> {
    let value = plain(value);
    let mut words: Vec<_> =
        statuses().into_iter().filter(|(word, label)| plain(word) == value || plain(label) == value).map(|(word, _)| word).collect();
    words.dedup();
    words
}

impl Kind {
    /// How it is typed behind `type:`.
    pub fn value(self) -> String {
        dashed(self.singular())
    }

    /// The kind as it is typed: one of it or several, or its name in addresses.
    pub fn typed(value: &str) -> Option<Kind> {
        let value = plain(value);
        Kind::ALL.into_iter().find(|kind| [kind.word(), kind.singular(), kind.label()].into_iter().any(|name| plain(name) == value))
    }
}

/// A value that a filter does not have, and those that it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unknown {
    pub filter: Filter,
    pub value: String,
    pub possible: Vec<String>,
}

impl Unknown {
    /// What is told of it.
    pub fn told(&self) -> String {
        let what = match self.filter {
            Filter::Type => "There is no type",
            Filter::Status => "Nothing has a status",
            Filter::Assignee => "No member is called",
            Filter::Product => "There is no product",
        };
        let more = if self.possible.len() > TOLD { " and others" } else { "" };
        let possible: Vec<&str> = self.possible.iter().map(String::as_str).take(TOLD).collect();
        format!("{what} “{}”. Possible are: {}{more}.", self.value, possible.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn filters_are_taken_out_of_the_words() {
        let typed = Typed::read("mobile type:task \"native app\" Status:\"In review\" assignee:me http://a.b type: product:");
        assert_eq!(typed.words, "mobile \"native app\" http://a.b");
        let filters = [(Filter::Type, "task"), (Filter::Status, "In review"), (Filter::Assignee, "me")];
        assert_eq!(typed.filters, filters.map(|(filter, value)| (filter, value.to_owned())));
        assert_eq!(typed.text(), "type:task status:\"In review\" assignee:me mobile \"native app\" http://a.b");
        assert_eq!(Typed::read("\"type:task\"").filters, [], "a phrase is no filter");
        assert_eq!(Typed::read("type:\"key results").filters, [(Filter::Type, "key results".to_owned())], "a quote need not end");
    }

    #[test]
    fn values_are_known_however_they_are_written() {
        for value in ["task", "Tasks", "TASK"] {
            assert_eq!(Kind::typed(value), Some(Kind::Task));
        }
        assert_eq!(Kind::typed("key-result"), Some(Kind::KeyResult));
        assert_eq!(Kind::typed("tusk"), None);
        for value in ["in-progress", "In progress", "IN_PROGRESS", "inprogress"] {
            assert_eq!(status_words(value), ["IN_PROGRESS"]);
        }
        assert_eq!(status_words("in-review"), ["IN_REVIEW", "REVIEW"], "a document's is called so too");
        assert!(status_words("done-ish").is_empty());
    }

    #[test]
    fn every_offered_value_is_known() {
        for (value, label) in status_options() {
            assert!(!status_words(&value).is_empty(), "{label}");
        }
        for kind in Kind::ALL {
            assert_eq!(Kind::typed(&kind.value()), Some(kind));
        }
    }

    #[test]
    fn a_wrong_value_is_told_with_the_possible_ones() {
        let wrong = Unknown { filter: Filter::Type, value: "tusk".into(), possible: vec!["idea".into(), "task".into()] };
        assert_eq!(wrong.told(), "There is no type “tusk”. Possible are: idea, task.");
    }

    proptest! {
        #[test]
        fn whatever_is_typed_reads_back(text in "(type:|status:|Assignee:|product:|[a-c\":\\s\u{e4}\u{1f600}]){0,20}") {
            let typed = Typed::read(&text);
            prop_assert_eq!(Typed::read(&typed.text()), typed);
        }

        #[test]
        fn nothing_that_is_typed_breaks_it(text in any::<String>()) {
            let typed = Typed::read(&text);
            prop_assert_eq!(Typed::read(&typed.text()), typed);
        }

        #[test]
        fn filters_read_back(values in proptest::collection::vec((0usize..4, "[a-z\u{e4}.]{1,8}( [A-Z]{1,5}){0,2}"), 0..6), words in "[a-z]{0,6}") {
            let mut typed = Typed { words, filters: Vec::new() };
            for (filter, value) in &values {
                typed.add(Filter::ALL[*filter], value);
            }
            prop_assert_eq!(Typed::read(&typed.text()), typed);
        }
    }
}
