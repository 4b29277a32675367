//! Pages of products.

mod edit;
mod overview;
mod portfolio;

use edit::{NewProductPage, ProductSettingsPage};
use overview::ProductOverview;
pub use overview::StageMeter;
use portfolio::PortfolioPage;

crate::lazy_pages!(product: Portfolio = PortfolioPage, NewProduct = NewProductPage, Overview = ProductOverview, ProductSettings = ProductSettingsPage);
