//! SQL for members and invitations.

mod invitations;
mod members;

pub use invitations::{accept, accept_own, arrival, by_token, invitations, invite, join, open_for, resend, revoke};
pub use members::{get, leave, list, remove, team_choices, update};

use crate::kernel::error::AppError;
use crate::server::scope::Scope;

/// The newest invitation's token as it is sealed, whichever organisation's it is.
pub const SEALED: &str = r#"SELECT "sealedToken" FROM "Invitation" WHERE "sealedToken" IS NOT NULL ORDER BY "createdAt" DESC LIMIT 1"#;

/// The team's id if it is a live one of the organisation; none for none.
///
/// # Errors
/// `NotFound` for a team that is not the organisation's, a field error for one that has been deleted.
async fn live_team(scope: &mut Scope, team: Option<String>) -> Result<Option<String>, AppError> {
    let Some(id) = team else { return Ok(None) };
    let org = scope.organization().id.clone();
    let live: bool = sqlx::query_scalar(r#"SELECT "deletedAt" IS NULL FROM "Team" WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(&id)
        .fetch_one(scope.db())
        .await?;
    if live { Ok(Some(id)) } else { Err(AppError::field("team", "This team has been deleted. Choose another.")) }
}
