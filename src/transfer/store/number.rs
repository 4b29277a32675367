//! The numbers of imported items. They are taken beforehand, for good, so that nobody waits for the end of an import.

use crate::kernel::error::AppError;
use crate::server::scope::Scope;

/// Takes numbers of a product for so many rows; gives the last of them.
pub async fn take_numbers(scope: &mut Scope, product_id: &str, rows: usize) -> Result<i32, AppError> {
    let org = scope.organization().id.clone();
    let last: Option<i32> =
        sqlx::query_scalar("SELECT take_numbers($1, $2, $3)").bind(org).bind(product_id).bind(rows as i32).fetch_one(scope.db()).await?;
    last.ok_or(AppError::NotFound)
}

/// Gives back the numbers behind `before` up to `last`, unless more were taken meanwhile.
pub async fn give_back_numbers(scope: &mut Scope, product_id: &str, before: i32, last: i32) -> Result<(), AppError> {
    sqlx::query("SELECT give_back_numbers($1, $2, $3)").bind(product_id).bind(before).bind(last).execute(scope.db()).await?;
    Ok(())
}
