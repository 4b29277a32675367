//! SQL for releases.

pub mod changelog;
pub mod checklist;
mod read;
pub mod template;
mod write;

pub use read::{features, get, is_public, list, page, product, versions};
pub use write::{add_feature, create, remove_feature, set_deleted, set_public, set_status, update};

use write::{Locked, live};

use crate::kernel::error::AppError;
use crate::server::scope::Scope;

/// The id of the release that something is of. The statement finds it by the tenant and the thing's own id.
async fn release_of(scope: &mut Scope, statement: &'static str, id: &str) -> Result<String, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_scalar(statement).bind(org).bind(id).fetch_one(scope.db()).await?)
}
