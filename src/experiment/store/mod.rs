//! SQL for experiments.

mod analyse;
mod metrics;
mod read;
pub mod results;
mod variants;
mod write;

pub use analyse::analyse;
pub use metrics::{add_metric, metric, remove_metric, update_metric};
pub use read::{edit, list, new, page, product, whole};
pub use variants::update_variants;
pub use write::{complete, create, set_deleted, set_status, update};

use crate::experiment::model::{Experiment, Metric, Variant};
use crate::kernel::error::AppError;
use crate::server::scope::Scope;

/// An experiment that is being changed, with its product's key.
pub struct Locked {
    pub product: String,
    pub experiment: Experiment,
}

/// The experiment of a live product, locked until the transaction ends. All that belongs to it is changed by those alone who hold
/// it, so that what a change was allowed by is still true when it is made.
async fn locked(scope: &mut Scope, id: &str) -> Result<Locked, AppError> {
    let org = scope.organization().id.clone();
    let product: String = sqlx::query_scalar(
        r#"SELECT p.key FROM "Experiment" e JOIN "Product" p ON p.id = e."productId" AND p."deletedAt" IS NULL
           WHERE e."organizationId" = $1 AND e.id = $2 FOR UPDATE OF e"#,
    )
    .bind(&org)
    .bind(id)
    .fetch_one(scope.db())
    .await?;
    let experiment = sqlx::query_as(r#"SELECT * FROM "Experiment" WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(id)
        .fetch_one(scope.db())
        .await?;
    Ok(Locked { product, experiment })
}

/// As `locked`, if the experiment has not been deleted.
async fn live(scope: &mut Scope, id: &str) -> Result<Locked, AppError> {
    let locked = locked(scope, id).await?;
    if locked.experiment.deleted_at.is_some() {
        return Err(AppError::Conflict("This experiment has been deleted. Restore it to change it.".into()));
    }
    Ok(locked)
}

/// The live experiment that something is of, locked. The statement finds the experiment's id by the tenant and the thing's own.
async fn live_of(scope: &mut Scope, statement: &'static str, id: &str) -> Result<Locked, AppError> {
    let org = scope.organization().id.clone();
    let experiment: String = sqlx::query_scalar(statement).bind(org).bind(id).fetch_one(scope.db()).await?;
    live(scope, &experiment).await
}

/// The variants of these experiments, of each the control first.
async fn variants_of(scope: &mut Scope, experiments: &[String]) -> Result<Vec<Variant>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT * FROM "ExperimentVariant" WHERE "organizationId" = $1 AND "experimentId" = ANY ($2)
           ORDER BY "experimentId", control DESC, position, id"#,
    )
    .bind(org)
    .bind(experiments)
    .fetch_all(scope.db())
    .await?)
}

/// The metrics of these experiments, of each the primary ones first.
async fn metrics_of(scope: &mut Scope, experiments: &[String]) -> Result<Vec<Metric>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT * FROM "ExperimentMetric" WHERE "organizationId" = $1 AND "experimentId" = ANY ($2)
           ORDER BY "experimentId", role <> 'PRIMARY', position, id"#,
    )
    .bind(org)
    .bind(experiments)
    .fetch_all(scope.db())
    .await?)
}

/// Variants and metrics of one experiment.
async fn setup(scope: &mut Scope, id: &str) -> Result<(Vec<Variant>, Vec<Metric>), AppError> {
    let ids = [id.to_owned()];
    Ok((variants_of(scope, &ids).await?, metrics_of(scope, &ids).await?))
}
