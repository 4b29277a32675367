//! Server functions for what people have not saved.

use leptos::prelude::*;
use server_fn::codec::Json;

use crate::document::model::{DraftForm, MergeForm, MergePage, Shown};
use crate::kernel::error::AppError;

/// Keeps an editor as it stands: of this document, or without an id of a new one. Gives the time of day, or nothing if there
/// was nothing to keep.
#[server(input = Json)]
pub async fn save_draft(org: String, product: String, id: Option<String>, form: DraftForm) -> Result<Option<String>, AppError> {
    use crate::document::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let form = form.validate()?;
    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    let product = store::place(&mut scope, &product).await?;
    let document = match id {
        Some(id) => Some(store::get(&mut scope, product.as_ref(), &id).await?),
        None => None,
    };
    let kept = store::draft::keep(&mut scope, document.as_ref(), product.as_ref(), form).await?;
    scope.commit(kept.map(|at| at.format("%H:%M:%S UTC").to_string())).await
}

/// Forgets what was not saved, of this document or without an id of a new one, and leads back to its editor.
#[server]
pub async fn discard_draft(org: String, #[server(default)] product: String, #[server(default)] id: String) -> Result<(), AppError> {
    use crate::document::model::base;
    use crate::document::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    let place = store::place(&mut scope, &product).await?;
    let here = base(&org, Some(&product));
    let to = match id.is_empty() {
        true => {
            store::draft::discard(&mut scope, None, place.as_ref().map(|place| place.id.as_str())).await?;
            format!("{here}/new")
        }
        false => {
            let document = store::get(&mut scope, place.as_ref(), &id).await?;
            store::draft::discard(&mut scope, Some(&document.id), None).await?;
            format!("{here}/{id}/edit")
        }
    };
    scope.commit(()).await?;
    leptos_axum::redirect(&to);
    Ok(())
}

/// A text as it would be shown.
#[server(input = Json)]
pub async fn preview_document(org: String, content: String) -> Result<Shown, AppError> {
    use crate::document::model::too_long;
    use crate::document::store;
    use crate::kernel::role::Perm;
    use crate::server::request::settings;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    if let Some(told) = too_long(&content) {
        return Ok(Shown::Refused(told));
    }
    store::shown(&mut scope, &settings()?.url, content.replace('\0', "")).await
}

/// What the caller wrote, beside what somebody else has saved since they began.
#[server(input = Json)]
pub async fn get_merge(org: String, product: String, id: String) -> Result<MergePage, AppError> {
    use crate::document::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    let product = store::place(&mut scope, &product).await?;
    let document = store::get(&mut scope, product.as_ref(), &id).await?;
    store::draft::merging(&mut scope, product, document).await
}

/// Merges what the caller wrote with what was saved as the version that they saw, as they chose for each conflict, and leads
/// to the editor, where the result is looked over and saved.
#[server]
pub async fn resolve_merge(
    org: String,
    #[server(default)] product: String,
    id: String,
    #[server(default)] version: String,
    #[server(default)] form: MergeForm,
) -> Result<(), AppError> {
    use crate::document::model::resolved;
    use crate::document::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::WorkWrite).await?;
    let place = store::place(&mut scope, &product).await?;
    let document = store::get(&mut scope, place.as_ref(), &id).await?;
    let page = store::draft::merging(&mut scope, place, document).await?;
    let to = page.document.href(&org);
    if page.base.is_some() {
        if page.document.version.to_string() != version {
            return Err(AppError::Conflict("Somebody has saved yet another version. Load this page again to see it.".into()));
        }
        let title = match (page.title, page.agreed) {
            (Some((_, theirs)), _) if form.title == "theirs" => theirs,
            (Some((mine, _)), _) => mine,
            (None, agreed) => agreed.unwrap_or_else(|| page.document.title.clone()),
        };
        store::draft::put_merged(&mut scope, &page.document, title, resolved(&page.pieces, &form.choices)).await?;
    }
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("{to}/edit?draft=1"));
    Ok(())
}
