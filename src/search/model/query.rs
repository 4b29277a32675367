//! What is asked for, and how it is understood.

use serde::{Deserialize, Serialize};

use super::{Filter, Kind, Typed, Unknown, status_options, status_words};
use crate::kernel::text::query_value;

/// Finds of each kind while several kinds are shown.
pub const FEW: i32 = 5;
/// Finds on a page of one kind.
pub const MANY: i32 = 20;
/// Pages behind which nothing is found: of a word that is everywhere, a thousand entries are looked at.
const PAGES_MAX: i32 = 50;

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SearchQuery {
    /// As typed; each word may be the beginning of one, what stands in quotes is found as it stands, and filters may stand
    /// among them, see `Typed`.
    pub words: String,
    /// The one kind that is looked for, whatever is typed.
    pub kind: Option<Kind>,
    /// The key of the one product that is looked in, whatever is typed.
    pub product: Option<String>,
    /// The page, from 0; of one kind only.
    pub page: i32,
}

/// A search as it is understood. What may be looked in, where it is empty, is everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    pub words: String,
    pub kinds: Vec<Kind>,
    /// By their words in the database.
    pub statuses: Vec<String>,
    /// As typed.
    pub assignees: Vec<String>,
    /// As typed.
    pub products: Vec<String>,
    /// What was typed as a type or a status and is none.
    pub unknown: Vec<Unknown>,
}

impl Asked {
    /// Whether anything is looked for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.unknown.is_empty() && !self.is_filtered()
    }

    /// Whether it is narrowed at all.
    pub fn is_filtered(&self) -> bool {
        !(self.kinds.is_empty() && self.statuses.is_empty() && self.assignees.is_empty() && self.products.is_empty())
    }
}

impl SearchQuery {
    /// Reads the parameters of an address; what it does not know it leaves out. What was chosen in the controls is put among
    /// the words, as if it had been typed.
    pub fn of_params(get: impl Fn(&str) -> Option<String>) -> SearchQuery {
        let clean = |name: &str| get(name).unwrap_or_default().replace('\0', "");
        let mut words: String = clean("q").chars().take(200).collect();
        let kind = ("kind", Filter::Type);
        let chosen: Vec<_> = Filter::ALL.into_iter().map(|filter| (filter.word(), filter)).chain([kind]).collect();
        for (name, filter) in chosen {
            let value: String = clean(name).replace('"', "").chars().take(130).collect();
            if !value.trim().is_empty() {
                let mut typed = Typed::read(&words);
                typed.add(filter, &value);
                words = typed.text();
            }
        }
        let page = get("page").and_then(|page| page.parse().ok()).unwrap_or_default();
        SearchQuery { words, page, ..Default::default() }.bounded()
    }

    /// The same within what is looked at.
    pub fn bounded(self) -> SearchQuery {
        let query = SearchQuery { words: self.words.replace('\0', ""), ..self };
        let page = if query.one().is_some() { query.page.clamp(0, PAGES_MAX) } else { 0 };
        SearchQuery { page, ..query }
    }

    /// The search as it is understood.
    pub fn asked(&self) -> Asked {
        let typed = Typed::read(&self.words);
        let mut asked = Asked {
            assignees: typed.of(Filter::Assignee).map(str::to_owned).collect(),
            products: typed.of(Filter::Product).map(str::to_owned).collect(),
            ..Default::default()
        };
        for value in typed.of(Filter::Type) {
            match Kind::typed(value) {
                Some(kind) if asked.kinds.contains(&kind) => {}
                Some(kind) => asked.kinds.push(kind),
                None => {
                    let possible = Kind::ALL.map(Kind::value).to_vec();
                    asked.unknown.push(Unknown { filter: Filter::Type, value: value.to_owned(), possible });
                }
            }
        }
        for value in typed.of(Filter::Status) {
            let words = status_words(value);
            if words.is_empty() {
                let possible = status_options().into_iter().map(|(value, _)| value).collect();
                asked.unknown.push(Unknown { filter: Filter::Status, value: value.to_owned(), possible });
            }
            asked.statuses.extend(words.into_iter().map(str::to_owned));
        }
        if let Some(kind) = self.kind {
            asked.kinds = vec![kind];
        }
        if let Some(product) = &self.product {
            asked.products = vec![product.clone()];
        }
        asked.words = typed.words;
        asked
    }

    /// The kind, if only one is looked for.
    pub fn one(&self) -> Option<Kind> {
        match self.asked().kinds[..] {
            [kind] => Some(kind),
            _ => None,
        }
    }

    /// The same as parameters of an address, led by `?`.
    pub fn params(&self) -> String {
        let mut params = format!("?q={}", query_value(&self.words));
        if self.page > 0 {
            params += &format!("&page={}", self.page);
        }
        params
    }

    /// The same search from its beginning, changed by `change`.
    pub fn with(&self, change: impl FnOnce(&mut SearchQuery)) -> SearchQuery {
        let mut query = SearchQuery { page: 0, ..self.clone() };
        change(&mut query);
        query
    }

    /// The same search for this kind alone, or for all kinds.
    pub fn of_kind(&self, kind: Option<Kind>) -> SearchQuery {
        self.retyped(|typed| {
            typed.filters.retain(|(filter, _)| *filter != Filter::Type);
            if let Some(kind) = kind {
                typed.add(Filter::Type, &kind.value());
            }
        })
    }

    /// The same search without one of its filters.
    pub fn without(&self, filter: Filter, value: &str) -> SearchQuery {
        self.retyped(|typed| typed.filters.retain(|held| *held != (filter, value.to_owned())))
    }

    /// The same search without any filter.
    pub fn unfiltered(&self) -> SearchQuery {
        self.retyped(|typed| typed.filters.clear())
    }

    fn retyped(&self, change: impl FnOnce(&mut Typed)) -> SearchQuery {
        let mut typed = Typed::read(&self.words);
        change(&mut typed);
        self.with(|query| query.words = typed.text())
    }

    /// How many finds of a kind are shown.
    pub fn shown(&self) -> i32 {
        if self.one().is_some() { MANY } else { FEW }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(of: &'static [(&'static str, &'static str)]) -> impl Fn(&str) -> Option<String> {
        move |name| of.iter().find(|(held, _)| *held == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn an_address_reads_back() {
        let query = SearchQuery { words: "type:idea \"native app\" mob".into(), page: 2, ..Default::default() };
        assert_eq!(query.params(), "?q=type%3Aidea%20%22native%20app%22%20mob&page=2");
        assert_eq!(SearchQuery::of_params(params(&[("q", "type:idea \"native app\" mob"), ("page", "2")])), query);
        let many = SearchQuery { words: "mob".into(), page: 9, ..Default::default() };
        assert_eq!(many.bounded().page, 0, "several kinds have one page");
    }

    #[test]
    fn what_is_chosen_stands_among_the_words() {
        const CHOSEN: [(&str, &str); 5] =
            [("q", "status:done mob"), ("type", "task"), ("status", "Done"), ("assignee", "Ann Lee"), ("product", "")];
        let query = SearchQuery::of_params(params(&CHOSEN));
        assert_eq!(query.words, "status:done type:task assignee:\"Ann Lee\" mob");
        let asked = query.asked();
        assert_eq!((asked.words.as_str(), asked.kinds, asked.statuses), ("mob", vec![Kind::Task], vec!["DONE".to_owned()]));
        assert_eq!(SearchQuery::of_params(params(&[("q", "mob"), ("kind", "OKR")])).words, "type:OKR mob", "an address of before");
    }

    #[test]
    fn a_search_is_narrowed_and_widened() {
        let query = SearchQuery { words: "type:idea type:task status:done mob".into(), ..Default::default() };
        assert_eq!(query.of_kind(Some(Kind::KeyResult)).words, "status:done type:key-result mob");
        assert_eq!(query.of_kind(None).words, "status:done mob");
        assert_eq!(query.without(Filter::Type, "idea").words, "type:task status:done mob");
        assert_eq!(query.unfiltered().words, "mob");
        let given = SearchQuery { kind: Some(Kind::Epic), product: Some("rocket".into()), ..query };
        assert_eq!((given.asked().kinds, given.asked().products), (vec![Kind::Epic], vec!["rocket".to_owned()]));
    }
}
