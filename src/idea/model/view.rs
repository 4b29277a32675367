//! Saved views of the list.

use serde::{Deserialize, Serialize};

use super::IdeaQuery;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::text;
use crate::kernel::version::{Edited, Shown, shown};

/// Characters that a view's name has at most.
const NAME_MAX: usize = 60;

/// A list as somebody wants to see it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct SavedView {
    pub id: String,
    pub name: String,
    /// Its parameters, led by `?`; empty for the plain list.
    pub query: String,
    /// Whether every member sees it.
    pub shared: bool,
    /// Whether the person who asks made it.
    pub own: bool,
    pub author_name: Option<String>,
}

/// What is filled in to save the list that is shown.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ViewForm {
    pub name: String,
    /// `on` for a view that every member sees.
    pub shared: String,
}

/// A view, checked.
#[derive(Debug, Clone)]
pub struct ViewFields {
    pub name: String,
    pub query: String,
    pub shared: bool,
}

impl From<&SavedView> for ViewFields {
    fn from(view: &SavedView) -> Self {
        ViewFields { name: view.name.clone(), query: view.query.clone(), shared: view.shared }
    }
}

impl Edited for ViewFields {
    fn shown(&self) -> Vec<Shown> {
        let shared = if self.shared { "on" } else { "" };
        vec![shown("name", "Name", self.name.as_str()), shown("query", "List", self.query.as_str()), shown("shared", "Shared", shared)]
    }
}

impl ViewForm {
    /// The view of this list, or what is wrong with the form.
    pub fn validate(self, list: &IdeaQuery) -> Result<ViewFields, AppError> {
        let mut checks = Checks::default();
        let name = checks.take("name", text::line(&self.name, "a name", NAME_MAX));
        let query = list.with(|_| ()).params();
        let short = if query.len() > 2_000 { Err("This list's address is too long to be saved.".to_owned()) } else { Ok(()) };
        checks.take("", short);
        checks.finish(ViewFields { name, query, shared: self.shared == "on" })
    }
}
