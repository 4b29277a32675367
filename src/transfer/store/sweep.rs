//! Files that nobody needs any more.

use crate::kernel::error::AppError;
use crate::server::scope::System;

/// Deletes the pieces of files that are older than a day and not being read, and the imports whose file never arrived;
/// gives how many pieces went.
pub async fn sweep(system: &mut System) -> Result<u64, AppError> {
    sqlx::query(r#"DELETE FROM "Import" WHERE status = 'UPLOADING' AND "createdAt" < now() - interval '1 day'"#)
        .execute(system.db())
        .await?;
    let swept = sqlx::query(
        r#"DELETE FROM "ImportPart" p USING "Import" i
            WHERE p."createdAt" < now() - interval '1 day' AND i."organizationId" = p."organizationId" AND i.id = p."importId"
              AND NOT (i.status = 'RUNNING' AND i."heartbeatAt" > now() - interval '30 seconds')"#,
    )
    .execute(system.db())
    .await?;
    Ok(swept.rows_affected())
}
