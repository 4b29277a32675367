//! What can be searched for, and what is found.

use serde::{Deserialize, Serialize};

use crate::kernel::text::query_value;
use crate::org::model::ProductLink;

/// What stands before and behind a match in a text that was found; the database takes both out of every text beforehand.
const MARKS: [char; 2] = ['\u{2}', '\u{3}'];
/// Finds of each kind while all kinds are shown.
pub const FEW: i32 = 8;
/// Finds on a page of one kind.
pub const MANY: i32 = 20;
/// Pages behind which nothing is found: of a word that is everywhere, a thousand entries are looked at.
const PAGES_MAX: i32 = 50;

/// A kind of thing that can be found: a further one is a line in each of these, and one in the migration of the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum Kind {
    Idea,
    Epic,
    Feature,
    Task,
    Feedback,
    Release,
    Okr,
    Kpi,
    Experiment,
    Document,
}

impl Kind {
    pub const ALL: [Kind; 10] = [
        Kind::Idea,
        Kind::Epic,
        Kind::Feature,
        Kind::Task,
        Kind::Release,
        Kind::Document,
        Kind::Okr,
        Kind::Kpi,
        Kind::Experiment,
        Kind::Feedback,
    ];

    /// Its name in the database and in addresses, its name on the screen, and where its pages are below a product's.
    fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Kind::Idea => ("Idea", "Ideas", "ideas"),
            Kind::Epic => ("Epic", "Epics", "epics"),
            Kind::Feature => ("Feature", "Features", "features"),
            Kind::Task => ("Task", "Tasks", "tasks"),
            Kind::Feedback => ("Feedback", "Feedback", "feedback"),
            Kind::Release => ("Release", "Releases", "releases"),
            Kind::Okr => ("OKR", "OKRs", "okrs"),
            Kind::Kpi => ("KPI", "KPIs", "kpis"),
            Kind::Experiment => ("Experiment", "Experiments", "experiments"),
            Kind::Document => ("Document", "Documents", "documents"),
        }
    }

    /// Its name in the database and in addresses.
    pub fn word(self) -> &'static str {
        self.texts().0
    }

    /// Its name on the screen, for several of them.
    pub fn label(self) -> &'static str {
        self.texts().1
    }

    /// Where its pages are below a product's.
    pub fn path(self) -> &'static str {
        self.texts().2
    }

    /// Reads what `word` wrote.
    pub fn parse(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SearchQuery {
    /// As typed; each word may be the beginning of one, and what stands in quotes is found as it stands.
    pub words: String,
    pub kind: Option<Kind>,
    /// A product's key.
    pub product: Option<String>,
    /// The page, from 0; of one kind only.
    pub page: i32,
}

impl SearchQuery {
    /// Reads the parameters of an address; what it does not know it leaves out.
    pub fn of_params(get: impl Fn(&str) -> Option<String>) -> SearchQuery {
        let clean = |name: &str| get(name).unwrap_or_default().replace('\0', "");
        SearchQuery {
            words: clean("q").chars().take(200).collect(),
            kind: get("kind").and_then(|word| Kind::parse(&word)),
            product: Some(clean("product")).filter(|key| !key.is_empty()),
            page: get("page").and_then(|page| page.parse().ok()).unwrap_or_default(),
        }
        .bounded()
    }

    /// The same within what is looked at.
    pub fn bounded(self) -> SearchQuery {
        let page = if self.kind.is_some() { self.page.clamp(0, PAGES_MAX) } else { 0 };
        SearchQuery { page, words: self.words.replace('\0', ""), ..self }
    }

    /// The same as parameters of an address, led by `?`.
    pub fn params(&self) -> String {
        let mut params = format!("?q={}", query_value(&self.words));
        if let Some(kind) = self.kind {
            params += &format!("&kind={}", kind.word());
        }
        if let Some(product) = &self.product {
            params += &format!("&product={}", query_value(product));
        }
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

    /// How many finds of a kind are shown.
    pub fn shown(&self) -> i32 {
        if self.kind.is_some() { MANY } else { FEW }
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
    pub title: String,
    pub snippet: String,
    /// Its number among the items of its product, which is looked up afterwards.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    #[serde(default)]
    pub number: Option<i32>,
}

impl Hit {
    /// What was asked for by its short reference: the whole title is the match.
    pub fn named(kind: Kind, id: String, key: Option<String>, product: Option<String>, title: String) -> Hit {
        let [begin, end] = MARKS;
        let title = format!("{begin}{}{end}", title.replace(MARKS, ""));
        Hit { kind: kind.word().into(), id, product_key: key, product_name: product, title, snippet: String::new(), number: None }
    }
}

impl Hit {
    /// Its page, in the organisation with this slug.
    pub fn href(&self, org: &str) -> String {
        let place = self.product_key.as_ref().map(|key| format!("/products/{key}")).unwrap_or_default();
        format!("/orgs/{org}{place}/{}/{}", Kind::parse(&self.kind).map_or("", Kind::path), self.id)
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
    pub groups: Vec<Group>,
    /// The products to narrow the search to.
    pub products: Vec<ProductLink>,
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
    fn an_address_reads_back() {
        let query = SearchQuery { words: "\"native app\" mob".into(), kind: Some(Kind::Idea), product: Some("rocket".into()), page: 2 };
        assert_eq!(query.params(), "?q=%22native%20app%22%20mob&kind=Idea&product=rocket&page=2");
        let get = |name: &str| match name {
            "q" => Some("\"native app\" mob".to_owned()),
            "kind" => Some("Idea".into()),
            "product" => Some("rocket".into()),
            _ => Some("2".into()),
        };
        assert_eq!(SearchQuery::of_params(get), query);
        assert_eq!(SearchQuery { kind: None, page: 9, ..query }.bounded().page, 0);
    }

    proptest! {
        #[test]
        fn no_text_is_lost(text in "[a-c<\u{2}\u{3}]{0,30}") {
            let joined: String = pieces(&text).into_iter().map(|(text, _)| text).collect();
            prop_assert_eq!(joined, text.replace(MARKS, ""));
        }
    }
}
