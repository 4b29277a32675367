//! The launch checklist, and the templates that it is made of.

use serde::{Deserialize, Serialize};

use crate::kernel::day;
use crate::kernel::entry::Entry;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::named::{Named, chosen};
use crate::kernel::role::Role;
use crate::kernel::text::{self, NAME_MAX, TITLE_MAX};
use crate::kernel::time::Timestamp;
use crate::kernel::version::{Edited, Shown, shown};
use crate::product::model::ProductName;

/// Days before the target date that an item of a template is due at most.
pub const DAYS_MAX: i32 = 365;

/// Something to be done before a release goes out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct ChecklistItem {
    pub id: String,
    pub title: String,
    /// Whether the release waits for it.
    pub required: bool,
    pub completed: bool,
    pub completed_at: Option<Timestamp>,
    /// Who ticked it, by name.
    pub completed_by: Option<String>,
    pub assignee_id: Option<String>,
    /// Its owner, by name.
    pub assignee: Option<String>,
    pub due_date: Option<Timestamp>,
}

/// The page of one item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemPage {
    pub role: Role,
    pub product: ProductName,
    pub item: ChecklistItem,
    pub people: Vec<Named>,
    /// The release is out: its checklist is changed no more.
    pub frozen: bool,
}

/// What is filled in to add or change an item.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemForm {
    pub item: String,
    /// `on` when it is ticked.
    pub required: String,
    /// A member's user id, or nothing.
    pub owner: String,
    pub due: String,
}

/// An item's fields, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ItemFields {
    pub title: String,
    pub required: bool,
    pub owner: Option<String>,
    pub due: Option<Timestamp>,
}

impl From<&ChecklistItem> for ItemFields {
    fn from(item: &ChecklistItem) -> Self {
        ItemFields { title: item.title.clone(), required: item.required, owner: item.assignee_id.clone(), due: item.due_date }
    }
}

impl Edited for ItemFields {
    fn shown(&self) -> Vec<Shown> {
        vec![
            shown("item", "What is to be done", self.title.as_str()),
            shown("required", "Required", if self.required { "on" } else { "" }),
            shown("owner", "Owner", self.owner.clone().unwrap_or_default()),
            shown("due", "Due", day::typed(self.due)),
        ]
    }
}

impl ItemForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<ItemFields, AppError> {
        let mut checks = Checks::default();
        let fields = ItemFields {
            title: checks.take("item", text::line(&self.item, "what is to be done", TITLE_MAX)),
            required: !self.required.is_empty(),
            owner: chosen(&self.owner),
            due: checks.take("due", day::parse(&self.due)),
        };
        checks.finish(fields)
    }
}

/// Which template is to be applied.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ApplyForm {
    pub template: String,
}

impl ApplyForm {
    /// The template's id, or that none was chosen.
    pub fn validate(self) -> Result<String, AppError> {
        if self.template.is_empty() { Err(AppError::field("template", "Choose a template.")) } else { Ok(self.template) }
    }
}

/// A checklist for releases to begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct Template {
    pub id: String,
    pub name: String,
    /// How many items it has.
    pub items: i64,
}

/// An item of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct TemplateItem {
    pub id: String,
    pub title: String,
    pub required: bool,
    /// How many days before the target date it is due, 0 to 365.
    pub days_before: i32,
}

/// A template with its items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplatePage {
    pub template: Template,
    pub items: Vec<TemplateItem>,
}

/// What is filled in to make a template.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TemplateForm {
    pub name: String,
}

impl TemplateForm {
    /// The name, or what is wrong with it.
    pub fn validate(self) -> Result<String, AppError> {
        let mut checks = Checks::default();
        let name = checks.take("name", text::line(&self.name, "a name", NAME_MAX));
        checks.finish(name)
    }
}

/// What is filled in to add an item to a template.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TemplateItemForm {
    pub item: String,
    pub required: String,
    pub days_before: Entry,
}

/// A template's item, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TemplateItemFields {
    pub title: String,
    pub required: bool,
    pub days_before: i32,
}

impl TemplateItemForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<TemplateItemFields, AppError> {
        let mut checks = Checks::default();
        let fields = TemplateItemFields {
            title: checks.take("item", text::line(&self.item, "what is to be done", TITLE_MAX)),
            required: !self.required.is_empty(),
            days_before: checks.take("days_before", self.days_before.optional(0, DAYS_MAX)).unwrap_or_default(),
        };
        checks.finish(fields)
    }
}

/// That a release is not ready, with what is missing.
pub fn not_ready(open: &[String]) -> AppError {
    AppError::Conflict(format!("This release is not ready. Still open on its checklist: {}.", open.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_needs_a_title_and_a_true_day() {
        let fields = ItemForm { item: "Tell support".into(), required: "on".into(), due: "2026-12-01".into(), ..Default::default() };
        let fields = fields.validate().unwrap();
        assert!(fields.required && fields.owner.is_none() && fields.due.is_some());
        let error = ItemForm { due: "soon".into(), ..Default::default() }.validate().unwrap_err();
        assert!(error.of_field("item").is_some() && error.of_field("due").is_some());
    }

    #[test]
    fn a_template_counts_days_back() {
        let form = |days: &str| TemplateItemForm { item: "Notes".into(), days_before: Entry(days.into()), ..Default::default() };
        assert_eq!(form("14").validate().unwrap().days_before, 14);
        assert_eq!(form("").validate().unwrap().days_before, 0);
        for wrong in ["-1", "366", "x"] {
            assert!(form(wrong).validate().unwrap_err().of_field("days_before").is_some(), "{wrong}");
        }
        assert!(TemplateForm::default().validate().unwrap_err().of_field("name").is_some());
        assert!(ApplyForm::default().validate().unwrap_err().of_field("template").is_some());
    }
}
