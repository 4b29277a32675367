//! The order of the list.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{PortfolioQuery, ProductRow};

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
    pub fn rises(self) -> bool {
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

/// Puts the products into the order that is asked for.
pub fn sort(products: &mut [ProductRow], query: &PortfolioQuery) {
    products.sort_by(|one, other| query.sort.compare(one, other, query.turned));
}

#[cfg(test)]
mod tests {
    use super::super::View;
    use super::*;
    use crate::kernel::time::Timestamp;
    use crate::product::model::{Lifecycle, Product, ProductSummary};

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
            release_number: None,
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

    fn order(by: &str) -> Vec<String> {
        let query = PortfolioQuery::of_params(View::List, |name| (name == "sort").then(|| by.to_owned()));
        let mut rows = rows();
        sort(&mut rows, &query);
        rows.into_iter().map(|row| row.summary.product.key).collect()
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
}
