//! What a KPI is.

mod alert;
mod chart;
mod csv;
mod list;
mod period;
mod point;
mod standing;

pub use alert::{Alert, AlertForm, AlertKind, AlertRule, Notice};
pub use chart::{ChartQuery, Event, Range, Shown as ShownChart, filled};
pub use csv::{POINTS_MAX, points_of};
pub use list::{KpiList, KpiQuery, KpiSummary, Show};
pub use period::Frequency;
pub use point::{NewPoint, PointFields, PointForm, PointPage, Recorded, number, typed_number};
pub use standing::{Change, Standing, Status, standing};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::kernel::error::{AppError, Checks};
use crate::kernel::named::{Named, chosen};
use crate::kernel::page::Page;
use crate::kernel::reference::Linked;
use crate::kernel::role::Role;
use crate::kernel::text::{self, DESCRIPTION_MAX, TITLE_MAX};
use crate::kernel::time::Timestamp;
use crate::kernel::version::{Edited, Shown, shown};
use crate::product::model::ProductName;

/// The longest unit, in characters.
const UNIT_MAX: usize = 40;

/// Which way is good.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "\"KPIDirection\"", rename_all = "SCREAMING_SNAKE_CASE"), schema(as = KpiDirection))]
pub enum Direction {
    #[default]
    Higher,
    Lower,
}

crate::words!(Direction {
    Higher: "HIGHER", "Higher is better";
    Lower: "LOWER", "Lower is better";
});

/// How several values of a period make one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "\"KPIAggregation\"", rename_all = "SCREAMING_SNAKE_CASE"), schema(as = KpiAggregation))]
pub enum Aggregation {
    #[default]
    Last,
    Sum,
    Mean,
}

crate::words!(Aggregation {
    Last: "LAST", "The last one counts";
    Sum: "SUM", "They are added up";
    Mean: "MEAN", "Their mean counts";
});

/// A figure by which a product is measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Kpi {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub product_id: String,
    /// Its number among the items of its product, of which `KEY-123` is made.
    pub number: Option<i32>,
    pub owner_id: String,
    pub target_value: f64,
    /// The value of the latest point, kept by the database.
    pub current_value: f64,
    pub unit: String,
    pub frequency: Frequency,
    pub direction: Direction,
    pub aggregation: Aggregation,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

/// A value, or several, at a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"), schema(as = KpiDataPoint))]
#[serde(rename_all = "camelCase")]
pub struct DataPoint {
    pub id: String,
    pub kpi_id: String,
    pub value: f64,
    pub date: Timestamp,
    pub created_at: Timestamp,
}

/// A KPI's own page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KpiPage {
    pub role: Role,
    pub product: ProductName,
    pub summary: KpiSummary,
    pub today: NaiveDate,
    pub chart: ShownChart,
    pub points: Page<DataPoint>,
    pub alerts: Vec<Alert>,
    /// The latest notices, newest first.
    pub notices: Vec<Notice>,
    /// What the references in its text lead to.
    pub named: Vec<Linked>,
}

/// What the form of a KPI begins with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KpiEditing {
    pub role: Role,
    pub product: ProductName,
    /// Nothing for a new one.
    pub kpi: Option<Kpi>,
    /// Who may own it, and who fills in the form.
    pub people: Vec<Named>,
    pub me: String,
}

/// What is filled in to create or change a KPI.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct KpiForm {
    pub name: String,
    pub description: String,
    pub unit: String,
    pub target: String,
    /// The word of a `Direction`, a `Frequency` and an `Aggregation`; nothing means the usual one.
    pub direction: String,
    pub frequency: String,
    pub aggregation: String,
    /// A member's id; nothing means whoever fills in the form.
    pub owner: String,
}

/// A KPI's fields, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KpiFields {
    pub name: String,
    pub description: Option<String>,
    pub unit: String,
    pub target: f64,
    pub direction: Direction,
    pub frequency: Frequency,
    pub aggregation: Aggregation,
    pub owner: Option<String>,
}

impl From<&Kpi> for KpiFields {
    fn from(kpi: &Kpi) -> Self {
        KpiFields {
            name: kpi.name.clone(),
            description: kpi.description.clone().filter(|text| !text.is_empty()),
            unit: kpi.unit.clone(),
            target: kpi.target_value,
            direction: kpi.direction,
            frequency: kpi.frequency,
            aggregation: kpi.aggregation,
            owner: Some(kpi.owner_id.clone()),
        }
    }
}

impl Edited for KpiFields {
    fn shown(&self) -> Vec<Shown> {
        vec![
            shown("name", "Name", self.name.as_str()),
            shown("unit", "Unit", self.unit.as_str()),
            shown("target", "Target", typed_number(self.target)),
            shown("direction", "Direction", self.direction.word()),
            shown("frequency", "Measured", self.frequency.word()),
            shown("aggregation", "More than one value in a period", self.aggregation.word()),
            shown("owner", "Owner", self.owner.as_deref().unwrap_or_default()),
            shown("description", "Description", self.description.as_deref().unwrap_or_default()),
        ]
    }
}

/// The variant that was chosen; nothing chosen means the usual one.
fn one_of<T: Default>(word: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, String> {
    if word.is_empty() { Ok(T::default()) } else { parse(word).ok_or_else(|| "Choose one of these.".to_owned()) }
}

impl KpiForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<KpiFields, AppError> {
        let mut checks = Checks::default();
        let unit = text::block(&self.unit, UNIT_MAX).and_then(|unit| match unit.contains('\n') {
            true => Err("Use one line.".to_owned()),
            false => Ok(unit),
        });
        let fields = KpiFields {
            name: checks.take("name", text::line(&self.name, "a name", TITLE_MAX)),
            description: checks.take("description", text::optional(&self.description, DESCRIPTION_MAX)),
            unit: checks.take("unit", unit),
            target: checks.take("target", number(&self.target)),
            direction: checks.take("direction", one_of(&self.direction, Direction::parse)),
            frequency: checks.take("frequency", one_of(&self.frequency, Frequency::parse)),
            aggregation: checks.take("aggregation", one_of(&self.aggregation, Aggregation::parse)),
            owner: chosen(&self.owner),
        };
        checks.finish(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kpi_needs_a_name_and_a_target() {
        let form = KpiForm { name: "Activation".into(), target: "41.5".into(), ..Default::default() };
        let fields = form.clone().validate().unwrap();
        assert_eq!((fields.target, fields.frequency, fields.direction), (41.5, Frequency::Monthly, Direction::Higher));
        let wrong = KpiForm { target: "soon".into(), unit: "x".repeat(41), frequency: "HOURLY".into(), ..Default::default() };
        let error = wrong.validate().unwrap_err();
        assert!(["name", "target", "unit", "frequency"].iter().all(|field| error.of_field(field).is_some()), "{error:?}");
        for target in ["NaN", "inf", "1e16", "-1e16", "", "1 2"] {
            let form = KpiForm { target: target.into(), ..form.clone() };
            assert!(form.validate().unwrap_err().of_field("target").is_some(), "{target}");
        }
    }
}
