//! Pages of products' stages, and what a product's own page shows of its stage.

mod board;
mod criteria;
mod moving;
mod panel;

use board::LifecycleBoardPage;
use criteria::CriteriaPageView;
use moving::MovePage;

pub use panel::LifecyclePanel;

crate::lazy_pages!(work: LifecycleBoardRoute = LifecycleBoardPage, ExitCriteria = CriteriaPageView, MoveStage = MovePage);
