//! SQL for organisations.

use super::model::{
    DeletedOrg, OVERDUE_MAX, OrgAbout, OrgFields, OrgFrame, OrgLink, Organization, ProductLink, RESTORE_DAYS, SLUG_MAX, Switch,
    primary_color, switched_on,
};
use crate::account::model::User;
use crate::kernel::error::AppError;
use crate::kernel::text::{FREE_TRIES, numbered};
use crate::kernel::version;
use crate::server::id::new_id;
use crate::server::images::{self, Picture};
use crate::server::scope::{Person, Scope, System};
use crate::server::zone;

/// Products that the navigation names; the portfolio shows them all.
const FRAME_PRODUCTS: i64 = 30;

/// Creates the organisation with the person as its administrator; gives its slug.
pub async fn create(person: &mut Person, fields: OrgFields) -> Result<String, AppError> {
    let (id, user) = (new_id(), person.user().id.clone());
    // The new organisation becomes the tenant of this transaction, so that its first rows may be written.
    sqlx::query("SELECT set_config('app.organization_id', $1, true)").bind(&id).execute(person.db()).await?;
    let slug = insert(person, &id, fields).await?;
    sqlx::query(r#"INSERT INTO "Membership" (id, "userId", "organizationId", role) VALUES ($1, $2, $3, 'ADMIN')"#)
        .bind(new_id())
        .bind(user)
        .bind(id)
        .execute(person.db())
        .await?;
    Ok(slug)
}

/// Writes the organisation's row; gives its slug. One that nobody chose is counted on until it is free: a newcomer cannot know
/// the others.
async fn insert(person: &mut Person, id: &str, fields: OrgFields) -> Result<String, AppError> {
    let settings = branding(fields.primary_color);
    let tries = if fields.slug_chosen { 1 } else { FREE_TRIES };
    for number in 1..=tries {
        let slug = numbered(&fields.slug, number, SLUG_MAX);
        let made = sqlx::query(
            r#"INSERT INTO "Organization" (id, name, slug, description, settings) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (slug) DO NOTHING"#,
        )
        .bind(id)
        .bind(&fields.name)
        .bind(&slug)
        .bind(&fields.description)
        .bind(&settings)
        .execute(person.db())
        .await?;
        if made.rows_affected() == 1 {
            return Ok(slug);
        }
    }
    Err(AppError::field("slug", "This address is taken. Please choose another."))
}

fn branding(color: Option<String>) -> serde_json::Value {
    serde_json::json!({ "branding": { "primaryColor": color } })
}

/// Changes the organisation that the person saw in this version; settings that are not on the form stay. Gives its slug.
///
/// # Errors
/// `Stale` when somebody has changed it meanwhile.
pub async fn update(scope: &mut Scope, version: &str, fields: OrgFields) -> Result<String, AppError> {
    let id = scope.organization().id.clone();
    sqlx::query(r#"SELECT FROM "Organization" WHERE id = $1 FOR NO KEY UPDATE"#).bind(&id).execute(scope.db()).await?;
    version::check(version, &OrgFields::from(&get(scope).await?), &fields)?;
    sqlx::query(
        r#"UPDATE "Organization" SET name = $2, slug = $3, description = $4, website = $6, domain = $7,
                  settings = coalesce(settings, '{}') || jsonb_build_object(
                      'branding',
                      CASE jsonb_typeof(settings->'branding') WHEN 'object' THEN settings->'branding' ELSE '{}' END || ($5::jsonb->'branding'),
                      'invitations', jsonb_build_object('domainOnly', $8::boolean))
           WHERE id = $1"#,
    )
    .bind(id)
    .bind(fields.name)
    .bind(&fields.slug)
    .bind(fields.description)
    .bind(branding(fields.primary_color))
    .bind(fields.website)
    .bind(fields.domain)
    .bind(fields.domain_only)
    .execute(scope.db())
    .await?;
    Ok(fields.slug)
}

/// Switches a part of the product on or off for everybody in the organisation.
pub async fn set_switch(scope: &mut Scope, switch: Switch, on: bool) -> Result<(), AppError> {
    let id = scope.organization().id.clone();
    sqlx::query(
        r#"UPDATE "Organization" SET settings = coalesce(settings, '{}') || jsonb_build_object('switches',
                  CASE jsonb_typeof(settings->'switches') WHEN 'object' THEN settings->'switches' ELSE '{}' END
                  || jsonb_build_object($2::text, $3::boolean))
           WHERE id = $1"#,
    )
    .bind(id)
    .bind(switch.word())
    .bind(on)
    .execute(scope.db())
    .await?;
    Ok(())
}

/// Sets the organisation's logo, or takes it away.
pub async fn set_logo(scope: &mut Scope, picture: Option<Picture>) -> Result<(), AppError> {
    let id = scope.organization().id.clone();
    let path = match picture {
        Some(picture) => Some(picture.store(scope.db()).await?),
        None => None,
    };
    let before: Option<String> =
        sqlx::query_scalar(r#"SELECT logo FROM "Organization" WHERE id = $1 FOR NO KEY UPDATE"#).bind(&id).fetch_one(scope.db()).await?;
    sqlx::query(r#"UPDATE "Organization" SET logo = $2 WHERE id = $1"#).bind(id).bind(&path).execute(scope.db()).await?;
    match before {
        Some(before) if Some(&before) != path.as_ref() => images::drop_unused(scope.db(), &before).await,
        _ => Ok(()),
    }
}

/// Puts the organisation in the bin, where nobody reaches it. Its data and its log stay.
pub async fn delete(scope: &mut Scope) -> Result<(), AppError> {
    let id = scope.organization().id.clone();
    sqlx::query(r#"UPDATE "Organization" SET "deletedAt" = now() WHERE id = $1"#).bind(id).execute(scope.db()).await?;
    Ok(())
}

/// The deleted organisations that the person administers and may still bring back.
pub async fn deleted(person: &mut Person) -> Result<Vec<DeletedOrg>, AppError> {
    let user = person.user().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT o.name, o.slug, o."deletedAt" FROM "Membership" m JOIN "Organization" o ON o.id = m."organizationId"
           WHERE m."userId" = $1 AND m.role = 'ADMIN' AND o."deletedAt" > now() - make_interval(days => $2)
           ORDER BY o."deletedAt" DESC, o.id LIMIT 50"#,
    )
    .bind(user)
    .bind(RESTORE_DAYS)
    .fetch_all(person.db())
    .await?)
}

/// Brings a deleted organisation back. Its row is locked before the person is looked up in it once more: of this and their
/// leaving at the same moment, the second finds the first done.
///
/// # Errors
/// `NotFound` for one that the person does not administer, that is not deleted, or whose time has run out.
pub async fn restore(person: &mut Person, slug: &str) -> Result<(), AppError> {
    let user = person.user().id.clone();
    let id: String = sqlx::query_scalar(
        r#"SELECT o.id FROM "Membership" m JOIN "Organization" o ON o.id = m."organizationId"
           WHERE m."userId" = $1 AND m.role = 'ADMIN' AND o.slug = $2 AND o."deletedAt" > now() - make_interval(days => $3)"#,
    )
    .bind(&user)
    .bind(slug)
    .bind(RESTORE_DAYS)
    .fetch_one(person.db())
    .await?;
    // The organisation becomes the tenant of this transaction, so that its row may be written.
    sqlx::query("SELECT set_config('app.organization_id', $1, true)").bind(&id).execute(person.db()).await?;
    sqlx::query(r#"SELECT FROM "Organization" WHERE id = $1 FOR NO KEY UPDATE"#).bind(&id).execute(person.db()).await?;
    sqlx::query_scalar::<_, String>(
        r#"UPDATE "Organization" SET "deletedAt" = NULL WHERE id = $1 AND "deletedAt" IS NOT NULL
           AND EXISTS (SELECT FROM "Membership" WHERE "organizationId" = $1 AND "userId" = $2 AND role = 'ADMIN') RETURNING id"#,
    )
    .bind(id)
    .bind(user)
    .fetch_one(person.db())
    .await?;
    Ok(())
}

/// The organisation of the scope.
pub async fn get(scope: &mut Scope) -> Result<Organization, AppError> {
    let id = scope.organization().id.clone();
    Ok(sqlx::query_as(r#"SELECT * FROM "Organization" WHERE id = $1"#).bind(id).fetch_one(scope.db()).await?)
}

/// What the frame has of the organisation and of the person, in one look.
#[derive(sqlx::FromRow)]
struct Around {
    #[sqlx(flatten)]
    about: OrgAbout,
    shortcuts: bool,
}

/// What the frame shows: three statements, whatever the number of organisations and products.
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
    let Around { about, shortcuts } = sqlx::query_as(
        r#"SELECT description, logo, website, NOT EXISTS (SELECT FROM "UserProfile" WHERE "userId" = $2 AND NOT shortcuts) AS shortcuts
             FROM "Organization" WHERE id = $1"#,
    )
    .bind(&tenant.id)
    .bind(&user.id)
    .fetch_one(scope.db())
    .await?;
    let overdue = overdue(scope).await?;
    Ok(OrgFrame {
        overdue,
        shortcuts,
        role: scope.role(),
        user: User { id: user.id, name: user.name, email: user.email, image: user.image },
        primary_color: primary_color(Some(&tenant.settings)).map(str::to_owned),
        about,
        switches: switched_on(Some(&tenant.settings)),
        current: OrgLink { name: tenant.name, slug: tenant.slug },
        organizations,
        products,
    })
}

/// How many open tasks of the person are overdue; more than so many are not counted.
async fn overdue(scope: &mut Scope) -> Result<i64, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    let today = zone::days(scope).await?.today;
    Ok(sqlx::query_scalar(
        r#"SELECT count(*) FROM (
             SELECT FROM "Task" t JOIN "Product" p ON p."organizationId" = $1 AND p.id = t."productId" AND p."deletedAt" IS NULL
              WHERE t."organizationId" = $1 AND t."assigneeId" = $2 AND t."dueDate" < $3 AND t."deletedAt" IS NULL
                AND t.status IN ('TODO', 'IN_PROGRESS', 'IN_REVIEW') LIMIT $4) late"#,
    )
    .bind(org)
    .bind(user)
    .bind(today)
    .bind(OVERDUE_MAX)
    .fetch_one(scope.db())
    .await?)
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
