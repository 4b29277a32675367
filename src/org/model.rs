//! What an organisation is.

use serde::{Deserialize, Serialize};

use crate::account::model::User;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::role::Role;
use crate::kernel::text::{self, NAME_MAX};
use crate::kernel::time::Timestamp;

/// Characters that an organisation's slug has at most.
pub const SLUG_MAX: usize = 48;

/// A tenant: nothing of one organisation is ever seen in another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    pub id: String,
    pub name: String,
    pub slug: String,
    pub description: Option<String>,
    pub settings: Option<serde_json::Value>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// `settings.branding.primaryColor`, whatever else the settings hold.
pub fn primary_color(settings: Option<&serde_json::Value>) -> Option<&str> {
    settings?.get("branding")?.get("primaryColor")?.as_str()
}

/// An organisation as an entry in the switch between them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct OrgLink {
    pub name: String,
    pub slug: String,
}

/// A product as an entry in the navigation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct ProductLink {
    pub name: String,
    pub key: String,
}

/// What the frame around every page of an organisation shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrgFrame {
    pub current: OrgLink,
    pub role: Role,
    pub user: User,
    pub organizations: Vec<OrgLink>,
    pub products: Vec<ProductLink>,
    /// The organisation's own accent colour.
    pub primary_color: Option<String>,
}

/// What is filled in to create or change an organisation.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OrgForm {
    pub name: String,
    pub slug: String,
    pub description: String,
    pub primary_color: String,
}

/// An organisation's fields, checked.
#[derive(Debug, Clone, Default)]
pub struct OrgFields {
    pub name: String,
    pub slug: String,
    pub description: Option<String>,
    pub primary_color: Option<String>,
}

impl OrgForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<OrgFields, AppError> {
        let mut checks = Checks::default();
        let slug = if self.slug.trim().is_empty() { text::slugify(&self.name) } else { self.slug };
        let fields = OrgFields {
            name: checks.take("name", text::line(&self.name, "a name", NAME_MAX)),
            slug: checks.take("slug", text::slug(&slug, SLUG_MAX)),
            description: checks.take("description", text::optional(&self.description, 2000)),
            primary_color: checks.take("primary_color", color(&self.primary_color)),
        };
        checks.finish(fields)
    }
}

/// A colour that is legible as an accent; nothing typed means the product's own.
fn color(hex: &str) -> Result<Option<String>, String> {
    let hex = hex.trim();
    if hex.is_empty() {
        return Ok(None);
    }
    if crate::kernel::color::Color::parse(hex).is_none() {
        return Err("Use a colour such as #3b82f6.".into());
    }
    match crate::kernel::color::accent_css(hex) {
        Some(_) => Ok(Some(hex.to_owned())),
        None => Err("This colour cannot be made out on a light or a dark page. Please choose a stronger one.".into()),
    }
}

#[cfg(test)]
mod rules {
    use super::*;

    #[test]
    fn the_slug_follows_the_name_when_none_is_typed() {
        let fields = OrgForm { name: "Acme Labs!".into(), ..Default::default() }.validate().unwrap();
        assert_eq!(fields.slug, "acme-labs");
        let error = OrgForm { name: "日本".into(), ..Default::default() }.validate().unwrap_err();
        assert!(error.of_field("slug").is_some() && error.of_field("name").is_none());
    }

    #[test]
    fn settings_of_any_shape_are_read() {
        let settings = serde_json::json!({"branding": {"primaryColor": "#3B82F6"}});
        assert_eq!(primary_color(Some(&settings)), Some("#3B82F6"));
        for odd in [serde_json::json!(null), serde_json::json!([1]), serde_json::json!({"branding": "red"})] {
            assert_eq!(primary_color(Some(&odd)), None);
        }
    }
}
