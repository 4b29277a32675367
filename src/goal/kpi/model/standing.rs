//! How a KPI stands: against its target, against the period before, and against the calendar.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Aggregation, Direction, Frequency};

/// How a KPI stands against its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = KpiStatus))]
pub enum Status {
    OnTarget,
    OffTarget,
    /// The last period that is over has no value.
    Overdue,
    /// There has never been a value.
    Empty,
}

crate::words!(Status {
    OnTarget: "ON_TARGET", "On target";
    OffTarget: "OFF_TARGET", "Off target";
    Overdue: "OVERDUE", "Overdue";
    Empty: "EMPTY", "No value yet";
});

/// How a value differs from that of the period before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub by: f64,
    /// In percent of the earlier value; nothing where that is zero.
    pub percent: Option<f64>,
    /// Whether it is a change for the better; nothing for no change.
    pub better: Option<bool>,
}

impl Change {
    /// From one value to another.
    pub fn of(from: f64, to: f64, direction: Direction) -> Change {
        let by = to - from;
        let percent = (from != 0.0).then(|| by / from.abs() * 100.0).filter(|percent| percent.is_finite());
        let better = (by != 0.0).then_some((by > 0.0) == (direction == Direction::Higher));
        Change { by, percent, better }
    }
}

/// How a KPI stands.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    pub status: Status,
    /// The beginning of the period that counts, and its value.
    pub period: Option<(NaiveDate, f64)>,
    /// Against the period right before that; nothing where that has no value.
    pub change: Option<Change>,
}

/// How the values of periods, each by its first day, stand on this day. What counts is the latest period that has a value; of sums it
/// is the latest that is over, since the sum of one that goes on is no sum yet, unless there is no other. The database has the same as
/// `kpi_standing`.
pub fn standing(
    values: &BTreeMap<NaiveDate, f64>,
    frequency: Frequency,
    aggregation: Aggregation,
    (direction, target): (Direction, f64),
    today: NaiveDate,
) -> Standing {
    let (present, closed) = (frequency.start(today), frequency.last_closed(today));
    let over = || values.range(..present).next_back();
    let counts = match aggregation {
        Aggregation::Sum => over().or_else(|| values.iter().next_back()),
        Aggregation::Last | Aggregation::Mean => values.iter().next_back(),
    };
    let Some((period, value)) = counts.map(|(period, value)| (*period, *value)) else {
        return Standing { status: Status::Empty, period: None, change: None };
    };
    let reached = match direction {
        Direction::Higher => value >= target,
        Direction::Lower => value <= target,
    };
    let is_overdue = values.keys().next_back().is_some_and(|latest| *latest < closed);
    let status = match (is_overdue, reached) {
        (true, _) => Status::Overdue,
        (false, true) => Status::OnTarget,
        (false, false) => Status::OffTarget,
    };
    let change = values.get(&frequency.step(period, -1)).map(|before| Change::of(*before, value, direction));
    Standing { status, period: Some((period, value)), change }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn values(of: &[(&str, f64)]) -> BTreeMap<NaiveDate, f64> {
        of.iter().map(|(text, value)| (day(text), *value)).collect()
    }

    fn monthly(of: &[(&str, f64)], today: &str) -> Standing {
        standing(&values(of), Frequency::Monthly, Aggregation::Last, (Direction::Higher, 40.0), day(today))
    }

    #[test]
    fn a_kpi_is_overdue_once_a_period_is_over_without_a_value() {
        let of = &[("2026-09-01", 38.0), ("2026-10-01", 41.0)];
        assert_eq!(monthly(of, "2026-10-31").status, Status::OnTarget);
        assert_eq!(monthly(of, "2026-11-30").status, Status::OnTarget, "November is not over");
        assert_eq!(monthly(of, "2026-12-01").status, Status::Overdue);
        assert_eq!(monthly(&[("2026-11-01", 39.9)], "2026-12-01").status, Status::OffTarget);
        assert_eq!(monthly(&[], "2026-12-01").status, Status::Empty);
    }

    #[test]
    fn the_change_is_against_the_period_right_before() {
        let change = monthly(&[("2026-09-01", 40.0), ("2026-10-01", 50.0)], "2026-10-31").change.unwrap();
        assert_eq!((change.by, change.percent, change.better), (10.0, Some(25.0), Some(true)));
        assert_eq!(monthly(&[("2026-08-01", 40.0), ("2026-10-01", 50.0)], "2026-10-31").change, None, "a gap is not passed over");
        let zero = monthly(&[("2026-09-01", 0.0), ("2026-10-01", 5.0)], "2026-10-31").change.unwrap();
        assert_eq!((zero.by, zero.percent), (5.0, None));
        assert_eq!(Change::of(-10.0, -5.0, Direction::Lower).percent, Some(50.0));
        assert_eq!(Change::of(3.0, 3.0, Direction::Lower).better, None);
    }

    #[test]
    fn a_sum_counts_once_its_period_is_over() {
        let of = values(&[("2026-09-01", 900.0), ("2026-10-01", 1000.0), ("2026-11-01", 30.0)]);
        let at = |today| standing(&of, Frequency::Monthly, Aggregation::Sum, (Direction::Higher, 1000.0), day(today));
        assert_eq!((at("2026-11-03").status, at("2026-11-03").period), (Status::OnTarget, Some((day("2026-10-01"), 1000.0))));
        assert_eq!(at("2026-12-03").status, Status::OffTarget);
        let only = values(&[("2026-11-01", 30.0)]);
        let first = standing(&only, Frequency::Monthly, Aggregation::Sum, (Direction::Higher, 1000.0), day("2026-11-03"));
        assert_eq!(first.period, Some((day("2026-11-01"), 30.0)));
    }

    proptest! {
        #[test]
        fn the_status_follows_the_value(value in -1e9..1e9_f64, target in -1e9..1e9_f64, which in 0usize..4) {
            let (frequency, today) = (Frequency::ALL[which], day("2026-11-29"));
            let of = BTreeMap::from([(frequency.start(today), value)]);
            let higher = standing(&of, frequency, Aggregation::Last, (Direction::Higher, target), today).status;
            let lower = standing(&of, frequency, Aggregation::Last, (Direction::Lower, target), today).status;
            prop_assert!(higher == Status::OnTarget || lower == Status::OnTarget);
            prop_assert_eq!(higher == lower, value == target);
        }
    }
}
