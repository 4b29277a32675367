//! Server functions for documents.

pub mod draft;
pub mod review;
pub mod talk;
pub mod version;

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{DocumentForm, DocumentList, DocumentPage, DocumentQuery, DocumentType, EditorPage};
use crate::kernel::error::AppError;

/// A page of the documents of a product; without one, of the organisation with all its products.
#[server(input = Json)]
pub async fn list_documents(org: String, product: String, query: DocumentQuery) -> Result<DocumentList, AppError> {
    use crate::document::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = store::place(&mut scope, &product).await?;
    let page = store::list(&mut scope, product.as_ref(), &query).await?;
    Ok(DocumentList { role: scope.role(), product, page })
}

/// One document of a product, or of the organisation itself, deleted or not, as it is shown; or as it was in this version.
#[server(input = Json)]
pub async fn get_document(
    org: String,
    product: String,
    id: String,
    #[server(default)] version: Option<i32>,
) -> Result<DocumentPage, AppError> {
    use crate::document::store;
    use crate::kernel::role::Perm;
    use crate::server::request::settings;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let product = store::place(&mut scope, &product).await?;
    store::page(&mut scope, &settings()?.url, product, &id, version).await
}

/// The editor of a document; without an id, of a new one of this type. `resumed` goes on with what was not saved.
#[server(input = Json)]
pub async fn get_editor(
    org: String,
    product: String,
    id: Option<String>,
    kind: Option<DocumentType>,
    resumed: bool,
) -> Result<EditorPage, AppError> {
    use crate::document::store;
    use crate::kernel::role::Perm;
    use crate::server::request::settings;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    let product = store::place(&mut scope, &product).await?;
    store::editor(&mut scope, &settings()?.url, product, id.as_deref(), kind, resumed).await
}

/// Creates a document of a product, or of the organisation itself, and leads to it; or keeps what is written so far.
#[server]
pub async fn create_document(org: String, #[server(default)] product: String, form: DocumentForm) -> Result<(), AppError> {
    use crate::document::model::base;
    use crate::document::store;
    use crate::kernel::role::Perm;
    use crate::server::request::settings;
    use crate::server::scope::Scope;

    let here = base(&org, Some(&product));
    if form.is_draft() {
        let kind = form.kind.word();
        let kept = form.draft(None).validate()?;
        let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
        let place = store::place(&mut scope, &product).await?;
        store::draft::keep(&mut scope, None, place.as_ref(), kept).await?;
        scope.commit(()).await?;
        leptos_axum::redirect(&format!("{here}/new?type={kind}&draft=1"));
        return Ok(());
    }
    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    let place = store::place(&mut scope, &product).await?;
    let document = store::create(&mut scope, &*settings()?, place, fields).await?;
    let to = document.href(&org);
    scope.commit(()).await?;
    leptos_axum::redirect(&to);
    Ok(())
}

/// Changes a document that was read in this version, and leads to it. What others have saved meanwhile is merged in, or shown
/// to be merged by hand. Or keeps what is written so far, as where the document may not be changed any more.
#[server]
pub async fn update_document(org: String, id: String, #[server(default)] version: String, form: DocumentForm) -> Result<(), AppError> {
    use crate::document::store::{self, Outcome};
    use crate::kernel::role::Perm;
    use crate::server::request::settings;
    use crate::server::scope::Scope;

    if form.is_draft() {
        let kept = form.draft(version.parse().ok()).validate()?;
        let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
        let document = store::draft::keep_of(&mut scope, &id, kept).await?;
        scope.commit(()).await?;
        leptos_axum::redirect(&format!("{}/edit?draft=1", document.href(&org)));
        return Ok(());
    }
    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    let to = match store::update(&mut scope, &*settings()?, &id, &version, fields).await? {
        Outcome::Saved(document) | Outcome::Kept(document) => document.href(&org),
        Outcome::Merged(document) => format!("{}?merged={}", document.href(&org), document.version),
        Outcome::Conflict(document) => format!("{}/merge", document.href(&org)),
    };
    scope.commit(()).await?;
    leptos_axum::redirect(&to);
    Ok(())
}

/// Deletes a document so that it can be restored.
#[server]
pub async fn delete_document(org: String, id: String) -> Result<(), AppError> {
    use crate::document::model::base;
    use crate::document::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    let document = store::set_deleted(&mut scope, &id, true).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("{}?deleted={id}", base(&org, document.product_key.as_deref())));
    Ok(())
}

/// Brings a deleted document back and leads to it.
#[server]
pub async fn restore_document(org: String, id: String) -> Result<(), AppError> {
    use crate::document::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    let document = store::set_deleted(&mut scope, &id, false).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&document.href(&org));
    Ok(())
}
