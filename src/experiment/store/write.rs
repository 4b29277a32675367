//! What is changed in experiments.

use super::analyse::analyse;
use super::{live, locked, product, results, setup};
use crate::experiment::model::{Choice, DecisionFields, ExperimentFields, ExperimentStatus, Outcome, missing};
use crate::kernel::error::AppError;
use crate::kernel::time::Timestamp;
use crate::kernel::version;
use crate::server::db::internal;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// Refuses an owner who is no member.
async fn check_owner(scope: &mut Scope, owner: &str) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    let found: Option<String> = sqlx::query_scalar(r#"SELECT id FROM "Membership" WHERE "organizationId" = $1 AND "userId" = $2"#)
        .bind(org)
        .bind(owner)
        .fetch_optional(scope.db())
        .await?;
    found.map(|_| ()).ok_or_else(|| AppError::field("owner", "Choose a member of the organisation."))
}

/// Creates a draft of the live product with this key, half of whose users are to get something else; gives its id. It is its
/// maker's unless an owner is named.
///
/// # Errors
/// One of the field for an owner who is no member.
pub async fn create(scope: &mut Scope, product_key: &str, fields: ExperimentFields) -> Result<String, AppError> {
    let (org, id) = (scope.organization().id.clone(), new_id());
    let product = product(scope, product_key).await?;
    let owner = fields.owner.unwrap_or_else(|| scope.user().id.clone());
    check_owner(scope, &owner).await?;
    let settings = fields.settings;
    sqlx::query(
        r#"INSERT INTO "Experiment" (id, "organizationId", "productId", name, hypothesis, description, "ownerId",
               alpha, sides, correction, "tunedFor", "priorMean", "priorVariance", cuped, "plannedSize")
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"#,
    )
    .bind(&id)
    .bind(&org)
    .bind(product.id)
    .bind(fields.name)
    .bind(fields.hypothesis)
    .bind(fields.description)
    .bind(owner)
    .bind(settings.alpha)
    .bind(settings.sides)
    .bind(settings.correction)
    .bind(settings.tuned_for as i64)
    .bind(settings.prior.map(|prior| prior.mean))
    .bind(settings.prior.map(|prior| prior.variance))
    .bind(settings.cuped)
    .bind(settings.planned)
    .execute(scope.db())
    .await?;
    sqlx::query(
        r#"INSERT INTO "ExperimentVariant" (id, "organizationId", "experimentId", name, weight, control, position)
           VALUES ($1, $3, $4, 'Control', 0.5, true, 1), ($2, $3, $4, 'Treatment', 0.5, false, 2)"#,
    )
    .bind(new_id())
    .bind(new_id())
    .bind(org)
    .bind(&id)
    .execute(scope.db())
    .await?;
    Ok(id)
}

/// Refuses days that leave a result out.
async fn check_days(scope: &mut Scope, id: &str, start: Option<Timestamp>, end: Option<Timestamp>) -> Result<(), AppError> {
    let Some((first, last)) = results::days(scope, id).await? else { return Ok(()) };
    if start.is_some_and(|start| start.date_naive() > first) {
        return Err(AppError::field("start_date", format!("There are results from {first} on.")));
    }
    if end.is_some_and(|end| end.date_naive() < last) {
        return Err(AppError::field("end_date", format!("There are results until {last}.")));
    }
    Ok(())
}

/// Changes a live experiment that the person saw in this version; gives its product's key. How it is read can be changed in a
/// draft alone, and its days once it has them.
///
/// # Errors
/// `Stale` when somebody has changed it meanwhile; one of the field for an owner who is no member.
pub async fn update(scope: &mut Scope, id: &str, version: &str, fields: ExperimentFields) -> Result<String, AppError> {
    let of = live(scope, id).await?;
    let stored = ExperimentFields::from(&of.experiment);
    let fields = fields.on(&of.experiment);
    version::check(version, &stored, &fields)?;
    let owner = fields.owner.unwrap_or(of.experiment.owner_id.clone());
    if owner != of.experiment.owner_id {
        check_owner(scope, &owner).await?;
    }
    if (fields.start_date, fields.end_date) != (of.experiment.start_date, of.experiment.end_date) {
        check_days(scope, id, fields.start_date, fields.end_date).await?;
    }
    let settings = fields.settings;
    sqlx::query(
        r#"UPDATE "Experiment" SET name = $2, hypothesis = $3, description = $4, "ownerId" = $5, "startDate" = $6, "endDate" = $7,
               alpha = $8, sides = $9, correction = $10, "tunedFor" = $11, "priorMean" = $12, "priorVariance" = $13, cuped = $14,
               "plannedSize" = $15
           WHERE id = $1"#,
    )
    .bind(id)
    .bind(fields.name)
    .bind(fields.hypothesis)
    .bind(fields.description)
    .bind(owner)
    .bind(fields.start_date)
    .bind(fields.end_date)
    .bind(settings.alpha)
    .bind(settings.sides)
    .bind(settings.correction)
    .bind(settings.tuned_for as i64)
    .bind(settings.prior.map(|prior| prior.mean))
    .bind(settings.prior.map(|prior| prior.variance))
    .bind(settings.cuped)
    .bind(settings.planned)
    .execute(scope.db())
    .await?;
    Ok(of.product)
}

/// Moves a live experiment on; a move to where it stands already is no change. The first start is kept, and whoever reopens a
/// completed one takes its decision back.
///
/// # Errors
/// `Conflict` for a step that its status does not allow, and for a start while something is missing.
pub async fn set_status(scope: &mut Scope, id: &str, to: ExperimentStatus) -> Result<(), AppError> {
    let of = live(scope, id).await?.experiment;
    of.status.may_become(to, of.start_date.is_some())?;
    if of.status == to {
        return Ok(());
    }
    if to == ExperimentStatus::Running {
        let (variants, metrics) = setup(scope, id).await?;
        let lacks = missing(&variants, &metrics);
        if !lacks.is_empty() {
            return Err(AppError::Conflict(format!("This experiment cannot start yet. {}", lacks.join(" "))));
        }
    }
    sqlx::query(
        r#"UPDATE "Experiment" SET status = $2,
               "startDate" = CASE WHEN $2 = 'RUNNING' THEN coalesce("startDate", date_trunc('day', now(), 'UTC')) ELSE "startDate" END,
               "endDate" = CASE WHEN $2 = 'RUNNING' THEN NULL ELSE "endDate" END,
               results = CASE WHEN $2 = 'RUNNING' THEN NULL ELSE results END
           WHERE id = $1"#,
    )
    .bind(id)
    .bind(to)
    .execute(scope.db())
    .await?;
    Ok(())
}

/// Ends a live experiment that runs with a decision, and keeps beside it what was known.
///
/// # Errors
/// `Conflict` for one that does not run, `NotFound` for a variant that is not its own; a field error for shipping the control.
pub async fn complete(scope: &mut Scope, id: &str, fields: DecisionFields) -> Result<(), AppError> {
    let of = live(scope, id).await?.experiment;
    if of.status != ExperimentStatus::Running {
        return Err(AppError::Conflict(format!("Only a running experiment is completed; this one is “{}”.", of.status.label())));
    }
    let (variants, metrics) = setup(scope, id).await?;
    let shipped = match &fields.variant {
        Some(id) => Some(variants.iter().find(|variant| variant.id == *id).ok_or(AppError::NotFound)?),
        None => None,
    };
    if shipped.is_some_and(|variant| variant.control) {
        return Err(AppError::field("decision", "This is the control: choose to keep it."));
    }
    let rows = results::all(scope, id).await?;
    let outcome = Outcome {
        decision: if shipped.is_some() { Choice::Ship } else { fields.choice },
        variant_id: shipped.map(|variant| variant.id.clone()),
        variant: shipped.map(|variant| variant.name.clone()),
        note: fields.note,
        decided_at: chrono::Utc::now(),
        decided_by_id: Some(scope.user().id.clone()),
        decided_by: scope.user().name.clone(),
        analysis: analyse(&of, &variants, &metrics, &rows).ok(),
    };
    sqlx::query(
        r#"UPDATE "Experiment" SET status = 'COMPLETED', results = $2, "endDate" = greatest(date_trunc('day', now(), 'UTC'), "startDate")
           WHERE id = $1"#,
    )
    .bind(id)
    .bind(serde_json::to_value(&outcome).map_err(internal)?)
    .execute(scope.db())
    .await?;
    Ok(())
}

/// Deletes or restores an experiment; doing it twice is as good as once. Gives its product's key.
pub async fn set_deleted(scope: &mut Scope, id: &str, deleted: bool) -> Result<String, AppError> {
    let of = locked(scope, id).await?;
    sqlx::query(r#"UPDATE "Experiment" SET "deletedAt" = CASE WHEN $2 THEN coalesce("deletedAt", now()) END WHERE id = $1"#)
        .bind(id)
        .bind(deleted)
        .execute(scope.db())
        .await?;
    Ok(of.product)
}
