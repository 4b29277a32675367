//! What the portfolio shows.

mod query;
mod sort;

pub use query::{PortfolioQuery, View};
pub use sort::{Sort, sort};

use serde::{Deserialize, Serialize};

use crate::kernel::role::Role;
use crate::kernel::time::Timestamp;
use crate::product::model::{ProductName, ProductSummary};
use crate::roadmap::model::{Day, Item};

/// Products that are shown at most.
pub const PRODUCTS_MAX: i64 = 500;
/// Items of the timeline that are shown at most.
pub const ITEMS_MAX: usize = 500;

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
    pub release_number: Option<i32>,
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
    use crate::roadmap::model::Kind;

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
