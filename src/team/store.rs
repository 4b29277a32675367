//! SQL for teams.

use super::model::{SLUG_MAX, SLUG_TAKEN, Team, TeamFields, TeamMember, TeamPage, TeamProduct, TeamSummary};
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::text::{FREE_TRIES, numbered};
use crate::kernel::version;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// Members or products of a team's page at most.
const SHOWN: i64 = 500;

/// The teams by name with their counts, in one statement: the live ones, or the deleted ones.
pub async fn list(scope: &mut Scope, deleted: bool) -> Result<Vec<TeamSummary>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT t.*,
               (SELECT count(*) FROM "Membership" m WHERE m."organizationId" = $1 AND m."teamId" = t.id) AS members,
               (SELECT count(*) FROM "_ProductToTeam" j JOIN "Product" p ON p.id = j."A" AND p."deletedAt" IS NULL
                WHERE j."organizationId" = $1 AND j."B" = t.id) AS products
           FROM "Team" t WHERE t."organizationId" = $1 AND (t."deletedAt" IS NOT NULL) = $2 ORDER BY t.name, t.id LIMIT 500"#,
    )
    .bind(org)
    .bind(deleted)
    .fetch_all(scope.db())
    .await?)
}

/// The live team with this slug.
pub async fn get(scope: &mut Scope, slug: &str) -> Result<Team, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(r#"SELECT * FROM "Team" WHERE "organizationId" = $1 AND slug = $2 AND "deletedAt" IS NULL"#)
        .bind(org)
        .bind(slug)
        .fetch_one(scope.db())
        .await?)
}

/// Whether there is a team with this slug that has been deleted.
pub async fn is_deleted(scope: &mut Scope, slug: &str) -> Result<bool, AppError> {
    let org = scope.organization().id.clone();
    let statement = r#"SELECT EXISTS (SELECT FROM "Team" WHERE "organizationId" = $1 AND slug = $2 AND "deletedAt" IS NOT NULL)"#;
    Ok(sqlx::query_scalar(statement).bind(org).bind(slug).fetch_one(scope.db()).await?)
}

/// All that the page of the live team with this slug shows.
pub async fn page(scope: &mut Scope, slug: &str) -> Result<TeamPage, AppError> {
    let team = get(scope, slug).await?;
    around(scope, team).await
}

/// The same of a team that may have been deleted.
pub async fn even(scope: &mut Scope, slug: &str) -> Result<TeamPage, AppError> {
    let org = scope.organization().id.clone();
    let statement = r#"SELECT * FROM "Team" WHERE "organizationId" = $1 AND slug = $2"#;
    let team: Team = sqlx::query_as(statement).bind(org).bind(slug).fetch_one(scope.db()).await?;
    around(scope, team).await
}

/// A team with those who are in it and who could be.
async fn around(scope: &mut Scope, team: Team) -> Result<TeamPage, AppError> {
    let manages = scope.can(Perm::OrgManage);
    Ok(TeamPage {
        role: scope.role(),
        members: members(scope, &team.id, true).await?,
        products: products(scope, &team.id, true).await?,
        other_members: if manages { members(scope, &team.id, false).await? } else { Vec::new() },
        other_products: if manages { products(scope, &team.id, false).await? } else { Vec::new() },
        team,
    })
}

/// Members who are in the team, or those who are not.
async fn members(scope: &mut Scope, team: &str, inside: bool) -> Result<Vec<TeamMember>, AppError> {
    let (org, addresses) = (scope.organization().id.clone(), scope.can(Perm::OrgManage));
    Ok(sqlx::query_as(
        r#"SELECT m.id, m."userId", u.name, CASE WHEN $4 THEN u.email END AS email, m.role, t.name AS "teamName", u.image, p.title
           FROM "Membership" m JOIN "User" u ON u.id = m."userId"
           LEFT JOIN "UserProfile" p ON p."userId" = u.id
           LEFT JOIN "Team" t ON t.id = m."teamId" AND t."deletedAt" IS NULL
           WHERE m."organizationId" = $1 AND (m."teamId" IS NOT DISTINCT FROM $2) = $3
           ORDER BY lower(coalesce(u.name, '')), m.id LIMIT $5"#,
    )
    .bind(org)
    .bind(team)
    .bind(inside)
    .bind(addresses)
    .bind(SHOWN)
    .fetch_all(scope.db())
    .await?)
}

/// Live products that the team works on, or those that it does not.
async fn products(scope: &mut Scope, team: &str, inside: bool) -> Result<Vec<TeamProduct>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT p.id, p.name, p.key FROM "Product" p WHERE p."organizationId" = $1 AND p."deletedAt" IS NULL
           AND EXISTS (SELECT FROM "_ProductToTeam" j WHERE j."organizationId" = $1 AND j."A" = p.id AND j."B" = $2) = $3
           ORDER BY p.name, p.id LIMIT $4"#,
    )
    .bind(org)
    .bind(team)
    .bind(inside)
    .bind(SHOWN)
    .fetch_all(scope.db())
    .await?)
}

/// Creates a team; gives its slug. One that nobody chose is counted on until it is free.
pub async fn create(scope: &mut Scope, fields: TeamFields) -> Result<String, AppError> {
    let org = scope.organization().id.clone();
    let tries = if fields.slug_chosen { 1 } else { FREE_TRIES };
    for number in 1..=tries {
        let slug = numbered(&fields.slug, number, SLUG_MAX);
        let made = sqlx::query(
            r#"INSERT INTO "Team" (id, "organizationId", name, slug, description) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT ("organizationId", slug) DO NOTHING"#,
        )
        .bind(new_id())
        .bind(&org)
        .bind(&fields.name)
        .bind(&slug)
        .bind(&fields.description)
        .execute(scope.db())
        .await?;
        if made.rows_affected() == 1 {
            return Ok(slug);
        }
    }
    Err(AppError::field("slug", SLUG_TAKEN))
}

/// Changes the live team with this slug that the person saw in this version; gives the slug that it has afterwards.
///
/// # Errors
/// `Stale` when somebody has changed it meanwhile.
pub async fn update(scope: &mut Scope, slug: &str, version: &str, fields: TeamFields) -> Result<String, AppError> {
    let org = scope.organization().id.clone();
    let team: Team =
        sqlx::query_as(r#"SELECT * FROM "Team" WHERE "organizationId" = $1 AND slug = $2 AND "deletedAt" IS NULL FOR NO KEY UPDATE"#)
            .bind(&org)
            .bind(slug)
            .fetch_one(scope.db())
            .await?;
    version::check(version, &TeamFields::from(&team), &fields)?;
    Ok(sqlx::query_scalar(
        r#"UPDATE "Team" SET name = $3, slug = $4, description = $5
           WHERE "organizationId" = $1 AND slug = $2 AND "deletedAt" IS NULL RETURNING slug"#,
    )
    .bind(org)
    .bind(slug)
    .bind(fields.name)
    .bind(fields.slug)
    .bind(fields.description)
    .fetch_one(scope.db())
    .await?)
}

/// Deletes or restores the team; doing it twice is as good as once. Its members and products stay with it.
pub async fn set_deleted(scope: &mut Scope, slug: &str, deleted: bool) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    sqlx::query_scalar::<_, String>(
        r#"UPDATE "Team" SET "deletedAt" = CASE WHEN $3 THEN coalesce("deletedAt", now()) END
           WHERE "organizationId" = $1 AND slug = $2 RETURNING id"#,
    )
    .bind(org)
    .bind(slug)
    .bind(deleted)
    .fetch_one(scope.db())
    .await?;
    Ok(())
}

/// Puts a member into the live team, out of the one that they were in.
pub async fn add_member(scope: &mut Scope, slug: &str, member: &str) -> Result<(), AppError> {
    let team = get(scope, slug).await?;
    let org = scope.organization().id.clone();
    sqlx::query_scalar::<_, String>(r#"UPDATE "Membership" SET "teamId" = $3 WHERE "organizationId" = $1 AND id = $2 RETURNING id"#)
        .bind(org)
        .bind(member)
        .bind(team.id)
        .fetch_one(scope.db())
        .await?;
    Ok(())
}

/// Takes a member out of the live team.
///
/// # Errors
/// `NotFound` for somebody who is not in it.
pub async fn remove_member(scope: &mut Scope, slug: &str, member: &str) -> Result<(), AppError> {
    let team = get(scope, slug).await?;
    let org = scope.organization().id.clone();
    sqlx::query_scalar::<_, String>(
        r#"UPDATE "Membership" SET "teamId" = NULL WHERE "organizationId" = $1 AND id = $2 AND "teamId" = $3 RETURNING id"#,
    )
    .bind(org)
    .bind(member)
    .bind(team.id)
    .fetch_one(scope.db())
    .await?;
    Ok(())
}

/// Gives the live team a live product to work on; doing it twice is as good as once.
pub async fn add_product(scope: &mut Scope, slug: &str, product: &str) -> Result<(), AppError> {
    let team = get(scope, slug).await?;
    let org = scope.organization().id.clone();
    let product: String =
        sqlx::query_scalar(r#"SELECT id FROM "Product" WHERE "organizationId" = $1 AND id = $2 AND "deletedAt" IS NULL FOR KEY SHARE"#)
            .bind(&org)
            .bind(product)
            .fetch_one(scope.db())
            .await?;
    sqlx::query(r#"INSERT INTO "_ProductToTeam" ("A", "B", "organizationId") VALUES ($1, $2, $3) ON CONFLICT ("A", "B") DO NOTHING"#)
        .bind(product)
        .bind(team.id)
        .bind(org)
        .execute(scope.db())
        .await?;
    Ok(())
}

/// Takes a product away from the live team.
///
/// # Errors
/// `NotFound` for a product that is not the team's.
pub async fn remove_product(scope: &mut Scope, slug: &str, product: &str) -> Result<(), AppError> {
    let team = get(scope, slug).await?;
    let org = scope.organization().id.clone();
    sqlx::query_scalar::<_, String>(r#"DELETE FROM "_ProductToTeam" WHERE "organizationId" = $1 AND "A" = $2 AND "B" = $3 RETURNING "A""#)
        .bind(org)
        .bind(product)
        .bind(team.id)
        .fetch_one(scope.db())
        .await?;
    Ok(())
}
