//! SQL for tokens.

use super::model::{BEGINNING, MadeToken, PREFIX, Token, TokenFields};
use crate::kernel::error::AppError;
use crate::kernel::named::Named;
use crate::kernel::role::{Perm, Role, TokenScope};
use crate::server::id::{hash, new_id, new_token};
use crate::server::scope::{Scope, System};

/// Tokens that the page shows: those made last.
const SHOWN: i64 = 200;
/// Products that are offered.
const OFFERED: i64 = 500;

/// Tokens `t` with what they are for and whose they are. Parameter: tenant.
macro_rules! tokens {
    ($rest:literal) => {
        concat!(
            r#"SELECT t.id, t.name, t.beginning, t.scope, t."userId", u.name AS "userName", t."expiresAt", t."lastUsedAt", t."revokedAt",
                t."createdAt", coalesce(t."expiresAt" <= now(), false) AS expired, cardinality(t."productIds") > 0 AS limited,
                ARRAY(SELECT p.name FROM "Product" p
                       WHERE p."organizationId" = $1 AND p.id = ANY (t."productIds") AND p."deletedAt" IS NULL ORDER BY p.name, p.id) AS products
               FROM "ApiToken" t LEFT JOIN "User" u ON u.id = t."userId" WHERE t."organizationId" = $1 AND "#,
            $rest
        )
    };
}

/// The organisation's tokens, the newest first.
pub async fn list(scope: &mut Scope) -> Result<Vec<Token>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(tokens!(r#"true ORDER BY t."createdAt" DESC, t.id DESC LIMIT $2"#))
        .bind(org)
        .bind(SHOWN)
        .fetch_all(scope.db())
        .await?)
}

/// One token.
pub async fn get(scope: &mut Scope, id: &str) -> Result<Token, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(tokens!("t.id = $2")).bind(org).bind(id).fetch_one(scope.db()).await?)
}

/// The live products that a token can be kept to, by name.
pub async fn products(scope: &mut Scope) -> Result<Vec<Named>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(r#"SELECT id, name FROM "Product" WHERE "organizationId" = $1 AND "deletedAt" IS NULL ORDER BY name, id LIMIT $2"#)
        .bind(org)
        .bind(OFFERED)
        .fetch_all(scope.db())
        .await?)
}

/// A new secret.
fn secret() -> Result<String, AppError> {
    Ok(format!("{PREFIX}{}", new_token()?))
}

/// Makes a token that acts as the caller; gives its id, and the secret, which is stored nowhere.
///
/// # Errors
/// A field error for products that are not there.
pub async fn create(scope: &mut Scope, fields: TokenFields) -> Result<(String, MadeToken), AppError> {
    let (org, user, id, secret) = (scope.organization().id.clone(), scope.user().id.clone(), new_id(), secret()?);
    let there: i64 =
        sqlx::query_scalar(r#"SELECT count(*) FROM "Product" WHERE "organizationId" = $1 AND id = ANY ($2) AND "deletedAt" IS NULL"#)
            .bind(&org)
            .bind(&fields.products)
            .fetch_one(scope.db())
            .await?;
    if there != fields.products.len() as i64 {
        return Err(AppError::field("products", "One of these products is not there any more. Please choose again."));
    }
    sqlx::query(INSERT)
        .bind(&id)
        .bind(org)
        .bind(user)
        .bind(&fields.name)
        .bind(hash(&secret))
        .bind(secret.chars().take(BEGINNING).collect::<String>())
        .bind(fields.scope)
        .bind(fields.products)
        .bind(fields.days)
        .execute(scope.db())
        .await?;
    Ok((id, MadeToken { name: fields.name, secret }))
}

const INSERT: &str = r#"
    INSERT INTO "ApiToken" (id, "organizationId", "userId", name, "tokenHash", beginning, scope, "productIds", "expiresAt")
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(days => $9))"#;

/// The same for the command line: a token of the member with this address in the live organisation with this slug, for its
/// products with these keys; gives the secret.
///
/// # Errors
/// `NotFound` for an organisation that is not there, or somebody who is not in it; a field error for a scope that their role does
/// not reach.
pub async fn create_for(system: &mut System, email: &str, slug: &str, keys: &[String], fields: TokenFields) -> Result<String, AppError> {
    let secret = secret()?;
    let (org, user, role): (String, String, Role) = sqlx::query_as(
        r#"SELECT o.id, u.id, m.role FROM "Organization" o JOIN "Membership" m ON m."organizationId" = o.id JOIN "User" u ON u.id = m."userId"
           WHERE o.slug = $1 AND o."deletedAt" IS NULL AND lower(u.email) = lower($2)"#,
    )
    .bind(slug)
    .bind(email)
    .fetch_one(system.db())
    .await?;
    if fields.scope == TokenScope::Admin && !role.can(Perm::OrgManage) {
        let told = "This member is no administrator of the organisation, and a token never exceeds its owner's role. Choose read or write.";
        return Err(AppError::field("scope", told));
    }
    let products: Vec<String> =
        sqlx::query_scalar(r#"SELECT id FROM "Product" WHERE "organizationId" = $1 AND key = ANY ($2) AND "deletedAt" IS NULL"#)
            .bind(&org)
            .bind(keys)
            .fetch_all(system.db())
            .await?;
    if products.len() != keys.len() {
        return Err(AppError::field("product", "There is no such product in this organisation."));
    }
    sqlx::query(INSERT)
        .bind(new_id())
        .bind(org)
        .bind(user)
        .bind(fields.name)
        .bind(hash(&secret))
        .bind(secret.chars().take(BEGINNING).collect::<String>())
        .bind(fields.scope)
        .bind(products)
        .bind(fields.days)
        .execute(system.db())
        .await?;
    Ok(secret)
}

/// Ends a token for good; doing it twice is as good as once.
pub async fn revoke(scope: &mut Scope, id: &str) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    sqlx::query_scalar::<_, String>(
        r#"UPDATE "ApiToken" SET "revokedAt" = coalesce("revokedAt", now()) WHERE "organizationId" = $1 AND id = $2 RETURNING id"#,
    )
    .bind(org)
    .bind(id)
    .fetch_one(scope.db())
    .await?;
    Ok(())
}
