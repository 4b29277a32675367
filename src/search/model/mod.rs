//! What can be searched for, and what is found.

mod counted;
mod filter;
mod kind;
mod query;

use serde::{Deserialize, Serialize};

pub use counted::is_cut;
pub use filter::{Filter, ME, NOBODY, Typed, Unknown, kind_options, plain, status_label, status_options, status_words, written};
pub use kind::Kind;
pub use query::{Asked, FEW, MANY, SearchQuery};

use crate::kernel::reference::reference;
use crate::kernel::text::query_value;
use crate::org::model::ProductLink;

/// What stands before and behind a match in a text that was found; the database takes both out of every text beforehand.
const MARKS: [char; 2] = ['\u{2}', '\u{3}'];

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
