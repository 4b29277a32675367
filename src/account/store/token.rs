//! SQL for links in mails. A link's token is stored as a hash alone, works once, and not for long.

use sqlx::PgConnection;

use crate::account::model::security::{LinkKind, LinkState};
use crate::kernel::error::AppError;
use crate::server::id::{hash, new_id, new_token};

/// Mails with a link for one purpose within an hour, to one account, and to one address from whichever account. Each purpose is
/// counted for itself: what strangers ask for keeps nobody from what they ask for themselves.
const PER_HOUR: i64 = 5;

/// What a token is for, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The account's address is the person's own.
    Verify,
    /// Another address is, and shall take the place of the account's.
    Change,
    /// A new password may be set.
    Reset,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Purpose::Verify => "VERIFY",
            Purpose::Change => "CHANGE",
            Purpose::Reset => "RESET",
        }
    }

    fn hours(self) -> i32 {
        match self {
            Purpose::Verify => 72,
            Purpose::Change => 24,
            Purpose::Reset => 1,
        }
    }
}

fn words(kind: LinkKind) -> Vec<&'static str> {
    match kind {
        LinkKind::Confirm => vec![Purpose::Verify.word(), Purpose::Change.word()],
        LinkKind::Reset => vec![Purpose::Reset.word()],
    }
}

/// A token that has been spent.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub struct Spent {
    pub user_id: String,
    pub purpose: String,
    /// The address that the link was sent to.
    pub email: String,
}

impl Spent {
    pub fn is_for(&self, purpose: Purpose) -> bool {
        self.purpose == purpose.word()
    }
}

/// Makes a token for a link to this address.
///
/// # Errors
/// `RateLimited` when the account or the address has had enough such mail for this hour; `Conflict` when the address is the
/// account's no more, unless the link is to make it so.
pub async fn issue(db: &mut PgConnection, user: &str, purpose: Purpose, email: &str) -> Result<String, AppError> {
    // Two requests at once are counted one after the other, and an address that is about to change is looked at afterwards.
    let own: Option<bool> = sqlx::query_scalar(r#"SELECT lower(email) = lower($2) FROM "User" WHERE id = $1 FOR NO KEY UPDATE"#)
        .bind(user)
        .bind(email)
        .fetch_optional(&mut *db)
        .await?;
    if purpose != Purpose::Change && own != Some(true) {
        return Err(AppError::Conflict("The e-mail address of this account has just changed. Please try again.".into()));
    }
    sqlx::query(r#"DELETE FROM "AccountToken" WHERE "userId" = $1 AND "createdAt" < now() - interval '30 days'"#)
        .bind(user)
        .execute(&mut *db)
        .await?;
    let (to_account, to_address, wait): (i64, i64, i32) = sqlx::query_as(
        r#"SELECT count(*) FILTER (WHERE "userId" = $1), count(*) FILTER (WHERE email = $2),
                  coalesce(ceil(extract(epoch FROM min("createdAt") + interval '1 hour' - now())), 0)::integer
           FROM "AccountToken"
           WHERE ("userId" = $1 OR email = $2) AND purpose = $3 AND "createdAt" > now() - interval '1 hour'"#,
    )
    .bind(user)
    .bind(email)
    .bind(purpose.word())
    .fetch_one(&mut *db)
    .await?;
    if to_account >= PER_HOUR || to_address >= PER_HOUR {
        return Err(AppError::RateLimited(wait.clamp(60, 3600) as u32));
    }
    let token = new_token()?;
    sqlx::query(
        r#"INSERT INTO "AccountToken" (id, "userId", purpose, "tokenHash", email, "expiresAt")
           VALUES ($1, $2, $3, $4, $5, now() + make_interval(hours => $6))"#,
    )
    .bind(new_id())
    .bind(user)
    .bind(purpose.word())
    .bind(hash(&token))
    .bind(email)
    .bind(purpose.hours())
    .execute(db)
    .await?;
    Ok(token)
}

/// What has become of a link. Looking changes nothing: mail scanners look too.
pub async fn state(db: &mut PgConnection, kind: LinkKind, token: &str) -> Result<LinkState, AppError> {
    let found: Option<(String, bool, bool)> = sqlx::query_as(
        r#"SELECT email, "usedAt" IS NOT NULL, "expiresAt" <= now() FROM "AccountToken" WHERE "tokenHash" = $1 AND purpose = ANY($2)"#,
    )
    .bind(hash(token))
    .bind(words(kind))
    .fetch_optional(db)
    .await?;
    Ok(match found {
        None => LinkState::Unknown,
        Some((_, true, _)) => LinkState::Used,
        Some((_, _, true)) => LinkState::Expired,
        Some((email, ..)) => LinkState::Valid { email },
    })
}

/// Uses the link up; of two at the same moment, one succeeds.
///
/// # Errors
/// `Gone` for a link that was used or has expired, `NotFound` for one that never was.
pub async fn spend(db: &mut PgConnection, kind: LinkKind, token: &str) -> Result<Spent, AppError> {
    // The account before its links, as everywhere: whoever holds one waits for nobody who holds the other.
    sqlx::query(r#"SELECT u.id FROM "AccountToken" t JOIN "User" u ON u.id = t."userId" WHERE t."tokenHash" = $1 FOR NO KEY UPDATE OF u"#)
        .bind(hash(token))
        .execute(&mut *db)
        .await?;
    let spent: Option<Spent> = sqlx::query_as(
        r#"UPDATE "AccountToken" SET "usedAt" = now()
           WHERE "tokenHash" = $1 AND purpose = ANY($2) AND "usedAt" IS NULL AND "expiresAt" > now() RETURNING "userId", purpose, email"#,
    )
    .bind(hash(token))
    .bind(words(kind))
    .fetch_optional(&mut *db)
    .await?;
    match spent {
        Some(spent) => Ok(spent),
        None => Err(refusal(&state(db, kind, token).await?)),
    }
}

/// What there is to say about a link that does not work.
pub fn refusal(state: &LinkState) -> AppError {
    match state {
        LinkState::Expired => AppError::Gone("This link has expired. Please ask for a new one.".into()),
        LinkState::Unknown => AppError::NotFound,
        LinkState::Used | LinkState::Valid { .. } => AppError::Gone("This link was used already. Please ask for a new one.".into()),
    }
}

/// Makes every open link of the person void.
pub async fn void(db: &mut PgConnection, user: &str) -> Result<(), AppError> {
    sqlx::query(r#"UPDATE "AccountToken" SET "usedAt" = now() WHERE "userId" = $1 AND "usedAt" IS NULL"#).bind(user).execute(db).await?;
    Ok(())
}

/// Makes the person's open links for one purpose void.
pub async fn void_for(db: &mut PgConnection, user: &str, purpose: Purpose) -> Result<(), AppError> {
    sqlx::query(r#"UPDATE "AccountToken" SET "usedAt" = now() WHERE "userId" = $1 AND purpose = $2 AND "usedAt" IS NULL"#)
        .bind(user)
        .bind(purpose.word())
        .execute(db)
        .await?;
    Ok(())
}

/// The address that an open link of the person for this purpose was sent to.
pub async fn open_for(db: &mut PgConnection, user: &str, purpose: Purpose) -> Result<Option<String>, AppError> {
    Ok(sqlx::query_scalar(
        r#"SELECT email FROM "AccountToken" WHERE "userId" = $1 AND purpose = $2 AND "usedAt" IS NULL AND "expiresAt" > now()
           ORDER BY "createdAt" DESC LIMIT 1"#,
    )
    .bind(user)
    .bind(purpose.word())
    .fetch_optional(db)
    .await?)
}
