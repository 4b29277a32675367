//! SQL for releases.

pub mod changelog;
pub mod checklist;
mod read;
pub mod template;
mod write;

pub use read::{features, get, is_public, list, page, product, versions};
pub use write::{add_feature, create, remove_feature, set_deleted, set_public, set_status, update};

use write::live;

use crate::kernel::error::AppError;
use crate::server::scope::Scope;

/// The live release that something is of, locked; gives its product's key and its id. The statement finds the release's id by
/// the tenant and the thing's own id.
async fn release_of(scope: &mut Scope, statement: &'static str, id: &str) -> Result<(String, String), AppError> {
    let org = scope.organization().id.clone();
    let release: String = sqlx::query_scalar(statement).bind(org).bind(id).fetch_one(scope.db()).await?;
    Ok((live(scope, &release).await?.product, release))
}
