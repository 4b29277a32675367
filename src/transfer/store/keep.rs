//! A file that arrives: piece by piece, each in a transaction of its own, since it may take minutes.

use super::product;
use crate::kernel::error::AppError;
use crate::server::id::new_id;
use crate::server::scope::Scope;
use crate::transfer::model::{Import, Kind, Mapping, Source};

/// What a file says of itself, once it is there.
#[derive(Debug)]
pub struct Head {
    pub source: Source,
    pub delimiter: char,
    pub headings: Vec<String>,
    pub mapping: Mapping,
    pub bytes: i64,
    pub rows: i64,
}

impl Head {
    /// What is known of an import's file already.
    pub fn of(import: &Import) -> Head {
        Head {
            source: import.source,
            delimiter: import.delimiter.chars().next().unwrap_or(','),
            headings: import.headings.clone(),
            mapping: import.mapping.clone(),
            bytes: import.bytes,
            rows: import.rows,
        }
    }
}

/// Begins an import into the live product with this key; gives its id.
pub async fn begin(scope: &mut Scope, product_key: &str, kind: Kind, file_name: &str) -> Result<String, AppError> {
    let (org, user, id) = (scope.organization().id.clone(), scope.user().id.clone(), new_id());
    let product = product(scope, product_key).await?;
    sqlx::query(
        r#"INSERT INTO "Import" (id, "organizationId", "productId", "authorId", kind, source, "fileName") VALUES ($1, $2, $3, $4, $5, $6, $7)"#,
    )
    .bind(&id)
    .bind(org)
    .bind(product.id)
    .bind(user)
    .bind(kind)
    .bind(Source::Other)
    .bind(file_name)
    .execute(scope.db())
    .await?;
    Ok(id)
}

/// Keeps the next piece of a file that is arriving.
pub async fn add_part(scope: &mut Scope, id: &str, n: i32, bytes: &[u8]) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    let kept = sqlx::query(
        r#"INSERT INTO "ImportPart" ("organizationId", "importId", n, bytes)
           SELECT "organizationId", id, $3, $4 FROM "Import" WHERE "organizationId" = $1 AND id = $2 AND status = 'UPLOADING'"#,
    )
    .bind(org)
    .bind(id)
    .bind(n)
    .bind(bytes)
    .execute(scope.db())
    .await?;
    if kept.rows_affected() == 1 { Ok(()) } else { Err(AppError::NotFound) }
}

/// Notes that the file is there, and what it says of itself.
pub async fn finish(scope: &mut Scope, id: &str, head: Head) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    let finished = sqlx::query(
        r#"UPDATE "Import" SET status = 'READY', source = $3, delimiter = $4, headings = $5, mapping = $6, bytes = $7, rows = $8
            WHERE "organizationId" = $1 AND id = $2 AND status = 'UPLOADING'"#,
    )
    .bind(org)
    .bind(id)
    .bind(head.source)
    .bind(head.delimiter.to_string())
    .bind(head.headings)
    .bind(sqlx::types::Json(head.mapping))
    .bind(head.bytes)
    .bind(head.rows)
    .execute(scope.db())
    .await?;
    if finished.rows_affected() == 1 { Ok(()) } else { Err(AppError::NotFound) }
}

/// Forgets an import whose file did not arrive, or is none.
pub async fn abandon(scope: &mut Scope, id: &str) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    sqlx::query(r#"DELETE FROM "Import" WHERE "organizationId" = $1 AND id = $2 AND status = 'UPLOADING'"#)
        .bind(org)
        .bind(id)
        .execute(scope.db())
        .await?;
    Ok(())
}
