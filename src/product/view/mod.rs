//! Pages of products.

mod edit;
mod overview;
mod portfolio;

use edit::{NewProductPage, ProductSettingsPage};
use overview::ProductOverview;
use portfolio::PortfolioPage;

crate::lazy_pages!(work: Portfolio = PortfolioPage, NewProduct = NewProductPage, Overview = ProductOverview, ProductSettings = ProductSettingsPage);
