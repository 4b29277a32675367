//! The REST API of the values of KPIs, which programs send in.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::live;
use crate::goal::kpi::model::{DataPoint, NewPoint, POINTS_MAX, PointFields, PointForm, Recorded, typed_number};
use crate::goal::kpi::store;
use crate::goal::kpi::store::point::{self, Span};
use crate::kernel::day;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::server::rest::query::Whole;
use crate::server::rest::value::Day;
use crate::server::rest::{Answered, Api, Body, Call, Filter, Listed, Patch, Problem, Resource, TOLD_MAX, Wrong, both};

pub fn routes(api: Api) -> Api {
    let all = "/orgs/{org}/products/{key}/kpis/{id}/points";
    let one = "/orgs/{org}/products/{key}/kpis/{id}/points/{point}";
    let many = "/orgs/{org}/products/{key}/kpis/{id}/points/bulk";
    api.tag("KPI values", "One value for each day. Sending the same twice is as good as once, so a program may simply send again.")
        .list(all, Perm::Read, "The KPI's values, of all days or of some, the latest first.", list)
        .act(all, Perm::WorkWrite, "Records the value of a day; one that the day has already is replaced.", record)
        .act(many, Perm::WorkWrite, "Records up to 10,000 values, all or none; of several for one day the last counts.", record_many)
        .get(one, Perm::Read, "One value.", get)
        .change(one, Perm::WorkWrite, "Puts a value right.", change)
        .delete(one, Perm::WorkWrite, "Removes a value.", delete)
}

impl Resource for DataPoint {
    fn key(&self) -> String {
        self.id.clone()
    }

    fn version(&self) -> Option<String> {
        Some(PointFields::from(self).version())
    }
}

impl Resource for Recorded {
    fn key(&self) -> String {
        String::new()
    }
}

/// The value of a day.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PointBody {
    /// Not after tomorrow.
    date: Day,
    value: f64,
}

impl Body for PointBody {
    fn example() -> Value {
        json!({ "date": "2026-11-23", "value": 312 })
    }
}

impl From<&DataPoint> for PointBody {
    fn from(point: &DataPoint) -> Self {
        PointBody { date: Day::at(point.date), value: point.value }
    }
}

impl From<PointBody> for PointForm {
    fn from(body: PointBody) -> Self {
        PointForm { date: Day::typed(Some(body.date)), value: typed_number(body.value) }
    }
}

/// The values of many days.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PointsBody {
    #[schema(min_items = 1, max_items = 10000)]
    points: Vec<PointBody>,
}

impl Body for PointsBody {
    fn example() -> Value {
        json!({ "points": [{ "date": "2026-11-16", "value": 298 }, { "date": "2026-11-23", "value": 312 }] })
    }
}

/// The values in stored shape, or what is wrong with each.
fn checked(points: Vec<PointBody>, today: chrono::NaiveDate) -> Result<Vec<NewPoint>, Problem> {
    if !(1..=POINTS_MAX).contains(&points.len()) {
        return Err(Problem::at("#/points", format!("Send from one to {POINTS_MAX} values.")));
    }
    let (mut good, mut wrong) = (Vec::with_capacity(points.len()), Vec::new());
    for (at, body) in points.into_iter().enumerate() {
        match PointForm::from(body).validate(today) {
            Ok(fields) => good.push(NewPoint::from(fields)),
            Err(AppError::Validation(errors)) => {
                wrong.extend(errors.into_iter().map(|error| Wrong::at(format!("#/points/{at}/{}", error.field), error.message)));
            }
            Err(error) => return Err(error.into()),
        }
    }
    wrong.truncate(TOLD_MAX);
    if wrong.is_empty() { Ok(good) } else { Err(Problem::of(wrong)) }
}

/// The value of the address.
async fn read(call: &mut Call) -> Result<DataPoint, Problem> {
    let (key, point) = (call.at("key"), call.at("point"));
    let kpi = live(call).await?;
    Ok(point::get(&mut call.scope, &key, &kpi.id, &point).await?.point)
}

/// Which days' values are asked for, in UTC.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct PointFilter {
    /// The first day.
    from: Option<Day>,
    /// The last day; not before the first.
    to: Option<Day>,
}

impl Filter for PointFilter {}

impl PointFilter {
    fn span(self) -> Result<Span, Problem> {
        let read = |name: &str, typed: Option<Day>| day::parse(&Day::typed(typed)).map_err(|told| Problem::parameter(name, told));
        let (from, to) = both(read("from", self.from), read("to", self.to))?;
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            return Err(Problem::parameter("to", "The last day cannot be before the first."));
        }
        Ok(Span { from, until: to.map(|to| to + TimeDelta::days(1)) })
    }
}

async fn list(mut call: Call, filter: PointFilter) -> Answered<Listed<DataPoint>> {
    let (span, cursor) = (filter.span()?, call.cursor()?);
    let kpi = live(&mut call).await?;
    let page = point::list(&mut call.scope, &kpi.id, span, cursor.as_ref()).await?;
    call.done(page.into())
}

async fn get(mut call: Call, _: Whole) -> Answered<DataPoint> {
    let point = read(&mut call).await?;
    call.done(point)
}

async fn record(mut call: Call, body: PointBody) -> Answered<DataPoint> {
    let today = store::today(&mut call.scope).await?;
    let point = NewPoint::from(PointForm::from(body).validate(today)?);
    let kpi = live(&mut call).await?;
    point::record(&mut call.scope, &kpi.id, &[point]).await?;
    let point = point::at(&mut call.scope, &kpi.id, point.date).await?;
    call.done(point)
}

async fn record_many(mut call: Call, body: PointsBody) -> Answered<Recorded> {
    let today = store::today(&mut call.scope).await?;
    let points = checked(body.points, today)?;
    let kpi = live(&mut call).await?;
    let recorded = point::record(&mut call.scope, &kpi.id, &points).await?;
    call.done(recorded)
}

async fn change(mut call: Call, patch: Patch<PointBody>) -> Answered<DataPoint> {
    let today = store::today(&mut call.scope).await?;
    let mut seen = call.seen();
    loop {
        let point = read(&mut call).await?;
        let version = seen.version(&point)?;
        let fields = PointForm::from(patch.over(&point)?).validate(today)?;
        if seen.is_settled(point::update(&mut call.scope, &point.id, &version, fields).await)? {
            break;
        }
    }
    let point = read(&mut call).await?;
    call.done(point)
}

async fn delete(mut call: Call) -> Answered<()> {
    let point = read(&mut call).await?;
    point::remove(&mut call.scope, &point.id).await?;
    call.done(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(date: &str, value: f64) -> PointBody {
        serde_json::from_value(json!({ "date": date, "value": value })).unwrap()
    }

    #[test]
    fn what_is_wrong_with_values_is_told_by_their_places() {
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let good = checked(vec![point("2026-11-23", 1.0), point("2026-11-24T09:00:00Z", 2.5)], today).unwrap();
        assert_eq!(good.iter().map(|point| point.value).collect::<Vec<_>>(), [1.0, 2.5]);
        let problem = checked(vec![point("2026-11-23", 1.0), point("2026-12-01", 2e15)], today).unwrap_err();
        let pointers: Vec<_> = problem.errors.iter().filter_map(|wrong| wrong.pointer.as_deref()).collect();
        assert_eq!(pointers, ["#/points/1/date", "#/points/1/value"]);
        assert_eq!(checked(Vec::new(), today).unwrap_err().errors[0].pointer.as_deref(), Some("#/points"));
        let many = (0..100).map(|_| point("1969-01-01", 1.0)).collect();
        assert_eq!(checked(many, today).unwrap_err().errors.len(), TOLD_MAX);
    }
}
