//! What is read of documents.

use super::{draft, known, review, talk, version};
use crate::document::model::{self, Document, DocumentPage, DocumentQuery, DocumentType, Draft, EditorPage, template};
use crate::kernel::error::AppError;
use crate::kernel::page::{Page, TIME_BOUNDS};
use crate::kernel::role::Perm;
use crate::product::model::ProductName;
use crate::server::scope::Scope;

/// The live product with this key; nothing for the organisation itself, which has none.
pub async fn place(scope: &mut Scope, key: &str) -> Result<Option<ProductName>, AppError> {
    if key.is_empty() {
        return Ok(None);
    }
    let org = scope.organization().id.clone();
    let product = sqlx::query_as(r#"SELECT id, name, key FROM "Product" WHERE "organizationId" = $1 AND key = $2 AND "deletedAt" IS NULL"#)
        .bind(org)
        .bind(key)
        .fetch_one(scope.db())
        .await?;
    Ok(Some(product))
}

/// A page of documents without their texts, by when they were changed; names are joined to its rows alone.
///
/// Parameters: tenant, product, whether the organisation's own alone, time and id of the cursor, rows, status, type.
macro_rules! page {
    ($compare:literal, $way:literal) => {
        concat!(
            r#"SELECT page.*, u.name AS "authorName", p.key AS "productKey", p.name AS "productName", "#,
            passed!("page"),
            r#" FROM (
                SELECT d.id, d.title, '' AS content, d.type, d.status, d.version, d."productId", d.number, d."authorId", d."reviewerId",
                       d."createdAt", d."updatedAt", d."deletedAt"
                  FROM "Document" d
                 WHERE d."organizationId" = $1 AND ($2::text IS NULL OR d."productId" = $2) AND (NOT $3 OR d."productId" IS NULL)
                   AND d."deletedAt" IS NULL AND (d."updatedAt", d.id) "#,
            $compare,
            r#" (to_timestamp($4::float8 / 1000)::timestamptz(3), $5)
                   AND ($7::"DocumentStatus" IS NULL OR d.status = $7) AND ($8::"DocumentType" IS NULL OR d.type = $8)
                   AND (d."productId" IS NULL OR EXISTS (SELECT FROM "Product" o
                         WHERE o."organizationId" = $1 AND o.id = d."productId" AND o."deletedAt" IS NULL))
                 ORDER BY d."updatedAt" "#,
            $way,
            ", d.id ",
            $way,
            r#" LIMIT $6) page
                LEFT JOIN "User" u ON u.id = page."authorId"
                LEFT JOIN "Product" p ON p."organizationId" = $1 AND p.id = page."productId"
                ORDER BY page."updatedAt" "#,
            $way,
            ", page.id ",
            $way
        )
    };
}

/// A page of the documents of a product, or of the whole organisation; what was changed last comes first.
pub async fn list(scope: &mut Scope, product: Option<&ProductName>, query: &DocumentQuery) -> Result<Page<Document>, AppError> {
    if query.deleted {
        return deleted(scope, product).await;
    }
    let org = scope.organization().id.clone();
    let ((earliest, latest), cursor, size) = (TIME_BOUNDS, query.cursor.as_ref(), scope.rows());
    let rows: Vec<Document> = sqlx::query_as(if cursor.is_some_and(|c| c.back) { page!(">", "ASC") } else { page!("<", "DESC") })
        // Planned for these values and not once for all: a filter that is not set falls away.
        .persistent(false)
        .bind(org)
        .bind(product.map(|product| &product.id))
        .bind(query.own && product.is_none())
        .bind(cursor.map_or(latest, |cursor| cursor.key.clamp(earliest, latest)))
        .bind(cursor.map_or("", |cursor| &cursor.id))
        .bind(size + 1)
        .bind(query.status)
        .bind(query.kind)
        .fetch_all(scope.db())
        .await?;
    Ok(Page::sized(rows, size, cursor, |document| (document.updated_at.timestamp_millis() as f64, document.id.clone())))
}

/// The documents deleted last.
async fn deleted(scope: &mut Scope, product: Option<&ProductName>) -> Result<Page<Document>, AppError> {
    let org = scope.organization().id.clone();
    let rows: Vec<Document> = sqlx::query_as(
        r#"SELECT d.id, d.title, '' AS content, d.type, d.status, d.version, d."productId", d.number, d."authorId", d."reviewerId",
                  d."createdAt", d."updatedAt", d."deletedAt", u.name AS "authorName", p.key AS "productKey", p.name AS "productName"
           FROM "Document" d LEFT JOIN "User" u ON u.id = d."authorId"
                LEFT JOIN "Product" p ON p."organizationId" = $1 AND p.id = d."productId"
           WHERE d."organizationId" = $1 AND ($2::text IS NULL OR d."productId" = $2) AND d."deletedAt" IS NOT NULL
             AND (d."productId" IS NULL OR p."deletedAt" IS NULL)
           ORDER BY d."deletedAt" DESC, d.id LIMIT 100"#,
    )
    .bind(org)
    .bind(product.map(|product| &product.id))
    .fetch_all(scope.db())
    .await?;
    Ok(Page { rows, first_place: 1, previous: None, next: None })
}

/// One document of the product, or of the organisation itself, deleted or not.
pub async fn get(scope: &mut Scope, product: Option<&ProductName>, id: &str) -> Result<Document, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(concat!(
        r#"SELECT d.*, u.name AS "authorName", r.name AS "reviewerName", p.key AS "productKey", p.name AS "productName", "#,
        passed!("d"),
        r#" FROM "Document" d LEFT JOIN "User" u ON u.id = d."authorId" LEFT JOIN "User" r ON r.id = d."reviewerId"
                LEFT JOIN "Product" p ON p."organizationId" = $1 AND p.id = d."productId"
           WHERE d."organizationId" = $1 AND d."productId" IS NOT DISTINCT FROM $2 AND d.id = $3"#,
    ))
    .bind(org)
    .bind(product.map(|product| &product.id))
    .bind(id)
    .fetch_one(scope.db())
    .await?)
}

/// A document's own page, as it is or as it was in an earlier version, which nothing is said of any more. The address is the
/// installation's own, by which links of ours are known.
pub async fn page(
    scope: &mut Scope,
    url: &str,
    product: Option<ProductName>,
    id: &str,
    number: Option<i32>,
) -> Result<DocumentPage, AppError> {
    let mut document = get(scope, product.as_ref(), id).await?;
    let newest = std::mem::take(&mut document.content);
    let (read, content) = match number.filter(|number| *number != document.version) {
        Some(number) => version::one(scope, id, number).await.map(|(row, content)| (Some(row), content))?,
        None => (None, newest),
    };
    let words = model::words(&content);
    let talk = if read.is_none() { talk::all(scope, id).await? } else { Vec::new() };
    let bodies: Vec<&str> = talk.iter().map(|row| row.body.as_str()).collect();
    let seen = known::look(scope, url, &content, &bodies).await?;
    let places = talk::places(talk, &content, &seen).await?;
    let shown = known::render(content, url, seen, places.marks).await?;
    let writes = document.deleted_at.is_none() && scope.can(Perm::WorkWrite);
    Ok(DocumentPage {
        role: scope.role(),
        user_id: scope.user().id.clone(),
        reviews: review::all(scope, id).await?,
        reviewers: if writes { review::reviewers(scope, &document).await? } else { Vec::new() },
        wrote: writes && review::wrote(scope, &document).await?,
        draft: draft::of(scope, Some(&document.id), None).await?.map(|draft: Draft| draft.updated_at),
        product,
        document,
        read,
        shown,
        words,
        remarks: places.remarks,
    })
}

/// The editor of a document, or of a new one of this type; `resumed` goes on with what the person has not saved.
///
/// # Errors
/// `Conflict` for a document that may not be changed as it stands.
pub async fn editor(
    scope: &mut Scope,
    url: &str,
    product: Option<ProductName>,
    id: Option<&str>,
    kind: Option<DocumentType>,
    resumed: bool,
) -> Result<EditorPage, AppError> {
    let document = match id {
        Some(id) => Some(get(scope, product.as_ref(), id).await?),
        None => None,
    };
    if let Some(document) = &document {
        if document.deleted_at.is_some() {
            return Err(AppError::Conflict("This document has been deleted. Restore it to change it.".into()));
        }
        if !document.status.changeable_by(scope.role()) {
            return Err(AppError::Conflict(document.status.why_not().into()));
        }
        if document.content.len() > model::CONTENT_MAX {
            return Err(AppError::Conflict("This document is longer than can be edited here. It was written by another program.".into()));
        }
    }
    let draft = draft::of(scope, id, product.as_ref().map(|product| product.id.as_str())).await?;
    let text = match (&draft, &document) {
        (Some(draft), _) if resumed => draft.content.clone(),
        (_, Some(document)) => document.content.clone(),
        _ => kind.map(template).unwrap_or_default().to_owned(),
    };
    let seen = known::look(scope, url, &text, &[]).await?;
    let shown = known::render(text, url, seen, Vec::new()).await?;
    Ok(EditorPage { role: scope.role(), product, document, draft, shown })
}
