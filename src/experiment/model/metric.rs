//! The metrics of an experiment: what is measured of each user.

use serde::{Deserialize, Serialize};

use super::analysis::{MetricDirection, MetricKind, MetricRole};
use super::number::{Unit, optional, plain};
use crate::kernel::error::{AppError, Checks};
use crate::kernel::text::{self, NAME_MAX};
use crate::kernel::version::{Edited, Shown, shown};

/// The most metrics that an experiment has.
pub const METRICS_MAX: usize = 20;

/// Something that is measured.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"), schema(as = ExperimentMetric))]
#[serde(rename_all = "camelCase")]
pub struct Metric {
    pub id: String,
    pub experiment_id: String,
    pub name: String,
    pub kind: MetricKind,
    pub direction: MetricDirection,
    pub role: MetricRole,
    /// The relative worsening that a guardrail is allowed, 0 to 1.
    pub margin: Option<f64>,
}

/// What is filled in of a metric.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct MetricForm {
    pub name: String,
    pub kind: String,
    pub direction: String,
    pub role: String,
    /// In per cent, unless it is validated in another unit.
    pub margin: String,
}

impl Default for MetricForm {
    fn default() -> Self {
        MetricForm {
            name: String::new(),
            kind: MetricKind::default().word().into(),
            direction: MetricDirection::default().word().into(),
            role: MetricRole::default().word().into(),
            margin: String::new(),
        }
    }
}

/// A metric's fields, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MetricFields {
    pub name: String,
    pub kind: MetricKind,
    pub direction: MetricDirection,
    pub role: MetricRole,
    /// 0 to 1; of a guardrail alone.
    pub margin: Option<f64>,
}

impl From<&Metric> for MetricFields {
    fn from(metric: &Metric) -> Self {
        let Metric { name, kind, direction, role, margin, .. } = metric.clone();
        MetricFields { name, kind, direction, role, margin }
    }
}

impl MetricFields {
    /// The same with all but its name as it is stored, for an experiment that has started.
    pub fn named(self, stored: &Metric) -> MetricFields {
        MetricFields { name: self.name, ..MetricFields::from(stored) }
    }
}

impl Edited for MetricFields {
    fn shown(&self) -> Vec<Shown> {
        vec![
            shown("name", "Name", self.name.as_str()),
            shown("kind", "Kind", self.kind.word()),
            shown("direction", "Direction", self.direction.word()),
            shown("role", "Role", self.role.word()),
            shown("margin", "Margin in %", self.margin.map(|margin| plain(margin * 100.0)).unwrap_or_default()),
        ]
    }
}

impl MetricForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<MetricFields, AppError> {
        self.validate_in(Unit::PerCent)
    }

    /// The same of a form whose margin is in this unit.
    pub fn validate_in(self, unit: Unit) -> Result<MetricFields, AppError> {
        let mut checks = Checks::default();
        let other = || "Choose one of these.".to_owned();
        let role = checks.take("role", MetricRole::parse(&self.role).ok_or_else(other));
        let margin = optional(&self.margin, 0.0, unit.whole()).and_then(|margin| match (margin, role) {
            (Some(_), MetricRole::Primary) => Err("Only a guardrail has a margin.".into()),
            (margin, _) => Ok(margin.map(|margin| margin / unit.whole())),
        });
        let fields = MetricFields {
            name: checks.take("name", text::line(&self.name, "a name", NAME_MAX)),
            kind: checks.take("kind", MetricKind::parse(&self.kind).ok_or_else(other)),
            direction: checks.take("direction", MetricDirection::parse(&self.direction).ok_or_else(other)),
            role,
            margin: checks.take("margin", margin),
        };
        checks.finish(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_guardrail_has_a_margin() {
        let form =
            |role: &str, margin: &str| MetricForm { name: "M".into(), role: role.into(), margin: margin.into(), ..Default::default() };
        assert_eq!(form("GUARDRAIL", "2").validate().unwrap().margin, Some(0.02));
        assert_eq!(form("PRIMARY", "").validate().unwrap().margin, None);
        for (role, margin) in [("PRIMARY", "2"), ("GUARDRAIL", "NaN"), ("GUARDRAIL", "-1"), ("GUARDRAIL", "101")] {
            assert!(form(role, margin).validate().unwrap_err().of_field("margin").is_some(), "{role} {margin}");
        }
        assert_eq!(form("GUARDRAIL", "0.02").validate_in(Unit::One).unwrap().margin, Some(0.02));
        for (unit, told) in [(Unit::PerCent, "Enter a number from 0 to 100."), (Unit::One, "Enter a number from 0 to 1.")] {
            let refused = form("GUARDRAIL", "101").validate_in(unit).unwrap_err();
            assert_eq!(refused.of_field("margin").as_deref(), Some(told));
        }
        assert!(form("SECONDARY", "").validate().unwrap_err().of_field("role").is_some());
    }
}
