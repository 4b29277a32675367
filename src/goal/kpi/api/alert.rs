//! Server functions for the rules of KPIs.

use leptos::prelude::*;

use crate::goal::kpi::model::AlertForm;
use crate::kernel::error::AppError;

/// Gives a KPI a rule.
#[server]
pub async fn add_kpi_alert(org: String, id: String, form: AlertForm) -> Result<(), AppError> {
    use crate::goal::kpi::store::alert;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let rule = form.validate()?;
    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    alert::add(&mut scope, &id, rule).await?;
    scope.commit(()).await
}

/// Takes a rule from its KPI.
#[server]
pub async fn remove_kpi_alert(org: String, id: String) -> Result<(), AppError> {
    use crate::goal::kpi::store::alert;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::PlanWrite).await?;
    alert::remove(&mut scope, &id).await?;
    scope.commit(()).await
}

/// Notes that the caller has seen what a KPI's rules have told. Whoever may read it may have seen it.
#[server]
pub async fn read_kpi_notices(org: String, id: String) -> Result<(), AppError> {
    use crate::goal::kpi::store::alert;
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    alert::mark_read(&mut scope, &id).await?;
    scope.commit(()).await
}
