//! Things to choose from.

use serde::{Deserialize, Serialize};

/// Something to choose, or that was chosen, by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct Named {
    pub id: String,
    pub name: String,
}

/// The id that was chosen in a field; nothing for the choice that stands for none.
pub fn chosen(id: &str) -> Option<String> {
    Some(id.trim().to_owned()).filter(|id| !id.is_empty())
}
