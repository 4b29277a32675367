//! Rules that tell when a value needs looking at, and what they have told.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Frequency, number, typed_number};
use crate::kernel::error::{AppError, Checks};
use crate::kernel::number::{amount, with_unit};
use crate::kernel::time::Timestamp;

/// The least and the greatest change that a rule can wait for, in percent.
const PERCENT: (f64, f64) = (0.001, 1_000_000.0);

/// What a rule looks at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "\"KPIAlertKind\"", rename_all = "SCREAMING_SNAKE_CASE"), schema(as = KpiAlertKind))]
pub enum AlertKind {
    #[default]
    Above,
    Below,
    Change,
}

crate::words!(AlertKind {
    Above: "ABOVE", "The value goes above";
    Below: "BELOW", "The value goes below";
    Change: "CHANGE", "The value changes by percent";
});

/// When a KPI raises the alarm.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct AlertRule {
    pub kind: AlertKind,
    /// In the KPI's unit; for a change in percent of the period before, from 0.001 to 1,000,000.
    pub threshold: f64,
}

impl AlertRule {
    /// The rule in words: `Above 41 %`.
    pub fn words(self, unit: &str, frequency: Frequency) -> String {
        match self.kind {
            AlertKind::Above => format!("Above {}", with_unit(self.threshold, unit)),
            AlertKind::Below => format!("Below {}", with_unit(self.threshold, unit)),
            AlertKind::Change => format!("Changes by {} % or more against the {} before", amount(self.threshold), frequency.noun()),
        }
    }
}

/// A rule as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"), schema(as = KpiAlert))]
pub struct Alert {
    pub id: String,
    pub kind: AlertKind,
    pub threshold: f64,
}

/// That a rule held in a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"), schema(as = KpiNotice))]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    pub id: String,
    pub kind: AlertKind,
    pub threshold: f64,
    /// The first day of the period.
    pub period: NaiveDate,
    pub value: f64,
    pub previous: Option<f64>,
    pub created_at: Timestamp,
    /// When it was taken back, since the values that raised it were changed and the rule holds no longer.
    pub withdrawn_at: Option<Timestamp>,
    /// The period's value since then; none where it has none any more.
    pub corrected_value: Option<f64>,
    /// Whether the person who looks has not seen it yet; what was taken back is nothing to be seen.
    pub unread: bool,
}

impl Notice {
    /// What happened: `Nov 2026: 42 %, above 41 %`.
    pub fn words(&self, unit: &str, frequency: Frequency) -> String {
        let value = with_unit(self.value, unit);
        let said = match (self.kind, self.previous) {
            (AlertKind::Above, _) => format!("{value}, above {}", with_unit(self.threshold, unit)),
            (AlertKind::Below, _) => format!("{value}, below {}", with_unit(self.threshold, unit)),
            (AlertKind::Change, Some(previous)) => {
                format!("{value} after {}, a change of {} % or more", with_unit(previous, unit), amount(self.threshold))
            }
            (AlertKind::Change, None) => format!("{value}, a change of {} % or more", amount(self.threshold)),
        };
        let period = frequency.name(frequency.start(self.period));
        let mut letters = period.chars();
        let period = letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default();
        format!("{period}: {said}")
    }

    /// Why it is no longer so: `No longer so: it is 40 % now.` Nothing as long as it holds.
    pub fn withdrawn(&self, unit: &str) -> Option<String> {
        self.withdrawn_at?;
        Some(match (self.corrected_value, self.kind) {
            (None, _) => "No longer so: the value was removed.".to_owned(),
            // It may be the earlier of the two that was changed.
            (Some(_), AlertKind::Change) => "No longer so: the values were changed.".to_owned(),
            (Some(value), _) => format!("No longer so: it is {} now.", with_unit(value, unit)),
        })
    }
}

/// What is filled in for a new rule.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertForm {
    /// The word of an `AlertKind`.
    pub kind: String,
    pub threshold: String,
}

impl AlertForm {
    /// The rule, or what is wrong with the form.
    pub fn validate(self) -> Result<AlertRule, AppError> {
        let mut checks = Checks::default();
        let kind = checks.take("kind", AlertKind::parse(&self.kind).ok_or_else(|| "Choose one of these.".to_owned()));
        let threshold = number(&self.threshold).and_then(|threshold| match kind {
            AlertKind::Change if !(PERCENT.0..=PERCENT.1).contains(&threshold) => {
                Err(format!("Enter a number of percent from {} to {}.", typed_number(PERCENT.0), typed_number(PERCENT.1)))
            }
            _ => Ok(threshold),
        });
        let threshold = checks.take("threshold", threshold);
        checks.finish(AlertRule { kind, threshold })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_has_a_kind_and_a_number() {
        let form = |kind: &str, threshold: &str| AlertForm { kind: kind.into(), threshold: threshold.into() }.validate();
        assert!([("BELOW", "-3.5"), ("CHANGE", "20"), ("CHANGE", "0.001")].iter().all(|(kind, threshold)| form(kind, threshold).is_ok()));
        for (kind, threshold, field) in [
            ("", "1", "kind"),
            ("ABOVE", "", "threshold"),
            ("CHANGE", "0", "threshold"),
            ("CHANGE", "-5", "threshold"),
            ("CHANGE", "5e-324", "threshold"),
        ] {
            assert!(form(kind, threshold).unwrap_err().of_field(field).is_some(), "{kind} {threshold}");
        }
    }

    #[test]
    fn rules_and_notices_are_told_in_words() {
        let rule = |kind| AlertRule { kind, threshold: 20.0 };
        assert_eq!(rule(AlertKind::Below).words("€", Frequency::Monthly), "Below €20");
        assert_eq!(rule(AlertKind::Change).words("€", Frequency::Weekly), "Changes by 20 % or more against the week before");
        let notice = Notice {
            id: "n".into(),
            kind: AlertKind::Change,
            threshold: 20.0,
            period: "2026-11-23".parse().unwrap(),
            value: 60.0,
            previous: Some(45.0),
            created_at: Default::default(),
            withdrawn_at: None,
            corrected_value: None,
            unread: true,
        };
        assert_eq!(notice.words("%", Frequency::Weekly), "Week of 23 Nov 2026: 60 % after 45 %, a change of 20 % or more");
        assert_eq!(notice.withdrawn("%"), None);
        let since = |kind, corrected_value| {
            let withdrawn_at = Some(Default::default());
            Notice { kind, corrected_value, withdrawn_at, ..notice.clone() }.withdrawn("%").unwrap()
        };
        assert_eq!(since(AlertKind::Above, Some(19.0)), "No longer so: it is 19 % now.");
        assert_eq!(since(AlertKind::Change, Some(60.0)), "No longer so: the values were changed.");
        assert_eq!(since(AlertKind::Below, None), "No longer so: the value was removed.");
    }
}
