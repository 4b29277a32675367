//! The versions of a document.

use super::{changeable, write};
use crate::document::diff::diff;
use crate::document::model::{Diff, Document, DocumentFields, VersionQuery, VersionRow};
use crate::kernel::error::AppError;
use crate::kernel::page::Page;
use crate::server::db::internal;
use crate::server::request::Settings;
use crate::server::scope::Scope;

/// How far a review has brought the version of the row `v`; the tenant is the first parameter.
macro_rules! reached {
    () => {
        r#"(SELECT max(s.status) FROM "DocumentReview" s WHERE s."organizationId" = $1 AND s."documentId" = v."documentId"
              AND s.version = v.number AND s.status IN ('APPROVED', 'PUBLISHED')) AS reached"#
    };
}

/// A page of a document's versions by their numbers.
///
/// Parameters: tenant, document, number of the cursor, rows.
macro_rules! page {
    ($compare:literal, $way:literal) => {
        concat!(
            r#"SELECT v.id, v.number, v.title, v.note, v."createdAt", char_length(v.content)::bigint AS length, u.name AS "authorName", "#,
            reached!(),
            r#" FROM (SELECT * FROM "DocumentVersion" WHERE "organizationId" = $1 AND "documentId" = $2 AND number "#,
            $compare,
            " $3 ORDER BY number ",
            $way,
            r#" LIMIT $4) v LEFT JOIN "User" u ON u.id = v."authorId" ORDER BY v.number "#,
            $way
        )
    };
}

/// A page of a document's versions, the newest first.
pub async fn list(scope: &mut Scope, document: &str, query: &VersionQuery) -> Result<Page<VersionRow>, AppError> {
    let (org, cursor, size) = (scope.organization().id.clone(), query.cursor.as_ref(), scope.rows());
    let rows: Vec<VersionRow> = sqlx::query_as(if cursor.is_some_and(|c| c.back) { page!(">", "ASC") } else { page!("<", "DESC") })
        .bind(org)
        .bind(document)
        .bind(cursor.map_or(i32::MAX, |cursor| cursor.key.clamp(0.0, f64::from(i32::MAX)) as i32))
        .bind(size + 1)
        .fetch_all(scope.db())
        .await?;
    Ok(Page::sized(rows, size, cursor, |row| (f64::from(row.number), row.id.clone())))
}

/// A version with its text.
#[derive(sqlx::FromRow)]
struct Whole {
    #[sqlx(flatten)]
    row: VersionRow,
    content: String,
}

/// The versions of a document that have these numbers.
async fn numbered(scope: &mut Scope, document: &str, numbers: &[i32]) -> Result<Vec<Whole>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(concat!(
        r#"SELECT v.*, char_length(v.content)::bigint AS length, u.name AS "authorName", "#,
        reached!(),
        r#" FROM "DocumentVersion" v LEFT JOIN "User" u ON u.id = v."authorId"
           WHERE v."organizationId" = $1 AND v."documentId" = $2 AND v.number = ANY ($3)"#,
    ))
    .bind(org)
    .bind(document)
    .bind(numbers)
    .fetch_all(scope.db())
    .await?)
}

/// One version of a document, with its text.
///
/// # Errors
/// `NotFound` for one that never was.
pub async fn one(scope: &mut Scope, document: &str, number: i32) -> Result<(VersionRow, String), AppError> {
    let found = numbered(scope, document, &[number]).await?.into_iter().next();
    found.map(|version| (version.row, version.content)).ok_or(AppError::NotFound)
}

/// Two versions of a document, and how the second differs from the first.
///
/// # Errors
/// `NotFound` for one that never was.
pub async fn compared(scope: &mut Scope, document: &str, from: i32, to: i32) -> Result<(VersionRow, VersionRow, Diff), AppError> {
    let both = numbered(scope, document, &[from, to]).await?;
    let one = |number: i32| {
        let found = both.iter().find(|version| version.row.number == number);
        found.map(|version| (version.row.clone(), version.content.clone())).ok_or(AppError::NotFound)
    };
    let ((older, old), (newer, new)) = (one(from)?, one(to)?);
    let diff = tokio::task::spawn_blocking(move || diff(&old, &new)).await.map_err(internal)?;
    Ok((older, newer, diff))
}

/// Makes an old version the newest one, as a version of its own; gives the document as it was.
///
/// # Errors
/// `Conflict` if the document reads like that already, or may not be changed.
pub async fn restore(scope: &mut Scope, settings: &Settings, id: &str, number: i32) -> Result<Document, AppError> {
    let (document, org) = (changeable(scope, id).await?, scope.organization().id.clone());
    let (title, content): (String, String) =
        sqlx::query_as(r#"SELECT title, content FROM "DocumentVersion" WHERE "organizationId" = $1 AND "documentId" = $2 AND number = $3"#)
            .bind(org)
            .bind(id)
            .bind(number)
            .fetch_one(scope.db())
            .await?;
    if (&title, &content) == (&document.title, &document.content) {
        return Err(AppError::Conflict(format!("The document reads like version {number} already.")));
    }
    let note = format!("Restored from version {number}");
    write::save(scope, settings, &document, &DocumentFields { kind: document.kind, title, content, note }).await?;
    Ok(document)
}
