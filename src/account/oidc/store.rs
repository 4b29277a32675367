//! SQL for identity providers and the people who are linked to them.

use serde_json::json;
use sqlx::PgConnection;

use super::model::{self, Entry, Facts, Problem};
use crate::account::store::security::goes_on;
use crate::account::store::start_session;
use crate::audit::store::about_person;
use crate::kernel::error::AppError;
use crate::kernel::text::{self, NAME_MAX};
use crate::server::id::new_id;
use crate::server::oidc::Identity;
use crate::server::scope::{Person, Public};
use crate::server::seal::Key;

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        AppError::from(error).into()
    }
}

/// Lets in whom the provider knows: a linked user, or a new one with a verified address that nobody has here.
/// Gives the token of their session.
pub async fn sign_in(mut public: Public, key: &Key, identity: &Identity) -> Result<String, Problem> {
    let known = Known::of(public.db(), identity, None).await?;
    let user = match model::decide(known.facts(identity))? {
        Entry::Known(user) => user,
        Entry::New => create(public.db(), identity).await?,
    };
    keep(public.db(), key, identity, &user).await?;
    let token = start_session(&mut public, &user).await?;
    about_person(public.db(), &user, "user.signed_in", json!({ "with": identity.issuer })).await?;
    Ok(public.commit(token).await?)
}

/// Links the provider to a signed-in person's account.
pub async fn link(mut person: Person, key: &Key, identity: &Identity) -> Result<(), Problem> {
    let user = person.user().id.clone();
    let known = Known::of(person.db(), identity, Some(&user)).await?;
    goes_on(&mut person).await?;
    model::decide_link(known.facts(identity), &user)?;
    keep(person.db(), key, identity, &user).await?;
    if known.subject_of.is_none() {
        about_person(person.db(), &user, "user.provider_linked", json!({ "provider": identity.issuer })).await?;
    }
    Ok(person.commit(()).await?)
}

/// The issuers that the person can sign in by, those linked first before the others.
pub async fn linked(person: &mut Person) -> Result<Vec<String>, AppError> {
    let user = person.user().id.clone();
    Ok(sqlx::query_scalar(r#"SELECT DISTINCT provider FROM "Account" WHERE "userId" = $1 AND type = 'oidc' ORDER BY provider"#)
        .bind(user)
        .fetch_all(person.db())
        .await?)
}

/// Takes the link to the issuer away. `offered` are the issuers that the server knows: a link to another lets nobody in.
///
/// # Errors
/// A message for the whole form if nothing would be left to sign in with; `NotFound` without such a link.
pub async fn unlink(mut person: Person, issuer: &str, offered: &[String]) -> Result<(), AppError> {
    let user = person.user().id.clone();
    // Held, so that two links taken away at the same moment are taken away one after the other.
    let has_password: bool = sqlx::query_scalar(r#"SELECT password IS NOT NULL FROM "User" WHERE id = $1 FOR UPDATE"#)
        .bind(&user)
        .fetch_one(person.db())
        .await?;
    let linked = linked(&mut person).await?;
    if !linked.iter().any(|one| one == issuer) {
        return Err(AppError::NotFound);
    }
    let others = linked.iter().filter(|one| *one != issuer && offered.contains(one)).count();
    if !model::may_unlink(has_password, others) {
        return Err(AppError::field("", "This is your only way to sign in. Set a password first, then unlink it."));
    }
    sqlx::query(r#"DELETE FROM "Account" WHERE "userId" = $1 AND provider = $2 AND type = 'oidc'"#)
        .bind(&user)
        .bind(issuer)
        .execute(person.db())
        .await?;
    about_person(person.db(), &user, "user.provider_unlinked", json!({ "provider": issuer })).await?;
    person.commit(()).await
}

/// The users that the subject and the e-mail address belong to.
#[derive(sqlx::FromRow)]
struct Known {
    subject_of: Option<String>,
    email_of: Option<String>,
}

impl Known {
    /// Whoever may be meant, and `also`, is held until the transaction ends: an account that is being deleted at this moment is
    /// looked for afterwards, and lives on neither by a session nor by a link.
    async fn of(db: &mut PgConnection, identity: &Identity, also: Option<&str>) -> Result<Known, AppError> {
        // Held until the transaction ends, so that somebody who comes back twice at once is created once.
        sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind(format!("{} {}", identity.issuer, identity.subject))
            .execute(&mut *db)
            .await?;
        sqlx::query(
            r#"SELECT id FROM "User"
               WHERE id = $4 OR lower(email) = $3
                  OR id = (SELECT "userId" FROM "Account" WHERE provider = $1 AND "providerAccountId" = $2)
               ORDER BY id FOR SHARE"#,
        )
        .bind(&identity.issuer)
        .bind(&identity.subject)
        .bind(email(identity))
        .bind(also)
        .execute(&mut *db)
        .await?;
        Ok(sqlx::query_as(
            r#"SELECT (SELECT "userId" FROM "Account" WHERE provider = $1 AND "providerAccountId" = $2) AS subject_of,
                      (SELECT id FROM "User" WHERE lower(email) = $3) AS email_of"#,
        )
        .bind(&identity.issuer)
        .bind(&identity.subject)
        .bind(email(identity))
        .fetch_one(db)
        .await?)
    }

    fn facts(&self, identity: &Identity) -> Facts<'_> {
        Facts {
            subject_of: self.subject_of.as_deref(),
            has_email: email(identity).is_some(),
            verified: identity.email_verified,
            email_of: self.email_of.as_deref(),
        }
    }
}

/// The provider's address for the person in the shape that is stored.
fn email(identity: &Identity) -> Option<String> {
    text::email(identity.email.as_deref()?).ok()
}

/// A user without a password, whose address the provider has verified.
async fn create(db: &mut PgConnection, identity: &Identity) -> Result<String, AppError> {
    let id = new_id();
    sqlx::query(r#"INSERT INTO "User" (id, name, email, "emailVerified") VALUES ($1, $2, $3, now())"#)
        .bind(&id)
        .bind(identity.name.as_deref().and_then(|name| text::line(name, "your name", NAME_MAX).ok()))
        .bind(email(identity))
        .execute(db)
        .await?;
    Ok(id)
}

/// Stores the link, or what the provider gave along this time; its tokens are sealed.
async fn keep(db: &mut PgConnection, key: &Key, identity: &Identity, user: &str) -> Result<(), AppError> {
    let tokens = &identity.tokens;
    sqlx::query(
        r#"INSERT INTO "Account" (id, "userId", type, provider, "providerAccountId",
                                  access_token, refresh_token, id_token, expires_at, token_type, scope)
           VALUES ($1, $2, 'oidc', $3, $4, $5, $6, $7, $8, $9, $10)
           ON CONFLICT (provider, "providerAccountId") DO UPDATE
           SET access_token = excluded.access_token, refresh_token = excluded.refresh_token, id_token = excluded.id_token,
               expires_at = excluded.expires_at, token_type = excluded.token_type, scope = excluded.scope"#,
    )
    .bind(new_id())
    .bind(user)
    .bind(&identity.issuer)
    .bind(&identity.subject)
    .bind(key.seal(&tokens.access)?)
    .bind(tokens.refresh.as_deref().map(|token| key.seal(token)).transpose()?)
    .bind(key.seal(&tokens.id)?)
    .bind(tokens.expires_at)
    .bind(&tokens.kind)
    .bind(tokens.scope.as_deref())
    .execute(db)
    .await?;
    Ok(())
}
