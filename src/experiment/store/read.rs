//! What is read of experiments.

use super::analyse::{analyse, analyse_by_day};
use super::{metrics_of, results, setup, variants_of};
use crate::experiment::model::{
    Answer, Experiment, ExperimentEdit, ExperimentList, ExperimentPage, ExperimentQuery, ExperimentStatus, Listed, Metric, Variant, missing,
};
use crate::kernel::error::AppError;
use crate::kernel::named::Named;
use crate::kernel::page::{Page, TIME_BOUNDS};
use crate::product::model::ProductName;
use crate::reference::store as references;
use crate::server::scope::Scope;

/// Members that can be chosen from.
const PEOPLE_MAX: i64 = 500;

macro_rules! experiments {
    ($($rest:tt)+) => {
        concat!(
            r#"SELECT e.*, coalesce(nullif(trim(u.name), ''), 'Unnamed member') AS owner
               FROM "Experiment" e LEFT JOIN "User" u ON u.id = e."ownerId" WHERE e."organizationId" = $1 AND e."productId" = $2 AND "#,
            $($rest)+
        )
    };
}

/// A page of them by the time they were made.
///
/// Further parameters: time and id of the cursor, rows, status.
macro_rules! page {
    ($compare:literal, $way:literal) => {
        experiments!(
            r#"e."deletedAt" IS NULL AND (e."createdAt", e.id) "#,
            $compare,
            r#" (to_timestamp($3::float8 / 1000)::timestamptz(3), $4) AND ($6::"ExperimentStatus" IS NULL OR e.status = $6)
                ORDER BY e."createdAt" "#,
            $way,
            ", e.id ",
            $way,
            " LIMIT $5"
        )
    };
}

/// The live product with this key.
pub async fn product(scope: &mut Scope, key: &str) -> Result<ProductName, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(r#"SELECT id, name, key FROM "Product" WHERE "organizationId" = $1 AND key = $2 AND "deletedAt" IS NULL"#)
        .bind(org)
        .bind(key)
        .fetch_one(scope.db())
        .await?)
}

/// A page of the product's experiments, the newest first, each with its answer.
pub async fn list(scope: &mut Scope, product_key: &str, query: &ExperimentQuery) -> Result<ExperimentList, AppError> {
    let product = product(scope, product_key).await?;
    let page = if query.deleted { deleted(scope, &product.id).await? } else { living(scope, &product.id, query).await? };
    let rows = answered(scope, page.rows).await?;
    let Page { first_place, previous, next, .. } = page;
    Ok(ExperimentList { role: scope.role(), product, page: Page { rows, first_place, previous, next } })
}

async fn living(scope: &mut Scope, product_id: &str, query: &ExperimentQuery) -> Result<Page<Experiment>, AppError> {
    let org = scope.organization().id.clone();
    let ((earliest, latest), size) = (TIME_BOUNDS, scope.rows());
    let cursor = query.cursor.as_ref();
    let rows: Vec<Experiment> = sqlx::query_as(if cursor.is_some_and(|c| c.back) { page!(">", "ASC") } else { page!("<", "DESC") })
        .bind(org)
        .bind(product_id)
        .bind(cursor.map_or(latest, |cursor| cursor.key.clamp(earliest, latest)))
        .bind(cursor.map_or("", |cursor| &cursor.id))
        .bind(size + 1)
        .bind(query.status)
        .fetch_all(scope.db())
        .await?;
    Ok(Page::sized(rows, size, cursor, |one| (one.created_at.timestamp_millis() as f64, one.id.clone())))
}

/// The product's experiments deleted last.
async fn deleted(scope: &mut Scope, product_id: &str) -> Result<Page<Experiment>, AppError> {
    let org = scope.organization().id.clone();
    let rows = sqlx::query_as(experiments!(r#"e."deletedAt" IS NOT NULL ORDER BY e."deletedAt" DESC, e.id LIMIT 100"#))
        .bind(org)
        .bind(product_id)
        .fetch_all(scope.db())
        .await?;
    Ok(Page { rows, first_place: 1, previous: None, next: None })
}

/// The experiments with what each of them says. The days of each are added up before they come here, and nothing is read of those
/// that have ended: so a page of many takes as many statements as one of one.
async fn answered(scope: &mut Scope, experiments: Vec<Experiment>) -> Result<Vec<Listed>, AppError> {
    let open = |one: &&Experiment| matches!(one.status, ExperimentStatus::Draft | ExperimentStatus::Running) && one.deleted_at.is_none();
    let ids: Vec<String> = experiments.iter().filter(open).map(|one| one.id.clone()).collect();
    let (variants, metrics) = (variants_of(scope, &ids).await?, metrics_of(scope, &ids).await?);
    let totals = results::totals(scope, &ids).await?;
    let listed = |experiment: Experiment| {
        let variants: Vec<Variant> = variants.iter().filter(|one| one.experiment_id == experiment.id).cloned().collect();
        let metrics: Vec<Metric> = metrics.iter().filter(|one| one.experiment_id == experiment.id).cloned().collect();
        if experiment.status != ExperimentStatus::Running || experiment.deleted_at.is_some() {
            let answer = Answer::of_status(&experiment, &missing(&variants, &metrics));
            return Listed { answer, units: None, experiment: experiment.brief() };
        }
        let rows: Vec<_> = totals.iter().filter(|row| row.experiment_id == experiment.id).cloned().collect();
        let (answer, units) = match analyse(&experiment, &variants, &metrics, &rows) {
            Ok(analysis) => (Answer::of_verdict(analysis.verdict), Some(analysis.units)),
            Err(why) => (Answer { decision: None, head: "No answer".into(), sentence: why }, None),
        };
        Listed { answer, units, experiment: experiment.brief() }
    };
    Ok(experiments.into_iter().map(listed).collect())
}

/// One experiment of the product, deleted or not.
pub async fn get(scope: &mut Scope, product_id: &str, id: &str) -> Result<Experiment, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(experiments!("e.id = $3")).bind(org).bind(product_id).bind(id).fetch_one(scope.db()).await?)
}

/// One experiment of the product, deleted or not, with its variants and its metrics.
pub async fn whole(scope: &mut Scope, product_key: &str, id: &str) -> Result<(Experiment, Vec<Variant>, Vec<Metric>), AppError> {
    let product = product(scope, product_key).await?;
    let experiment = get(scope, &product.id, id).await?;
    let (variants, metrics) = setup(scope, id).await?;
    Ok((experiment, variants, metrics))
}

/// All that the page of one experiment shows, deleted or not.
pub async fn page(scope: &mut Scope, product_key: &str, id: &str) -> Result<ExperimentPage, AppError> {
    let product = product(scope, product_key).await?;
    let mut experiment = get(scope, &product.id, id).await?;
    let (variants, metrics) = setup(scope, id).await?;
    let rows = results::all(scope, id).await?;
    let mut outcome = experiment.outcome().filter(|_| experiment.status == ExperimentStatus::Completed);
    let stored = outcome.as_mut().and_then(|outcome| outcome.analysis.take());
    let asked = match experiment.status {
        ExperimentStatus::Draft => false,
        ExperimentStatus::Running => true,
        ExperimentStatus::Completed | ExperimentStatus::Cancelled => !rows.is_empty(),
    };
    let now = asked.then(|| analyse_by_day(&experiment, &variants, &metrics, &rows));
    let (analysis, cannot) = match (stored, now) {
        // What was known when it was decided; its data have not changed since.
        (Some(stored), Some(Ok(now))) => (Some(stored.with_looks_of(&now)), None),
        (Some(stored), _) => (Some(stored), None),
        (None, Some(Ok(now))) => (Some(now), None),
        (None, Some(Err(why))) => (None, Some(why)),
        (None, None) => (None, None),
    };
    experiment.results = None;
    let named = references::links(scope, [experiment.hypothesis.as_str(), experiment.description.as_deref().unwrap_or_default()]).await?;
    let results = rows.len() as i64;
    Ok(ExperimentPage { role: scope.role(), product, experiment, variants, metrics, analysis, cannot, outcome, results, named })
}

/// What the forms of one experiment are filled from.
pub async fn edit(scope: &mut Scope, product_key: &str, id: &str) -> Result<ExperimentEdit, AppError> {
    let product = product(scope, product_key).await?;
    let experiment = get(scope, &product.id, id).await?;
    let (variants, metrics) = setup(scope, id).await?;
    let people = people(scope).await?;
    let experiment = Some(Experiment { results: None, ..experiment });
    Ok(ExperimentEdit { role: scope.role(), product, experiment, variants, metrics, people, me: scope.user().id.clone() })
}

/// What the form of a new one is filled from.
pub async fn new(scope: &mut Scope, product_key: &str) -> Result<ExperimentEdit, AppError> {
    let product = product(scope, product_key).await?;
    let people = people(scope).await?;
    let (role, me) = (scope.role(), scope.user().id.clone());
    Ok(ExperimentEdit { role, product, experiment: None, variants: Vec::new(), metrics: Vec::new(), people, me })
}

/// The members by name.
async fn people(scope: &mut Scope) -> Result<Vec<Named>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT u.id, coalesce(nullif(trim(u.name), ''), 'Unnamed member') AS name
           FROM "Membership" m JOIN "User" u ON u.id = m."userId"
           WHERE m."organizationId" = $1 ORDER BY lower(coalesce(u.name, '')), u.id LIMIT $2"#,
    )
    .bind(org)
    .bind(PEOPLE_MAX)
    .fetch_all(scope.db())
    .await?)
}
