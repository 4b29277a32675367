//! Pages of products' stages, and what a product's own page shows of its stage. Their board is a view of the portfolio.

mod criteria;
mod moving;
mod panel;

use criteria::CriteriaPageView;
use moving::MovePage;

pub use panel::LifecyclePanel;

crate::lazy_pages!(work: ExitCriteria = CriteriaPageView, MoveStage = MovePage);
