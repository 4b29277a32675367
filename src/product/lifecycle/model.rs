//! Exit criteria, and what a move between stages needs.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::kernel::error::{AppError, Checks, FieldError};
use crate::kernel::role::Role;
use crate::kernel::text::{self, DESCRIPTION_MAX};
use crate::kernel::time::{Timestamp, day};
use crate::kernel::version::{Edited, Shown, shown};
use crate::product::model::{Lifecycle, Product};
use crate::ui::board::Column;

/// The most criteria that a stage has.
pub const CRITERIA_MAX: usize = 20;
/// The longest criterion, in characters.
pub const CRITERION_MAX: usize = 200;
/// The longest reason, in characters.
pub const REASON_MAX: usize = 2000;

impl Lifecycle {
    /// What has to hold before a product moves on from this stage, unless the organisation has criteria of its own.
    pub fn default_criteria(self) -> &'static [&'static str] {
        match self {
            Lifecycle::Ideation => &["The problem and whose problem it is are written down", "Somebody answers for the product"],
            Lifecycle::Discovery => &[
                "At least five people who have the problem were talked to",
                "It is known how they cope with it today",
                "Enough people have it for the product to be worth its cost",
            ],
            Lifecycle::Definition => &[
                "What the first version does, and what it leaves out, is written down",
                "A number will tell whether it works, and its target is set",
            ],
            Lifecycle::Delivery => {
                &["Everything in the first version is built and tested", "Somebody outside the team has used it from beginning to end"]
            }
            Lifecycle::Launch => &[
                "Support, sales and documentation are ready",
                "What goes wrong is noticed before a customer reports it",
                "Customers use it in earnest",
            ],
            Lifecycle::Growth => &["New customers come without being asked one by one", "It earns more than it costs, or the day is known"],
            Lifecycle::Maturity => &["It is decided what takes its place", "Every customer who depends on it is known"],
            Lifecycle::Sunset => &["Every customer has moved or said goodbye", "Its data is handed over, archived or deleted"],
        }
    }
}

/// An exit criterion of a product's stage, and whether it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Criterion {
    pub criterion: String,
    /// When somebody said that it holds.
    pub checked_at: Option<Timestamp>,
    /// Who that was, unless their account is gone.
    pub checked_by: Option<String>,
}

impl Criterion {
    /// Whether it holds.
    pub fn is_met(&self) -> bool {
        self.checked_at.is_some()
    }

    /// Who said that it holds, and when.
    pub fn told(&self) -> Option<String> {
        let by = self.checked_by.as_deref().unwrap_or("a former member");
        self.checked_at.map(|at| format!("Ticked by {by}, {}", day(at)))
    }
}

/// The criteria that do not hold yet.
pub fn open(criteria: &[Criterion]) -> usize {
    criteria.iter().filter(|criterion| !criterion.is_met()).count()
}

/// The board of an organisation's products.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoardPage {
    pub role: Role,
    pub columns: Vec<Column>,
}

/// A stage with its exit criteria.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct StageCriteria {
    pub stage: Lifecycle,
    pub criteria: Vec<String>,
    /// Whether they are the organisation's own.
    pub own: bool,
}

/// The page of exit criteria.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriteriaPage {
    pub role: Role,
    /// All stages, in order.
    pub stages: Vec<StageCriteria>,
}

/// What is filled in to change a stage's criteria.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CriteriaForm {
    /// One a line; nothing for those that come with the program.
    pub criteria: String,
}

/// A stage's criteria, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CriteriaFields {
    pub criteria: Vec<String>,
}

impl Edited for CriteriaFields {
    fn shown(&self) -> Vec<Shown> {
        vec![shown("criteria", "Criteria, one a line", self.criteria.join("\n"))]
    }
}

impl CriteriaForm {
    /// The criteria in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<CriteriaFields, AppError> {
        let mut checks = Checks::default();
        let fields = CriteriaFields { criteria: checks.take("criteria", criteria(&self.criteria)) };
        checks.finish(fields)
    }
}

fn criteria(lines: &str) -> Result<Vec<String>, String> {
    let mut criteria: Vec<String> = Vec::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let criterion = text::line(line, "a criterion", CRITERION_MAX).map_err(|message| format!("{line}: {message}"))?;
        if criteria.len() == CRITERIA_MAX {
            return Err(format!("These are too many criteria; the limit is {CRITERIA_MAX}."));
        }
        if !criteria.contains(&criterion) {
            criteria.push(criterion);
        }
    }
    Ok(criteria)
}

/// What is filled in to move a product to another stage.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MoveForm {
    /// A checkbox: anything but nothing says that moving on with open criteria is meant.
    pub confirmed: String,
    pub reason: String,
    /// A day, `2027-03-31`.
    pub end_of_life: String,
    pub sunset_plan: String,
}

/// How a product ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SunsetFields {
    pub end_of_life: Option<NaiveDate>,
    pub plan: String,
}

impl From<&Product> for SunsetFields {
    fn from(product: &Product) -> Self {
        SunsetFields { end_of_life: product.end_of_life, plan: product.sunset_plan.clone().unwrap_or_default() }
    }
}

impl Edited for SunsetFields {
    fn shown(&self) -> Vec<Shown> {
        let day = self.end_of_life.map(|day| day.to_string()).unwrap_or_default();
        vec![shown("end_of_life", "Last day", day), shown("sunset_plan", "Plan", self.plan.as_str())]
    }
}

/// A move to another stage, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Move {
    /// Why a product moves on although criteria are open.
    pub reason: Option<String>,
    /// For a move to the last stage.
    pub sunset: Option<SunsetFields>,
}

/// Whether a product leaves a stage forwards, and so has to have met its criteria.
pub fn moves_on(from: Lifecycle, to: Lifecycle) -> bool {
    from < to
}

impl MoveForm {
    /// What the move of a product from one stage to another needs, of which so many criteria are open.
    ///
    /// # Errors
    /// Field errors for what is missing: a confirmation and a reason with open criteria, a day and a plan for the last stage.
    pub fn validate(self, from: Lifecycle, to: Lifecycle, open: usize) -> Result<Move, AppError> {
        let mut errors = Vec::new();
        let mut take = |field: &str, message: String| errors.push(FieldError::new(field, message));
        let mut moved = Move::default();
        if moves_on(from, to) && open > 0 {
            if self.confirmed.is_empty() {
                take("confirmed", "Tick this to say that you mean it.".into());
            }
            match text::optional(&self.reason, REASON_MAX) {
                Ok(Some(reason)) => moved.reason = Some(reason),
                Ok(None) => take("reason", "Say why it moves on all the same.".into()),
                Err(message) => take("reason", message),
            }
        }
        if to == Lifecycle::Sunset {
            let end_of_life = NaiveDate::parse_from_str(self.end_of_life.trim(), "%Y-%m-%d").ok().filter(|day| is_near(*day));
            if end_of_life.is_none() {
                take("end_of_life", "Enter the last day, such as 2027-03-31.".into());
            }
            let plan = text::block(&self.sunset_plan, DESCRIPTION_MAX).and_then(|plan| match plan.is_empty() {
                true => Err("Say what happens to customers and their data until then.".into()),
                false => Ok(plan),
            });
            let plan = plan.unwrap_or_else(|message| {
                take("sunset_plan", message);
                String::new()
            });
            moved.sunset = Some(SunsetFields { end_of_life, plan });
        }
        if errors.is_empty() {
            return Ok(moved);
        }
        // Where the form was but a button, its page has changed by now.
        errors.push(FieldError::new("", "This move needs something more: see the fields, or choose the stage again."));
        Err(AppError::Validation(errors))
    }
}

/// Years that a product's last day may lie in.
fn is_near(day: NaiveDate) -> bool {
    use chrono::Datelike;
    (2000..=2200).contains(&day.year())
}

/// The last day as it is written on a page.
pub fn last_day(end_of_life: NaiveDate) -> String {
    day(end_of_life.and_time(chrono::NaiveTime::MIN).and_utc())
}

#[cfg(test)]
mod rules {
    use super::*;

    #[test]
    fn every_stage_has_criteria_that_can_be_stored() {
        for stage in Lifecycle::ALL {
            let lines = stage.default_criteria().join("\n");
            let fields = CriteriaForm { criteria: lines }.validate().unwrap();
            assert_eq!(fields.criteria, stage.default_criteria(), "{stage:?}");
            assert!(!fields.criteria.is_empty());
        }
    }

    #[test]
    fn criteria_are_lines_each_once() {
        let form = |criteria: &str| CriteriaForm { criteria: criteria.into() }.validate();
        assert_eq!(form(" One \r\n\nTwo\nOne\n").unwrap().criteria, ["One", "Two"]);
        assert_eq!(form(" \n").unwrap().criteria, Vec::<String>::new());
        let many: String = (0..21).map(|n| format!("{n}\n")).collect();
        for wrong in [many.as_str(), &"x".repeat(201), "a\0b"] {
            assert!(form(wrong).unwrap_err().of_field("criteria").is_some(), "{wrong:?}");
        }
    }

    #[test]
    fn moving_on_with_open_criteria_needs_a_reason() {
        let (from, to) = (Lifecycle::Discovery, Lifecycle::Delivery);
        assert_eq!(MoveForm::default().validate(from, to, 0), Ok(Move::default()));
        assert_eq!(MoveForm::default().validate(to, from, 3), Ok(Move::default()), "back is always open");
        let error = MoveForm::default().validate(from, to, 1).unwrap_err();
        assert!(error.of_field("confirmed").is_some() && error.of_field("reason").is_some());
        let form = MoveForm { confirmed: "on".into(), reason: " A customer waits. ".into(), ..Default::default() };
        assert_eq!(form.validate(from, to, 1).unwrap().reason.as_deref(), Some("A customer waits."));
    }

    #[test]
    fn the_end_needs_a_day_and_a_plan() {
        let form = |day: &str, plan: &str| {
            let form = MoveForm { end_of_life: day.into(), sunset_plan: plan.into(), ..Default::default() };
            form.validate(Lifecycle::Maturity, Lifecycle::Sunset, 0)
        };
        let sunset = form(" 2027-03-31 ", "Everybody moves.").unwrap().sunset.unwrap();
        assert_eq!((sunset.end_of_life.map(last_day).as_deref(), sunset.plan.as_str()), (Some("31 Mar 2027"), "Everybody moves."));
        for day in ["", "31.3.2027", "2027-02-30", "0001-01-01", "9999-12-31"] {
            assert!(form(day, "Plan").unwrap_err().of_field("end_of_life").is_some(), "{day}");
        }
        assert!(form("2027-03-31", " ").unwrap_err().of_field("sunset_plan").is_some());
    }
}
