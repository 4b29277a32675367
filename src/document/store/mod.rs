//! SQL for documents.

/// How far reviews have brought the document of a row with this name; the tenant is the first parameter.
macro_rules! passed {
    ($row:literal) => {
        concat!(
            r#"(SELECT max(s.version) FROM "DocumentReview" s WHERE s."organizationId" = $1 AND s."documentId" = "#,
            $row,
            r#".id AND s.status = 'APPROVED') AS "approvedVersion",
               (SELECT max(s.version) FROM "DocumentReview" s WHERE s."organizationId" = $1 AND s."documentId" = "#,
            $row,
            r#".id AND s.status = 'PUBLISHED') AS "publishedVersion""#
        )
    };
}

pub mod draft;
mod known;
mod read;
pub mod review;
pub mod said;
pub mod talk;
pub mod version;
mod write;

pub use known::{Seen, shown};
pub use read::{editor, get, list, page, place};
pub use write::{Outcome, create, revise, set_deleted, update};

use crate::document::model::Document;
use crate::kernel::error::AppError;
use crate::server::scope::Scope;

/// The document of the organisation or of a live product, locked until the transaction ends.
async fn locked(scope: &mut Scope, id: &str) -> Result<Document, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(concat!(
        r#"SELECT d.*, p.key AS "productKey", p.name AS "productName", "#,
        passed!("d"),
        r#" FROM "Document" d LEFT JOIN "Product" p ON p."organizationId" = $1 AND p.id = d."productId"
           WHERE d."organizationId" = $1 AND d.id = $2 AND (d."productId" IS NULL OR p."deletedAt" IS NULL) FOR UPDATE OF d"#,
    ))
    .bind(org)
    .bind(id)
    .fetch_one(scope.db())
    .await?)
}

/// As `locked`, if the document has not been deleted.
async fn live(scope: &mut Scope, id: &str) -> Result<Document, AppError> {
    let document = locked(scope, id).await?;
    match document.deleted_at {
        Some(_) => Err(AppError::Conflict("This document has been deleted. Restore it to change it.".into())),
        None => Ok(document),
    }
}

/// As `live`, if the caller may change the document as it stands.
async fn changeable(scope: &mut Scope, id: &str) -> Result<Document, AppError> {
    let document = live(scope, id).await?;
    match document.status.changeable_by(scope.role()) {
        true => Ok(document),
        false => Err(AppError::Conflict(document.status.why_not().into())),
    }
}
