//! The REST API of results, which programs send in by the day.

mod body;

use serde::Deserialize;
use utoipa::ToSchema;

use super::live;
use crate::experiment::model::analysis::MetricKind;
use crate::experiment::model::{MeasuredRow, Recorded, ResultForm, ResultQuery, RowError, UNITS_MAX};
use crate::experiment::store::results as store;
use crate::kernel::error::{AppError, FieldError};
use crate::kernel::role::Perm;
use crate::kernel::text::grouped;
use crate::kernel::version::Edited;
use crate::server::rest::problem::camel_case;
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Api, Call, Filter, Listed, Patch, Problem, Resource, TOLD_MAX, Wrong};
use body::{ResultBody, ResultsBody, SumsBody};

/// Results of one request.
const RESULTS_MAX: usize = 5_000;

pub fn routes(api: Api) -> Api {
    let all = "/orgs/{org}/products/{key}/experiments/{id}/results";
    let one = "/orgs/{org}/products/{key}/experiments/{id}/results/{result}";
    let many = "/orgs/{org}/products/{key}/experiments/{id}/results/bulk";
    api.tag(
        "Results of experiments",
        "Sums over the users of a variant in a metric, by the day on which they first came. Sending the same twice is as good as once.",
    )
    .list(all, Perm::Read, "The experiment's results, the newest day first.", list)
    .act(
        all,
        Perm::WorkWrite,
        "Records the result of a variant, metric and day of an experiment that runs, over the one that is there.",
        record,
    )
    .act(many, Perm::WorkWrite, "Records up to 5,000 results, all or none.", record_many)
    .get(one, Perm::Read, "One result.", get)
    .change(one, Perm::WorkWrite, "Changes the sums of a result.", change)
    .delete(one, Perm::WorkWrite, "Takes a result away.", delete)
}

impl Resource for MeasuredRow {
    fn key(&self) -> String {
        self.id.clone()
    }

    fn version(&self) -> Option<String> {
        Some(self.sums.version())
    }
}

impl Resource for Recorded {
    fn key(&self) -> String {
        String::new()
    }
}

/// Which results are asked for.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct ResultFilter {
    /// Those of one metric, by its id.
    #[schema(pattern = "^[A-Za-z0-9]+$")]
    metric: Option<String>,
}

impl Filter for ResultFilter {}

/// What is wrong with some of many results, by where they stand.
fn misplaced(errors: Vec<RowError>) -> Problem {
    let at = |error: RowError| Wrong::at(format!("#/results/{}/{}", error.row, camel_case(&error.field)), error.message);
    Problem::of(errors.into_iter().take(TOLD_MAX).map(at).collect())
}

/// Refuses a number of units that there cannot be, of whatever metric.
fn units(n: i64, pointer: &str) -> Result<(), Problem> {
    match (1..=UNITS_MAX).contains(&n) {
        true => Ok(()),
        false => Err(Problem::at(pointer, format!("Enter a whole number from 1 to {}.", grouped(UNITS_MAX)))),
    }
}

/// The result of the address, and of what kind of metric it is.
async fn read(call: &mut Call) -> Result<(MeasuredRow, MetricKind), Problem> {
    let (key, id) = (call.at("key"), call.at("result"));
    let (experiment, _, _) = live(call).await?;
    let found = store::result(&mut call.scope, &key, &experiment.id, &id).await?;
    Ok((found.result, found.metric.kind))
}

async fn list(mut call: Call, filter: ResultFilter) -> Answered<Listed<MeasuredRow>> {
    if filter.metric.as_ref().is_some_and(|id| id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric())) {
        return Err(Problem::parameter("metric", "Enter the id of a metric."));
    }
    let (key, query) = (call.at("key"), ResultQuery { metric: filter.metric, cursor: call.cursor()? });
    let (experiment, _, _) = live(&mut call).await?;
    let page = store::page(&mut call.scope, &key, &experiment.id, &query).await?.page;
    call.done(page.into())
}

async fn get(mut call: Call, _: Whole) -> Answered<MeasuredRow> {
    let (result, _) = read(&mut call).await?;
    call.done(result)
}

async fn record(mut call: Call, body: ResultBody) -> Answered<Recorded> {
    units(body.n, "#/n")?;
    let (experiment, _, _) = live(&mut call).await?;
    match store::record(&mut call.scope, &experiment.id, &[body.into()]).await? {
        Ok(recorded) => call.done(recorded),
        Err(errors) => {
            let wrong = errors.into_iter().map(|error| FieldError::new(&error.field, error.message)).collect();
            Err(AppError::Validation(wrong).into())
        }
    }
}

async fn record_many(mut call: Call, body: ResultsBody) -> Answered<Recorded> {
    if !(1..=RESULTS_MAX).contains(&body.results.len()) {
        return Err(Problem::at("#/results", format!("Send from one to {RESULTS_MAX} results.")));
    }
    for (at, result) in body.results.iter().enumerate() {
        units(result.n, &format!("#/results/{at}/n"))?;
    }
    let (experiment, _, _) = live(&mut call).await?;
    let forms: Vec<ResultForm> = body.results.into_iter().map(ResultForm::from).collect();
    match store::record(&mut call.scope, &experiment.id, &forms).await? {
        Ok(recorded) => call.done(recorded),
        Err(errors) => Err(misplaced(errors)),
    }
}

async fn change(mut call: Call, patch: Patch<SumsBody>) -> Answered<MeasuredRow> {
    let mut seen = call.seen();
    loop {
        let (row, kind) = read(&mut call).await?;
        let version = seen.version(&row)?;
        let form = ResultForm::from(patch.over((row.sums, kind))?);
        if seen.is_settled(store::update(&mut call.scope, &row.id, &version, &form).await)? {
            break;
        }
    }
    let (row, _) = read(&mut call).await?;
    call.done(row)
}

async fn delete(mut call: Call) -> Answered<()> {
    let (row, _) = read(&mut call).await?;
    store::remove(&mut call.scope, &row.id).await?;
    call.done(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_results_is_told_by_their_places() {
        let error = |row, field: &str| RowError { row, field: field.into(), message: "Wrong.".into() };
        let problem = misplaced(vec![error(3, "sum_squares"), error(0, "day")]);
        let pointers: Vec<_> = problem.errors.iter().filter_map(|wrong| wrong.pointer.as_deref()).collect();
        assert_eq!(pointers, ["#/results/3/sumSquares", "#/results/0/day"]);
    }
}
