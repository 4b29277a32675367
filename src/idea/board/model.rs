//! What the board of ideas consists of.

use serde::{Deserialize, Serialize};

use crate::idea::model::{IdeaProduct, IdeaStatus};
use crate::kernel::error::AppError;
use crate::kernel::role::Role;
use crate::ui::board::Column;

/// The board page of a product's ideas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoardPage {
    pub role: Role,
    pub product: IdeaProduct,
    pub columns: Vec<Column>,
}

/// Where a card is put down: in which column, and between which cards as the person saw them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spot {
    /// The column; without one, the card's own.
    pub to: Option<IdeaStatus>,
    /// The id of the card above.
    pub after: Option<String>,
    /// The id of the card below.
    pub before: Option<String>,
}

/// Reads the name of a column.
pub fn column(word: &str) -> Result<IdeaStatus, AppError> {
    IdeaStatus::parse(word).ok_or_else(|| AppError::Conflict("This board has no such column.".into()))
}
