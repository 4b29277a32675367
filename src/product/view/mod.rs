//! Pages of products.

mod edit;
mod overview;

use edit::{NewProductPage, ProductSettingsPage};
use overview::ProductOverview;
pub use overview::StageMeter;

crate::lazy_pages!(product: NewProduct = NewProductPage, Overview = ProductOverview, ProductSettings = ProductSettingsPage);
