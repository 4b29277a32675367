//! What is written of documents.

use super::{changeable, draft, locked, talk};
use crate::document::merge;
use crate::document::model::{Document, DocumentFields};
use crate::kernel::error::AppError;
use crate::kernel::version::{self, ANY};
use crate::product::model::ProductName;
use crate::server::db::internal;
use crate::server::id::new_id;
use crate::server::request::Settings;
use crate::server::scope::Scope;

/// What has become of a text that was to be saved.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is saved, or was already.
    Saved(Document),
    /// Somebody else had saved another version meanwhile, and both are in the new one.
    Merged(Document),
    /// Both have changed the same words: it is kept as a draft, to be merged by hand.
    Conflict(Document),
    /// The document may not be changed any more as it stands: it is kept as a draft.
    Kept(Document),
}

/// Writes the note of the version that the next statement makes.
async fn note(scope: &mut Scope, note: &str) -> Result<(), AppError> {
    sqlx::query("SELECT set_config('app.document_note', $1, true)").bind(note).execute(scope.db()).await?;
    Ok(())
}

/// Creates a document of the product, or of the organisation itself, and forgets the draft of it; gives it without its text.
pub async fn create(
    scope: &mut Scope,
    settings: &Settings,
    product: Option<ProductName>,
    fields: DocumentFields,
) -> Result<Document, AppError> {
    let (org, user, id) = (scope.organization().id.clone(), scope.user().id.clone(), new_id());
    note(scope, &fields.note).await?;
    sqlx::query(
        r#"INSERT INTO "Document" (id, "organizationId", "productId", "authorId", title, content, type)
           VALUES ($1, $2, $3, $4, $5, $6, $7)"#,
    )
    .bind(&id)
    .bind(org)
    .bind(product.as_ref().map(|product| &product.id))
    .bind(user)
    .bind(fields.title)
    .bind(&fields.content)
    .bind(fields.kind)
    .execute(scope.db())
    .await?;
    written(scope, None, product.as_ref().map(|product| product.id.as_str())).await?;
    let document = locked(scope, &id).await?;
    talk::mention(scope, settings, &document, None, &fields.content).await?;
    Ok(document)
}

/// Changes a document that the person began to change at this version. What somebody else has saved meanwhile is merged in
/// where both did not touch the same words. Nothing typed is lost: what cannot be saved is a draft.
pub async fn update(scope: &mut Scope, settings: &Settings, id: &str, version: &str, fields: DocumentFields) -> Result<Outcome, AppError> {
    let document = locked(scope, id).await?;
    if document.deleted_at.is_some() || !document.status.changeable_by(scope.role()) {
        draft::put(scope, Some(id), None, fields.draft(version.parse().ok())).await?;
        return Ok(Outcome::Kept(document));
    }
    let is_same = (&document.title, &document.content) == (&fields.title, &fields.content);
    if version == ANY || version == document.version.to_string() || is_same {
        save(scope, settings, &document, &fields).await?;
        return Ok(Outcome::Saved(document));
    }
    let begun = version.parse().ok();
    let (title, base) = begun_from(scope, id, begun).await?;
    let (mine, theirs) = (fields.content.clone(), document.content.clone());
    let content = tokio::task::spawn_blocking(move || merge::clean(&merge::merge(&base, &mine, &theirs))).await.map_err(internal)?;
    let title = merge::one_of(&title, &fields.title, &document.title);
    match content.zip(title) {
        Some((content, title)) => {
            let told = format!("Merged with version {}", document.version);
            let note = if fields.note.is_empty() { told } else { format!("{} ({})", fields.note, told.to_lowercase()) };
            save(scope, settings, &document, &DocumentFields { title, content, note, ..fields }).await?;
            Ok(Outcome::Merged(document))
        }
        None => {
            draft::put(scope, Some(id), None, fields.draft(begun)).await?;
            Ok(Outcome::Conflict(document))
        }
    }
}

/// Changes a document that a program has seen in this version of its fields. It merges nothing, and keeps no draft.
///
/// # Errors
/// `Stale` when somebody has changed it meanwhile.
pub async fn revise(scope: &mut Scope, settings: &Settings, id: &str, version: &str, fields: DocumentFields) -> Result<(), AppError> {
    let document = changeable(scope, id).await?;
    version::check(version, &DocumentFields::from(&document), &fields)?;
    save(scope, settings, &document, &fields).await
}

/// Title and text of the version that somebody began from; empty for one that never was.
async fn begun_from(scope: &mut Scope, id: &str, number: Option<i32>) -> Result<(String, String), AppError> {
    let org = scope.organization().id.clone();
    let base: Option<(String, String)> =
        sqlx::query_as(r#"SELECT title, content FROM "DocumentVersion" WHERE "organizationId" = $1 AND "documentId" = $2 AND number = $3"#)
            .bind(org)
            .bind(id)
            .bind(number)
            .fetch_optional(scope.db())
            .await?;
    Ok(base.unwrap_or_default())
}

/// Forgets the draft of what is saved now. A program that writes in a person's name knows nothing of what they are typing.
async fn written(scope: &mut Scope, document: Option<&str>, product: Option<&str>) -> Result<(), AppError> {
    match scope.grant() {
        None => draft::discard(scope, document, product).await,
        Some(_) => Ok(()),
    }
}

/// Stores the fields of a locked document, takes the comments' passages along, and forgets the person's draft.
pub(super) async fn save(scope: &mut Scope, settings: &Settings, document: &Document, fields: &DocumentFields) -> Result<(), AppError> {
    let (org, id) = (scope.organization().id.clone(), document.id.as_str());
    let edited = (&document.title, &document.content) != (&fields.title, &fields.content);
    let status = if edited { document.status.once_edited() } else { document.status };
    note(scope, &fields.note.chars().take(200).collect::<String>()).await?;
    sqlx::query(r#"UPDATE "Document" SET title = $3, content = $4, type = $5, status = $6 WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(id)
        .bind(&fields.title)
        .bind(&fields.content)
        .bind(fields.kind)
        .bind(status)
        .execute(scope.db())
        .await?;
    written(scope, Some(id), None).await?;
    if document.content != fields.content {
        talk::follow(scope, id, &fields.content).await?;
        talk::mention(scope, settings, document, None, &fields.content).await?;
    }
    Ok(())
}

/// Deletes or restores a document; doing it twice is as good as once. Gives it as it was.
///
/// # Errors
/// `Conflict` for a document that this role may not change as it stands.
pub async fn set_deleted(scope: &mut Scope, id: &str, deleted: bool) -> Result<Document, AppError> {
    let (document, org) = (locked(scope, id).await?, scope.organization().id.clone());
    if !document.status.deletable_by(scope.role()) {
        return Err(AppError::Conflict(document.status.why_not().into()));
    }
    sqlx::query(
        r#"UPDATE "Document" SET "deletedAt" = CASE WHEN $3 THEN coalesce("deletedAt", now()) END WHERE "organizationId" = $1 AND id = $2"#,
    )
    .bind(org)
    .bind(id)
    .bind(deleted)
    .execute(scope.db())
    .await?;
    Ok(document)
}
