//! SQL for results.

use chrono::NaiveDate;

use super::analyse::impossible;
use super::{Locked, live, live_of, read, setup};
use crate::experiment::model::{
    MeasuredRow, Metric, Recorded, ResultEdit, ResultFields, ResultForm, ResultQuery, ResultsPage, RowError, Sums, Variant,
};
use crate::kernel::error::{AppError, FieldError};
use crate::kernel::page::Page;
use crate::kernel::version;
use crate::server::id::new_id;
use crate::server::scope::Scope;

const EXPERIMENT_OF: &str = r#"SELECT "experimentId" FROM "ExperimentResult" WHERE "organizationId" = $1 AND id = $2"#;

/// Days that a cursor may name, counted from the beginning of our era.
const DAYS: (f64, f64) = (0.0, 3_652_059.0);

/// All results of an experiment by day.
pub async fn all(scope: &mut Scope, experiment: &str) -> Result<Vec<MeasuredRow>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(r#"SELECT * FROM "ExperimentResult" WHERE "organizationId" = $1 AND "experimentId" = $2 ORDER BY day, id"#)
        .bind(org)
        .bind(experiment)
        .fetch_all(scope.db())
        .await?)
}

/// The results of these experiments with their days added up; what was known before only where it is of all days.
pub async fn totals(scope: &mut Scope, experiments: &[String]) -> Result<Vec<MeasuredRow>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT '' AS id, r."experimentId", r."variantId", r."metricId", max(r.day) AS day, sum(r.n)::bigint AS n, sum(r.sum) AS sum,
               sum(r."sumSquares") AS "sumSquares", sum(r."denominatorSum") AS "denominatorSum",
               sum(r."denominatorSquares") AS "denominatorSquares", sum(r."denominatorCross") AS "denominatorCross",
               CASE WHEN count(r."covariateSum") = count(*) THEN sum(r."covariateSum") END AS "covariateSum",
               CASE WHEN count(r."covariateSum") = count(*) THEN sum(r."covariateSquares") END AS "covariateSquares",
               CASE WHEN count(r."covariateSum") = count(*) THEN sum(r."covariateCross") END AS "covariateCross"
             FROM "ExperimentResult" r WHERE r."organizationId" = $1 AND r."experimentId" = ANY ($2)
            GROUP BY r."experimentId", r."variantId", r."metricId""#,
    )
    .bind(org)
    .bind(experiments)
    .fetch_all(scope.db())
    .await?)
}

/// The first and the last day that there are results of.
pub async fn days(scope: &mut Scope, experiment: &str) -> Result<Option<(NaiveDate, NaiveDate)>, AppError> {
    let org = scope.organization().id.clone();
    let (first, last): (Option<NaiveDate>, Option<NaiveDate>) =
        sqlx::query_as(r#"SELECT min(day), max(day) FROM "ExperimentResult" WHERE "organizationId" = $1 AND "experimentId" = $2"#)
            .bind(org)
            .bind(experiment)
            .fetch_one(scope.db())
            .await?;
    Ok(first.zip(last))
}

/// A page of an experiment's results, the newest day first.
///
/// Parameters: tenant, experiment, metric, day and id of the cursor, rows.
macro_rules! page {
    ($compare:literal, $way:literal) => {
        concat!(
            r#"SELECT * FROM "ExperimentResult" WHERE "organizationId" = $1 AND "experimentId" = $2
                 AND ($3::text IS NULL OR "metricId" = $3) AND (day, id) "#,
            $compare,
            " (DATE '0001-01-01' + $4, $5) ORDER BY day ",
            $way,
            ", id ",
            $way,
            " LIMIT $6"
        )
    };
}

/// All that the page of an experiment's results shows.
pub async fn page(scope: &mut Scope, product_key: &str, id: &str, query: &ResultQuery) -> Result<ResultsPage, AppError> {
    let product = read::product(scope, product_key).await?;
    let mut experiment = read::get(scope, &product.id, id).await?;
    experiment.results = None;
    let (variants, metrics) = setup(scope, id).await?;
    let org = scope.organization().id.clone();
    let (cursor, size) = (query.cursor.as_ref(), scope.rows());
    let day = cursor.map_or(DAYS.1, |cursor| cursor.key.clamp(DAYS.0, DAYS.1));
    let rows: Vec<MeasuredRow> = sqlx::query_as(if cursor.is_some_and(|c| c.back) { page!(">", "ASC") } else { page!("<", "DESC") })
        .bind(org)
        .bind(id)
        .bind(&query.metric)
        .bind(day as i32)
        .bind(cursor.map_or("", |cursor| &cursor.id))
        .bind(size + 1)
        .fetch_all(scope.db())
        .await?;
    let page = Page::sized(rows, size, cursor, |row| (since_first(row.day), row.id.clone()));
    Ok(ResultsPage { role: scope.role(), product, experiment, variants, metrics, page })
}

/// Days from the first of our era.
fn since_first(day: NaiveDate) -> f64 {
    f64::from(chrono::Datelike::num_days_from_ce(&day) - 1)
}

async fn get(scope: &mut Scope, id: &str) -> Result<MeasuredRow, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(r#"SELECT * FROM "ExperimentResult" WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(id)
        .fetch_one(scope.db())
        .await?)
}

/// One result of an experiment of the product, with what it is of.
pub async fn result(scope: &mut Scope, product_key: &str, experiment: &str, id: &str) -> Result<ResultEdit, AppError> {
    let product = read::product(scope, product_key).await?;
    let mut experiment = read::get(scope, &product.id, experiment).await?;
    experiment.results = None;
    let result = get(scope, id).await?;
    let (variants, metrics) = setup(scope, &experiment.id).await?;
    let variant = variants.into_iter().find(|one| one.id == result.variant_id).ok_or(AppError::NotFound)?;
    let metric = metrics.into_iter().find(|one| one.id == result.metric_id).ok_or(AppError::NotFound)?;
    Ok(ResultEdit { role: scope.role(), product, experiment, variant, metric, result })
}

/// What a result has to fit.
struct Frame {
    variants: Vec<Variant>,
    metrics: Vec<Metric>,
    first: Option<NaiveDate>,
    last: NaiveDate,
}

/// The frame of a live experiment that runs, which is locked.
async fn frame(scope: &mut Scope, of: &Locked) -> Result<Frame, AppError> {
    if let Some(why) = of.experiment.status.refuses_results() {
        return Err(AppError::Conflict(why.into()));
    }
    let (variants, metrics) = setup(scope, &of.experiment.id).await?;
    // The day has begun somewhere.
    let last = (chrono::Utc::now() + chrono::Duration::hours(14)).date_naive();
    Ok(Frame { variants, metrics, first: of.experiment.start_date.map(|start| start.date_naive()), last })
}

/// The one with this id or, in capitals or not, of this name.
fn named<'a, T>(all: &'a [T], typed: &str, of: impl Fn(&T) -> (&str, &str)) -> Option<&'a T> {
    let typed = typed.trim();
    let by_id = all.iter().find(|one| of(one).0 == typed);
    by_id.or_else(|| all.iter().find(|one| of(one).1.to_lowercase() == typed.to_lowercase()))
}

impl Frame {
    fn metric(&self, typed: &str) -> Option<&Metric> {
        named(&self.metrics, typed, |one| (one.id.as_str(), one.name.as_str()))
    }

    /// The result in stored shape, or all that is wrong with it.
    fn check(&self, form: &ResultForm) -> Result<ResultFields, Vec<FieldError>> {
        let mut errors = Vec::new();
        let variant = named(&self.variants, &form.variant, |one| (one.id.as_str(), one.name.as_str()));
        let metric = self.metric(&form.metric);
        if variant.is_none() {
            errors.push(FieldError::new("variant", "This experiment has no variant of this name."));
        }
        if metric.is_none() {
            errors.push(FieldError::new("metric", "This experiment has no metric of this name."));
        }
        let day = form.day(self.first, self.last).map_err(|message| errors.push(FieldError::new("day", message))).ok();
        let sums = metric.and_then(|metric| possible(metric, form).map_err(|wrong| errors.extend(wrong)).ok());
        match (variant, metric, day, sums) {
            (Some(variant), Some(metric), Some(day), Some(sums)) if errors.is_empty() => {
                Ok(ResultFields { day, variant: variant.id.clone(), metric: metric.id.clone(), sums })
            }
            _ => Err(errors),
        }
    }
}

/// The sums that were typed, if there can be such.
fn possible(metric: &Metric, form: &ResultForm) -> Result<Sums, Vec<FieldError>> {
    let sums = form.sums(metric.kind)?;
    let wrong = impossible(metric.kind, &sums);
    if wrong.is_empty() { Ok(sums) } else { Err(wrong) }
}

/// Takes in many results of a live experiment that runs: all of them or, if anything is wrong with one, none. A result of a
/// variant, metric and day that has one replaces it, so that sending the same twice is as good as once.
///
/// # Errors
/// `Conflict` for an experiment that does not run. What is wrong with the results themselves comes back by their places.
pub async fn record(scope: &mut Scope, experiment: &str, forms: &[ResultForm]) -> Result<Result<Recorded, Vec<RowError>>, AppError> {
    let of = live(scope, experiment).await?;
    let frame = frame(scope, &of).await?;
    let (mut rows, mut errors) = (Vec::with_capacity(forms.len()), Vec::new());
    let mut seen = std::collections::HashSet::new();
    for (at, form) in (0_i64..).zip(forms) {
        let mut note = |error: FieldError| errors.push(RowError { row: at, field: error.field, message: error.message });
        match frame.check(form) {
            Ok(fields) if !seen.insert((fields.day, fields.variant.clone(), fields.metric.clone())) => {
                note(FieldError::new("day", "This variant, metric and day was there already, further above."));
            }
            Ok(fields) => rows.push(fields),
            Err(wrong) => wrong.into_iter().for_each(note),
        }
    }
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    keep(scope, experiment, &rows).await.map(Ok)
}

/// Writes results, each over the one that was there.
async fn keep(scope: &mut Scope, experiment: &str, rows: &[ResultFields]) -> Result<Recorded, AppError> {
    let org = scope.organization().id.clone();
    let text = |of: fn(&ResultFields) -> &String| rows.iter().map(|row| of(row).clone()).collect::<Vec<String>>();
    let number = |of: fn(&Sums) -> f64| rows.iter().map(|row| of(&row.sums)).collect::<Vec<f64>>();
    let some = |of: fn(&Sums) -> Option<f64>| rows.iter().map(|row| of(&row.sums)).collect::<Vec<Option<f64>>>();
    let written: Vec<bool> = sqlx::query_scalar(
        r#"INSERT INTO "ExperimentResult" AS r (id, "organizationId", "experimentId", "variantId", "metricId", day, n, sum, "sumSquares",
               "denominatorSum", "denominatorSquares", "denominatorCross", "covariateSum", "covariateSquares", "covariateCross")
           SELECT one.id, $1, $2, one.variant, one.metric, one.day, one.n, one.sum, one.squares, one.d, one.dd, one.yd, one.x, one.xx, one.xy
             FROM unnest($3::text[], $4::text[], $5::text[], $6::date[], $7::bigint[], $8::float8[], $9::float8[], $10::float8[],
                         $11::float8[], $12::float8[], $13::float8[], $14::float8[], $15::float8[])
               AS one (id, variant, metric, day, n, sum, squares, d, dd, yd, x, xx, xy)
           ON CONFLICT ON CONSTRAINT "ExperimentResult_day_key" DO UPDATE
             SET n = excluded.n, sum = excluded.sum, "sumSquares" = excluded."sumSquares",
                 "denominatorSum" = excluded."denominatorSum", "denominatorSquares" = excluded."denominatorSquares",
                 "denominatorCross" = excluded."denominatorCross", "covariateSum" = excluded."covariateSum",
                 "covariateSquares" = excluded."covariateSquares", "covariateCross" = excluded."covariateCross"
             WHERE (r.n, r.sum, r."sumSquares", r."denominatorSum", r."denominatorSquares", r."denominatorCross", r."covariateSum",
                    r."covariateSquares", r."covariateCross")
               IS DISTINCT FROM (excluded.n, excluded.sum, excluded."sumSquares", excluded."denominatorSum",
                    excluded."denominatorSquares", excluded."denominatorCross", excluded."covariateSum", excluded."covariateSquares",
                    excluded."covariateCross")
           RETURNING r.xmax = 0"#,
    )
    .bind(org)
    .bind(experiment)
    .bind(rows.iter().map(|_| new_id()).collect::<Vec<String>>())
    .bind(text(|row| &row.variant))
    .bind(text(|row| &row.metric))
    .bind(rows.iter().map(|row| row.day).collect::<Vec<NaiveDate>>())
    .bind(rows.iter().map(|row| row.sums.n).collect::<Vec<i64>>())
    .bind(number(|sums| sums.sum))
    .bind(number(|sums| sums.sum_squares))
    .bind(some(|sums| sums.denominator_sum))
    .bind(some(|sums| sums.denominator_squares))
    .bind(some(|sums| sums.denominator_cross))
    .bind(some(|sums| sums.covariate_sum))
    .bind(some(|sums| sums.covariate_squares))
    .bind(some(|sums| sums.covariate_cross))
    .fetch_all(scope.db())
    .await?;
    let added = written.iter().filter(|new| **new).count() as i64;
    let changed = written.len() as i64 - added;
    Ok(Recorded { added, changed, same: rows.len() as i64 - added - changed })
}

/// Adds one result to a live experiment that runs. Its variant and its metric are given by their ids.
///
/// # Errors
/// `NotFound` for a variant or metric of another experiment; a field error where there is one of the same day already.
pub async fn add(scope: &mut Scope, experiment: &str, form: &ResultForm) -> Result<(), AppError> {
    let of = live(scope, experiment).await?;
    let frame = frame(scope, &of).await?;
    let chosen = |typed: &str, known: bool| typed.is_empty() || known;
    let known = (frame.variants.iter().any(|one| one.id == form.variant), frame.metrics.iter().any(|one| one.id == form.metric));
    if !chosen(&form.variant, known.0) || !chosen(&form.metric, known.1) {
        return Err(AppError::NotFound);
    }
    let fields = frame.check(form).map_err(AppError::Validation)?;
    let org = scope.organization().id.clone();
    let there: bool = sqlx::query_scalar(
        r#"SELECT EXISTS (SELECT FROM "ExperimentResult"
            WHERE "organizationId" = $1 AND "variantId" = $2 AND "metricId" = $3 AND day = $4)"#,
    )
    .bind(org)
    .bind(&fields.variant)
    .bind(&fields.metric)
    .bind(fields.day)
    .fetch_one(scope.db())
    .await?;
    if there {
        return Err(AppError::field("day", "There is a result of this variant and metric for this day already. Change that one."));
    }
    keep(scope, experiment, &[fields]).await.map(|_| ())
}

/// Changes the sums of a result that the person saw in this version; gives the product's key and the experiment's id.
///
/// # Errors
/// `Stale` when somebody has changed it meanwhile, `Conflict` for an experiment that does not run.
pub async fn update(scope: &mut Scope, id: &str, version: &str, form: &ResultForm) -> Result<(String, String), AppError> {
    let of = live_of(scope, EXPERIMENT_OF, id).await?;
    let frame = frame(scope, &of).await?;
    let stored = get(scope, id).await?;
    let metric = frame.metric(&stored.metric_id).ok_or(AppError::NotFound)?;
    let sums = possible(metric, form).map_err(AppError::Validation)?;
    version::check(version, &stored.sums, &sums)?;
    let fields = ResultFields { day: stored.day, variant: stored.variant_id, metric: stored.metric_id, sums };
    keep(scope, &of.experiment.id, &[fields]).await?;
    Ok((of.product, of.experiment.id))
}

/// Takes a result away from a live experiment that runs.
pub async fn remove(scope: &mut Scope, id: &str) -> Result<(), AppError> {
    let of = live_of(scope, EXPERIMENT_OF, id).await?;
    frame(scope, &of).await?;
    sqlx::query(r#"DELETE FROM "ExperimentResult" WHERE id = $1"#).bind(id).execute(scope.db()).await?;
    Ok(())
}
