//! SQL for variants.

use super::{live, variants_of};
use crate::experiment::model::{ExperimentStatus, VariantFields, VariantsFields};
use crate::kernel::error::AppError;
use crate::kernel::version;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// Changes all variants of a live experiment that the person saw in this version; gives its product's key. Once it has started
/// only their names and texts can be changed. That the weights sum to one and one is the control is the database's own rule too.
///
/// # Errors
/// `Stale` when somebody has changed them meanwhile, `NotFound` for one that is not its own.
pub async fn update_variants(scope: &mut Scope, id: &str, version: &str, fields: VariantsFields) -> Result<String, AppError> {
    let of = live(scope, id).await?;
    let stored = variants_of(scope, &[id.to_owned()]).await?;
    let foreign = |id: &String| !stored.iter().any(|variant| variant.id == *id);
    if fields.0.iter().filter_map(|(_, variant)| variant.id.as_ref()).any(foreign) {
        return Err(AppError::NotFound);
    }
    let draft = of.experiment.status == ExperimentStatus::Draft;
    let fields = if draft { fields } else { fields.named(&stored)? };
    version::check(version, &VariantsFields::from(stored.as_slice()), &fields)?;
    let org = scope.organization().id.clone();
    let kept: Vec<&str> = fields.0.iter().filter_map(|(_, variant)| variant.id.as_deref()).collect();
    sqlx::query(r#"DELETE FROM "ExperimentVariant" WHERE "organizationId" = $1 AND "experimentId" = $2 AND id <> ALL ($3)"#)
        .bind(&org)
        .bind(id)
        .bind(&kept)
        .execute(scope.db())
        .await?;
    // Two may have swapped their names, which are unique at each moment: an id is no name of any.
    let taken = |of: &VariantFields| {
        stored.iter().any(|one| of.id.as_deref() != Some(one.id.as_str()) && one.name.to_lowercase() == of.name.to_lowercase())
    };
    if fields.0.iter().any(|(_, variant)| taken(variant)) {
        sqlx::query(r#"UPDATE "ExperimentVariant" SET name = id WHERE "organizationId" = $1 AND "experimentId" = $2"#)
            .bind(&org)
            .bind(id)
            .execute(scope.db())
            .await?;
    }
    for (position, (_, variant)) in (1_i32..).zip(&fields.0) {
        sqlx::query(
            r#"INSERT INTO "ExperimentVariant" (id, "organizationId", "experimentId", name, description, weight, control, position)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
               ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description, weight = excluded.weight,
                   control = excluded.control, position = excluded.position"#,
        )
        .bind(variant.id.clone().unwrap_or_else(new_id))
        .bind(&org)
        .bind(id)
        .bind(&variant.name)
        .bind(&variant.description)
        .bind(variant.weight)
        .bind(variant.control)
        .bind(position)
        .execute(scope.db())
        .await?;
    }
    // Here and not when the transaction ends, where nobody could say which form it was.
    sqlx::query("SET CONSTRAINTS check_experiment_variants IMMEDIATE").execute(scope.db()).await?;
    Ok(of.product)
}
