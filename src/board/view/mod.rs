//! The board pages of a product's features and tasks.

mod limits;
mod page;

use page::{FeatureBoardPage, TaskBoardPage};

crate::lazy_pages!(work: FeatureBoard = FeatureBoardPage, TaskBoard = TaskBoardPage);
