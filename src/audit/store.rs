//! SQL for the audit log. Changes of rows write themselves; these are the events that no row tells of.

use serde_json::Value;
use sqlx::PgConnection;

use crate::kernel::error::AppError;

/// Records something about a person in the log of every live organisation that they belong to, such as `user.signed_in`.
pub async fn about_person(db: &mut PgConnection, user: &str, action: &str, metadata: Value) -> Result<(), AppError> {
    sqlx::query("SELECT audit_person($1, $2, $3)").bind(user).bind(action).bind(metadata).execute(db).await?;
    Ok(())
}

/// Records something that was done to the organisation of the transaction without changing a row, such as `audit.exported`.
pub async fn event(db: &mut PgConnection, action: &str, entity: (&str, &str), metadata: Value) -> Result<(), AppError> {
    sqlx::query("SELECT audit_event($1, $2, $3, $4)").bind(action).bind(entity.0).bind(entity.1).bind(metadata).execute(db).await?;
    Ok(())
}
