//! SQL for the end of an account. What the person made stays, and so does their row, without anything that tells who they were.

use super::security::{has_password, hold};
use crate::account::model::GONE_DOMAIN;
use crate::account::model::security::Leaving;
use crate::audit::store::about_person;
use crate::kernel::error::AppError;
use crate::server::id::new_id;
use crate::server::images;
use crate::server::scope::{Person, SignedInUser};

/// What stands on the page.
pub async fn get(person: &mut Person) -> Result<Leaving, AppError> {
    Ok(Leaving { has_password: has_password(person).await?, needed_by: needed_by(person).await? })
}

async fn needed_by(person: &mut Person) -> Result<Vec<String>, AppError> {
    Ok(sqlx::query_scalar("SELECT own_sole_administrations()").fetch_all(person.db()).await?)
}

/// Deletes the account. Organisations where nobody else is go into the bin.
///
/// # Errors
/// `Conflict` while the person is the only administrator of an organisation with other members.
pub async fn delete(mut person: Person) -> Result<(), AppError> {
    hold(&mut person).await?;
    let SignedInUser { id, image, .. } = person.user().clone();
    // While there still are memberships by which the log knows where to write.
    about_person(person.db(), &id, "user.deleted", serde_json::json!({})).await?;
    let left: bool = sqlx::query_scalar("SELECT leave_all_organizations()").fetch_one(person.db()).await?;
    if !left {
        let names = needed_by(&mut person).await?.join(", ");
        return Err(AppError::Conflict(format!("You are the only administrator of {names}. Make somebody else one first.")));
    }
    for of_person in [
        r#"DELETE FROM "Session" WHERE "userId" = $1"#,
        r#"DELETE FROM "Account" WHERE "userId" = $1"#,
        r#"DELETE FROM "KnownAddress" WHERE "userId" = $1"#,
        r#"DELETE FROM "UserProfile" WHERE "userId" = $1"#,
        r#"DELETE FROM "AccountToken" WHERE "userId" = $1"#,
    ] {
        sqlx::query(of_person).bind(&id).execute(person.db()).await?;
    }
    sqlx::query(r#"UPDATE "User" SET name = NULL, email = $2, "emailVerified" = NULL, image = NULL, password = NULL WHERE id = $1"#)
        .bind(&id)
        .bind(format!("{}{GONE_DOMAIN}", new_id()))
        .execute(person.db())
        .await?;
    if let Some(image) = image {
        images::drop_unused(person.db(), &image).await?;
    }
    person.commit(()).await
}
