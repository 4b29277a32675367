//! SQL for members.

use super::live_team;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::kernel::version;
use crate::member::model::{After, MEMBERS_SHOWN, Member, MemberForm, chosen};
use crate::server::scope::Scope;
use crate::team::model::TeamChoice;

/// Members with their person and their live team. Parameters: tenant, whether addresses are shown.
macro_rules! members {
    ($rest:literal) => {
        concat!(
            r#"SELECT m.id, m."userId", u.name, CASE WHEN $2 THEN u.email END AS email, m.role, m."createdAt",
                      t.id AS "teamId", t.name AS "teamName", t.slug AS "teamSlug", u.image, p.title
               FROM "Membership" m JOIN "User" u ON u.id = m."userId"
               LEFT JOIN "UserProfile" p ON p."userId" = u.id
               LEFT JOIN "Team" t ON t.id = m."teamId" AND t."deletedAt" IS NULL
               WHERE m."organizationId" = $1 "#,
            $rest
        )
    };
}

/// A page of the members by name who have these words in their name, their title or, for those who may see it, their address; behind the
/// given one, who may have left meanwhile. With it, the word for the member behind whom the next page starts.
pub async fn list(scope: &mut Scope, after: Option<&After>, find: &str) -> Result<(Vec<Member>, Option<String>), AppError> {
    let (org, addresses) = (scope.organization().id.clone(), scope.can(Perm::OrgManage));
    let mut rows: Vec<Member> = sqlx::query_as(members!(
        r#"AND ($3::text IS NULL OR (lower(coalesce(u.name, '')), m.id) >
               (coalesce((SELECT lower(coalesce(b.name, '')) FROM "Membership" a JOIN "User" b ON b.id = a."userId"
                           WHERE a."organizationId" = $1 AND a.id = $3), $6), $3))
           AND strpos(lower(concat_ws(' ', u.name, p.title, CASE WHEN $2 THEN u.email END)), lower($5)) > 0
           ORDER BY lower(coalesce(u.name, '')), m.id LIMIT $4"#
    ))
    .bind(org)
    .bind(addresses)
    .bind(after.map(|after| &after.id))
    .bind(MEMBERS_SHOWN + 1)
    .bind(find)
    .bind(after.map(|after| &after.name))
    .fetch_all(scope.db())
    .await?;
    let more = rows.len() as i64 > MEMBERS_SHOWN;
    rows.truncate(MEMBERS_SHOWN as usize);
    let next = rows.last().filter(|_| more).map(|member| After::of(member).encode());
    Ok((rows, next))
}

/// One member.
pub async fn get(scope: &mut Scope, id: &str) -> Result<Member, AppError> {
    let (org, addresses) = (scope.organization().id.clone(), scope.can(Perm::OrgManage));
    Ok(sqlx::query_as(members!("AND m.id = $3")).bind(org).bind(addresses).bind(id).fetch_one(scope.db()).await?)
}

/// The live teams that a member can be put in.
pub async fn team_choices(scope: &mut Scope) -> Result<Vec<TeamChoice>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(r#"SELECT id, name FROM "Team" WHERE "organizationId" = $1 AND "deletedAt" IS NULL ORDER BY name, id LIMIT 500"#)
        .bind(org)
        .fetch_all(scope.db())
        .await?)
}

/// Locks the organisation, before any of its memberships: whoever leaves takes the locks in this order too, and nobody waits
/// for somebody who waits for them.
async fn lock_organization(scope: &mut Scope) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    sqlx::query(r#"SELECT FROM "Organization" WHERE id = $1 FOR NO KEY UPDATE"#).bind(org).execute(scope.db()).await?;
    Ok(())
}

/// Locks the member and the caller's own membership in one order for everybody; gives the member's person.
///
/// # Errors
/// `Forbidden` when the caller has stopped being an administrator since the request came in: two who demote each other
/// at the same moment do not both succeed, and nobody raises themselves again.
async fn locked(scope: &mut Scope, id: &str) -> Result<String, AppError> {
    lock_organization(scope).await?;
    let (org, caller) = (scope.organization().id.clone(), scope.user().id.clone());
    let rows: Vec<(String, String, Role)> = sqlx::query_as(
        r#"SELECT id, "userId", role FROM "Membership"
           WHERE "organizationId" = $1 AND (id = $2 OR "userId" = $3) ORDER BY id FOR UPDATE"#,
    )
    .bind(org)
    .bind(id)
    .bind(&caller)
    .fetch_all(scope.db())
    .await?;
    if !rows.iter().any(|(_, user, role)| *user == caller && role.can(Perm::OrgManage)) {
        return Err(AppError::Forbidden);
    }
    rows.into_iter().find(|(member, ..)| member == id).map(|(_, user, _)| user).ok_or(AppError::NotFound)
}

/// Gives the member, whom the person saw in this version, a role and a team.
///
/// # Errors
/// `Conflict` when it would leave the organisation without an administrator; `Stale` when somebody has changed the member
/// meanwhile.
pub async fn update(scope: &mut Scope, id: &str, version: &str, form: MemberForm) -> Result<(), AppError> {
    locked(scope, id).await?;
    version::check(version, &MemberForm::from(&get(scope, id).await?), &form)?;
    let team = live_team(scope, chosen(form.team)).await?;
    let org = scope.organization().id.clone();
    sqlx::query(r#"UPDATE "Membership" SET role = $3, "teamId" = $4 WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(id)
        .bind(form.role)
        .bind(team)
        .execute(scope.db())
        .await?;
    Ok(())
}

/// Takes the member out of the organisation; whether it was the caller.
///
/// # Errors
/// `Conflict` when it would leave the organisation without an administrator.
pub async fn remove(scope: &mut Scope, id: &str) -> Result<bool, AppError> {
    let user = locked(scope, id).await?;
    let org = scope.organization().id.clone();
    sqlx::query(r#"DELETE FROM "Membership" WHERE "organizationId" = $1 AND id = $2"#).bind(org).bind(id).execute(scope.db()).await?;
    Ok(user == scope.user().id)
}

/// Takes the caller out of the organisation.
///
/// # Errors
/// `Conflict` for its last administrator.
pub async fn leave(scope: &mut Scope) -> Result<(), AppError> {
    lock_organization(scope).await?;
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    sqlx::query(r#"DELETE FROM "Membership" WHERE "organizationId" = $1 AND "userId" = $2"#)
        .bind(org)
        .bind(user)
        .execute(scope.db())
        .await?;
    Ok(())
}
