//! SQL for what people tell of themselves.

use crate::account::model::User;
use crate::account::model::profile::{Profile, ProfileFields};
use crate::kernel::error::AppError;
use crate::kernel::version;
use crate::server::id::new_id;
use crate::server::images::{self, Picture};
use crate::server::scope::{Person, SignedInUser};
use crate::server::zone::{ZONES, common_zone};

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    verified: bool,
    title: String,
    bio: String,
    timezone: String,
    locale: String,
    shortcuts: bool,
}

/// What stands on the page.
pub async fn get(person: &mut Person) -> Result<Profile, AppError> {
    let SignedInUser { id, name, email, image, .. } = person.user().clone();
    let Row { verified, title, bio, timezone, locale, shortcuts } = sqlx::query_as(
        r#"SELECT u."emailVerified" IS NOT NULL AS verified, coalesce(p.title, '') AS title, coalesce(p.bio, '') AS bio,
                  coalesce(p.timezone, '') AS timezone, coalesce(p.locale, 'en') AS locale,
                  coalesce(p.shortcuts, true) AS shortcuts
           FROM "User" u LEFT JOIN "UserProfile" p ON p."userId" = u.id WHERE u.id = $1"#,
    )
    .bind(&id)
    .fetch_one(person.db())
    .await?;
    let mut zones: Vec<String> = ZONES.split_whitespace().map(str::to_owned).collect();
    if !timezone.is_empty() && !zones.contains(&timezone) {
        zones.push(timezone.clone());
    }
    Ok(Profile { user: User { id, name, email, image }, verified, title, bio, timezone, locale, zones, shortcuts })
}

/// Stores the profile that the person saw in this version.
///
/// # Errors
/// A field error for a time zone that does not exist; `Stale` when it was changed meanwhile, in another window.
pub async fn update(mut person: Person, version: &str, fields: ProfileFields) -> Result<(), AppError> {
    let id = person.user().id.clone();
    // The session was read before the lock is held.
    let name: Option<String> =
        sqlx::query_scalar(r#"SELECT name FROM "User" WHERE id = $1 FOR NO KEY UPDATE"#).bind(&id).fetch_one(person.db()).await?;
    let mut stored = ProfileFields::from(&get(&mut person).await?);
    stored.name = name.unwrap_or_default();
    version::check(version, &stored, &fields)?;
    if let Some(zone) = &fields.timezone
        && !zone_exists(&mut person, zone).await?
    {
        return Err(AppError::field("timezone", "Choose one of the time zones."));
    }
    sqlx::query(r#"UPDATE "User" SET name = $2 WHERE id = $1"#).bind(&id).bind(fields.name).execute(person.db()).await?;
    sqlx::query(
        r#"INSERT INTO "UserProfile" (id, "userId", title, bio, timezone, locale) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT ("userId") DO UPDATE SET title = excluded.title, bio = excluded.bio, timezone = excluded.timezone, locale = excluded.locale"#,
    )
    .bind(new_id())
    .bind(id)
    .bind(fields.title)
    .bind(fields.bio)
    .bind(fields.timezone)
    .bind(fields.locale)
    .execute(person.db())
    .await?;
    person.commit(()).await
}

/// The database reads its files to list all time zones, so it is asked only about uncommon ones.
async fn zone_exists(person: &mut Person, zone: &str) -> Result<bool, AppError> {
    if common_zone(Some(zone)) == zone {
        return Ok(true);
    }
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = $1)").bind(zone).fetch_one(person.db()).await?)
}

/// Lets single keys be shortcuts for this person, or not.
pub async fn set_shortcuts(mut person: Person, on: bool) -> Result<(), AppError> {
    let id = person.user().id.clone();
    sqlx::query(
        r#"INSERT INTO "UserProfile" (id, "userId", shortcuts) VALUES ($1, $2, $3)
           ON CONFLICT ("userId") DO UPDATE SET shortcuts = excluded.shortcuts"#,
    )
    .bind(new_id())
    .bind(id)
    .bind(on)
    .execute(person.db())
    .await?;
    person.commit(()).await
}

/// Shows this picture from now on; none with `None`. The one before it is forgotten.
pub async fn set_picture(mut person: Person, picture: Option<Picture>) -> Result<(), AppError> {
    let SignedInUser { id, image: before, .. } = person.user().clone();
    let path = match picture {
        Some(picture) => Some(picture.store(person.db()).await?),
        None => None,
    };
    sqlx::query(r#"UPDATE "User" SET image = $2 WHERE id = $1"#).bind(id).bind(path).execute(person.db()).await?;
    if let Some(before) = before {
        images::drop_unused(person.db(), &before).await?;
    }
    person.commit(()).await
}
