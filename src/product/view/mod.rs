//! Pages of products.

mod edit;
mod overview;
mod portfolio;

pub use edit::{NewProductPage, ProductSettingsPage};
pub use overview::ProductOverview;
pub use portfolio::PortfolioPage;
