//! What a KPI's chart shows.

use std::collections::BTreeMap;

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::Frequency;
use crate::ui::chart::{Form, Point, day_number};

/// The most periods that a chart shows. Of more, longer periods are gathered.
const PERIODS_MAX: i32 = 750;

/// How far back a chart goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Range {
    Quarter,
    #[default]
    Year,
    Years,
    All,
}

crate::words!(Range {
    Quarter: "90d", "90 days";
    Year: "1y", "1 year";
    Years: "3y", "3 years";
    All: "all", "All";
});

impl Range {
    /// The first day of it; nothing for all.
    pub fn first(self, today: NaiveDate) -> Option<NaiveDate> {
        match self {
            Range::Quarter => today.checked_sub_days(Days::new(90)),
            Range::Year => today.checked_sub_months(Months::new(12)),
            Range::Years => today.checked_sub_months(Months::new(36)),
            Range::All => None,
        }
    }
}

/// How a chart is asked for in an address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChartQuery {
    /// The periods whose values are gathered; nothing for the KPI's own.
    pub by: Option<Frequency>,
    pub range: Range,
    pub form: Form,
}

impl ChartQuery {
    /// Reads the parameters of an address; what it does not know it leaves out.
    pub fn of_params(get: impl Fn(&str) -> Option<String>) -> ChartQuery {
        ChartQuery {
            by: get("by").and_then(|word| Frequency::ALL.into_iter().find(|by| by.noun() == word)),
            range: get("range").and_then(|word| Range::parse(&word)).unwrap_or_default(),
            form: get("as").and_then(|word| Form::parse(&word)).unwrap_or_default(),
        }
    }

    /// The same as parameters of an address, led by `?`; nothing for the usual chart.
    pub fn params(self) -> String {
        let mut pairs = Vec::new();
        pairs.extend(self.by.map(|by| format!("by={}", by.noun())));
        if self.range != Range::default() {
            pairs.push(format!("range={}", self.range.word()));
        }
        if self.form != Form::default() {
            pairs.push(format!("as={}", self.form.word()));
        }
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// The periods that are gathered for a KPI of this frequency between two days: never shorter than the KPI's own, which would be
    /// gaps for the most part, and no more than a chart can show.
    pub fn gathered(self, frequency: Frequency, first: NaiveDate, last: NaiveDate) -> Frequency {
        let wanted = self.by.unwrap_or(frequency).max(frequency);
        let days = (last - first).num_days();
        let fits = |by: &Frequency| {
            let length = match by {
                Frequency::Daily => 1,
                Frequency::Weekly => 7,
                Frequency::Monthly => 28,
                Frequency::Quarterly => 90,
            };
            days / length <= i64::from(PERIODS_MAX)
        };
        Frequency::ALL.into_iter().filter(|by| *by >= wanted).find(fits).unwrap_or(Frequency::Quarterly)
    }
}

/// Something that happened to the product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct Event {
    pub day: NaiveDate,
    pub label: String,
    /// The part of the product and the id there, such as `releases/c1`.
    pub path: String,
}

/// A chart's figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    pub query: ChartQuery,
    /// The periods that were gathered.
    pub by: Frequency,
    /// From the first period that has a value to the last one, or to the last that is over; the missing ones have none.
    pub points: Vec<(NaiveDate, Option<f64>)>,
    pub events: Vec<Event>,
}

impl Shown {
    /// The points for a chart, each with the name of its period.
    pub fn line(&self) -> Vec<Point> {
        self.points.iter().map(|(start, value)| Point::named(day_number(*start), *value, self.by.name(*start))).collect()
    }
}

/// The values by the first days of their periods, with each that is missing as a gap, up to the last period that is over.
pub fn filled(values: &BTreeMap<NaiveDate, f64>, by: Frequency, today: NaiveDate) -> Vec<(NaiveDate, Option<f64>)> {
    let (Some(first), Some(latest)) = (values.keys().next(), values.keys().next_back()) else { return Vec::new() };
    let last = (*latest).max(by.last_closed(today));
    // Of an endless past, the end.
    let (mut points, mut start) = (Vec::new(), (*first).max(by.step(last, -2 * PERIODS_MAX)));
    while start <= last {
        points.push((start, values.get(&start).copied()));
        let next = by.step(start, 1);
        if next <= start {
            break;
        }
        start = next;
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_reads_back() {
        let query = ChartQuery { by: Some(Frequency::Quarterly), range: Range::All, form: Form::Bars };
        assert_eq!(query.params(), "?by=quarter&range=all&as=bars");
        let pairs = [("by", "quarter"), ("range", "all"), ("as", "bars")];
        let again = ChartQuery::of_params(|name| pairs.iter().find(|(known, _)| *known == name).map(|(_, word)| (*word).to_owned()));
        assert_eq!((again, ChartQuery::default().params()), (query, String::new()));
        assert_eq!(ChartQuery::of_params(|_| Some("x".into())), ChartQuery::default());
    }

    #[test]
    fn periods_are_as_long_as_it_takes() {
        let asked = |by| ChartQuery { by, range: Range::All, ..Default::default() };
        let (last, year, ages) = (day("2026-11-29"), day("2025-11-29"), day("0100-01-01"));
        assert_eq!(asked(Some(Frequency::Daily)).gathered(Frequency::Daily, year, last), Frequency::Daily);
        assert_eq!(asked(Some(Frequency::Daily)).gathered(Frequency::Monthly, year, last), Frequency::Monthly);
        assert_eq!(asked(None).gathered(Frequency::Weekly, year, last), Frequency::Weekly);
        assert_eq!(asked(None).gathered(Frequency::Daily, day("2020-01-01"), last), Frequency::Weekly);
        assert_eq!(asked(None).gathered(Frequency::Daily, ages, last), Frequency::Quarterly);
    }

    #[test]
    fn what_is_missing_is_a_gap_and_no_zero() {
        let values = BTreeMap::from([(day("2026-06-01"), 1.0), (day("2026-08-01"), 3.0)]);
        let points = filled(&values, Frequency::Monthly, day("2026-11-29"));
        let read: Vec<_> = points.iter().map(|(start, value)| (start.to_string(), *value)).collect();
        let expected =
            [("2026-06-01", Some(1.0)), ("2026-07-01", None), ("2026-08-01", Some(3.0)), ("2026-09-01", None), ("2026-10-01", None)];
        assert_eq!(read, expected.map(|(start, value)| (start.to_owned(), value)));
        assert!(filled(&BTreeMap::new(), Frequency::Daily, day("2026-11-29")).is_empty());
    }
}
