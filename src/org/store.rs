//! SQL for organisations.

use super::model::{OrgFields, OrgFrame, OrgLink, Organization, ProductLink, primary_color};
use crate::account::model::User;
use crate::kernel::error::AppError;
use crate::server::id::new_id;
use crate::server::scope::{Person, Scope, System};

/// Products that the navigation names; the portfolio shows them all.
const FRAME_PRODUCTS: i64 = 30;

/// Creates the organisation with the person as its administrator; gives its slug.
pub async fn create(person: &mut Person, fields: OrgFields) -> Result<String, AppError> {
    let (id, user) = (new_id(), person.user().id.clone());
    // The new organisation becomes the tenant of this transaction, so that its first rows may be written.
    sqlx::query("SELECT set_config('app.organization_id', $1, true)").bind(&id).execute(person.db()).await?;
    sqlx::query(r#"INSERT INTO "Organization" (id, name, slug, description, settings) VALUES ($1, $2, $3, $4, $5)"#)
        .bind(&id)
        .bind(fields.name)
        .bind(&fields.slug)
        .bind(fields.description)
        .bind(branding(fields.primary_color))
        .execute(person.db())
        .await?;
    sqlx::query(r#"INSERT INTO "Membership" (id, "userId", "organizationId", role) VALUES ($1, $2, $3, 'ADMIN')"#)
        .bind(new_id())
        .bind(user)
        .bind(id)
        .execute(person.db())
        .await?;
    Ok(fields.slug)
}

fn branding(color: Option<String>) -> serde_json::Value {
    serde_json::json!({ "branding": { "primaryColor": color } })
}

/// Changes the organisation; settings that are not on the form stay. Gives its slug.
pub async fn update(scope: &mut Scope, fields: OrgFields) -> Result<String, AppError> {
    let id = scope.organization().id.clone();
    sqlx::query(
        r#"UPDATE "Organization" SET name = $2, slug = $3, description = $4,
                  settings = coalesce(settings, '{}') || jsonb_build_object('branding',
                      CASE jsonb_typeof(settings->'branding') WHEN 'object' THEN settings->'branding' ELSE '{}' END || ($5::jsonb->'branding'))
           WHERE id = $1"#,
    )
    .bind(id)
    .bind(fields.name)
    .bind(&fields.slug)
    .bind(fields.description)
    .bind(branding(fields.primary_color))
    .execute(scope.db())
    .await?;
    Ok(fields.slug)
}

/// The organisation of the scope.
pub async fn get(scope: &mut Scope) -> Result<Organization, AppError> {
    let id = scope.organization().id.clone();
    Ok(sqlx::query_as(r#"SELECT * FROM "Organization" WHERE id = $1"#).bind(id).fetch_one(scope.db()).await?)
}

/// What the frame shows: two statements, whatever the number of organisations and products.
pub async fn frame(scope: &mut Scope) -> Result<OrgFrame, AppError> {
    let (user, tenant) = (scope.user().clone(), scope.organization().clone());
    let organizations: Vec<OrgLink> = sqlx::query_as(
        r#"SELECT o.name, o.slug FROM "Membership" m JOIN "Organization" o ON o.id = m."organizationId"
           WHERE m."userId" = $1 AND o."deletedAt" IS NULL ORDER BY o.name, o.id LIMIT 50"#,
    )
    .bind(&user.id)
    .fetch_all(scope.db())
    .await?;
    let products: Vec<ProductLink> =
        sqlx::query_as(r#"SELECT name, key FROM "Product" WHERE "organizationId" = $1 AND "deletedAt" IS NULL ORDER BY name, id LIMIT $2"#)
            .bind(&tenant.id)
            .bind(FRAME_PRODUCTS)
            .fetch_all(scope.db())
            .await?;
    Ok(OrgFrame {
        role: scope.role(),
        user: User { id: user.id, name: user.name, email: user.email, image: user.image },
        primary_color: primary_color(Some(&tenant.settings)).map(str::to_owned),
        current: OrgLink { name: tenant.name, slug: tenant.slug },
        organizations,
        products,
    })
}

/// Makes the person an administrator of the live organisation with this slug.
pub async fn add_admin(system: &mut System, slug: &str, user: &str) -> Result<(), AppError> {
    sqlx::query_scalar::<_, String>(
        r#"INSERT INTO "Membership" (id, "userId", "organizationId", role)
           SELECT $1, $3, id, 'ADMIN' FROM "Organization" WHERE slug = $2 AND "deletedAt" IS NULL RETURNING id"#,
    )
    .bind(new_id())
    .bind(slug)
    .bind(user)
    .fetch_one(system.db())
    .await?;
    Ok(())
}
