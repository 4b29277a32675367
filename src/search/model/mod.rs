//! What can be searched for, and what is found.

mod counted;
mod filter;
mod kind;

use serde::{Deserialize, Serialize};

pub use counted::is_cut;
pub use filter::{Filter, ME, NOBODY, Typed, Unknown, kind_options, plain, status_label, status_options, status_words, written};
pub use kind::Kind;

use crate::kernel::reference::reference;
use crate::kernel::text::query_value;
use crate::org::model::ProductLink;

/// What stands before and behind a match in a text that was found; the database takes both out of every text beforehand.
const MARKS: [char; 2] = ['\u{2}', '\u{3}'];
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

/// Something that was found. Its texts are marked, see `pieces`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Hit {
    pub kind: String,
    pub id: String,
    /// Nothing for what is the organisation's own.
    pub product_key: Option<String>,
    pub product_name: Option<String>,
    /// Where its page is below the product's or the organisation's, if its kind and id do not say so.
    pub path: Option<String>,
    /// Its status, or the stage of a product, by its word in the database.
    pub status: Option<String>,
    pub title: String,
    pub snippet: String,
    /// Whether it has words that are like those that were typed.
    pub near: bool,
    /// Its number among the items of its product, which is looked up afterwards.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    #[serde(default)]
    pub number: Option<i32>,
}

impl Hit {
    /// The same as what was asked for by its short reference: the whole title is the match.
    pub fn named(self) -> Hit {
        let [begin, end] = MARKS;
        Hit { title: format!("{begin}{}{end}", self.name()), ..self }
    }

    /// Its title without marks.
    pub fn name(&self) -> String {
        pieces(&self.title).into_iter().map(|(text, _)| text).collect()
    }

    /// Its short name, if it has one.
    pub fn reference(&self) -> Option<String> {
        reference(self.product_key.as_deref()?, self.number)
    }

    /// The address of its page; of a member, that of the list with them alone.
    pub fn href(&self, org: &str) -> String {
        if self.kind == Kind::Person.word() {
            return format!("/orgs/{org}/members?find={}", query_value(&self.name()));
        }
        let product = self.product_key.as_ref().map(|key| format!("/products/{key}")).unwrap_or_default();
        let path = self.path.clone().unwrap_or_else(|| {
            let kind = Kind::parse(&self.kind).map(Kind::path).unwrap_or_default();
            format!("{kind}/{}", self.id)
        });
        let path = if path.is_empty() { path } else { format!("/{path}") };
        format!("/orgs/{org}{product}{path}")
    }
}

/// What was found of one kind, best first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub kind: Kind,
    pub hits: Vec<Hit>,
    /// Whether there is more behind it.
    pub more: bool,
}

/// The page of a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The kind with the best find comes first.
    pub groups: Vec<Group>,
    /// Whether nothing has the words, and this is what has words that are like them.
    pub near: bool,
    /// Values of filters that there are none of.
    pub unknown: Vec<Unknown>,
    /// The kinds that can be found.
    pub kinds: Vec<Kind>,
    /// The products to narrow the search to.
    pub products: Vec<ProductLink>,
    /// The names of members to narrow the search to.
    pub people: Vec<String>,
}

impl Found {
    /// Puts a hit before all others, and its kind before the other kinds.
    pub fn put_first(&mut self, kind: Kind, hit: Hit) {
        let at = self.groups.iter().position(|group| group.kind == kind);
        let mut group = at.map_or_else(|| Group { kind, hits: Vec::new(), more: false }, |at| self.groups.remove(at));
        group.hits.retain(|other| other.id != hit.id);
        group.hits.insert(0, hit);
        self.groups.insert(0, group);
    }
}

/// A marked text in pieces, each with whether it is a match. The text is shown as text, whatever is in it.
pub fn pieces(marked: &str) -> Vec<(String, bool)> {
    let [begin, end] = MARKS;
    let mut pieces = Vec::new();
    let mut matched = false;
    for piece in marked.split_inclusive(MARKS) {
        let text = piece.trim_end_matches(MARKS);
        if !text.is_empty() {
            pieces.push((text.to_owned(), matched));
        }
        matched = match piece.chars().last() {
            Some(last) if last == begin => true,
            Some(last) if last == end => false,
            _ => matched,
        };
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn matches_are_pieces_of_the_text() {
        let shown = pieces("a \u{2}Mobile\u{3} app \u{2}<b>\u{3}");
        let expected = [("a ", false), ("Mobile", true), (" app ", false), ("<b>", true)];
        assert_eq!(shown, expected.map(|(text, matched)| (text.to_owned(), matched)));
    }

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

    #[test]
    fn a_find_leads_to_its_page() {
        let hit = |kind: Kind, product: Option<&str>, path: Option<&str>| Hit {
            kind: kind.word().into(),
            id: "x".into(),
            product_key: product.map(str::to_owned),
            product_name: None,
            path: path.map(str::to_owned),
            status: None,
            title: String::new(),
            snippet: String::new(),
            near: false,
            number: None,
        };
        assert_eq!(hit(Kind::Idea, Some("rocket"), None).href("acme"), "/orgs/acme/products/rocket/ideas/x");
        assert_eq!(hit(Kind::Document, None, None).href("acme"), "/orgs/acme/documents/x");
        assert_eq!(hit(Kind::Product, Some("rocket"), Some("")).href("acme"), "/orgs/acme/products/rocket");
        assert_eq!(hit(Kind::Team, None, Some("teams/core")).href("acme"), "/orgs/acme/teams/core");
        let person = Hit { title: "\u{2}Zoë\u{3} & Co".into(), ..hit(Kind::Person, None, Some("members")) };
        assert_eq!(person.href("acme"), "/orgs/acme/members?find=Zo%C3%AB%20%26%20Co");
        let named = person.named();
        assert_eq!((named.name().as_str(), pieces(&named.title).len()), ("Zoë & Co", 1));
    }

    proptest! {
        #[test]
        fn no_text_is_lost(text in "[a-c<\u{2}\u{3}]{0,30}") {
            let joined: String = pieces(&text).into_iter().map(|(text, _)| text).collect();
            prop_assert_eq!(joined, text.replace(MARKS, ""));
        }
    }
}
