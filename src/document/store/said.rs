//! Comments on documents as programs read them: in parts, and one by one.

use super::talk::Row;
use crate::kernel::error::AppError;
use crate::kernel::page::{Cursor, Page, TIME_BOUNDS};
use crate::server::scope::Scope;

/// Comments `c` of a document, with who said and who resolved them.
///
/// Parameters: tenant, document.
macro_rules! said {
    ($($which:literal)+, $order:expr) => {
        concat!(
            r#"SELECT c.*, u.name AS "authorName", r.name AS "resolvedBy" FROM (
                 SELECT * FROM "DocumentComment" WHERE "organizationId" = $1 AND "documentId" = $2 AND "#,
            $($which,)+
            r#") c LEFT JOIN "User" u ON u.id = c."authorId" LEFT JOIN "User" r ON r.id = c."resolvedById" "#,
            $order
        )
    };
}

/// A page of them.
///
/// Further parameters: time and id of the cursor, rows.
macro_rules! page {
    ($compare:literal, $way:literal) => {
        said!(
            r#"("createdAt", id) "# $compare r#" (to_timestamp($3::float8 / 1000)::timestamptz(3), $4) ORDER BY "createdAt" "# $way ", id " $way
            " LIMIT $5",
            concat!(r#"ORDER BY c."createdAt" "#, $way, ", c.id ", $way)
        )
    };
}

/// A page of what is said of a document, the newest first.
pub async fn page(scope: &mut Scope, document: &str, cursor: Option<&Cursor>) -> Result<Page<Row>, AppError> {
    let ((earliest, latest), size, org) = (TIME_BOUNDS, scope.rows(), scope.organization().id.clone());
    let rows: Vec<Row> = sqlx::query_as(if cursor.is_some_and(|c| c.back) { page!(">", "ASC") } else { page!("<", "DESC") })
        .bind(org)
        .bind(document)
        .bind(cursor.map_or(latest, |cursor| cursor.key.clamp(earliest, latest)))
        .bind(cursor.map_or("", |cursor| &cursor.id))
        .bind(size + 1)
        .fetch_all(scope.db())
        .await?;
    Ok(Page::sized(rows, size, cursor, Row::place))
}

/// One comment on a document.
pub async fn get(scope: &mut Scope, document: &str, id: &str) -> Result<Row, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(said!("id = $3", "")).bind(org).bind(document).bind(id).fetch_one(scope.db()).await?)
}
