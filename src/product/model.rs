//! What a product is, and the stages of its life.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::lifecycle::model::Criterion;
use crate::idea::model::IdeaStatus;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::role::Role;
use crate::kernel::text::{self, DESCRIPTION_MAX, NAME_MAX};
use crate::kernel::time::Timestamp;
use crate::kernel::version::{Edited, Shown, shown};

/// Characters that a product's key has at most.
pub const KEY_MAX: usize = 64;

/// A stage of a product's life, in order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "\"Lifecycle\"", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum Lifecycle {
    #[default]
    Ideation,
    Discovery,
    Definition,
    Delivery,
    Launch,
    Growth,
    Maturity,
    Sunset,
}

impl Lifecycle {
    pub const ALL: [Lifecycle; 8] = [
        Lifecycle::Ideation,
        Lifecycle::Discovery,
        Lifecycle::Definition,
        Lifecycle::Delivery,
        Lifecycle::Launch,
        Lifecycle::Growth,
        Lifecycle::Maturity,
        Lifecycle::Sunset,
    ];

    /// The stage's name on the screen.
    pub fn label(self) -> &'static str {
        self.texts().1
    }

    /// What happens in this stage.
    pub fn purpose(self) -> &'static str {
        self.texts().2
    }

    /// The stage's name in the database and on the wire.
    pub fn word(self) -> &'static str {
        self.texts().0
    }

    /// Reads what `word` wrote.
    pub fn parse(word: &str) -> Option<Lifecycle> {
        Lifecycle::ALL.into_iter().find(|stage| stage.word() == word)
    }

    /// The stage behind this one; the last one for itself.
    pub fn next(self) -> Lifecycle {
        Lifecycle::ALL.into_iter().find(|stage| *stage > self).unwrap_or(self)
    }

    fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Lifecycle::Ideation => ("IDEATION", "Ideation", "Initial concept and idea validation"),
            Lifecycle::Discovery => ("DISCOVERY", "Discovery", "Market research and user interviews"),
            Lifecycle::Definition => ("DEFINITION", "Definition", "Requirements and specifications"),
            Lifecycle::Delivery => ("DELIVERY", "Delivery", "Development and implementation"),
            Lifecycle::Launch => ("LAUNCH", "Launch", "Go-to-market and release"),
            Lifecycle::Growth => ("GROWTH", "Growth", "Scaling and optimisation"),
            Lifecycle::Maturity => ("MATURITY", "Maturity", "Maintenance and incremental improvements"),
            Lifecycle::Sunset => ("SUNSET", "Sunset", "End-of-life planning and migration"),
        }
    }
}

/// A product of an organisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Product {
    pub id: String,
    pub name: String,
    pub key: String,
    pub description: Option<String>,
    pub vision: Option<String>,
    pub lifecycle: Lifecycle,
    /// Its last day, once its end is planned.
    pub end_of_life: Option<NaiveDate>,
    /// What happens until then.
    pub sunset_plan: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

/// A product as the pages of what belongs to it name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct ProductName {
    pub id: String,
    pub name: String,
    pub key: String,
}

/// A product with the number of its live items.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct ProductSummary {
    #[cfg_attr(feature = "ssr", sqlx(flatten))]
    pub product: Product,
    pub ideas: i64,
    pub features: i64,
    pub releases: i64,
}

/// A product's own pages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProductPage {
    pub role: Role,
    pub summary: ProductSummary,
    /// How many live ideas have each status, where the organisation wants to see it.
    pub standing: Option<Vec<(IdeaStatus, i64)>>,
    /// The exit criteria of its stage.
    pub criteria: Vec<Criterion>,
}

/// What is filled in to create or change a product.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProductForm {
    pub name: String,
    pub key: String,
    pub description: String,
    pub vision: String,
}

/// A product's fields, checked.
#[derive(Debug, Clone, Default)]
pub struct ProductFields {
    pub name: String,
    pub key: String,
    /// Whether somebody typed the key; one that was made from the name may give way to a free one.
    pub key_chosen: bool,
    pub description: Option<String>,
    pub vision: Option<String>,
}

impl From<&Product> for ProductFields {
    fn from(product: &Product) -> Self {
        ProductFields {
            name: product.name.clone(),
            key: product.key.clone(),
            key_chosen: true,
            description: product.description.clone(),
            vision: product.vision.clone(),
        }
    }
}

impl Edited for ProductFields {
    fn shown(&self) -> Vec<Shown> {
        vec![
            shown("name", "Name", self.name.as_str()),
            shown("key", "Key", self.key.as_str()),
            shown("description", "Description", self.description.as_deref().unwrap_or_default()),
            shown("vision", "Vision", self.vision.as_deref().unwrap_or_default()),
        ]
    }
}

impl ProductForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<ProductFields, AppError> {
        let mut checks = Checks::default();
        let key_chosen = !self.key.trim().is_empty();
        let key = if key_chosen { self.key } else { text::suggested(&self.name, "product") };
        let fields = ProductFields {
            key_chosen,
            name: checks.take("name", text::line(&self.name, "a name", NAME_MAX)),
            key: checks.take("key", text::slug(&key, KEY_MAX)),
            description: checks.take("description", text::optional(&self.description, DESCRIPTION_MAX)),
            vision: checks.take("vision", text::optional(&self.vision, DESCRIPTION_MAX)),
        };
        checks.finish(fields)
    }
}
