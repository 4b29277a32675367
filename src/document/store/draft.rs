//! What people have not saved. A draft is one person's, of a document or of a new one in one place, and nobody else sees it.

use super::locked;
use crate::document::merge;
use crate::document::model::{Document, Draft, DraftForm, MergePage, template};
use crate::kernel::error::AppError;
use crate::kernel::time::Timestamp;
use crate::product::model::ProductName;
use crate::server::db::internal;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// The caller's draft of this document, or of a new one in this place, unless it says what is saved already.
pub async fn of(scope: &mut Scope, document: Option<&str>, product: Option<&str>) -> Result<Option<Draft>, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    Ok(sqlx::query_as(
        r#"SELECT f.* FROM "DocumentDraft" f
             LEFT JOIN "Document" d ON d."organizationId" = $1 AND d.id = f."documentId"
            WHERE f."organizationId" = $1 AND f."userId" = $2 AND f."documentId" IS NOT DISTINCT FROM $3
              AND ($3 IS NOT NULL OR f."productId" IS NOT DISTINCT FROM $4)
              AND (d.title, d.content) IS DISTINCT FROM (f.title, f.content)"#,
    )
    .bind(org)
    .bind(user)
    .bind(document)
    .bind(product)
    .fetch_optional(scope.db())
    .await?)
}

/// Keeps what the person is writing; when it was kept, or nothing if there is nothing to keep, since it is saved already or
/// nothing was written yet.
///
/// # Errors
/// `NotFound` for a document that is not in this place.
pub async fn keep(
    scope: &mut Scope,
    document: Option<&Document>,
    product: Option<&ProductName>,
    form: DraftForm,
) -> Result<Option<Timestamp>, AppError> {
    let (id, place) = (document.map(|document| document.id.as_str()), product.map(|product| product.id.as_str()));
    let saved = match document {
        Some(document) => (&document.title, &document.content) == (&form.title, &form.content),
        None => (form.title.is_empty() && form.content == template(form.kind)) || just_created(scope, place, &form).await?,
    };
    if saved {
        discard(scope, id, place).await?;
        return Ok(None);
    }
    put(scope, id, place, form).await.map(Some)
}

/// As `keep`, of the document with this id wherever it is; gives the document.
pub async fn keep_of(scope: &mut Scope, id: &str, form: DraftForm) -> Result<Document, AppError> {
    let document = locked(scope, id).await?;
    keep(scope, Some(&document), None, form).await?;
    Ok(document)
}

/// Whether the person has just created this very document: an editor may send its last word after that.
async fn just_created(scope: &mut Scope, product: Option<&str>, form: &DraftForm) -> Result<bool, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    Ok(sqlx::query_scalar(
        r#"SELECT EXISTS (SELECT FROM "Document" WHERE "organizationId" = $1 AND "productId" IS NOT DISTINCT FROM $2 AND "authorId" = $3
              AND title = $4 AND content = $5 AND "createdAt" > now() - interval '1 minute')"#,
    )
    .bind(org)
    .bind(product)
    .bind(user)
    .bind(&form.title)
    .bind(&form.content)
    .fetch_one(scope.db())
    .await?)
}

/// Stores a draft over the one that is there.
pub(super) async fn put(scope: &mut Scope, document: Option<&str>, product: Option<&str>, form: DraftForm) -> Result<Timestamp, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    Ok(sqlx::query_scalar(
        r#"INSERT INTO "DocumentDraft" (id, "organizationId", "userId", "documentId", "productId", type, title, content, note, "baseVersion")
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           ON CONFLICT ("organizationId", "userId", coalesce("documentId", ''), coalesce("productId", '')) DO UPDATE
             SET type = excluded.type, title = excluded.title, content = excluded.content, note = excluded.note,
                 "baseVersion" = excluded."baseVersion"
           RETURNING "updatedAt""#,
    )
    .bind(new_id())
    .bind(org)
    .bind(user)
    .bind(document)
    // A document's draft stays its draft wherever the document goes.
    .bind(if document.is_some() { None } else { product })
    .bind(form.kind)
    .bind(form.title)
    .bind(form.content)
    .bind(form.note)
    .bind(form.version)
    .fetch_one(scope.db())
    .await?)
}

/// Forgets the caller's draft.
pub async fn discard(scope: &mut Scope, document: Option<&str>, product: Option<&str>) -> Result<(), AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    sqlx::query(
        r#"DELETE FROM "DocumentDraft" WHERE "organizationId" = $1 AND "userId" = $2 AND "documentId" IS NOT DISTINCT FROM $3
              AND ($3 IS NOT NULL OR "productId" IS NOT DISTINCT FROM $4)"#,
    )
    .bind(org)
    .bind(user)
    .bind(document)
    .bind(product)
    .execute(scope.db())
    .await?;
    Ok(())
}

/// What the caller wrote, beside what somebody else has saved since they began.
pub async fn merging(scope: &mut Scope, product: Option<ProductName>, mut document: Document) -> Result<MergePage, AppError> {
    let draft = of(scope, Some(&document.id), None).await?;
    let theirs = std::mem::take(&mut document.content);
    let mut page = MergePage { role: scope.role(), product, document, by: None, base: None, title: None, agreed: None, pieces: Vec::new() };
    let Some(draft) = draft.filter(|draft| draft.base_version.is_some_and(|base| base != page.document.version)) else {
        return Ok(page);
    };
    page.base = draft.base_version;
    let org = scope.organization().id.clone();
    let versions: Vec<(i32, String, String, Option<String>)> = sqlx::query_as(
        r#"SELECT v.number, v.title, v.content, u.name FROM "DocumentVersion" v LEFT JOIN "User" u ON u.id = v."authorId"
           WHERE v."organizationId" = $1 AND v."documentId" = $2 AND v.number IN ($3, $4)"#,
    )
    .bind(org)
    .bind(&page.document.id)
    .bind(page.base)
    .bind(page.document.version)
    .fetch_all(scope.db())
    .await?;
    let mut base = (String::new(), String::new());
    for (number, title, content, by) in versions {
        if number == page.document.version {
            page.by = by;
        } else {
            base = (title, content);
        }
    }
    page.agreed = merge::one_of(&base.0, &draft.title, &page.document.title);
    page.title = page.agreed.is_none().then(|| (draft.title.clone(), page.document.title.clone()));
    page.pieces = tokio::task::spawn_blocking(move || merge::merge(&base.1, &draft.content, &theirs)).await.map_err(internal)?;
    Ok(page)
}

/// Puts what was merged by hand in the draft's place, as begun from the newest version.
pub async fn put_merged(scope: &mut Scope, document: &Document, title: String, content: String) -> Result<(), AppError> {
    let draft = of(scope, Some(&document.id), None).await?.ok_or(AppError::NotFound)?;
    let form = DraftForm { kind: draft.kind, title, content, note: draft.note, version: Some(document.version) };
    put(scope, Some(&document.id), None, form).await?;
    Ok(())
}
