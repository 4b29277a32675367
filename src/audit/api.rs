//! Server functions for the audit log.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{AuditPage, AuditQuery, ItemLog};
use crate::kernel::error::AppError;

/// A page of the organisation's log.
#[server(input = Json)]
pub async fn list_audit(org: String, query: AuditQuery) -> Result<AuditPage, AppError> {
    use crate::audit::store;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    store::page(&mut scope, &query).await
}

/// The newest changes of one thing, such as an `Idea` with this id.
#[server(input = Json)]
pub async fn item_history(org: String, entity: String, item: String) -> Result<ItemLog, AppError> {
    use crate::audit::model::history_perm;
    use crate::audit::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, history_perm(&entity)).await?;
    store::item_history(&mut scope, &entity, &item).await
}
