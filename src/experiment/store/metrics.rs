//! SQL for metrics. That the experiment names them is the database's own work.

use super::{live, live_of, read};
use crate::experiment::model::{Experiment, ExperimentStatus, METRICS_MAX, Metric, MetricFields};
use crate::kernel::error::AppError;
use crate::kernel::version;
use crate::product::model::ProductName;
use crate::server::id::new_id;
use crate::server::scope::Scope;

const EXPERIMENT_OF: &str = r#"SELECT "experimentId" FROM "ExperimentMetric" WHERE "organizationId" = $1 AND id = $2"#;

fn of_draft(experiment: &Experiment) -> Result<(), AppError> {
    match experiment.status {
        ExperimentStatus::Draft => Ok(()),
        _ => Err(AppError::Conflict("This experiment has started: metrics can be renamed, but none can come or go.".into())),
    }
}

async fn get(scope: &mut Scope, id: &str) -> Result<Metric, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(r#"SELECT * FROM "ExperimentMetric" WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(id)
        .fetch_one(scope.db())
        .await?)
}

/// One metric of an experiment of the product, with both.
pub async fn metric(
    scope: &mut Scope,
    product_key: &str,
    experiment: &str,
    id: &str,
) -> Result<(ProductName, Experiment, Metric), AppError> {
    let product = read::product(scope, product_key).await?;
    let experiment = read::get(scope, &product.id, experiment).await?;
    let metric = get(scope, id).await?;
    if metric.experiment_id != experiment.id {
        return Err(AppError::NotFound);
    }
    Ok((product, Experiment { results: None, ..experiment }, metric))
}

/// Adds a metric to a live draft; gives its id.
///
/// # Errors
/// `Conflict` for an experiment that has started, or has as many as it can have.
pub async fn add_metric(scope: &mut Scope, experiment: &str, fields: MetricFields) -> Result<String, AppError> {
    of_draft(&live(scope, experiment).await?.experiment)?;
    let (org, id) = (scope.organization().id.clone(), new_id());
    let count: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "ExperimentMetric" WHERE "organizationId" = $1 AND "experimentId" = $2"#)
        .bind(&org)
        .bind(experiment)
        .fetch_one(scope.db())
        .await?;
    if count >= METRICS_MAX as i64 {
        return Err(AppError::Conflict(format!(
            "An experiment has at most {METRICS_MAX} metrics: the more there are, the less each says."
        )));
    }
    sqlx::query(
        r#"INSERT INTO "ExperimentMetric" (id, "organizationId", "experimentId", name, kind, direction, role, margin, position)
           SELECT $1, $2, $3, $4, $5, $6, $7, $8, coalesce(max(position), 0) + 1
             FROM "ExperimentMetric" WHERE "organizationId" = $2 AND "experimentId" = $3"#,
    )
    .bind(&id)
    .bind(org)
    .bind(experiment)
    .bind(fields.name)
    .bind(fields.kind)
    .bind(fields.direction)
    .bind(fields.role)
    .bind(fields.margin)
    .execute(scope.db())
    .await?;
    Ok(id)
}

/// Changes a metric of a live experiment that the person saw in this version; gives the product's key and the experiment's id.
/// Once that has started only its name can be changed.
///
/// # Errors
/// `Stale` when somebody has changed it meanwhile.
pub async fn update_metric(scope: &mut Scope, id: &str, version: &str, fields: MetricFields) -> Result<(String, String), AppError> {
    let of = live_of(scope, EXPERIMENT_OF, id).await?;
    let stored = get(scope, id).await?;
    let fields = if of_draft(&of.experiment).is_ok() { fields } else { fields.named(&stored) };
    version::check(version, &MetricFields::from(&stored), &fields)?;
    sqlx::query(r#"UPDATE "ExperimentMetric" SET name = $2, kind = $3, direction = $4, role = $5, margin = $6 WHERE id = $1"#)
        .bind(id)
        .bind(fields.name)
        .bind(fields.kind)
        .bind(fields.direction)
        .bind(fields.role)
        .bind(fields.margin)
        .execute(scope.db())
        .await?;
    Ok((of.product, of.experiment.id))
}

/// Takes a metric out of a live draft.
pub async fn remove_metric(scope: &mut Scope, id: &str) -> Result<(), AppError> {
    of_draft(&live_of(scope, EXPERIMENT_OF, id).await?.experiment)?;
    sqlx::query(r#"DELETE FROM "ExperimentMetric" WHERE id = $1"#).bind(id).execute(scope.db()).await?;
    Ok(())
}
