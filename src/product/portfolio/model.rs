//! What the portfolio is asked for, as its address says it, and what it shows.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::kernel::role::Role;
use crate::kernel::text::query_value;
use crate::kernel::time::Timestamp;
use crate::product::model::{Lifecycle, ProductName, ProductSummary};
use crate::roadmap::model::{Day, Item, Month, Window, Zoom};

/// Products that are shown at most.
pub const PRODUCTS_MAX: i64 = 500;
/// Items of the timeline that are shown at most.
pub const ITEMS_MAX: usize = 500;
/// The longest text that products are looked for by, in characters.
const FIND_MAX: usize = 100;

/// A way to look at the portfolio.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum View {
    #[default]
    Grid,
    List,
    Board,
    Timeline,
}

crate::words!(View {
    Grid: "grid", "Grid";
    List: "list", "List";
    Board: "board", "Board";
    Timeline: "timeline", "Timeline";
});

/// What the list is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    #[default]
    Name,
    Stage,
    Ideas,
    Features,
    Releases,
    Progress,
    Next,
}

crate::words!(Sort {
    Name: "name", "Product";
    Stage: "stage", "Stage";
    Ideas: "ideas", "Ideas";
    Features: "features", "Features";
    Releases: "releases", "Releases";
    Progress: "progress", "Features done";
    Next: "next", "Next release";
});

impl Sort {
    /// Whether the least comes first, unless the order is turned round: names, stages and days do, and the most of what is counted.
    fn rises(self) -> bool {
        matches!(self, Sort::Name | Sort::Stage | Sort::Next)
    }

    /// Which of two comes first. What has nothing to be sorted by is last, whichever way round.
    fn compare(self, one: &ProductRow, other: &ProductRow, turned: bool) -> Ordering {
        let by = match self {
            Sort::Name => return turn(name(one).cmp(&name(other)), turned),
            Sort::Stage => Some(one.summary.product.lifecycle.cmp(&other.summary.product.lifecycle)),
            Sort::Ideas => Some(one.summary.ideas.cmp(&other.summary.ideas)),
            Sort::Features => Some(one.summary.features.cmp(&other.summary.features)),
            Sort::Releases => Some(one.summary.releases.cmp(&other.summary.releases)),
            Sort::Progress => both(one.progress(), other.progress(), f64::total_cmp),
            Sort::Next => both(one.release_date, other.release_date, Ord::cmp),
        };
        let missing = |row: &ProductRow| match self {
            Sort::Progress => row.progress().is_none(),
            Sort::Next => row.release_date.is_none(),
            _ => false,
        };
        let by = by.map_or_else(|| missing(one).cmp(&missing(other)), |by| turn(by, turned == self.rises()));
        by.then_with(|| name(one).cmp(&name(other)))
    }
}

fn turn(order: Ordering, turned: bool) -> Ordering {
    if turned { order.reverse() } else { order }
}

fn both<T>(one: Option<T>, other: Option<T>, compare: fn(&T, &T) -> Ordering) -> Option<Ordering> {
    one.zip(other).map(|(one, other)| compare(&one, &other))
}

fn name(row: &ProductRow) -> (String, &str) {
    (row.summary.product.name.to_lowercase(), &row.summary.product.key)
}

/// Which products are asked for, and how they are looked at.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PortfolioQuery {
    pub view: View,
    pub stage: Option<Lifecycle>,
    /// Words of the name, the key or the description; nothing for all.
    pub find: Option<String>,
    pub deleted: bool,
    pub sort: Sort,
    /// The other way round than the column is sorted by itself.
    pub turned: bool,
    pub zoom: Zoom,
    /// The first month of the timeline; nothing for where today can be seen.
    pub from: Option<Month>,
}

impl PortfolioQuery {
    /// Reads the parameters of an address that shows this view unless it names another; what it does not know it leaves out.
    pub fn of_params(view: View, get: impl Fn(&str) -> Option<String>) -> PortfolioQuery {
        let sort = get("sort").unwrap_or_default();
        let found = get("find").map(|text| text.trim().chars().filter(|c| !c.is_control()).take(FIND_MAX).collect::<String>());
        PortfolioQuery {
            view: get("view").and_then(|word| View::parse(&word)).unwrap_or(view),
            stage: get("stage").and_then(|word| Lifecycle::parse(&word)),
            find: found.filter(|text| !text.is_empty()),
            deleted: get("show").as_deref() == Some("deleted"),
            sort: Sort::parse(sort.trim_start_matches('-')).unwrap_or_default(),
            turned: sort.starts_with('-'),
            zoom: get("zoom").and_then(|word| Zoom::parse(&word)).unwrap_or_default(),
            from: get("from").and_then(|word| Month::parse(&word)),
        }
    }

    /// Its parameters, without what goes without saying.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if self.view != View::default() {
            pairs.push(("view", self.view.word().to_owned()));
        }
        pairs.extend(self.deleted.then(|| ("show", "deleted".to_owned())));
        pairs.extend(self.stage.map(|stage| ("stage", stage.word().to_owned())));
        pairs.extend(self.find.clone().map(|find| ("find", find)));
        if self.sort != Sort::default() || self.turned {
            pairs.push(("sort", format!("{}{}", if self.turned { "-" } else { "" }, self.sort.word())));
        }
        if self.zoom != Zoom::default() {
            pairs.push(("zoom", self.zoom.word().to_owned()));
        }
        pairs.extend(self.from.map(|from| ("from", from.text())));
        pairs
    }

    /// The same as parameters of an address, led by `?`; nothing for the plain page.
    pub fn params(&self) -> String {
        let pairs: Vec<String> = self.pairs().iter().map(|(name, value)| format!("{name}={}", query_value(value))).collect();
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// The same, changed by `change`.
    pub fn with(&self, change: impl FnOnce(&mut PortfolioQuery)) -> PortfolioQuery {
        let mut query = self.clone();
        change(&mut query);
        query
    }

    /// Whether it leaves live products out.
    pub fn is_narrowed(&self) -> bool {
        self.stage.is_some() || self.find.is_some()
    }

    /// The list sorted by this column; the other way round if it is already.
    pub fn sorted(&self, sort: Sort) -> PortfolioQuery {
        self.with(|query| (query.sort, query.turned) = (sort, query.sort == sort && !query.turned))
    }

    /// How the list is sorted by this column, for screen readers; nothing if it is not.
    pub fn way(&self, sort: Sort) -> Option<&'static str> {
        let rises = sort.rises() != self.turned;
        (self.sort == sort).then_some(if rises { "ascending" } else { "descending" })
    }

    /// The part of time that the timeline shows.
    pub fn window(&self, today: Day) -> Window {
        Window::new(self.zoom, self.from, today)
    }
}

/// A product with what the portfolio says of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct ProductRow {
    #[cfg_attr(feature = "ssr", sqlx(flatten))]
    pub summary: ProductSummary,
    /// Features that are not cancelled, and of these the ones that are done.
    pub all_features: i64,
    pub done_features: i64,
    /// The release that comes next.
    pub release_id: Option<String>,
    pub release_name: Option<String>,
    pub release_date: Option<Timestamp>,
}

impl ProductRow {
    /// The share of its features that is done, in percent; nothing where there are none.
    pub fn progress(&self) -> Option<f64> {
        (self.all_features > 0).then(|| 100.0 * self.done_features as f64 / self.all_features as f64)
    }
}

/// The portfolio as a grid or a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Portfolio {
    pub role: Role,
    /// At most `PRODUCTS_MAX`, by name.
    pub products: Vec<ProductRow>,
}

/// Puts the products into the order that is asked for.
pub fn sort(products: &mut [ProductRow], query: &PortfolioQuery) {
    products.sort_by(|one, other| query.sort.compare(one, other, query.turned));
}

/// An epic, a dated feature or a release, with the product that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct Planned {
    #[cfg_attr(feature = "ssr", sqlx(flatten))]
    pub item: Item,
    pub product_id: String,
}

/// The portfolio in time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PortfolioTimeline {
    pub role: Role,
    /// At most `PRODUCTS_MAX`, by name.
    pub products: Vec<ProductName>,
    /// At most `ITEMS_MAX`, those with the latest dates.
    pub items: Vec<Planned>,
    /// Whether there are more.
    pub more: bool,
    /// The day that it is for whoever asks.
    pub today: Day,
}

impl PortfolioTimeline {
    /// The products that have anything in time, by name, each with its items.
    pub fn by_product(&self) -> Vec<(ProductName, Vec<Item>)> {
        let of = |product: &ProductName| {
            let items = self.items.iter().filter(|planned| planned.product_id == product.id).map(|planned| planned.item.clone());
            (product.clone(), items.collect::<Vec<_>>())
        };
        self.products.iter().map(of).filter(|(_, items)| !items.is_empty()).collect()
    }
}

#[cfg(test)]
mod rules {
    use super::*;
    use crate::product::model::Product;
    use crate::roadmap::model::Kind;

    fn row(name: &str, lifecycle: Lifecycle, ideas: i64, done: (i64, i64), next: Option<i64>) -> ProductRow {
        let product = Product {
            id: name.into(),
            name: name.into(),
            key: name.to_lowercase(),
            description: None,
            vision: None,
            lifecycle,
            end_of_life: None,
            sunset_plan: None,
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
            deleted_at: None,
        };
        ProductRow {
            summary: ProductSummary { product, ideas, features: done.1, releases: 0 },
            all_features: done.1,
            done_features: done.0,
            release_id: None,
            release_name: None,
            release_date: next.and_then(|seconds| Timestamp::from_timestamp(seconds, 0)),
        }
    }

    fn rows() -> Vec<ProductRow> {
        vec![
            row("anvil", Lifecycle::Growth, 2, (0, 0), None),
            row("Balloon", Lifecycle::Ideation, 9, (1, 2), Some(200)),
            row("Rocket", Lifecycle::Growth, 2, (3, 4), Some(100)),
        ]
    }

    fn order(sort: &str) -> Vec<String> {
        let query = PortfolioQuery::of_params(View::List, |name| (name == "sort").then(|| sort.to_owned()));
        let mut rows = rows();
        super::sort(&mut rows, &query);
        rows.into_iter().map(|row| row.summary.product.key).collect()
    }

    #[test]
    fn an_address_reads_back() {
        let query = PortfolioQuery {
            view: View::Timeline,
            stage: Some(Lifecycle::Growth),
            find: Some("a & b".into()),
            deleted: true,
            sort: Sort::Progress,
            turned: true,
            zoom: Zoom::Year,
            from: Month::parse("2026-10"),
        };
        let pairs = query.pairs();
        let again = PortfolioQuery::of_params(View::Grid, |name| pairs.iter().find(|(k, _)| *k == name).map(|(_, v)| v.clone()));
        assert_eq!(again, query);
        assert_eq!(query.params(), "?view=timeline&show=deleted&stage=GROWTH&find=a%20%26%20b&sort=-progress&zoom=year&from=2026-10");
        assert_eq!(PortfolioQuery::default().params(), "");
        assert_eq!(PortfolioQuery::of_params(View::Board, |_| None), PortfolioQuery { view: View::Board, ..Default::default() });
        let odd = PortfolioQuery::of_params(View::Grid, |name| Some(if name == "find" { "\0 " } else { "nonsense" }.to_owned()));
        assert_eq!(odd, PortfolioQuery::default());
    }

    #[test]
    fn each_column_sorts_both_ways_and_what_has_nothing_is_last() {
        assert_eq!(order("name"), ["anvil", "balloon", "rocket"]);
        assert_eq!(order("-name"), ["rocket", "balloon", "anvil"]);
        assert_eq!(order("stage"), ["balloon", "anvil", "rocket"]);
        assert_eq!(order("-stage"), ["anvil", "rocket", "balloon"]);
        assert_eq!(order("ideas"), ["balloon", "anvil", "rocket"]);
        assert_eq!(order("-ideas"), ["anvil", "rocket", "balloon"]);
        assert_eq!(order("features"), ["rocket", "balloon", "anvil"]);
        assert_eq!(order("progress"), ["rocket", "balloon", "anvil"]);
        assert_eq!(order("-progress"), ["balloon", "rocket", "anvil"]);
        assert_eq!(order("next"), ["rocket", "balloon", "anvil"]);
        assert_eq!(order("-next"), ["balloon", "rocket", "anvil"]);
    }

    #[test]
    fn a_column_says_how_it_is_sorted_and_turns_round() {
        let query = PortfolioQuery::default();
        assert_eq!((query.way(Sort::Name), query.way(Sort::Ideas)), (Some("ascending"), None));
        let ideas = query.sorted(Sort::Ideas);
        assert_eq!((ideas.way(Sort::Ideas), ideas.params().as_str()), (Some("descending"), "?sort=ideas"));
        let turned = ideas.sorted(Sort::Ideas);
        assert_eq!((turned.way(Sort::Ideas), turned.params().as_str()), (Some("ascending"), "?sort=-ideas"));
        assert_eq!(turned.sorted(Sort::Ideas), ideas);
    }

    #[test]
    fn items_stand_with_their_products() {
        let product = |id: &str| ProductName { id: id.into(), name: id.into(), key: id.into() };
        let planned = |product: &str, id: &str| Planned {
            item: crate::roadmap::model::tests::item(Kind::Release, id, "PLANNING", "", "2026-12-24"),
            product_id: product.into(),
        };
        let timeline = PortfolioTimeline {
            role: Role::Admin,
            products: vec![product("a"), product("b"), product("c")],
            items: vec![planned("c", "1"), planned("a", "2"), planned("c", "3")],
            more: false,
            today: Day(0),
        };
        let seen: Vec<(String, usize)> = timeline.by_product().into_iter().map(|(product, items)| (product.id, items.len())).collect();
        assert_eq!(seen, [("a".to_owned(), 1), ("c".to_owned(), 2)]);
    }
}
